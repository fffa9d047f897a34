"""Rows of rosters and go-live files that name a double: they mean the person who is kept, and nobody comes in twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from conftest import NOON
from enrollment.models import Account, AccountEntry, Contribution, Coverage, Division, FundYear, Household, Member
from enrollment.services import accounts
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, fresh, station
from enrollment.tests.rosters import BORN, Send, counted, fund_year, line, number, other_year
from enrollment.tests.test_services_go_live import ask, csv, faults, written
from office.models import Duty, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(county) -> FundYear:
    factories.division()
    return fund_year()


@pytest.fixture
def send(tmp_path, year, ada) -> Send:
    return Send(tmp_path, year, ada)


@pytest.fixture
def kept(year) -> Member:
    """马一 of household h1, born on the day that `line(0)` says, with a number of his own."""
    return factories.member(factories.household("h1"), "马一", BORN, id_number=number(0))


CHILD = date(2008, 5, 6)
OF_CHILD = {"id_number": "", "birth_date": CHILD.isoformat(), "name": "马小"}


@pytest.fixture
def child(kept) -> Member:
    """A child in household h1, whose number may still be to come."""
    return factories.member(kept.household, "马小", CHILD, id_number=None)


def double_of(kept: Member, name: str = "", **more) -> Member:
    """The same person once more, in household h2, where another one is head."""
    home = Household.objects.filter(number="h2").first() or factories.household("h2")
    if not home.members.exists():
        factories.member(home, "马八", BORN, id_number=number(7))
    one = factories.member(home, name or kept.name, kept.birth_date, **{"id_number": number(1), **more})
    factories.merge(one, kept)
    return one


class TestRoster:
    def test_a_number_of_a_double_is_the_person_who_is_kept(self, send, kept):
        double = double_of(kept)
        people = Member.objects.count()
        report = send([line(7, "h2", head=True, name="马八"), line(1, "h2", name="马一")])
        assert (report.good, report.wrote.members, Member.objects.count()) == (2, 0, people)
        found = fresh(kept)
        assert (found.household.number, found.id_number, found.state) == ("h2", number(0), "living")
        assert found.coverages.count() == 1
        assert (fresh(double).state, double.coverages.count()) == ("merged", 0)

    def test_he_takes_the_number_over_where_he_had_none_and_was_born_that_day(self, send, year):
        homes = [factories.household(home) for home in ("h1", "h3")]
        for home, order in zip(homes, (3, 4), strict=True):
            factories.member(home, "马八", BORN, id_number=number(order))
        first = factories.member(homes[0], "马一", BORN, id_number=None)
        other = factories.member(homes[1], "马二", date(1970, 4, 1), id_number=None)
        double_of(first)
        double_of(other, "马二", id_number=number(2))
        send([line(5, "h9", head=True), line(1, "h9"), line(2, "h9")])
        assert (fresh(first).id_number, fresh(first).id_given) == (number(1), number(1))
        assert fresh(other).id_number is None
        assert fresh(other).household.number == "h9"

    def test_his_own_number_and_the_double_s_are_one_person_on_two_rows(self, send, kept):
        double_of(kept)
        report = send.check([line(0, "h1", head=True), line(7, "h2", head=True), line(1, "h2")])
        assert [(one.row, one.code, one.detail) for one in report.faults] == [
            (2, "id_twice", "4"),
            (4, "id_twice", "2"),
        ]

    def test_without_a_number_a_double_is_known_by_household_and_name(self, send, child):
        double_of(child, id_number=None)
        people = Member.objects.count()
        report = send([line(7, "h2", head=True), line(3, "h2", **OF_CHILD)])
        assert (report.good, Member.objects.count()) == (2, people)
        assert fresh(child).household.number == "h2"

    def test_named_at_home_and_elsewhere_by_his_double_he_stands_there_twice(self, send, child):
        double_of(child, id_number=None)
        rows = [line(0, head=True), line(3, **OF_CHILD), line(7, "h2", head=True), line(3, "h2", **OF_CHILD)]
        errors = [(one.row, one.code, one.detail) for one in send.check(rows).faults if one.level == "error"]
        assert errors == [(3, "id_twice", "5"), (5, "id_twice", "3")]

    def test_named_at_home_by_name_and_elsewhere_by_his_double_s_number_too(self, send, child):
        double_of(child)
        rows = [line(0, head=True), line(3, **OF_CHILD), line(7, "h2", head=True), line(1, "h2")]
        errors = [(one.row, one.code, one.detail) for one in send.check(rows).faults if one.level == "error"]
        assert errors == [(3, "id_twice", "5"), (5, "id_twice", "3")]

    def test_a_number_that_was_still_to_come_comes_to_the_person_who_is_kept(self, send, year):
        head = factories.member(factories.household("h1"), "马八", BORN, id_number=number(8))
        kept = factories.member(head.household, "马一", BORN, id_number=None)
        double_of(kept, id_number=None)
        people = Member.objects.count()
        send([line(7, "h2", head=True), line(3, "h2", name="马一")])
        assert (fresh(kept).id_number, Member.objects.count()) == (number(3), people)

    def test_whoever_has_another_number_is_somebody_else(self, send, kept):
        double_of(kept, id_number=None)
        assert send([line(7, "h2", head=True), line(3, "h2", name="马一")]).wrote.members == 1

    def test_a_dead_person_s_double_is_dead(self, send, kept):
        double_of(kept)
        Member.objects.filter(pk=kept.pk).update(state="dead", state_on=NOON.date(), is_head=False)
        report = send.check([line(7, "h2", head=True), line(1, "h2")])
        assert [(one.row, one.code) for one in report.faults] == [(3, "dead")]

    def test_what_stands_under_the_double_is_not_noted_once_more(self, send, kept, year):
        factories.pay(double_of(kept), year)
        report = send([line(0, "h1", head=True)])
        assert (report.written, report.wrote.contributions, report.wrote.coverages) == (1, 0, 0)
        assert Contribution.objects.count() == Coverage.objects.count() == 1

    def test_a_coverage_under_the_double_without_a_contribution_is_left_alone(self, send, kept, year):
        factories.brought_along(double_of(kept), year)
        report = send([line(0, "h1", head=True)])
        assert (report.wrote.contributions, report.wrote.coverages, Coverage.objects.count()) == (1, 0, 1)

    def test_another_scheme_in_which_the_double_is_insured(self, send, kept, year):
        factories.pay(double_of(kept), other_year("residents", 2010))
        report = send.check([line(0, "h1", head=True)])
        assert [(one.row, one.code, one.detail) for one in report.faults] == [(2, "id_in_other_scheme", "residents")]

    def test_nobody_is_taken_from_another_township_by_his_double(self, send, appoint, kept):
        clerk = appoint("tom", Duty.TOWNSHIP_CLERK, body=station())
        Household.objects.filter(pk=kept.household_id).update(village=factories.division(FAR_VILLAGE))
        double_of(kept)
        report = send([line(7, "h2", head=True), line(1, "h2")], by=clerk)
        told = [(one.row, one.code, one.detail) for one in report.faults]
        assert told == [(3, "village_unknown", "out_of_sight")]
        assert fresh(kept).household.number == "h1"

    def test_the_same_again_changes_nothing(self, send, kept):
        double_of(kept)
        rows = [line(7, "h2", head=True), line(1, "h2")]
        send(rows)
        before = counted()
        assert send([*rows, line(9, "h4", head=True, fee="7")]).written == 2
        assert counted() == before


class TestGoLive:
    @pytest.fixture
    def fay(self, county, appoint) -> Person:
        return appoint("fay", Duty.FUND_ACCOUNTANT)

    @pytest.fixture
    def head(self, county) -> Person:
        return factories.head()

    @pytest.fixture
    def village(self) -> Division:
        return factories.division()

    def test_the_register_meets_the_person_who_is_kept(self, fay, head, kept, year):
        double_of(kept)
        people = Member.objects.count()
        header = ["户编号", "户主", "姓名", "身份证号", "村代码"]
        rows = [["h2", "是", "马八", number(7), factories.VILLAGE], ["h2", "否", "马一", number(1), factories.VILLAGE]]
        written(fay, head, "register", year, csv(header, *rows))
        assert (Member.objects.count(), fresh(kept).household.number) == (people, "h2")

    @pytest.mark.parametrize("by_number", [True, False])
    def test_a_coverage_is_his(self, fay, head, kept, year, by_number):
        double_of(kept, id_number=number(1) if by_number else None)
        row = [number(1), "马一", ""] if by_number else ["", "马一", "h2"]
        written(fay, head, "coverage", year, csv(["身份证号", "姓名", "户编号"], row))
        assert Coverage.objects.get().member == kept

    def test_the_double_s_name_is_not_his_and_his_own_is_said(self, fay, kept, year):
        double_of(kept, "马幺")
        rows = [["身份证号", "姓名", "户编号"], [number(1), "马幺", ""], ["", "马幺", "h2"], [number(0), "马一", ""]]
        assert faults(ask(fay, "coverage", year, csv(*rows))) == [
            ("2", "owner_twice"),
            ("2", "name_mismatch"),
            ("3", "owner_twice"),
            ("3", "name_mismatch"),
            ("4", "owner_twice"),
        ]

    def test_in_one_household_with_his_double_he_is_one_person(self, fay, head, kept, year):
        double = factories.member(kept.household, kept.name, BORN, id_number=None)
        factories.merge(double, kept)
        written(fay, head, "coverage", year, csv(["身份证号", "姓名", "户编号"], ["", "马一", "h1"]))
        assert Coverage.objects.get().member == kept

    def test_what_stands_under_the_double_is_there_already(self, fay, kept, year):
        noted = factories.pay(double_of(kept), year)
        rows = [["身份证号", "姓名"], [number(0), "马一"]]
        assert faults(ask(fay, "coverage", year, csv(*rows))) == [("2", "covered_already")]
        Coverage.objects.filter(pk=noted.pk).update(void_reason="x")
        assert faults(ask(fay, "coverage", year, csv(*rows, ["", ""]))) == [("2", "paid_already")]

    def test_a_balance_is_his_and_comes_once(self, fay, head, kept):
        personal = factories.fund_year(factories.scheme("employees", account="personal", insures="person"))
        double = double_of(kept)
        written(fay, head, "balances", personal, csv(["身份证号", "余额"], [number(1), "3"]))
        assert Account.objects.get().member == kept
        AccountEntry.objects.count()
        other = factories.member(factories.household("h5"), "马五", BORN, id_number=number(5))
        second = factories.member(other.household, "马六", BORN, id_number=number(6))
        opened = {second.pk: Decimal(4)}
        accounts.open_balances(scheme=personal.scheme, balances=opened, on=NOON.date(), reference="x", by=fay, at=NOON)
        factories.merge(second, other)
        rows = [["身份证号", "余额"], [number(0), "4"], [number(5), "5"]]
        assert faults(ask(fay, "balances", personal, csv(*rows))) == [("2", "opened_already"), ("3", "opened_already")]
        assert not double.accounts.exists()
