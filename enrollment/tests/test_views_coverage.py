"""Pages of coverage, exceptions, double enrollment and accounts: what they show, do, refuse, and cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, sign_in
from enrollment.models import Coverage, HouseholdException, Member, MemberMerge
from enrollment.selectors import doubles
from enrollment.services import accounts, coverage
from enrollment.tests import factories
from office import sheets
from office.models import Body, Duty
from office.rules import days
from office.tests.factories import tess

pytestmark = pytest.mark.django_db


def today() -> date:
    return days.business_day(timezone.now())


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def year():
    return factories.fund_year(factories.scheme(name="新农合"), year=today().year)


@pytest.fixture
def person(year) -> Member:
    return factories.member()


@pytest.fixture
def as_li(appoint) -> Client:
    """Of the one township."""
    station = Body.objects.create(code="2", name="李旺镇站", kind=Body.Kind.TOWNSHIP_STATION)
    factories.division(factories.TOWNSHIP, "李旺镇", station)
    return in_english(sign_in(Client(), appoint("li", Duty.TOWNSHIP_CLERK, body=station)))


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def as_dan(dan) -> Client:
    return in_english(sign_in(Client(), dan))


def stranger() -> Member:
    """Somebody of another township."""
    return factories.member(factories.household("9", factories.division("640522101201")), "李明")


def address(name: str, one: object) -> str:
    return reverse(f"enrollment:{name}", args=[one.pk])


class TestCoveragePage:
    def test_the_answer_and_its_reason(self, as_li, person, year):
        page = text(as_li.get(address("coverage", person)))
        assert "never enrolled" in page
        noted = factories.pay(person, year)
        assert "Covered on" in text(as_li.get(address("coverage", person)))
        assert f"begins on {year.year}-01-01" in text(as_li.get(address("coverage", person), {"on": "2009-01-01"}))
        assert "not born yet" in text(as_li.get(address("coverage", person), {"on": "1950-01-01"}))
        assert "last enrolled" in text(as_li.get(address("coverage", person), {"on": f"{year.year + 1}-05-01"}))
        coverage.leave_scheme(coverage=noted, on=year.period.lower, by=factories.clerk(), at=NOON)
        assert "left the scheme" in text(as_li.get(address("coverage", person)))

    def test_of_the_dead_a_mistake_alone_is_left(self, as_li, person):
        Member.objects.filter(pk=person.pk).update(state="dead", state_on=date(2009, 1, 1))
        page = text(as_li.get(address("coverage", person)))
        assert "died on 2009-01-01" in page
        assert address("household_pay", person.household) not in page

    def test_of_a_double(self, as_li, person):
        double = factories.member(factories.household("2"))
        merge(double, person)
        assert address("coverage", person) in text(as_li.get(address("coverage", double)))

    def test_another_township_is_not_there(self, as_li, year):
        other = stranger()
        for name in ("coverage", "coverage_leave", "exception_note"):
            assert as_li.get(address(name, other)).status_code == 404

    def test_whoever_reads_alone_has_no_buttons(self, as_dan, person):
        assert address("household_pay", person.household) not in text(as_dan.get(address("coverage", person)))
        assert as_dan.get(address("coverage_leave", person)).status_code == 403

    def test_it_costs_the_same_for_many_coverages(self, as_li, person, year, django_assert_num_queries):
        factories.pay(person, year)
        as_li.get(address("coverage", person))
        with django_assert_num_queries(9):
            as_li.get(address("coverage", person))
        for other in range(1, 4):
            factories.pay(person, factories.fund_year(year.scheme, year.year - other))
            later = factories.draft_year(year.scheme, year.year + other)
            HouseholdException.objects.create(
                member=person, fund_year=later, reason="x", noted_by=tess(), noted_at=NOON
            )
        with django_assert_num_queries(9):
            as_li.get(address("coverage", person))


def merge(double: Member, kept: Member) -> None:
    asked = MemberMerge.objects.create(double=double, kept=kept, reason="one", proposed_by=tess(), proposed_at=NOON)
    factories.decide("enrollment.membermerge", asked.pk, voter=factories.head())
    MemberMerge.objects.filter(pk=asked.pk).update(state="merged")
    Member.objects.filter(pk=double.pk).update(
        state="merged", state_on=date(2010, 5, 1), merged_into=kept, is_head=False
    )
    double.refresh_from_db()


class TestForms:
    def send(self, client, name: str, person: Member, **typed) -> str:
        answer = client.post(address(name, person), typed, follow=True)
        assert answer.status_code in {200, 422}
        return text(answer)

    def test_a_newborn(self, as_li, person, year):
        factories.pay(person, year)
        child = factories.member(person.household, name="小宝", born=year.period.lower + timedelta(days=9))
        page = text(as_li.get(address("coverage_newborn", child)))
        assert str(year) in page
        self.send(as_li, "coverage_newborn", child, fund_year=year.pk)
        assert child.coverages.get().reason == "newborn"

    def test_going_over_and_leaving_and_a_mistake(self, as_li, person, year):
        factories.pay(person, year)
        other = factories.fund_year(factories.scheme("residents", insures="person", name="居民"), year.year)
        self.send(as_li, "coverage_transfer", person, to=other.pk, on=f"{year.year}-07-01")
        after = person.coverages.get(scheme=other.scheme)
        assert f'value="{after.pk}" selected' in text(
            as_li.get(address("coverage_leave", person), {"coverage": after.pk})
        )
        self.send(as_li, "coverage_leave", person, coverage=after.pk, on=f"{year.year}-08-01")
        assert person.coverages.get(pk=after.pk).ended_because == "left"
        assert "within the coverage" in self.send(
            as_li, "coverage_leave", person, coverage=after.pk, on=f"{year.year}-12-01"
        )
        self.send(as_li, "coverage_void", person, coverage=after.pk, reason="mistyped")
        assert person.coverages.get(pk=after.pk).void_reason == "mistyped"

    def test_an_exception_noted_and_taken_back(self, as_li, person, year):
        self.send(as_li, "exception_note", person, fund_year=year.pk, reason="soldier")
        noted = HouseholdException.objects.get()
        page = text(as_li.get("/register/exceptions/"))
        assert "soldier" in page
        assert "taken back" in text(as_li.post(address("exception_end", noted), follow=True))
        assert "already" in text(as_li.post(address("exception_end", noted), follow=True))
        assert "soldier" not in text(as_li.get("/register/exceptions/"))
        assert "soldier" in text(as_li.get("/register/exceptions/", {"holds": "no"}))
        assert "already" not in self.send(as_li, "exception_note", person, fund_year=year.pk, reason="soldier")
        assert "already" in self.send(as_li, "exception_note", person, fund_year=year.pk, reason="soldier")


class TestExceptionList:
    def test_of_ones_own_township_with_export(self, as_li, as_dan, person, year, django_assert_num_queries):
        for one in (person, stranger()):
            coverage.note_exception(member=one, fund_year=year, reason=f"of {one.name}", by=factories.clerk(), at=NOON)
        assert "of 李明" not in text(as_li.get("/register/exceptions/"))
        assert "of 李明" in text(as_dan.get("/register/exceptions/"))
        assert person.name in text(as_li.get("/register/exceptions/", {"name": person.name[:1]}))
        book = sheets.rows(as_li.get("/register/exceptions/", {"as": "xlsx", "holds": "yes"}).content, "x.xlsx")
        assert len(book) == 2
        with django_assert_num_queries(7):
            as_dan.get("/register/exceptions/")
        for number in range(4):
            more = factories.member(person.household, name=f"马{'一二三四'[number]}")
            coverage.note_exception(member=more, fund_year=year, reason="x", by=factories.clerk(), at=NOON)
        with django_assert_num_queries(7):
            as_dan.get("/register/exceptions/")


class TestDoubles:
    ADDRESS = "/register/double-enrollment/"

    @pytest.fixture
    def residents(self, year):
        return factories.fund_year(factories.scheme("residents", insures="person", name="居民"), year.year)

    def found(self, year) -> list[tuple[int, int]]:
        return [(one.member_id, one.other["member"]) for one in doubles.enrolled_twice(year.year)]

    def test_the_same_name_birth_date_and_sex(self, as_li, person, year, residents):
        other_village = factories.household("3", factories.division("640522100202"))
        twin = factories.member(other_village, person.name, person.birth_date)
        brother = factories.member(other_village, person.name, person.birth_date, sex="M")
        younger = factories.member(other_village, person.name, person.birth_date + timedelta(days=1))
        factories.pay(person, year)
        assert self.found(year) == []
        for one in (twin, brother, younger):
            factories.pay(one, residents)
        assert self.found(year) == [(twin.pk, person.pk)]
        page = text(as_li.get(self.ADDRESS))
        assert f"{address('merge_propose', twin)}?kept={person.pk}" in page
        assert f"{address('coverage_leave', person)}?coverage={person.coverages.get().pk}" in page
        assert "same name, birth date and sex" in page

    def test_of_three_the_earliest_is_named_beside_each_other_one(self, person, year, residents):
        others = [factories.member(factories.household(f"{at}"), person.name, person.birth_date) for at in (2, 3)]
        for one in (person, *others):
            factories.pay(one, year)
        assert self.found(year) == [(one.pk, person.pk) for one in others]

    def test_two_records_that_were_merged(self, as_li, person, year, residents):
        double = factories.member(factories.household("2", factories.division("640522101201")), "马兰")
        factories.pay(double, residents)
        factories.pay(person, year)
        assert self.found(year) == []
        merge(double, person)
        assert self.found(year) == [(person.pk, double.pk)]
        assert "two records that were merged" in text(as_li.get(self.ADDRESS))

    def test_one_record_in_two_schemes_unless_it_went_over(self, as_li, person, year, residents):
        first = factories.pay(person, year)
        middle = year.period.lower + timedelta(days=100)
        coverage.transfer(member=person, to=residents, on=middle, by=factories.clerk(), at=NOON)
        assert self.found(year) == []
        other = factories.member(factories.household("2"), "马五")
        second = factories.pay(other, year)
        coverage.leave_scheme(coverage=second, on=middle, by=factories.clerk(), at=NOON)
        Coverage.objects.create(
            member=other,
            scheme=residents.scheme,
            fund_year=residents,
            period=(middle + timedelta(days=5), residents.period.upper),
            reason="go_live",
            noted_by=tess(),
            noted_at=NOON,
        )
        assert self.found(year) == [(other.pk, other.pk)]
        assert "one person in two schemes" in text(as_li.get(self.ADDRESS))
        assert first.pk != second.pk

    def test_void_ones_and_further_schemes_do_not_count(self, person, year):
        twin = factories.member(factories.household("2"), person.name, person.birth_date)
        further = factories.fund_year(factories.scheme("further", is_basic=False), year.year)
        factories.pay(person, year)
        factories.pay(person, further)
        coverage.void(coverage=factories.pay(twin, year), reason="x", by=factories.clerk(), at=NOON)
        assert self.found(year) == []

    def test_sight_filter_export_and_cost(self, as_li, year, residents, django_assert_num_queries):
        def pair(name: str, village: str) -> None:
            for number, of in ((f"{name}1", year), (f"{name}2", residents)):
                home = factories.household(number, factories.division(village))
                factories.pay(factories.member(home, name, date(1980, 1, 1)), of)

        pair("李明", "640522101201")
        pair("马兰", factories.VILLAGE)
        page = text(as_li.get(self.ADDRESS))
        assert "马兰" in page
        assert "李明" not in page
        assert "马兰" not in text(as_li.get(self.ADDRESS, {"year": str(year.year), "name": "王"}))
        assert "马兰" not in text(as_li.get(self.ADDRESS, {"year": "2004"}))
        assert as_li.get(self.ADDRESS, {"year": "99999"}).status_code == 200
        book = sheets.rows(as_li.get(self.ADDRESS, {"as": "xlsx"}).content, "x.xlsx")
        assert "马兰1" in str(book[1][5])
        with django_assert_num_queries(8):
            as_li.get(self.ADDRESS)
        for name in ("甲一", "乙二", "丙三"):
            pair(name, factories.VILLAGE)
        with django_assert_num_queries(8):
            as_li.get(self.ADDRESS)


class TestAccounts:
    def open(self, home, scheme, amount: str):
        account = accounts.account_of(scheme=scheme, owner=home)
        accounts.credit(
            account=account, amount=Decimal(amount), on=date(2010, 3, 1), reference="2010", by=tess(), at=NOON
        )
        return account

    @pytest.fixture
    def scheme(self):
        return factories.scheme("kept", account="household", name="新农合")

    def test_the_list_and_one_account(self, as_li, person, scheme):
        mine, other = self.open(person.household, scheme, "30"), self.open(stranger().household, scheme, "7")
        personal = factories.scheme("employees", account="personal", name="职工")
        self.open(person, personal, "4.50")
        page = text(as_li.get("/register/accounts/"))
        assert "30.00" in page
        assert "4.50" in page
        assert "7.00" not in page
        assert "34.50" in text(as_li.get("/register/accounts/", {"as": "totals"}))
        assert "30.00" in text(as_li.get("/register/accounts/", {"owner": "马", "scheme": scheme.pk, "left": "yes"}))
        assert "30.00" not in text(as_li.get("/register/accounts/", {"left": "no"}))
        book = sheets.rows(as_li.get("/register/accounts/", {"as": "xlsx"}).content, "x.xlsx")
        assert {str(row[1]) for row in book[1:]} == {f"{person.household.number} {person.name}"}
        entries = text(as_li.get(address("account", mine)))
        assert "2010" in entries
        assert "30.00" in entries
        assert as_li.get(address("account", other)).status_code == 404

    def test_of_a_person(self, as_li, person):
        personal = factories.scheme("employees", account="personal", name="职工")
        page = text(as_li.get(address("account", self.open(person, personal, "4.50"))))
        assert address("member", person) in page

    def test_they_cost_the_same_for_many(self, as_li, person, scheme, django_assert_num_queries):
        account = self.open(person.household, scheme, "30")
        as_li.get("/register/accounts/")
        with django_assert_num_queries(6):
            as_li.get("/register/accounts/")
        with django_assert_num_queries(6):
            as_li.get(address("account", account))
        for number in range(4):
            self.open(factories.household(f"A{number}"), scheme, "3")
            accounts.debit(
                account=account, amount=Decimal(1), on=date(2010, 4, 1), reference=f"{number}", by=tess(), at=NOON
            )
        with django_assert_num_queries(6):
            as_li.get("/register/accounts/")
        with django_assert_num_queries(6):
            as_li.get(address("account", account))
