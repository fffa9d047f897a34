"""Which accounts money in moves, and how arrivals settle instalments: the rows of docs/rules/money-in.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from funds.rules import money_in as rules
from funds.rules.money_in import Told
from funds.rules.postings import difference

pytestmark = pytest.mark.rules


def short(told: Told) -> tuple[str, list[tuple[str, str, int]]]:
    lines = rules.lines_of(told)
    assert difference(lines) == 0
    return rules.event_of(told), [(one.account, one.side[0], int(one.amount)) for one in lines]


@pytest.mark.parametrize(
    ("told", "event", "lines"),
    [
        (Told("deposit", "income_account", Decimal(40), is_ahead=True), "collected_ahead",
         [("income_account", "d", 40), ("received_ahead", "c", 40)]),
        (Told("deposit", "special_account", Decimal(40), to_accounts=Decimal(16)), "collected",
         [("special_account", "d", 40), ("own_income_pool", "c", 24), ("own_income_household", "c", 16)]),
        (Told("fee", "income_account", Decimal(40), to_accounts=Decimal(40)), "collected",
         [("income_account", "d", 40), ("own_income_household", "c", 40)]),
        (Told("collective", "income_account", Decimal(40)), "collected",
         [("income_account", "d", 40), ("collective_income", "c", 40)]),
        (Told("assistance", "special_account", Decimal(40), payer="assistance"), "assisted",
         [("special_account", "d", 40), ("assistance_income", "c", 40)]),
        (Told("subsidy", "special_account", Decimal(40), payer="central"), "subsidised",
         [("special_account", "d", 40), ("subsidy_central", "c", 40)]),
        (Told("subsidy", "special_account", Decimal(40), payer="county", is_ahead=True), "subsidised",
         [("special_account", "d", 40), ("received_ahead", "c", 40)]),
        (Told("interest", "spending_account", Decimal(4)), "interest",
         [("spending_account", "d", 4), ("interest_income", "c", 4)]),
        (Told("other", "income_account", Decimal(4)), "other_income",
         [("income_account", "d", 4), ("other_income", "c", 4)]),
        (Told("transfer", "income_account", Decimal(40)), "transferred",
         [("special_account", "d", 40), ("income_account", "c", 40)]),
        (Told("transfer", "spending_account", Decimal(4)), "interest",
         [("special_account", "d", 4), ("spending_account", "c", 4)]),
        (Told("refund", "cash", Decimal(20), is_ahead=True), "refunded",
         [("received_ahead", "d", 20), ("cash", "c", 20)]),
        (Told("refund", "cash", Decimal(20)), "refunded", [("own_income_pool", "d", 20), ("cash", "c", 20)]),
        (Told("turn", "received_ahead", Decimal(60),
              shares={"own_income_pool": Decimal(40), "subsidy_city": Decimal(20)}),
         "year_turned", [("received_ahead", "d", 60), ("own_income_pool", "c", 40), ("subsidy_city", "c", 20)]),
    ],
)  # fmt: skip
def test_what_each_kind_moves(told, event, lines):
    assert short(told) == (event, lines)


def test_the_paper_s_number_stands_on_the_bank_s_lines():
    told = Told("transfer", "income_account", Decimal(40), number="缴拨01")
    assert [one.words for one in rules.lines_of(told)] == ["缴拨01", "缴拨01"]
    told = Told("deposit", "income_account", Decimal(40), number="Z-1")
    assert [one.words for one in rules.lines_of(told)] == ["Z-1", ""]


@pytest.mark.parametrize(
    ("kind", "on", "begins", "ahead"),
    [
        ("deposit", date(2009, 12, 31), date(2010, 1, 1), True),
        ("deposit", date(2010, 1, 1), date(2010, 1, 1), False),
        ("interest", date(2009, 12, 31), None, False),
        ("turn", date(2009, 12, 31), date(2010, 1, 1), False),
    ],
)
def test_what_comes_before_its_year_is_received_ahead(kind, on, begins, ahead):
    assert rules.is_ahead(kind, on, begins) is ahead


@pytest.mark.parametrize(
    ("known", "stands", "to_accounts", "shares"),
    [
        ({}, 6580000, 0, {"own_income_pool": 6580000}),  # the opening balance, of which no slip tells
        ({"own_income_pool": 100, "subsidy_central": 40}, 140, 0, {"own_income_pool": 100, "subsidy_central": 40}),
        (
            {"assistance_income": 20},
            120,
            30,
            {"own_income_pool": 70, "own_income_household": 30, "assistance_income": 20},
        ),
        ({"own_income_pool": -5, "assistance_income": 20}, 15, 0, {"own_income_pool": -5, "assistance_income": 20}),
    ],
)
def test_what_is_received_ahead_becomes(known, stands, to_accounts, shares):
    told = {purpose: Decimal(amount) for purpose, amount in known.items()}
    assert rules.shares_of_turn(told, Decimal(stands), Decimal(to_accounts)) == shares


@pytest.mark.parametrize(
    ("dues", "named", "unnamed", "arrived"),
    [
        ((24, 16), (0, 0), 0, [0, 0]),
        ((24, 16), (24, 0), 10, [24, 10]),
        ((24, 16), (0, 16), 30, [24, 22]),  # what is over goes to the last
        ((24, 16), (30, 0), 5, [30, 5]),  # more than is due for an instalment stays with it
        ((), (), 5, []),
    ],
)
def test_what_names_no_instalment_settles_the_oldest_first(dues, named, unnamed, arrived):
    settled = rules.settle([Decimal(one) for one in dues], [Decimal(one) for one in named], Decimal(unnamed))
    assert [one.arrived for one in settled] == arrived
    assert [one.owed for one in settled] == [due - came for due, came in zip(dues, arrived, strict=True)]
