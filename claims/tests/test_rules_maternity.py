"""Maternity allowance: the tables of docs/rules/allowances.md, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from claims.rules import maternity
from claims.rules.allowances import CannotGrant
from claims.rules.maternity import Ending, Leave
from claims.tests import tables

pytestmark = pytest.mark.rules

TERMS = tables.rows(
    "allowances.md",
    "in force from", "delivery", "difficult labour", "each child after the first", "miscarriage before four months",
    "from four months", "source",
)  # fmt: skip
DAYS = tables.rows("allowances.md", "day", "ending", "difficult", "children", "certificate", "further", "days", "why")
PAID = tables.rows("allowances.md", "example", "unit's average", "days", "allowance", "why")

DELIVERY = Leave(on=date(2013, 5, 1))
BEFORE_FOUR_MONTHS = Leave(on=date(2010, 3, 1), ending=Ending.EARLY_MISCARRIAGE)


def test_the_laws_are_those_of_the_page():
    assert [
        (
            terms.first.isoformat(),
            str(terms.delivery),
            str(terms.difficult),
            str(terms.each_further_child),
            "{}-{}".format(*terms.early_miscarriage),
            str(terms.late_miscarriage),
        )
        for terms in maternity.TERMS
    ] == [tuple(row.values())[:-1] for row in TERMS]


@pytest.mark.parametrize("row", DAYS, ids=lambda row: f"{row['day']} {row['ending']} {row['why']}")
def test_days_of_leave(row):
    leave = Leave(
        on=date.fromisoformat(row["day"]),
        ending=Ending(row["ending"]),
        difficult=row["difficult"] == "yes",
        children=int(row["children"]),
        certified=None if row["certificate"] == "-" else int(row["certificate"]),
        further=int(row["further"]),
    )
    assert maternity.days(leave) == int(row["days"])


@pytest.mark.parametrize("row", PAID, ids=lambda row: f"{row['example']} {row['why']}")
def test_what_is_paid(row):
    assert maternity.allowance(Decimal(row["unit's average"]), int(row["days"])) == Decimal(row["allowance"])


@pytest.mark.parametrize(
    ("leave", "code", "sentence"),
    [
        (replace(DELIVERY, on=date(1988, 8, 31)), "too_early", "before 1988-09-01"),
        (replace(DELIVERY, children=0), "children", "not of 0"),
        (replace(DELIVERY, children=10), "children", "1 to 9 children"),
        (replace(DELIVERY, certified=20), "certificate_not_asked", "not taken"),
        (replace(DELIVERY, further=-1), "further", "not -1"),
        (replace(DELIVERY, further=366), "further", "0 to 365"),
        (replace(BEFORE_FOUR_MONTHS, children=2), "not_a_delivery", "belong to a delivery"),
        (replace(BEFORE_FOUR_MONTHS, difficult=True), "not_a_delivery", "belong to a delivery"),
        (BEFORE_FOUR_MONTHS, "certificate_missing", "15 to 30"),
        (replace(BEFORE_FOUR_MONTHS, certified=14), "certificate_beyond", "for 14 days"),
        (replace(BEFORE_FOUR_MONTHS, certified=31), "certificate_beyond", "15 to 30 days"),
        (replace(BEFORE_FOUR_MONTHS, on=date(2012, 4, 28), certified=15), "certificate_not_asked", "rule itself"),
        (replace(BEFORE_FOUR_MONTHS, ending=Ending.LATE_MISCARRIAGE, certified=42), "certificate_not_asked", "itself"),
    ],
)
def test_leave_that_is_refused(leave, code, sentence):
    with pytest.raises(CannotGrant, match=sentence) as refusal:
        maternity.days(leave)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("wage", "days", "code"),
    [
        ("0", 98, "unit_wage"),
        ("-1", 98, "unit_wage"),
        ("NaN", 98, "unit_wage"),
        ("Infinity", 98, "unit_wage"),
        ("3000", 0, "days"),
        ("3000", -98, "days"),
        ("3000", Decimal("97.5"), "days"),
        ("3000", True, "days"),
    ],
)
def test_an_allowance_that_is_refused(wage, days, code):
    with pytest.raises(CannotGrant) as refusal:
        maternity.allowance(Decimal(wage), days)
    assert refusal.value.code == code


def test_a_float_is_no_money():
    with pytest.raises(TypeError, match="never a float"):
        maternity.allowance(3000.0, 98)
