"""Go-live pages: a file is sent, checked, brought, signed by somebody else, printed, taken back."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from conftest import NOON, sign_in
from enrollment.models import FundYear, GoLiveProtocol, Member
from enrollment.services import go_live, go_live_jobs
from enrollment.tests import factories
from office import deciding, jobs
from office.models import Act, Duty, Job, Person
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay(appoint) -> Person:
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def as_fay(fay) -> Client:
    client = sign_in(Client(), fay)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def year(fay) -> FundYear:
    return factories.fund_year()


@pytest.fixture
def person(year) -> Member:
    return factories.member()


def text(answer) -> str:
    return answer.content.decode()


def file_of(person: Member, fee: str = "20") -> SimpleUploadedFile:
    content = f"身份证号,姓名,缴费金额\n{person.id_number},{person.name},{fee}\n"
    return SimpleUploadedFile("初始参保.csv", content.encode())


def send(client, year, upload, kind: str = "coverage", **more):
    typed = {"kind": kind, "fund_year": year.pk, "as_of": "2010-03-01", "file": upload, **more}
    return client.post("/register/go-live/new/", typed)


def checked(client, year, upload) -> Job:
    answer = send(client, year, upload)
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == reverse("enrollment:go_live_job", args=[job.pk])
    jobs.run(job.pk)
    return job


def brought(client, year, person) -> GoLiveProtocol:
    job = checked(client, year, file_of(person))
    client.post(reverse("enrollment:go_live_propose", args=[job.pk]))
    return GoLiveProtocol.objects.get()


class TestCheck:
    def test_sent_checked_and_brought(self, as_fay, year, person):
        job = checked(as_fay, year, file_of(person))
        where = reverse("enrollment:go_live_job", args=[job.pk])
        assert as_fay.get(reverse("office:job", args=[job.pk])).headers["Location"] == where
        assert "Bring it to be signed" in text(as_fay.get(where))
        protocol = brought_by(as_fay, job)
        assert reverse("enrollment:go_live_protocol", args=[protocol.pk]) in text(as_fay.get(where))
        again = as_fay.post(reverse("enrollment:go_live_propose", args=[job.pk]), follow=True)
        assert "waits to be signed or written" in text(again)
        assert Act.objects.filter(kind="refused", name="go-live.proposed").exists()

    def test_with_a_faulty_row_nothing_is_brought(self, as_fay, year, person):
        job = checked(as_fay, year, file_of(person, "19"))
        page = text(as_fay.get(reverse("enrollment:go_live_job", args=[job.pk])))
        assert "Send it again" in page
        assert "Save the faulty rows" in page
        answer = as_fay.post(reverse("enrollment:go_live_propose", args=[job.pk]), follow=True)
        assert "without an error" in text(answer)

    def test_while_it_runs_the_page_asks_again(self, as_fay, year, person):
        send(as_fay, year, file_of(person))
        job = Job.objects.latest("pk")
        where = reverse("enrollment:go_live_job", args=[job.pk])
        assert "hx-get" in text(as_fay.get(where, HTTP_HX_REQUEST="true"))
        jobs.run(job.pk)
        assert as_fay.get(where, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"

    def test_what_is_refused_at_once(self, as_fay, year):
        assert "Bring a file" in text(as_fay.get("/register/go-live/new/"))
        assert send(as_fay, year, SimpleUploadedFile("a.csv", b"x"), kind="?").status_code == 422
        answer = send(as_fay, year, SimpleUploadedFile("a.csv", b"x"), kind="balances")
        assert answer.status_code == 422
        assert "keeps no such accounts" in text(answer)

    def test_another_ones_check_is_not_there(self, as_fay, year, person, appoint):
        job = checked(as_fay, year, file_of(person))
        other = sign_in(Client(), appoint("fred", Duty.FUND_ACCOUNTANT))
        assert other.get(reverse("enrollment:go_live_job", args=[job.pk])).status_code == 404


def brought_by(client, job: Job) -> GoLiveProtocol:
    client.post(reverse("enrollment:go_live_propose", args=[job.pk]))
    return GoLiveProtocol.objects.get()


class TestProtocol:
    def sign(self, protocol: GoLiveProtocol) -> None:
        opened = deciding.rounds_of(protocol).get()
        head = factories.head()
        rounds.vote(
            round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=NOON, proof=shown_by(head)
        )

    def test_signed_on_the_page_of_decisions_and_written(self, as_fay, year, person):
        protocol = brought(as_fay, year, person)
        where = reverse("enrollment:go_live_protocol", args=[protocol.pk])
        page = text(as_fay.get(where))
        assert protocol.sha256 in page
        assert "Take it back" in page
        opened = deciding.rounds_of(protocol).get()
        as_head = sign_in(Client(), factories.head())
        assert protocol.sha256 in text(as_head.get(deciding.page_of(opened)))
        self.sign(protocol)
        jobs.run(go_live.write_jobs(protocol)[0].pk)
        page = text(as_fay.get(where))
        assert "written" in page
        assert "Take it back" not in page
        assert person.coverages.get().reason == "go_live"

    def test_why_it_was_not_written_stands_on_its_page(self, as_fay, year, person):
        protocol = brought(as_fay, year, person)
        factories.pay(person, year)
        self.sign(protocol)
        jobs.run(go_live.write_jobs(protocol)[0].pk)
        refusal = go_live.write_jobs(protocol)[0].refusal
        with override("en"):
            told = str(refusal)
        assert told in text(as_fay.get(reverse("enrollment:go_live_protocol", args=[protocol.pk])))

    def test_the_print_says_the_file_the_sums_and_both_names(self, as_fay, year, person):
        protocol = brought(as_fay, year, person)
        self.sign(protocol)
        pdf = as_fay.get(reverse("enrollment:go_live_print", args=[protocol.pk]))
        assert pdf.headers["Content-Type"] == "application/pdf"
        printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        plain = "".join(printed.split())
        assert protocol.sha256 in plain
        for word in ("20.00", "Fay", "Huang", "2010-03-01", "初始参保.csv"):
            assert word in plain

    def test_taken_back_once(self, as_fay, year, person):
        protocol = brought(as_fay, year, person)
        address = reverse("enrollment:go_live_withdraw", args=[protocol.pk])
        assert "It is taken back" in text(as_fay.post(address, follow=True))
        assert "This is over" in text(as_fay.post(address, follow=True))

    def test_the_list_costs_the_same_for_many(self, as_fay, fay, year, person, django_assert_num_queries):
        protocol = brought(as_fay, year, person)
        as_fay.get("/register/go-live/")
        with django_assert_num_queries(5):
            page = text(as_fay.get("/register/go-live/"))
        assert "初始参保.csv" in page
        with django_assert_num_queries(9):
            as_fay.get(reverse("enrollment:go_live_protocol", args=[protocol.pk]))
        go_live.withdraw(protocol=protocol, by=fay, at=NOON)
        for day in range(1, 4):
            job = go_live_jobs.ask_for_check(
                kind="coverage", fund_year=year, as_of=date(2010, 2, day), upload=file_of(person), by=fay, at=NOON
            )
            jobs.run(job.pk)
            job.refresh_from_db()
            again = go_live_jobs.propose(checked=job, by=fay, at=NOON)
            go_live.withdraw(protocol=again, by=fay, at=NOON)
        with django_assert_num_queries(5):
            as_fay.get("/register/go-live/")
        assert as_fay.get("/register/go-live/", {"as": "xlsx"}).status_code == 200

    def test_whoever_only_watches_brings_nothing(self, as_fay, dan):
        client = sign_in(Client(), dan)
        assert "go-live/new" not in text(client.get("/register/go-live/"))
        assert client.get("/register/go-live/new/").status_code == 403
