"""The register's reading pages: who sees what, what stands on them, what they cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from conftest import sign_in
from enrollment.models import Member
from enrollment.tests import factories
from office import sheets
from office.models import Act, Body, Duty
from office.rules import days

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def today() -> date:
    return days.business_day(timezone.now())


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def year():
    """This year of a scheme."""
    return factories.fund_year(factories.scheme(name="新农合"), year=today().year)


@pytest.fixture
def station():
    station = Body.objects.create(code="2", name="李旺镇站", kind=Body.Kind.TOWNSHIP_STATION)
    factories.division(factories.TOWNSHIP, "李旺镇", station)
    return station


@pytest.fixture
def as_li(appoint, station) -> Client:
    """Of one township."""
    return sign_in(Client(), appoint("li", Duty.TOWNSHIP_CLERK, body=station))


@pytest.fixture
def as_acc(appoint) -> Client:
    """May look people up, but sees no whole ID numbers."""
    return sign_in(Client(), appoint("acc", Duty.FUND_ACCOUNTANT))


@pytest.fixture
def as_dan(dan) -> Client:
    return sign_in(Client(), dan)


def stranger() -> Member:
    """Somebody of another township."""
    return factories.member(factories.household("9", factories.division("640522101201")), "李明")


class TestSearchPage:
    def test_it_asks_and_answers(self, as_ada):
        lan = factories.member()
        page = text(as_ada.get("/register/"))
        assert "autofocus" in page
        assert f"/register/members/{lan.pk}/" not in page
        assert f"/register/members/{lan.pk}/" in text(as_ada.post("/register/", {"q": "马小兰"}))

    def test_a_part_of_the_page_is_enough_for_htmx(self, as_ada):
        lan = factories.member(factories.household("6405220001"))
        part = text(as_ada.post("/register/", {"q": "马小兰"}, **HTMX))
        assert f"/register/members/{lan.pk}/" in part
        assert "<html" not in part
        assert f"/register/households/{lan.household_id}/" in text(
            as_ada.post("/register/", {"q": "6405220001"}, **HTMX)
        )

    def test_whole_numbers_are_not_on_it(self, as_ada):
        lan = factories.member()
        found = text(as_ada.post("/register/", {"q": lan.id_number}, **HTMX))
        assert lan.masked_id in found
        assert lan.id_number not in found

    def test_it_says_why_nobody_is_found(self, as_ada):
        said = {q: text(as_ada.post("/register/", {"q": q}, **HTMX)) for q in ("m", "123", "李明")}
        assert len(set(said.values())) == 3

    def test_it_says_when_there_are_more(self, as_ada):
        of = factories.household()
        for _time in range(51):
            factories.member(of)
        assert "<strong>" in text(as_ada.post("/register/", {"q": "马小兰"}, **HTMX)).split("found-list")[0]

    def test_a_township_finds_its_own(self, as_li):
        ours, theirs = factories.member(), stranger()
        found = text(as_li.post("/register/", {"q": "640522"}, **HTMX))
        assert f"/members/{ours.pk}/" in found
        assert f"/members/{theirs.pk}/" not in found

    def test_it_costs_the_same_for_many(self, as_ada, django_assert_num_queries):
        of = factories.household("6405220001")
        for _time in range(20):
            factories.member(of)
        for typed, count in (("", 4), ("马小兰", 5), ("640522", 6)):
            as_ada.post("/register/", {"q": typed})
            with django_assert_num_queries(count):
                as_ada.post("/register/", {"q": typed})

    def test_home_leads_to_it(self, as_ada):
        assert 'action="/register/"' in text(as_ada.get("/"))

    def test_home_of_others_does_not(self, as_sam):
        assert 'action="/register/"' not in text(as_sam.get("/"))


class TestMemberList:
    def rows(self, client, query="") -> list[list[object]]:
        return [
            list(row) for row in sheets.rows(client.get(f"/register/members/?as=xlsx{query}").content, "a.xlsx")[1:]
        ]

    def names(self, client, query="") -> list[str]:
        return [str(row[0]) for row in self.rows(client, query)]

    def test_numbers_are_masked_on_the_page_and_in_the_export(self, as_ada):
        lan = factories.member()
        (row,) = self.rows(as_ada)
        assert row[1] == lan.masked_id
        page = text(as_ada.get("/register/members/"))
        assert lan.masked_id in page
        assert lan.id_number not in page + str(row)
        assert Act.objects.filter(name="list.exported", kind=Act.Kind.READ).exists()

    def test_it_is_narrowed(self, as_ada, year):
        here, there = factories.member(), stranger()
        Member.objects.filter(pk=there.pk).update(category="low_income")
        factories.pay(here, year)
        away = factories.member(here.household, "王文")
        Member.objects.filter(pk=away.pk).update(state="dead", state_on=today())
        place = here.household.village
        for query, found in {
            "&name=马": ["马小兰"],
            f"&township={place.parent_id}": ["马小兰", "王文"],
            f"&village={place.pk}": ["马小兰", "王文"],
            "&category=low_income": ["李明"],
            "&state=dead": ["王文"],
            f"&year={today().year}&covered=True": ["马小兰"],
            f"&year={today().year}&covered=False": ["李明", "王文"],
            f"&year={today().year - 1}&covered=True": [],
            "&covered=True": ["马小兰", "李明", "王文"],
            "&village=0": ["马小兰", "李明", "王文"],
        }.items():
            assert sorted(self.names(as_ada, query)) == sorted(found), query

    def test_by_itself_it_shows_the_living(self, as_ada):
        of = factories.household()
        factories.member(of)
        Member.objects.filter(pk=factories.member(of, "王文").pk).update(state="dead", state_on=today())
        page = text(as_ada.get("/register/members/"))
        assert "马小兰" in page
        assert "王文" not in page

    def test_a_township_sees_its_own_and_is_offered_its_own_villages(self, as_li):
        factories.member()
        other = stranger()
        assert self.names(as_li) == ["马小兰"]
        page = text(as_li.get("/register/members/"))
        assert "李旺镇" in page
        assert other.household.village.name not in page

    def test_many_cost_no_more_questions(self, as_ada, django_assert_num_queries):
        of = factories.household()
        for _time in range(60):
            factories.member(of)
        as_ada.get("/register/members/")
        with django_assert_num_queries(6):
            as_ada.get("/register/members/")


class TestHouseholdList:
    def numbers(self, client, query="") -> list[str]:
        sheet = sheets.rows(client.get(f"/register/households/?as=xlsx{query}").content, "a.xlsx")
        return [str(row[0]) for row in sheet[1:]]

    def test_heads_and_heads_counted(self, as_ada):
        of = factories.household()
        factories.member(of)
        Member.objects.filter(pk=factories.member(of, "王文").pk).update(state="dead", state_on=today())
        sheet = sheets.rows(as_ada.get("/register/households/?as=xlsx").content, "a.xlsx")
        assert list(sheet[1][:3]) == ["0001", "马小兰", 1]
        assert "马小兰" in text(as_ada.get("/register/households/"))

    def test_it_is_narrowed(self, as_ada, year):
        here, there = factories.member(), stranger()
        factories.pay(here, year)
        Member.objects.filter(pk=there.pk).update(category="low_income")
        factories.household("0002", ended_on=today())
        place = there.household.village
        for query, found in {
            "&number=00": ["0001", "0002"],
            f"&township={place.parent_id}": ["9"],
            f"&village={place.pk}": ["9"],
            "&category=low_income": ["9"],
            "&state=ended": ["0002"],
            "&state=current": ["0001", "9"],
            f"&year={today().year}&covered=True": ["0001"],
            f"&year={today().year}&covered=False": ["9", "0002"],
        }.items():
            assert sorted(self.numbers(as_ada, query)) == sorted(found), query

    def test_a_township_sees_its_own(self, as_li):
        factories.member()
        stranger()
        assert self.numbers(as_li) == ["0001"]

    def test_many_cost_no_more_questions(self, as_ada, django_assert_num_queries):
        for number in range(60):
            factories.member(factories.household(f"{number:04d}"))
        as_ada.get("/register/households/")
        with django_assert_num_queries(6):
            as_ada.get("/register/households/")
