"""Time limits of audits, reminders, and what stands between a finding and its closing: the tables of
docs/rules/engagements.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from audit.rules import engagements as rules
from audit.rules.engagements import Standing
from office.rules.days import CalendarUnknown, WorkingDays

pytestmark = pytest.mark.rules

MONDAY = date(2010, 3, 1)
#: March and April 2010 with Saturdays and Sundays free, and the holiday of 5 April.
WORKING = WorkingDays(
    {day: day.weekday() < 5 and day != date(2010, 4, 5) for day in (MONDAY + timedelta(days=n) for n in range(61))}
)


@pytest.mark.parametrize(
    ("on", "first"),
    [
        pytest.param(date(2010, 3, 1), date(2010, 3, 4), id="within a week"),
        pytest.param(date(2010, 3, 4), date(2010, 3, 9), id="over a weekend"),
        pytest.param(date(2010, 3, 31), date(2010, 4, 6), id="over the holiday"),
        pytest.param(date(2010, 3, 6), date(2010, 3, 10), id="served on a Saturday"),
    ],
)
def test_fieldwork_begins_three_working_days_after_the_notice(on, first):
    assert rules.earliest_fieldwork(on, WORKING) == first


@pytest.mark.parametrize(
    ("on", "last"),
    [
        pytest.param(date(2010, 3, 1), date(2010, 3, 15), id="two weeks"),
        pytest.param(date(2010, 3, 26), date(2010, 4, 12), id="over the holiday"),
    ],
)
def test_the_audited_have_ten_working_days_for_comments(on, last):
    assert rules.comments_until(on, WORKING) == last


def test_a_day_beyond_the_table_is_never_guessed():
    with pytest.raises(CalendarUnknown):
        rules.comments_until(date(2010, 4, 28), WORKING)


def day(number: int) -> date:
    """A day of March."""
    return date(2010, 3, number)


@pytest.mark.parametrize(
    ("today", "reminded", "due"),
    [
        pytest.param(7, [], False, id="eight days before"),
        pytest.param(8, [], True, id="seven days before"),
        pytest.param(9, [8], False, id="reminded yesterday"),
        pytest.param(15, [], True, id="on its day, never reminded"),
        pytest.param(15, [8], False, id="on its day, reminded"),
        pytest.param(16, [8], True, id="the first day after it"),
        pytest.param(22, [8, 16], False, id="six days after the last"),
        pytest.param(23, [8, 16], True, id="seven days after the last"),
        pytest.param(31, [], True, id="long over, never reminded"),
    ],
)
def test_reminders_of_a_measure_due_on_the_fifteenth(today, reminded, due):
    assert rules.reminds(day(15), day(today), [day(one) for one in reminded]) is due


def test_days_left_count_down_and_below_nothing():
    assert [rules.days_left(day(15), day(one)) for one in (14, 15, 17)] == [1, 0, -2]


@pytest.mark.parametrize(
    ("booked", "back", "waived", "waiting", "why"),
    [
        pytest.param(1, "2", "3", "0", "", id="some came back, the rest is waived"),
        pytest.param(1, "2", "2.99", "0", "owed", id="a fen missing"),
        pytest.param(1, "5", "0", "1", "waiver", id="a waiver waits"),
        pytest.param(0, "0", "5", "0", "", id="waived as a whole, no posting"),
        pytest.param(0, "0", "4", "0", "not-booked", id="waived in part, no posting"),
        pytest.param(1, "4", "3", "0", "", id="money came after the waiver"),
    ],
)
def test_a_finding_about_five_yuan_of_which_some_is_waived(booked, back, waived, waiting, why):
    five = Decimal(5)
    standing = Standing(1, 0, five, five, booked, Decimal(back), Decimal(waived), Decimal(waiting))
    assert rules.obstacle(standing) == why
    assert standing.owed == max(five - Decimal(back) - Decimal(waived), Decimal(0))


@pytest.mark.parametrize(
    ("measures", "left", "amount", "owed", "booked", "back", "why"),
    [
        pytest.param(0, 0, "0", "0", 0, "0", "no-measure", id="no measure"),
        pytest.param(2, 1, "0", "0", 0, "0", "open-measure", id="a measure open"),
        pytest.param(1, 0, "0", "0", 0, "0", "", id="no money"),
        pytest.param(1, 0, "5", "0", 0, "0", "not-booked", id="money named, no posting"),
        pytest.param(1, 0, "5", "0", 1, "0", "", id="money named, books put right"),
        pytest.param(1, 0, "5", "5", 1, "4.99", "owed", id="a fen missing"),
        pytest.param(1, 0, "5", "5", 2, "5", "", id="all came back"),
        pytest.param(1, 0, "5", "4", 1, "5", "", id="more came back"),
        pytest.param(2, 1, "5", "5", 1, "5", "open-measure", id="measures come before money"),
    ],
)
def test_what_stands_between_a_finding_and_its_closing(measures, left, amount, owed, booked, back, why):
    standing = Standing(measures, left, Decimal(amount), Decimal(owed), booked, Decimal(back))
    assert rules.obstacle(standing) == why
