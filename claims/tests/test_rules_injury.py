"""The one-time disability benefit: the tables of docs/rules/allowances.md, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.rules import injury
from claims.rules.allowances import CannotGrant
from claims.tests import tables

pytestmark = pytest.mark.rules

GRADES = tables.rows("allowances.md", "grade", "from 2004-01-01", "from 2011-01-01")
WAGES = tables.rows("allowances.md", "average", "area's average", "own wage", "why")
CASES = tables.rows(
    "allowances.md", "recognised", "grade", "average", "area's average", "months", "benefit", "why"
)  # fmt: skip
ORDINARY = {"average": Decimal(3000), "area_average": Decimal(2500), "recognised_on": date(2012, 1, 1)}


def test_the_scales_are_those_of_the_page():
    assert [f"from {scale.first}" for scale in injury.SCALES] == list(GRADES[0])[1:]
    for at, scale in enumerate(injury.SCALES, start=1):
        assert [str(months) for months in scale.months] == [list(row.values())[at] for row in GRADES]
    assert [row["grade"] for row in GRADES] == [str(grade) for grade in injury.GRADES]


@pytest.mark.parametrize("row", WAGES, ids=lambda row: row["why"])
def test_the_wage_that_counts(row):
    assert injury.own_wage(Decimal(row["average"]), Decimal(row["area's average"])) == Decimal(row["own wage"])


@pytest.mark.parametrize("row", CASES, ids=lambda row: f"{row['recognised']} grade {row['grade']}")
def test_benefits(row):
    average, area_average = Decimal(row["average"]), Decimal(row["area's average"])
    benefit = injury.disability_benefit(
        grade=int(row["grade"]),
        average=average,
        area_average=area_average,
        recognised_on=date.fromisoformat(row["recognised"]),
    )
    assert (benefit.months, benefit.amount) == (int(row["months"]), Decimal(row["benefit"]))
    assert benefit.wage == injury.own_wage(average, area_average)


@pytest.mark.parametrize(
    ("wages", "average"),
    [
        (["3000"], "3000.00"),
        (["3000", "3000.01"], "3000.01"),
        (["2000"] * 6 + ["2600"] * 6, "2300.00"),
        (["0", "0", "100"], "33.33"),
    ],
)
def test_the_average_of_the_months_there_are(wages, average):
    assert injury.average_wage([Decimal(wage) for wage in wages]) == Decimal(average)


@pytest.mark.parametrize(
    ("wages", "code"),
    [([], "no_months"), (["1"] * 13, "too_many_months"), (["3000", "-1"], "wage"), (["NaN"], "wage")],
)
def test_months_that_make_no_average(wages, code):
    with pytest.raises(CannotGrant) as refusal:
        injury.average_wage([Decimal(wage) for wage in wages])
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("grade", "changed", "code", "sentence"),
    [
        (0, {}, "grade", "no grade 0"),
        (11, {}, "grade", "no grade 11"),
        (5, {"recognised_on": date(2003, 12, 31)}, "too_early", "before 2004-01-01"),
        (5, {"average": Decimal(-1)}, "wage", "not -1"),
        (5, {"average": Decimal("Infinity")}, "wage", "not Infinity"),
        (5, {"area_average": Decimal(0)}, "area_average", "above zero, not 0"),
    ],
)
def test_benefits_that_are_refused(grade, changed, code, sentence):
    with pytest.raises(CannotGrant, match=sentence) as refusal:
        injury.disability_benefit(grade=grade, **(ORDINARY | changed))
    assert refusal.value.code == code


def test_a_float_is_no_money():
    with pytest.raises(TypeError, match="never a float"):
        injury.own_wage(3000.0, Decimal(2500))
