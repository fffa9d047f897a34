"""Who is covered: what is noted, what ends it, what is refused; and the one answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from conftest import NOON
from enrollment.models import Contribution, Coverage, HouseholdException, Member
from enrollment.rules.coverage import Why
from enrollment.selectors.coverage import coverage_on, coverages_on
from enrollment.services import coverage
from enrollment.services.sheets import CannotCollect
from enrollment.tests import factories
from enrollment.tests.collecting import noted
from office.models import Act

pytestmark = pytest.mark.django_db

DURING = date(2010, 5, 1)


@pytest.fixture
def year():
    return factories.fund_year()


@pytest.fixture
def person(year) -> Member:
    return factories.member()


def by() -> dict[str, Any]:
    return {"by": factories.clerk(), "at": NOON}


class TestPaid:
    """What stands on a sheet covers (the sheets themselves: test_services_sheets.py)."""

    def test_paid_in_the_window_it_covers_the_year(self, person, year):
        covered = noted(person, year, receipt="0017")
        assert (covered.period.lower, covered.period.upper) == (year.period.lower, year.period.upper)
        assert (covered.reason, covered.contribution.receipt, covered.contribution.amount) == ("paid", "0017", 20)
        assert Act.objects.latest("pk").name == "sheet.entered"

    def test_paid_later_it_covers_from_that_day(self, person, year):
        assert noted(person, year, on=date(2010, 3, 4)).period.lower == date(2010, 3, 4)

    def test_of_somebody_born_in_the_year_from_birth(self, person, year):
        child = factories.member(person.household, born=date(2010, 2, 3), category="newborn")
        assert noted(child, year, on=date(2010, 3, 1)).period.lower == date(2010, 2, 3)

    def test_assistance_pays(self, person, year):
        Member.objects.filter(pk=person.pk).update(category="five_guarantees")
        assert noted(person, year).reason == Coverage.Reason.ASSISTED

    def test_once(self, person, year):
        noted(person, year)
        with pytest.raises(CannotCollect):
            noted(person, year)

    def test_not_in_two_basic_schemes(self, person, year):
        noted(person, year)
        with pytest.raises(CannotCollect):
            noted(person, factories.fund_year(factories.scheme("residents", insures="person")))
        assert Contribution.objects.count() == 1

    def test_twice_in_other_schemes_than_basic_ones(self, person, year):
        noted(person, year)
        more = factories.fund_year(factories.scheme("top-up", is_basic=False, insures="person"))
        noted(person, more)
        with pytest.raises(CannotCollect):
            noted(person, more)

    def test_not_without_a_rate(self, person):
        Member.objects.filter(pk=person.pk).update(category="student")
        drafted = factories.draft_year(factories.scheme("x"))
        drafted.contributionrates.filter(category="student").update(category="disabled2")
        factories.confirm(drafted)
        with pytest.raises(CannotCollect):
            noted(person, drafted)

    def test_not_after_the_year_nor_before_birth(self, person, year):
        with pytest.raises(CannotCollect):
            noted(person, year, on=date(2011, 1, 1))
        later = factories.member(person.household, born=date(2011, 2, 3))
        with pytest.raises(CannotCollect):
            noted(later, year)

    def test_not_for_the_dead(self, person, year):
        Member.objects.filter(pk=person.pk).update(state="dead", state_on=DURING)
        with pytest.raises(CannotCollect):
            noted(person, year)

    def test_it_ends_the_exception(self, person, year):
        coverage.note_exception(member=person, fund_year=year, reason="works in the city", **by())
        noted(person, year)
        assert HouseholdException.objects.get().ended_at == NOON


class TestNewborn:
    @pytest.fixture
    def child(self, person) -> Member:
        return factories.member(person.household, born=date(2010, 2, 3), category="newborn")

    def test_covered_from_birth(self, person, child, year):
        noted(person, year)
        covered = coverage.cover_newborn(member=child, fund_year=year, **by())
        assert (covered.period.lower, covered.reason, covered.contribution) == (date(2010, 2, 3), "newborn", None)

    def test_not_where_nobody_is_covered(self, child, year):
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=year, **by())

    def test_not_of_another_year(self, person, year):
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=person, fund_year=year, **by())

    def test_not_where_nothing_is_laid_down_for_them(self, child):
        drafted = factories.draft_year(factories.scheme("z"))
        drafted.contributionrates.filter(category="newborn").update(category="newborn2")
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=drafted, **by())

    def test_not_twice_nor_when_it_has_died(self, person, child, year):
        noted(person, year)
        coverage.cover_newborn(member=child, fund_year=year, **by())
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=year, **by())
        Member.objects.filter(pk=child.pk).update(state="dead", state_on=DURING)
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=year, **by())

    def test_not_where_newborns_pay(self, child):
        drafted = factories.draft_year(factories.scheme("y"))
        drafted.contributionrates.filter(category="newborn").update(own=5)
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=drafted, **by())


class TestEnds:
    def test_transfer(self, person, year):
        noted(person, year)
        other = factories.fund_year(factories.scheme("residents", insures="person"))
        begun = coverage.transfer(member=person, to=other, on=date(2010, 7, 1), **by())
        ended = Coverage.objects.exclude(pk=begun.pk).get()
        assert (ended.period.upper, ended.ended_because) == (date(2010, 7, 1), "transfer")
        assert (begun.period.lower, begun.scheme, begun.reason) == (date(2010, 7, 1), other.scheme, "transfer")

    def test_no_transfer_into_a_draft(self, person, year):
        noted(person, year)
        drafted = factories.draft_year(factories.scheme("residents", insures="person"))
        with pytest.raises(coverage.CannotCover):
            coverage.transfer(member=person, to=drafted, on=DURING, **by())

    def test_no_transfer_out_of_nothing_or_into_the_same(self, person, year):
        other = factories.fund_year(factories.scheme("residents", insures="person"))
        with pytest.raises(coverage.CannotCover):
            coverage.transfer(member=person, to=other, on=DURING, **by())
        noted(person, year)
        with pytest.raises(coverage.CannotCover):
            coverage.transfer(member=person, to=year, on=DURING, **by())
        with pytest.raises(coverage.CannotCover):
            coverage.transfer(member=person, to=factories.fund_year(other.scheme, 2011), on=DURING, **by())

    def test_leaving(self, person, year):
        coverage.leave_scheme(coverage=noted(person, year), on=DURING, **by())
        assert Coverage.objects.get().period.upper == date(2010, 5, 2)
        assert Act.objects.latest("pk").name == "coverage.ended"

    @pytest.mark.parametrize("on", [date(2009, 12, 31), date(2010, 12, 31), date(2011, 5, 1)])
    def test_leaving_on_a_day_that_makes_no_sense(self, person, year, on):
        with pytest.raises(coverage.CannotEndCoverage):
            coverage.leave_scheme(coverage=noted(person, year), on=on, **by())

    def test_a_mistake(self, person, year):
        mistaken = factories.pay(person, year)
        coverage.void(coverage=mistaken, reason="of another family", **by())
        assert Contribution.objects.get().void_reason == Coverage.objects.get().void_reason == "of another family"
        with pytest.raises(coverage.CannotEndCoverage):
            coverage.void(coverage=mistaken, reason="again", **by())
        assert noted(person, year).pk != mistaken.pk

    def test_a_mistake_says_why(self, person, year):
        with pytest.raises(coverage.CannotEndCoverage):
            coverage.void(coverage=factories.pay(person, year), reason=" ", **by())

    def test_whoever_died_is_covered_until_that_day(self, person, year):
        noted(person, year)
        later = factories.pay(person, factories.fund_year(year=2011))
        assert coverage.end_all(member=person, on=DURING, because=Coverage.End.DEAD, **by()) == 2
        later.refresh_from_db()
        assert later.void_reason
        assert Coverage.objects.exclude(pk=later.pk).get().period.upper == date(2010, 5, 2)
        assert coverage.end_all(member=person, on=DURING, because=Coverage.End.DEAD, **by()) == 0

    def test_a_voided_newborn_has_no_contribution(self, person, year):
        noted(person, year)
        child = factories.member(person.household, born=date(2010, 2, 3), category="newborn")
        coverage.void(coverage=coverage.cover_newborn(member=child, fund_year=year, **by()), reason="x", **by())
        assert not child.coverages.standing().exists()


class TestDoubles:
    """What stands under a double is the person's own."""

    @pytest.fixture
    def double(self, person, year) -> Coverage:
        """The coverage under a double of the person."""
        covered = noted(factories.member(factories.household("2")), year)
        factories.merge(covered.member, person)
        return covered

    def test_he_does_not_pay_twice(self, person, year, double):
        with pytest.raises(CannotCollect):
            noted(person, year)
        assert Contribution.objects.count() == 1

    def test_a_further_scheme_minds_its_own_alone(self, person, year, double):
        further = factories.fund_year(factories.scheme("further", is_basic=False))
        assert noted(person, further).member == person

    def test_a_child_is_covered_once_on_whichever_record(self, person, year):
        noted(person, year)
        born = date(2010, 2, 3)
        child = factories.member(person.household, born=born, category="newborn")
        other = factories.member(factories.household("3"), born=born, category="newborn")
        factories.brought_along(other, year, born)
        factories.merge(other, child)
        with pytest.raises(coverage.CannotCover):
            coverage.cover_newborn(member=child, fund_year=year, **by())
        assert not child.coverages.exists()

    def test_he_goes_over_from_it(self, person, year, double):
        other = factories.fund_year(factories.scheme("residents", insures="person"))
        begun = coverage.transfer(member=person, to=other, on=DURING, **by())
        double.refresh_from_db()
        assert (begun.member, double.ended_because, double.period.upper) == (person, "transfer", DURING)

    def test_it_ends_when_he_dies(self, person, double):
        assert coverage.end_all(member=person, on=DURING, because=Coverage.End.DEAD, **by()) == 1

    def test_no_exception_while_it_stands(self, person, year, double):
        with pytest.raises(coverage.CannotExcept):
            coverage.note_exception(member=person, fund_year=year, reason="soldier", **by())


class TestExceptions:
    def test_noted_once_and_ended_once(self, person, year):
        excepted = coverage.note_exception(member=person, fund_year=year, reason="soldier", **by())
        with pytest.raises(coverage.CannotExcept):
            coverage.note_exception(member=person, fund_year=year, reason="soldier", **by())
        coverage.end_exception(exception=excepted, **by())
        with pytest.raises(coverage.CannotExcept):
            coverage.end_exception(exception=excepted, **by())
        assert not HouseholdException.objects.standing().exists()

    def test_not_without_a_reason_nor_for_the_covered(self, person, year):
        with pytest.raises(coverage.CannotExcept):
            coverage.note_exception(member=person, fund_year=year, reason="", **by())
        noted(person, year)
        with pytest.raises(coverage.CannotExcept):
            coverage.note_exception(member=person, fund_year=year, reason="soldier", **by())


class TestAnswer:
    def test_covered_with_the_coverage_that_says_so(self, person, year):
        covered = noted(person, year)
        said = coverage_on(person, DURING)
        assert (said.covered, said.why, said.coverage) == (True, "paid", covered)
        assert coverage_on(person, date(2009, 5, 1)).why == Why.NOT_BEGUN

    def test_void_ones_say_nothing(self, person, year):
        coverage.void(coverage=factories.pay(person, year), reason="x", **by())
        assert coverage_on(person, DURING).why == Why.NEVER

    def test_of_a_double_the_one_that_is_kept_answers_for_both(self, person, year):
        double = factories.member(factories.household("2"))
        noted(double, year)
        factories.merge(double, person)
        assert coverage_on(double, DURING).covered
        assert coverage_on(person, DURING).covered

    def test_the_dead(self, person, year):
        noted(person, year)
        Member.objects.filter(pk=person.pk).update(state="dead", state_on=DURING)
        person.refresh_from_db()
        assert coverage_on(person, DURING).covered
        assert coverage_on(person, date(2010, 5, 2)).why == Why.DEAD

    def test_many_people_cost_no_more_questions(self, person, year, django_assert_num_queries):
        others = [person, *(factories.member(person.household) for _each in range(5))]
        for one in others:
            noted(one, year)
        with django_assert_num_queries(1):
            assert all(said.covered for said in coverages_on(others, DURING).values())
