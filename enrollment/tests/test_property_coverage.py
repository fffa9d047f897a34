"""Random histories of coverage and accounts keep what must always hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOON
from enrollment.models import Account, AccountEntry, Contribution, Coverage, FundYear, Household, Member, SheetEntry
from enrollment.selectors import participation, wholeness, year_sums
from enrollment.selectors.coverage import coverage_on
from enrollment.selectors.participation import ENROLLED
from enrollment.services import accounts, coverage, sheets
from enrollment.tests import collecting, factories

pytestmark = pytest.mark.django_db

ACTS = (
    "pay",
    "pay",
    "take_back",
    "newborn",
    "transfer",
    "leave",
    "void",
    "end",
    "leave_out",
    "let_in",
    "credit",
    "debit",
    "back",
)
NUMBER = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), NUMBER, NUMBER, NUMBER), min_size=10, max_size=40)
REFUSALS = (
    coverage.CannotCover,
    coverage.CannotEndCoverage,
    coverage.CannotExcept,
    accounts.CannotCredit,
    accounts.CannotDebit,
    sheets.CannotCollect,
)


class Office:
    """A clerk at work on two households and two basic schemes; each step is one act, done or refused."""

    def __init__(self) -> None:
        rural, urban = factories.scheme(account="household"), factories.scheme("residents", insures="person")
        self.years = [factories.fund_year(scheme, year) for scheme in (rural, urban) for year in (2010, 2011)]
        self.by: dict[str, Any] = {"by": factories.clerk(), "at": NOON}
        self.members: list[Member] = []
        for number in ("1", "2"):
            home = factories.household(number)
            grown = [factories.member(home, name=name) for name in ("马大山", "田秀英")]
            born = [factories.member(home, "小宝", date(2010, 3, 1 + len(grown)), category="newborn")]
            self.members += grown + born
        self.scheme = rural
        self.done = 0

    def step(self, what: str, *numbers: int) -> None:
        act: Callable[[int, int, int], object] = getattr(self, what)
        try:
            with transaction.atomic():
                act(*numbers)
        except REFUSALS:
            return
        self.done += 1

    def member(self, number: int) -> Member:
        return Member.objects.get(pk=self.members[number % len(self.members)].pk)

    def year(self, number: int) -> FundYear:
        return self.years[number % len(self.years)]

    def day(self, number: int) -> date:
        return date(2009, 11, 1) + timedelta(days=number * 19)

    def some(self, found: Any, number: int) -> Any:
        there = list(found.order_by("pk"))
        return there[number % len(there)] if there else None

    def pay(self, one: int, other: int, third: int) -> None:
        who, year = self.member(one), self.year(other)
        collecting.noted(who, year, self.day(third))

    def take_back(self, one: int, other: int, third: int) -> None:
        if found := self.some(SheetEntry.objects.filter(household=self.member(one).household), other):
            sheets.take_back(entry=found, reason="x", by=collecting.clerk_of_all(), at=NOON)

    def newborn(self, one: int, other: int, third: int) -> None:
        coverage.cover_newborn(member=self.member(one), fund_year=self.year(other), **self.by)

    def transfer(self, one: int, other: int, third: int) -> None:
        coverage.transfer(member=self.member(one), to=self.year(other), on=self.day(third), **self.by)

    def leave(self, one: int, other: int, third: int) -> None:
        if found := self.some(self.member(one).coverages, other):
            coverage.leave_scheme(coverage=found, on=self.day(third), **self.by)

    def void(self, one: int, other: int, third: int) -> None:
        if found := self.some(self.member(one).coverages, other):
            coverage.void(coverage=found, reason="x", **self.by)

    def end(self, one: int, other: int, third: int) -> None:
        coverage.end_all(member=self.member(one), on=self.day(third), because="moved_away", **self.by)

    def leave_out(self, one: int, other: int, third: int) -> None:
        coverage.note_exception(member=self.member(one), fund_year=self.year(other), reason="soldier", **self.by)

    def let_in(self, one: int, other: int, third: int) -> None:
        if found := self.some(coverage.HouseholdException.objects.filter(member=self.member(one)), other):
            coverage.end_exception(exception=found, **self.by)

    def account(self, number: int) -> Account:
        return accounts.account_of(scheme=self.scheme, owner=self.member(number).household)

    def credit(self, one: int, other: int, third: int) -> None:
        booked: dict[str, Any] = {"amount": Decimal(third), "on": date(2010, 3, 1), "reference": f"{other % 5}"}
        accounts.credit(account=self.account(one), **booked, **self.by)

    def debit(self, one: int, other: int, third: int) -> None:
        booked: dict[str, Any] = {"amount": Decimal(third), "on": date(2010, 3, 1), "reference": f"claim {other % 5}"}
        accounts.debit(account=self.account(one), **booked, **self.by)

    def back(self, one: int, other: int, third: int) -> None:
        if found := self.some(self.account(one).entries, other):
            accounts.give_back(entry=found, on=date(2010, 4, 1), **self.by)

    def check(self) -> None:
        standing = list(Coverage.objects.standing().select_related("contribution"))
        for one, other in combinations(standing, 2):
            apart = one.period.upper <= other.period.lower or other.period.upper <= one.period.lower
            assert one.member_id != other.member_id or apart
        assert all(one.contribution is None or not one.contribution.void_reason for one in standing)
        for who in self.members:
            paid = Contribution.objects.filter(member=who, void_reason="").values_list("fund_year", flat=True)
            assert len(paid) == len(set(paid))
        self.check_answers(standing)
        self.check_households()
        self.check_accounts()
        self.check_sums(standing)

    def check_sums(self, standing: list[Coverage]) -> None:
        """What is kept of a year is what one counts by hand."""
        for year in self.years:
            paid = Contribution.objects.filter(fund_year=year, void_reason="")
            enrolled = {one.member_id for one in standing if one.fund_year == year and one.reason in ENROLLED}
            assert participation.enrolled_of(year) == len(enrolled)
            assert year_sums.of_year(year).own == sum(one.own for one in paid)

    def check_answers(self, standing: list[Coverage]) -> None:
        """The one answer is that of the coverage which holds the day."""
        for who in self.members:
            for day in (date(2010, 1, 1), date(2010, 7, 4), date(2011, 6, 30)):
                holding = [c for c in standing if c.member_id == who.pk and c.period.lower <= day < c.period.upper]
                said = coverage_on(who, day)
                assert said.covered == bool(holding)
                assert not holding or said.coverage == holding[0]

    def check_households(self) -> None:
        """A household of which some are covered is whole, or who is left out is excepted, or it is listed."""
        for year in self.years:
            listed = set(wholeness.not_whole(year))
            for home in Household.objects.all():
                covered = Coverage.objects.standing().filter(fund_year=year, member__household=home)
                left_out = wholeness.left_out(home, year)
                assert (home in listed) == (covered.exists() and bool(left_out))
                assert not covered.filter(member__in=left_out).exists()

    def check_accounts(self) -> None:
        for account in Account.objects.all():
            booked = account.entries.aggregate(whole=Sum("amount"))["whole"] or 0
            assert account.balance == booked >= 0
        for kept in AccountEntry.objects.all():
            assert kept.balance_after >= 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_nobody_is_covered_twice_and_no_account_is_overdrawn(db, steps):
    with transaction.atomic():
        office = Office()
        for what, *numbers in steps:
            office.step(what, *numbers)
        office.check()
        transaction.set_rollback(True)


def test_the_histories_do_something():
    """The acts above are not all refused."""
    office = Office()
    for what, *numbers in (
        ("pay", 0, 0, 0),
        ("newborn", 2, 0, 0),
        ("transfer", 0, 2, 20),
        ("leave", 2, 0, 12),
        ("leave_out", 1, 0, 0),
        ("let_in", 1, 0, 0),
        ("void", 2, 0, 0),
        ("pay", 3, 0, 0),
        ("take_back", 3, 0, 0),
        ("end", 0, 0, 15),
        ("credit", 0, 0, 9),
        ("debit", 0, 0, 4),
        ("back", 0, 1, 0),
    ):
        before = office.done
        office.step(what, *numbers)
        assert office.done == before + 1, what
    office.check()
