"""Foretelling as a table: the end of a year, its error on months that are over, the day on which the money runs out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from funds.rules import projection, warnings

pytestmark = pytest.mark.rules


def months(*amounts: int, first: date = date(2009, 1, 1)) -> dict[date, Decimal]:
    found, month = {}, first
    for one in amounts:
        found[month] = Decimal(one)
        month = projection.next_month(month)
    return found


STEADY = months(*[100] * 12, *[100] * 3)
WINTER = months(*([200] * 3 + [100] * 6 + [0] * 3), *[400] * 3)


@pytest.mark.parametrize(
    ("spent", "last", "total"),
    [
        (months(10, 20, 30), date(2009, 3, 1), "240.00"),
        (STEADY, date(2010, 3, 1), "1200.00"),
        (STEADY, date(2009, 12, 1), "1200"),
        (WINTER, date(2010, 3, 1), "2100.00"),  # six plain months at 150, three that cost nothing
    ],
)
def test_the_end_of_a_year(spent, last, total):
    found = projection.project(spent, last)
    assert found.total == Decimal(total)


def test_too_few_months_foretell_nothing():
    assert projection.project(months(1, 2), date(2009, 2, 1)) is None
    assert projection.runs_out(Decimal(5), months(1, 2), date(2009, 2, 1)) is None
    assert projection.project({}, date(2009, 2, 1)) is None
    assert projection.project(months(0, 0, 0, 5), date(2009, 3, 1)).total == 0
    dry = months(*([12] + [0] * 11 + [0] * 12))
    assert projection.foretell(months(*[0] * 12)) == dict.fromkeys(range(1, 13), Decimal(0))
    assert projection.foretell({one: amount for one, amount in dry.items() if one.year == 2009}) is not None


def test_nothing_is_foretold_from_months_that_never_cost():
    spent = {**months(*([0] * 6 + [60] * 6)), **months(*[0] * 6, first=date(2010, 1, 1))}
    assert projection.foretell(spent)[1] == 0
    known = dict(sorted(spent.items())[:18])
    assert projection.weights(known)[7] == 2


def test_how_far_off_it_was():
    found = projection.project(STEADY, date(2010, 3, 1))
    assert (found.error, found.error_of_year) == (0, 0)
    assert len(found.tried) == 12
    assert len(found.tried_on_year) == 9
    jump = projection.project(months(100, 100, 100, 200), date(2009, 4, 1))
    assert [(one.month, one.foretold, one.actual, one.percent) for one in jump.tried] == [
        (date(2009, 4, 1), 100, 200, -50)
    ]
    assert jump.error == 50
    assert jump.error_of_year is None
    assert projection.Off(date(2009, 4, 1), Decimal(1), Decimal(0)).percent is None


@pytest.mark.parametrize(
    ("in_hand", "day"),
    [
        ("0", date(2010, 4, 1)),
        ("-5", date(2010, 4, 1)),
        ("50", date(2010, 4, 16)),
        ("100", date(2010, 4, 30)),
        ("150", date(2010, 5, 16)),
        ("1000000", None),
    ],
)
def test_the_day_on_which_the_money_runs_out(in_hand, day):
    assert projection.runs_out(Decimal(in_hand), STEADY, date(2010, 3, 1)) == day


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ({"year_surplus": "15", "cumulative_surplus": "25", "months_in_hand": "2"}, []),
        ({"year_surplus": "15.01"}, ["year_surplus"]),
        ({"year_surplus": "-0.01", "year_deficit": "-0.01"}, ["year_deficit"]),
        ({"cumulative_surplus": "25.01", "months_in_hand": "1.99"}, ["cumulative_surplus", "months_in_hand"]),
        ({"subsidy_overdue": "1", "income_account": "0.01", "outside_share": "30.01"},
         ["subsidy_overdue", "outside_share", "income_account"]),
        ({"spending_ahead": None}, []),
    ],
)  # fmt: skip
def test_when_a_fund_warns(measured, said):
    given = {code: None if value is None else Decimal(value) for code, value in measured.items()}
    assert [one.code for one in warnings.raised(given, {})] == said


def test_a_level_of_the_office_holds_instead():
    [one] = warnings.raised({"outside_share": Decimal(20)}, {"outside_share": Decimal(15)})
    assert (one.value, one.level, one.unit) == (20, 15, "%")


def test_spending_ahead_of_the_calendar():
    assert warnings.ahead(Decimal(30), Decimal(100), 3) == 5
    assert warnings.ahead(Decimal(20), Decimal(100), 3) == -5
    assert warnings.ahead(Decimal(20), Decimal(0), 3) is None
