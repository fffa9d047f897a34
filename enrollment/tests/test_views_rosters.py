"""Rosters on pages: sent, checked by a worker, looked at, written; and who sees what of it."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from conftest import NOON, sign_in
from enrollment.models import Division, FundYear, Member, RosterImport
from enrollment.services import fault_files, roster_jobs
from enrollment.tests import factories
from enrollment.tests.rosters import HEADER, fund_year, line, number
from office import jobs
from office.models import Body, Duty, Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year(county) -> FundYear:
    factories.division()
    return fund_year()


@pytest.fixture
def clerk(ada, monkeypatch) -> Client:
    """Ada at her browser; the workers hear of nothing by themselves."""
    monkeypatch.setattr(jobs, "_send", lambda pk: None)
    return sign_in(Client(), ada)


def upload(*lines, name: str = "花名册.csv") -> SimpleUploadedFile:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *lines])
    return SimpleUploadedFile(name, text.getvalue().encode())


def send(client: Client, year: FundYear, file) -> Job:
    """Send a roster and let a worker check it."""
    answer = client.post(reverse("enrollment:new_roster"), {"fund_year": year.pk, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    asked = Job.objects.latest("pk")
    assert answer.url == reverse("enrollment:roster_job", args=[asked.pk])
    jobs.run(asked.pk)
    asked.refresh_from_db()
    return asked


def page(client: Client, asked: Job) -> str:
    return client.get(reverse("enrollment:roster_job", args=[asked.pk])).content.decode()


class TestTheWay:
    def test_from_the_file_to_the_register(self, clerk, year):
        rows = [line(0, head=True), line(1), line(3, "h2", head=True, fee="7"), line(4, "h2"), line(6, "h3")]
        check = send(clerk, year, upload(*rows, line(6, "h4", head=True, name="=1+1")))
        assert (check.state, Member.objects.count()) == ("done", 0)
        shown = page(clerk, check)
        assert "写入" in shown or "Write the good rows" in shown
        assert number(6) not in shown  # an ID number in the first faulty rows is masked
        answer = clerk.post(reverse("enrollment:write_roster", args=[check.pk]))
        writing = Job.objects.latest("pk")
        assert answer.url == reverse("enrollment:roster_job", args=[writing.pk])
        again = clerk.post(reverse("enrollment:write_roster", args=[check.pk]))
        assert (again.url, Job.objects.count()) == (answer.url, 2)
        assert answer.url in page(clerk, check)
        jobs.run(writing.pk)
        writing.refresh_from_db()
        assert (writing.state, Member.objects.count(), RosterImport.objects.get().written) == ("done", 2, 2)
        assert writing.figure("Rows written") == 2
        assert clerk.get(reverse("office:job", args=[writing.pk])).url == answer.url

    def test_the_faulty_rows_as_files(self, clerk, year):
        check = send(clerk, year, upload(line(0), line(1, "h2", head=True, name="=1+1")))
        lines = list(csv.reader(io.StringIO(check.result.path.read_text("utf-8-sig"))))
        book = CalamineWorkbook.from_path(check.faults.path).get_sheet_by_index(0).to_python()
        assert [row[5] for row in lines[1:]] == ["head_missing", "name_missing"]
        assert lines[2][2] == "'=1+1"  # in a spreadsheet it stays text
        assert [row[5] for row in book[1:]] == ["head_missing", "name_missing"]
        answer = clerk.get(reverse("office:attachment", args=[check.result_id]))
        assert answer.getvalue() == check.result.path.read_bytes()

    def test_a_roster_without_faults_has_no_files(self, clerk, year):
        check = send(clerk, year, upload(line(0, head=True)))
        assert (check.result, check.faults) == (None, None)
        assert "faults-" not in page(clerk, check)

    def test_the_same_file_again_says_so(self, clerk, year):
        for _time in range(2):
            check = send(clerk, year, upload(line(0, head=True)))
            writing = roster_jobs.ask_for_writing(check=check, by=check.asked_by, at=NOON)
            jobs.run(writing.pk)
        writing.refresh_from_db()
        assert writing.outcome[5][1] == 0
        assert writing.outcome[6][1] == timezone.localdate().isoformat()
        assert RosterImport.objects.count() == 1

    def test_a_file_that_cannot_be_read_ends_the_check_with_a_sentence(self, clerk, year):
        check = send(clerk, year, SimpleUploadedFile("a.csv", b"x,y\r\n1,2\r\n"))
        assert check.state == "failed"
        assert str(check.refusal) in page(clerk, check)
        answer = clerk.post(reverse("enrollment:write_roster", args=[check.pk]), follow=True)
        assert "notice" in answer.content.decode()
        assert Job.objects.count() == 1

    def test_a_file_that_the_office_does_not_take_is_refused_at_once(self, clerk, year):
        sent = {"fund_year": year.pk, "file": SimpleUploadedFile("a.csv", b"\0\0\0")}
        answer = clerk.post(reverse("enrollment:new_roster"), sent)
        assert (answer.status_code, Job.objects.count()) == (422, 0)

    def test_the_page_asks_again_until_the_work_has_ended(self, clerk, year):
        clerk.post(reverse("enrollment:new_roster"), {"fund_year": year.pk, "file": upload(line(0, head=True))})
        asked = Job.objects.latest("pk")
        where = reverse("enrollment:roster_job", args=[asked.pk])
        assert 'id="job"' in clerk.get(where, headers={"HX-Request": "true"}).content.decode()
        jobs.run(asked.pk)
        assert clerk.get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"

    def test_a_job_without_its_file(self, clerk, year, ada):
        asked = jobs.enqueue(roster_jobs.CHECK, title="x", by=ada, at=NOON, fund_year=year.pk)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == "failed"

    def test_a_workbook_has_so_many_faults_and_no_more(self, clerk, year, monkeypatch):
        monkeypatch.setattr(fault_files, "MOST_IN_WORKBOOK", 1)
        check = send(clerk, year, upload(line(0), line(3, "h2")))
        assert len(CalamineWorkbook.from_path(check.faults.path).get_sheet_by_index(0).to_python()) == 2

    def test_columns_that_are_none_of_ours_are_noted(self, clerk, year):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([[*HEADER, "电话"], [*line(0, head=True), "1"]])
        check = send(clerk, year, SimpleUploadedFile("a.csv", text.getvalue().encode()))
        assert check.outcome[-1][1] == "电话"


class TestSight:
    def test_one_sees_one_s_own_jobs_alone(self, clerk, year, appoint):
        check = send(clerk, year, upload(line(0, head=True)))
        other = sign_in(Client(), appoint("tom", Duty.TOWNSHIP_CLERK))
        assert other.get(reverse("enrollment:roster_job", args=[check.pk])).status_code == 404
        assert other.post(reverse("enrollment:write_roster", args=[check.pk])).status_code == 404

    def test_other_work_has_its_own_page(self, clerk, ada):
        other = Job.objects.create(name="x", title="x", asked_by=ada, asked_at=NOON, sent_at=NOON)
        assert clerk.get(reverse("enrollment:roster_job", args=[other.pk])).status_code == 404

    def test_a_township_sees_its_own_imports_and_households(self, clerk, year, appoint, ada):
        station = Body.objects.create(code="s", name="站", kind=Body.Kind.TOWNSHIP_STATION)
        away = factories.division("640522101201")
        Division.objects.filter(pk=away.parent_id).update(station=station)
        check = send(clerk, year, upload(line(0, "home-1", head=True), line(1, "home-1", fee="")))
        jobs.run(roster_jobs.ask_for_writing(check=check, by=ada, at=NOON).pk)
        tom = sign_in(Client(), appoint("tom", Duty.TOWNSHIP_CLERK, body=station))
        for name, told in (("roster_imports", "花名册.csv"), ("not_whole", "home-1")):
            where = reverse(f"enrollment:{name}")
            assert told in clerk.get(where).content.decode()
            assert told not in tom.get(where).content.decode()


@pytest.mark.parametrize("many", [False, True])
def test_the_list_takes_as_many_statements_for_few_rows_as_for_many(many, clerk, year, ada, django_assert_num_queries):
    for at in range(30 if many else 2):
        RosterImport.objects.create(
            fund_year=year, name="a", sha256=f"{at:064d}", rows=1, good=1, held=0, written=1, written_by=ada,
            written_at=NOON,
        )  # fmt: skip
    clerk.get(reverse("enrollment:roster_imports"))
    with django_assert_num_queries(6):
        clerk.get(reverse("enrollment:roster_imports"))
