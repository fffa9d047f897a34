"""Lists of those helped on pages: sent, checked, taken in, compared, exported; and who sees what of it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import sign_in
from enrollment.models import AssistanceLine, AssistanceList, Division, FundYear
from enrollment.services import assistance_jobs
from enrollment.tests import factories
from enrollment.tests.keeping import station
from enrollment.tests.rosters import BORN, fund_year, number
from office import jobs
from office.models import Act, Duty, Job
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

LISTS = "/register/collection/assistance/"


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def clerk(ada, monkeypatch) -> Client:
    """Ada at her browser, in English; the workers hear of nothing by themselves."""
    monkeypatch.setattr(jobs, "_send", lambda pk: None)
    client = sign_in(Client(), ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def upload(*rows: tuple[str, str]) -> SimpleUploadedFile:
    lines = [("姓名", "身份证号"), *rows]
    return SimpleUploadedFile("低保.csv", "".join(",".join(line) + "\n" for line in lines).encode())


def send(client: Client, year: FundYear, upload: SimpleUploadedFile, **more):
    typed = {"fund_year": year.pk, "category": "low_income", "paper_number": "2号", "paper_date": "2010-02-01"}
    return client.post(f"{LISTS}new/", typed | {"file": upload} | more)


def checked(client: Client, year: FundYear, *rows: tuple[str, str]) -> Job:
    answer = send(client, year, upload(*rows))
    assert answer.status_code == 302, answer.content.decode()
    asked = Job.objects.latest("pk")
    jobs.run(asked.pk)
    asked.refresh_from_db()
    return asked


def text(client: Client, page: str, *arguments: object, **query: str | int) -> str:
    return client.get(reverse(f"enrollment:{page}", args=arguments), query).content.decode()


class TestTheWay:
    def test_from_the_file_to_the_comparison(self, clerk, year):
        factories.member(factories.household("h1"), "马一", BORN, id_number=number(1), category="low_income")
        check = checked(clerk, year, ("马一", number(1)), ("马二", number(2)), ("", number(3)))
        assert (check.state, AssistanceList.objects.count()) == ("done", 0)
        shown = text(clerk, "assistance_job", check.pk)
        assert "Take in the good rows" in shown
        assert "First faulty rows" in shown
        assert [count for _label, count in check.outcome[:5]] == [3, 2, 1, 1, 1]
        answer = clerk.post(reverse("enrollment:assistance_accept", args=[check.pk]))
        taking = Job.objects.latest("pk")
        assert answer.url == reverse("enrollment:assistance_job", args=[taking.pk])
        assert clerk.post(reverse("enrollment:assistance_accept", args=[check.pk])).url == answer.url
        assert answer.url in text(clerk, "assistance_job", check.pk)
        jobs.run(taking.pk)
        made = AssistanceList.objects.get()
        way = reverse("enrollment:assistance_list", args=[made.pk])
        assert way in text(clerk, "assistance_job", taking.pk)
        assert way in text(clerk, "assistance_job", check.pk)
        assert way in text(clerk, "assistance_lists")
        page = text(clerk, "assistance_list", made.pk)
        assert "in force" in page
        assert "低保.csv" in page

    def test_taken_in_again_after_a_crash_it_is_the_same_list(self, clerk, year):
        check = checked(clerk, year, ("马一", number(1)))
        taking = assistance_jobs.ask_for_accepting(check=check, by=check.asked_by, at=check.asked_at)
        jobs.run(taking.pk)
        Job.objects.filter(pk=taking.pk).update(state="waiting", finished_at=None)
        jobs.run(taking.pk)
        taking.refresh_from_db()
        assert (taking.state, AssistanceList.objects.count()) == ("done", 1)

    def test_a_file_that_is_no_list_ends_the_check_with_a_sentence(self, clerk, year):
        answer = send(clerk, year, SimpleUploadedFile("a.csv", b"x,y\r\n1,2\r\n"))
        asked = Job.objects.latest("pk")
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert (answer.status_code, asked.state) == (302, "failed")
        refused = clerk.post(reverse("enrollment:assistance_accept", args=[asked.pk]), follow=True)
        assert "Only a list that was checked" in refused.content.decode()
        assert Act.objects.filter(kind="refused", name="job.asked").exists()

    def test_the_same_file_again_is_refused_in_words(self, clerk, year):
        for _time in range(2):
            check = checked(clerk, year, ("马一", number(1)))
            taking = assistance_jobs.ask_for_accepting(check=check, by=check.asked_by, at=check.asked_at)
            jobs.run(taking.pk)
        taking.refresh_from_db()
        assert taking.state == "failed"
        assert AssistanceList.objects.count() == 1

    def test_the_page_asks_again_until_the_work_has_ended(self, clerk, year):
        send(clerk, year, upload(("马一", number(1))))
        asked = Job.objects.latest("pk")
        where = reverse("enrollment:assistance_job", args=[asked.pk])
        assert "hx-get" in clerk.get(where, HTTP_HX_REQUEST="true").content.decode()
        jobs.run(asked.pk)
        assert clerk.get(where, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"

    def test_what_is_refused_at_once(self, clerk, year, appoint):
        assert "Take in a list" in text(clerk, "assistance_new")
        for more in ({"category": "ordinary"}, {"paper_date": "2100-01-01"}, {"file": SimpleUploadedFile("a", b"\0")}):
            assert send(clerk, year, upload(("马一", number(1))), **more).status_code == 422
        tom = sign_in(Client(), appoint("tom", Duty.TOWNSHIP_CLERK, body=station()))
        assert send(tom, year, upload(("马一", number(1)))).status_code == 422
        assert f"{LISTS}new/" not in text(tom, "assistance_lists")
        assert not Job.objects.exists()


@pytest.fixture
def made(year) -> AssistanceList:
    """One of another category who paid himself, one nobody knows; and one who is on no list."""
    who = factories.member(factories.household("h1"), "马一", BORN, id_number=number(1))
    factories.pay(who, year)
    factories.member(factories.household("h2"), "马三", BORN, id_number=number(3), category="low_income")
    made = factories.assistance_list(year)
    AssistanceLine.objects.create(list=made, row=2, name="马一", id_number=number(1), member=who)
    AssistanceLine.objects.create(list=made, row=3, name="马二", id_number=number(2), village="山门村")
    return made


class TestComparing:
    def test_the_list_counts_what_the_pages_show(self, clerk, made):
        page = text(clerk, "assistance_list", made.pk)
        counts = page[page.index("Compared with") :].split('<td class="num">')[1:]
        assert [int(one[0]) for one in counts] == [0, 1, 1, 1, 1]

    def test_one_click_leads_to_the_correction_and_to_the_coverage(self, clerk, made):
        who = AssistanceLine.objects.get(name="马一").member
        for kind in ("otherwise", "paid"):
            page = text(clerk, "assistance_compared", made.pk, kind)
            assert reverse("enrollment:member_correct", args=[who.pk]) in page
            assert reverse("enrollment:coverage", args=[who.pk]) in page
            assert "20.00" in page
            assert number(1) not in page
            assert "640522********" in page
        other = factories.Member.objects.get(name="马三")
        assert reverse("enrollment:member_correct", args=[other.pk]) in text(clerk, "assistance_unlisted", made.pk)
        assert "马二" in text(clerk, "assistance_compared", made.pk, "missing")
        assert clerk.get(f"{LISTS}{made.pk}/nonsense/").status_code == 404

    def test_narrowed_by_name_and_township(self, clerk, made):
        township = Division.objects.get(level="township").pk
        elsewhere = factories.division("640522101000").pk
        for name, arguments in (("assistance_compared", [made.pk, "otherwise"]), ("assistance_unlisted", [made.pk])):
            who = "马一" if name == "assistance_compared" else "马三"
            for query, there in (
                ({"name": who}, True),
                ({"name": "李"}, False),
                ({"township": township}, True),
                ({"township": elsewhere}, False),
            ):
                rows = text(clerk, name, *arguments, **query)
                assert (f">{who}<" in rows) is there

    @pytest.mark.parametrize("kind", ["agreed", "missing", "otherwise", "paid", "unlisted"])
    def test_as_a_workbook_numbers_stay_masked(self, clerk, made, kind):
        answer = clerk.get(f"{LISTS}{made.pk}/{kind}/", {"as": "xlsx"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert len(rows) == (1 if kind == "agreed" else 2)
        said = " ".join(str(cell) for row in rows[1:] for cell in row)
        assert not any(number(order) in said for order in (1, 2, 3))
        assert kind == "agreed" or "640522********" in said

    def test_the_list_of_lists_as_a_workbook(self, clerk, made):
        answer = clerk.get(LISTS, {"as": "xlsx", "in_force": "True"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert (len(rows), rows[1][2]) == (2, "in force")

    def test_a_list_that_was_replaced_says_so(self, clerk, made, year):
        AssistanceList.objects.create(
            **{
                one.name: getattr(made, one.name)
                for one in made._meta.concrete_fields
                if one.name not in ("id", "sha256")
            },
            sha256="1" * 64,
        )
        assert "A newer list" in text(clerk, "assistance_list", made.pk)
        assert "replaced" in text(clerk, "assistance_lists")

    def test_a_station_sees_its_own_and_no_file_of_the_county(self, made, appoint):
        his = station()
        tom = sign_in(Client(), appoint("tom", Duty.TOWNSHIP_CLERK, body=his))
        tom.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        Division.objects.filter(level="township").update(station=None)
        assert "a.csv" not in text(tom, "assistance_list", made.pk)
        assert "马一" not in text(tom, "assistance_compared", made.pk, "paid")
        Division.objects.filter(level="township").update(station=his)
        assert "马一" in text(tom, "assistance_compared", made.pk, "paid")

    @pytest.mark.parametrize("people", [1, 30])
    @pytest.mark.parametrize(
        ("name", "kind", "questions"),
        [
            ("assistance_lists", None, 6),
            ("assistance_list", None, 11),
            ("assistance_compared", "missing", 7),
            ("assistance_unlisted", None, 7),
        ],
    )
    def test_many_people_cost_no_more_questions(
        self, clerk, made, people, name, kind, questions, django_assert_num_queries
    ):
        for order in range(10, 10 + people):
            AssistanceLine.objects.create(list=made, row=order, name="马四", id_number=number(order))
            who = factories.member(factories.household(f"x{order}"), "马五", BORN, id_number=number(order + 100))
            factories.Member.objects.filter(pk=who.pk).update(category="low_income")
        arguments = [] if name == "assistance_lists" else [made.pk, *([kind] if kind else [])]
        text(clerk, name, *arguments)
        with django_assert_num_queries(questions):
            text(clerk, name, *arguments)


def test_who_took_it_in_stands_there(clerk, made):
    assert str(tess()) in text(clerk, "assistance_lists")
