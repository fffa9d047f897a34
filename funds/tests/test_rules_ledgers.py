"""Ledgers and vouchers on plain values: columns, running balances, sides, sums; what is kept of lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from funds.rules import charts, ledgers, vouchers
from funds.rules import postings as posting_rules
from funds.rules.ledgers import Moved, Side
from funds.rules.postings import credit, debit
from funds.services import books

pytestmark = pytest.mark.rules

ONE, TWO, NONE = Decimal("1.00"), Decimal("2.50"), Decimal(0)


@pytest.mark.parametrize(
    ("side", "is_red", "column"),
    [
        ("debit", False, Moved(TWO, NONE)),
        ("credit", False, Moved(NONE, TWO)),
        ("credit", True, Moved(-TWO, NONE)),
        ("debit", True, Moved(NONE, -TWO)),
    ],
)
def test_a_red_line_lessens_what_it_takes_back_in_its_own_column(side, is_red, column):
    assert ledgers.moved(side, TWO, is_red=is_red) == column


def test_what_stands_after_each_line_and_on_which_side():
    lines = [Moved(TWO, NONE), Moved(NONE, TWO), Moved(NONE, ONE)]
    assert ledgers.running(ONE, lines) == [Decimal("3.50"), ONE, NONE]
    assert [ledgers.side_of(one) for one in (ONE, NONE, -ONE)] == [
        Side("debit", ONE),
        Side("", NONE),
        Side("credit", ONE),
    ]
    assert ledgers.summed(lines) == Moved(TWO, Decimal("3.50"))
    assert ledgers.summed([]) == Moved(NONE, NONE)


def test_lines_are_kept_and_read_as_they_were():
    lines = [debit("cash", TWO, "某事"), credit("special_account", TWO)]
    assert vouchers.lines_of(vouchers.kept(lines)) == lines
    assert vouchers.totals(lines) == (TWO, TWO)


@pytest.mark.parametrize("code", ["ncms", "employees", "residents", "injury", "maternity"])
def test_a_chart_that_comes_along_closes_to_its_funds_and_moves_what_its_events_need(code):
    chart = books.shipped(code)
    found = charts.flows(chart)
    events = {event for event, _debit, _credit in found}
    assert {
        "opening",
        "collected",
        "collected_ahead",
        "subsidised",
        "paid",
        "returned",
        "year_closed",
        "swept",
    } <= events
    of_year = [one for one in chart.accounts if one.kind in charts.OF_A_YEAR and not one.children]
    assert all(("year_closed", one.purpose, one.closes_to) in found for one in of_year)
    assert all(("year_closed", one.closes_to, one.purpose) in found for one in of_year)
    assert {one.kind for one in chart.accounts} == set(charts.KINDS)
    assert set(chart.pays.values()) <= set(charts.BENEFITS)
    # where money lies, and what is owed, can be opened
    opened = {(left, right) for event, left, right in found if event == "opening"}
    assert ("special_account", "general_pool") in opened
    assert all(one.source for one in chart.accounts if code != "ncms")


def test_the_charts_at_hand_are_those_that_come_along():
    assert [one.code for one in books.charts_at_hand()] == ["employees", "injury", "maternity", "ncms", "residents"]


def test_a_year_is_closed_to_the_funds_that_its_accounts_name():
    lines = posting_rules.closing_lines(
        {
            "interest_income": ("general_pool", TWO),
            "household_spending": ("household_fund", -ONE),
            "other_income": ("general_pool", NONE),
        }
    )
    assert lines == [
        debit("interest_income", TWO), credit("general_pool", TWO),
        credit("household_spending", ONE), debit("household_fund", ONE),
    ]  # fmt: skip


ACCOUNTS = (
    {"code": "1002", "name": "财政专户", "purpose": "special_account", "kind": "asset", "place": "special"},
    {"code": "3001", "name": "统筹基金", "purpose": "pool", "kind": "fund", "children": True},
    {"code": "300101", "name": "一般", "purpose": "general_pool", "kind": "fund", "parent": "pool"},
    {"code": "5001", "name": "支出", "purpose": "pool_spending", "kind": "spending", "closes_to": "general_pool"},
)


@pytest.mark.parametrize(
    ("account", "pays", "sentence"),
    [
        ({"code": "1002", "purpose": "other", "kind": "asset"}, {}, "stands twice"),
        ({"code": "1003", "purpose": "pool", "kind": "asset"}, {}, "stands twice"),
        ({"code": "1003", "purpose": "other", "kind": "thing"}, {}, "no kind thing"),
        ({"code": "3002", "purpose": "other", "kind": "fund", "parent": "pool"}, {}, "no sub-accounts of this code"),
        ({"code": "100201", "purpose": "other", "kind": "asset", "parent": "special_account"}, {}, "no sub-accounts"),
        ({"code": "4001", "purpose": "other", "kind": "income"}, {}, "closed to a fund"),
        (
            {"code": "4001", "purpose": "other", "kind": "income", "closes_to": "special_account"},
            {},
            "closed to a fund",
        ),
        ({"code": "1003", "purpose": "other", "kind": "asset", "closes_to": "general_pool"}, {}, "closed to a fund"),
        ({"code": "1003", "purpose": "other", "kind": "asset"}, {"ncms": "other"}, "no account of spending"),
        ({"code": "1003", "purpose": "other", "kind": "asset"}, {"ncms": "nothing"}, "no account of spending"),
    ],
)
def test_a_chart_that_cannot_be_kept_is_refused_with_the_account_that_is_wrong(account, pays, sentence):
    data = {"code": "x", "name": {"en": "x"}, "accounts": [*ACCOUNTS, {"name": "某", **account}], "pays": pays}
    with pytest.raises(charts.BadChart, match=sentence):
        charts.read(data)
    assert charts.read(data | {"accounts": ACCOUNTS, "pays": {"ncms": "pool_spending"}}).pays


class TestDifferences:
    """What a count of cash finds over or short (docs/rules/books.md)."""

    def test_what_is_over_is_other_income(self):
        lines = vouchers.of_difference(Decimal("3.50"), "cash", "多出")
        assert [(one.account, one.side) for one in lines] == [("cash", "debit"), ("other_income", "credit")]
        assert vouchers.totals(lines) == (Decimal("3.50"), Decimal("3.50"))
        assert vouchers.moved(lines, "cash") == Decimal("3.50")

    def test_what_is_short_is_owed_by_somebody(self):
        lines = vouchers.of_difference(Decimal("-2.00"), "cash", "短少")
        assert [(one.account, one.side) for one in lines] == [("prepaid", "debit"), ("cash", "credit")]
        assert vouchers.totals(lines) == (Decimal("2.00"), Decimal("2.00"))
        assert vouchers.moved(lines, "cash") == Decimal("-2.00")
