"""Providers, catalogues and diseases on pages: who is told what, nothing typed is lost, what every page asks."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from claims.models import Agreement, Catalogue, Disease, ListedDisease, Provider
from claims.services import imports
from claims.tests import basics
from claims.tests.basics import SAID, table
from conftest import sign_in
from enrollment.tests import factories
from enrollment.tests.factories import scheme
from office import attachments, jobs
from office.models import Act, Body, Duty, Job
from office.rules import days

pytestmark = pytest.mark.django_db

HEADER = ["编码", "名称", "类别", "限价"]


def today():
    return days.business_day(timezone.now())


@pytest.fixture
def kim(appoint, monkeypatch) -> Client:
    """Keeps what plans look up, at her browser, in English; the workers hear of nothing by themselves."""
    monkeypatch.setattr(jobs, "_send", lambda pk: None)
    client = sign_in(Client(), appoint("kim", Duty.ACCOUNTING_HEAD))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def ida(appoint) -> Client:
    """Takes claims in; in English."""
    client = sign_in(Client(), appoint("ida", Duty.INTAKE_CLERK))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(client: Client, page: str, *arguments: object, **query: str | int) -> str:
    answer = client.get(reverse(f"claims:{page}", args=arguments), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def send(client: Client, page: str, *arguments: object, **typed: object):
    return client.post(reverse(f"claims:{page}", args=arguments), typed)


class TestProviders:
    def test_from_unknown_to_designated_and_ended(self, kim):
        added = send(kim, "provider_add", **SAID)
        one = Provider.objects.get()
        assert added.url == reverse("claims:provider", args=[one.pk])
        assert "designated for no scheme" in text(kim, "provider", one.pk)
        first = today() - timedelta(days=30)
        send(kim, "agreement_sign", one.pk, scheme=scheme().pk, number="1号", first=first)
        page = text(kim, "provider", one.pk)
        assert "in force" in page
        assert "second tier" in page
        agreed = Agreement.objects.get()
        assert reverse("claims:agreement_end", args=[agreed.pk]) in page
        send(kim, "agreement_end", agreed.pk, last=today() - timedelta(days=1), because="停业")
        assert "ended" in text(kim, "provider", one.pk)

    def test_closed_and_open_again(self, kim):
        one = basics.provider()
        agreed = basics.agreement(one)
        refused = send(kim, "provider_close", one.pk, on=today())
        assert "end it first" in refused.content.decode()
        send(kim, "agreement_end", agreed.pk, last=today() - timedelta(days=1), because="停业")
        send(kim, "provider_close", one.pk, on=today())
        page = text(kim, "provider", one.pk)
        assert f"closed from {today()}" in page
        assert reverse("claims:agreement_sign", args=[one.pk]) not in page
        assert "Open again" in page
        send(kim, "provider_reopen", one.pk)
        assert Provider.objects.get().closed_on is None
        again = kim.post(reverse("claims:provider_reopen", args=[one.pk]), follow=True)
        assert "It is not closed" in again.content.decode()
        assert Act.objects.filter(kind="refused", name="provider.reopened").exists()

    def test_an_agreement_that_has_not_begun(self, kim):
        one = basics.provider(division=factories.division(), region="county")
        basics.agreement(one, period=(today() + timedelta(days=10), None))
        page = text(kim, "provider", one.pk)
        assert "not yet in force" in page
        assert f"{one.division.parent} {one.division}" in page
        assert "—" in text(kim, "providers")

    def test_what_is_refused_is_kept_and_said(self, kim):
        basics.provider()
        desk = Body.objects.create(code="d", name="d", kind=Body.Kind.HOSPITAL)
        answer = send(kim, "provider_add", **SAID)
        assert answer.status_code == 422
        assert "of this code already" in answer.content.decode()
        assert "海原县人民医院" in answer.content.decode()
        assert Act.objects.filter(kind="refused", name="provider.added").exists()
        outside = send(kim, "provider_add", **SAID | {"code": "H2", "region": "outside", "body": desk.pk})
        assert "has no desk here" in outside.content.decode()
        assert Provider.objects.count() == 1

    def test_whoever_takes_claims_in_makes_known_what_is_outside(self, ida):
        assert send(ida, "provider_add", **SAID).status_code == 422
        assert send(ida, "provider_add", **SAID | {"region": "outside"}).status_code == 302
        page = text(ida, "provider", Provider.objects.get().pk)
        assert reverse("claims:provider_change", args=[Provider.objects.get().pk]) not in page
        assert reverse("claims:provider_add") in text(ida, "providers")

    def test_two_people_correct_one_provider(self, kim):
        one = basics.provider()
        shown = kim.get(reverse("claims:provider_change", args=[one.pk])).context["form"]
        seen = shown["seen"].value()
        assert send(kim, "provider_change", one.pk, **SAID | {"phone": "1", "seen": seen}).status_code == 302
        late = send(kim, "provider_change", one.pk, **SAID | {"phone": "2", "seen": seen})
        assert late.status_code == 409
        assert "0955-4010001" in late.content.decode()
        assert Provider.objects.get().phone == "1"
        knowing = late.context["form"]["seen"].value()
        assert send(kim, "provider_change", one.pk, **SAID | {"phone": "2", "seen": knowing}).status_code == 302
        assert Provider.objects.get().phone == "2"

    def test_a_correction_that_is_refused(self, kim):
        one = basics.provider()
        basics.provider("H2")
        seen = kim.get(reverse("claims:provider_change", args=[one.pk])).context["form"]["seen"].value()
        answer = send(kim, "provider_change", one.pk, **SAID | {"code": "h2", "seen": seen})
        assert "of this code already" in answer.content.decode()

    def test_the_list_is_narrowed(self, kim):
        inside = basics.provider()
        basics.provider("X9", "西安医院", region="outside", level="province", tier=3)
        basics.provider("C1", "旧门诊部", closed_on=today() - timedelta(days=1))
        basics.agreement(inside)
        for query, names in (
            ({}, ["海原县人民医院", "西安医院"]),
            ({"words": "xayy"}, ["西安医院"]),
            ({"words": "x9"}, ["西安医院"]),
            ({"words": "海原"}, ["海原县人民医院"]),
            ({"scheme": scheme().pk}, ["海原县人民医院"]),
            ({"tier": "3"}, ["西安医院"]),
            ({"level": "county"}, ["海原县人民医院", "旧门诊部"]),
            ({"state": "closed"}, ["旧门诊部"]),
            ({"region": "outside"}, ["西安医院"]),
        ):
            page = text(kim, "providers", **query)
            assert [name for name in ("海原县人民医院", "西安医院", "旧门诊部") if name in page] == names, query
        answer = kim.get(reverse("claims:providers"), {"as": "xlsx", "state": ""})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert len(rows) == 4
        assert rows[1][0] in {"旧门诊部", "海原县人民医院"}

    def test_an_auditor_sees_earlier_states_and_acts(self, dan, kim):
        one = basics.provider()
        reader = sign_in(Client(), dan)
        page = text(reader, "provider", one.pk)
        assert reverse("office:history", args=["claims.provider", one.pk]) in page
        assert reader.get(reverse("office:history", args=["claims.provider", one.pk])).status_code == 200
        keeping = {"providers": "provider_add", "catalogues": "catalogue_new", "diseases": "diseases_new"}
        for shown, kept in (keeping | {"listings": "listing_new"}).items():
            assert reverse(f"claims:{kept}") not in text(reader, shown)
            assert reverse(f"claims:{kept}") in text(kim, shown)


class TestAgreements:
    def test_what_is_refused_is_said_at_its_field(self, kim):
        one = basics.provider()
        agreed = basics.agreement(one)
        answer = send(kim, "agreement_sign", one.pk, scheme=scheme().pk, number="2号", first=today())
        assert answer.status_code == 422
        assert "end it first" in answer.content.decode()
        answer = send(kim, "agreement_end", agreed.pk, last="2008-01-01", because="x")
        assert "begins on 2009-01-01 only" in answer.content.decode()
        assert Act.objects.filter(kind="refused").count() == 2


def upload(*rows: list[str], name: str = "药品.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, table(*rows, encoding="gb18030"))


def asked(client: Client, *rows: list[str], **more: object) -> Job:
    typed = {"scheme": scheme().pk, "kind": "drugs", "first": "2010-01-01", "document": "1号"}
    answer = send(client, "catalogue_new", **typed | {"file": upload(HEADER, *rows)} | more)
    assert answer.status_code == 302, answer.content.decode()
    return ended(Job.objects.latest("pk"))


def ended(job: Job) -> Job:
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


class TestCatalogues:
    def test_from_the_file_to_the_edition(self, kim):
        check = asked(kim, ["a1", "阿莫西林", "甲", "6.50"], ["b1", "青霉素", "乙", ""])
        assert (check.state, Catalogue.objects.count()) == ("done", 0)
        assert "Take it in" in text(kim, "import_job", check.pk)
        answer = send(kim, "import_take", check.pk)
        taking = Job.objects.latest("pk")
        assert answer.url == reverse("claims:import_job", args=[taking.pk])
        assert send(kim, "import_take", check.pk).url == answer.url
        assert answer.url in text(kim, "import_job", check.pk)
        assert ended(taking).state == "done"
        made = Catalogue.objects.get()
        way = reverse("claims:catalogue", args=[made.pk])
        assert way in text(kim, "import_job", taking.pk)
        assert way in text(kim, "import_job", check.pk)
        assert way in text(kim, "catalogues")
        page = text(kim, "catalogue", made.pk)
        assert "6.50" in page
        assert reverse("office:attachment", args=[attachments.of(made).get().pk]) in page

    def test_taken_in_again_after_a_crash_it_is_the_same_edition(self, kim):
        check = asked(kim, ["a1", "阿莫西林", "甲", "6.50"])
        taking = imports.ask_for_taking(check=check, by=check.asked_by, at=check.asked_at)
        jobs.run(taking.pk)
        Job.objects.filter(pk=taking.pk).update(state="waiting", finished_at=None)
        assert ended(taking).state == "done"
        assert Catalogue.objects.count() == 1

    def test_one_faulty_row_keeps_the_whole_out_and_every_fault_is_told(self, kim):
        check = asked(kim, ["a1", "阿莫西林", "丁", "x"], ["b1", "青霉素", "乙", ""])
        assert (check.figure(imports.GOOD), check.figure(imports.WRONG)) == (1, 1)
        page = text(kim, "import_job", check.pk)
        assert "Write 甲, 乙 or 丙" in page
        assert "no amount in yuan" in page
        assert "taken in whole" in page
        assert "Take it in" not in page
        refused = kim.post(reverse("claims:import_take", args=[check.pk]), follow=True)
        assert "Only a file that was checked" in refused.content.decode()
        assert Act.objects.filter(kind="refused", name="job.asked").exists()

    def test_a_file_that_is_none_ends_the_check_with_a_sentence(self, kim):
        check = asked(kim, file=SimpleUploadedFile("a.csv", b"x,y\r\n1,2\r\n"))
        assert check.state == "failed"
        assert "must name the columns" in text(kim, "import_job", check.pk)

    def test_an_edition_that_came_meanwhile_is_said(self, kim):
        check = asked(kim, ["a1", "阿莫西林", "甲", "6.50"])
        send(kim, "import_take", check.pk)
        taking = Job.objects.latest("pk")
        basics.edition(("a", "甲"), period=("2010-01-01", None))
        assert ended(taking).state == "failed"
        assert "is there already" in text(kim, "import_job", taking.pk)

    def test_what_is_refused_at_once(self, kim):
        basics.edition(("a", "甲"))
        typed = {"scheme": scheme().pk, "kind": "drugs", "first": "2010-01-01", "document": "1号"}
        for more, words in (
            ({"first": "2008-01-01", "file": upload(HEADER)}, "from 2009-01-01 on is there already"),
            ({"file": SimpleUploadedFile("a", b"\0")}, "a"),
            ({"document": " ", "file": upload(HEADER)}, "This field is required"),
        ):
            answer = send(kim, "catalogue_new", **typed | more)
            assert answer.status_code == 422
            assert words in answer.content.decode()
        assert not Job.objects.exists()
        assert "Take an edition in" in text(kim, "catalogue_new")

    def test_the_page_asks_again_until_the_work_has_ended(self, kim):
        typed = {"scheme": scheme().pk, "kind": "drugs", "first": "2010-01-01", "document": "1号"}
        send(kim, "catalogue_new", **typed | {"file": upload(HEADER, ["a", "甲", "甲", ""])})
        job = Job.objects.latest("pk")
        where = reverse("claims:import_job", args=[job.pk])
        assert "hx-get" in kim.get(where, HTTP_HX_REQUEST="true").content.decode()
        jobs.run(job.pk)
        assert kim.get(where, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"

    def test_entries_and_editions_are_narrowed_and_exported(self, kim):
        made = basics.edition(("a1", "阿莫西林"), ("b1", "青霉素"))
        assert "青霉素" not in text(kim, "catalogue", made.pk, words="amxl")
        assert "阿莫西林" not in text(kim, "catalogue", made.pk, item_class="B")
        for page in ("catalogue", "catalogues"):
            arguments = [made.pk] if page == "catalogue" else []
            answer = kim.get(reverse(f"claims:{page}", args=arguments), {"as": "xlsx"})
            rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
            assert len(rows) == {"catalogue": 3, "catalogues": 2}[page]
        way = reverse("claims:catalogue", args=[made.pk])
        assert way in text(kim, "catalogues", on="2010-01-01")
        assert way not in text(kim, "catalogues", on="2008-01-01")


class TestDiseases:
    def test_from_the_file_to_the_list(self, kim):
        file = SimpleUploadedFile("疾病.csv", table(["编码", "名称"], ["I10", "高血压"], ["", "肺炎"]))
        send(kim, "diseases_new", file=file)
        check = ended(Job.objects.latest("pk"))
        page = text(kim, "import_job", check.pk)
        assert "rows with an error stay out" in page
        assert "must not be empty" in page
        send(kim, "import_take", check.pk)
        taking = ended(Job.objects.latest("pk"))
        assert Disease.objects.get().code == "I10"
        assert reverse("claims:diseases") in text(kim, "import_job", taking.pk)
        assert "I10" in text(kim, "diseases", words="gxy")
        answer = kim.get(reverse("claims:diseases"), {"as": "xlsx"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[1][:2] == ["I10", "高血压"]

    def test_what_is_no_file(self, kim):
        assert send(kim, "diseases_new", file=SimpleUploadedFile("a", b"\0")).status_code == 422
        send(kim, "diseases_new", file=SimpleUploadedFile("a.csv", table(["编码"])))
        assert ended(Job.objects.latest("pk")).state == "failed"

    def test_on_a_list_by_name_and_off_it(self, kim):
        basics.disease()
        typed = {
            "scheme": scheme().pk,
            "kind": "case_paid",
            "group": "高血压",
            "document": "1号",
            "first": "2010-01-01",
        }
        answer = send(kim, "listing_new", disease="yfx", price="1,200.50", **typed)
        assert answer.status_code == 302, answer.content.decode()
        listed = ListedDisease.objects.get()
        assert str(listed.price) == "1200.50"
        page = text(kim, "listings")
        assert "1,200.50" in page
        assert reverse("claims:listing_end", args=[listed.pk]) in page
        assert "1,200.50" not in text(kim, "listings", on="2009-01-01")
        assert "1,200.50" not in text(kim, "listings", words="fy")
        assert "1,200.50" in text(kim, "listings", words="i10")
        early = send(kim, "listing_end", listed.pk, last="2009-01-01")
        assert "from 2010-01-01 only" in early.content.decode()
        send(kim, "listing_end", listed.pk, last="2010-12-31")
        assert reverse("claims:listing_end", args=[listed.pk]) not in text(kim, "listings", on="2010-06-01")
        answer = kim.get(reverse("claims:listings"), {"as": "xlsx", "on": "2010-06-01"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert "2010-12-31" in rows[1][6]

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"disease": "x"}, "has no disease in use that is called so"),
            ({"disease": "高"}, "Several are called so"),
            ({"price": "zehn"}, "no amount in yuan"),
            ({"price": ""}, "has a price"),
        ],
    )
    def test_what_is_refused_is_said_at_its_field(self, kim, more, words):
        for code, name in (("I10", "高血压"), ("I11", "高血压性心脏病"), ("I10.1", "其他")):
            basics.disease(code, name)
        typed = {"scheme": scheme().pk, "kind": "case_paid", "group": "a", "document": "1号", "first": "2010-01-01"}
        answer = send(kim, "listing_new", **typed | {"disease": "I10", "price": "5"} | more)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not ListedDisease.objects.exists()
