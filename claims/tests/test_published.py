"""Published computations, each accounted for: the tables of docs/rules/published.md."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from claims.rules import cases, maternity, plans
from claims.tests import published, tables
from claims.tests.published import EXAMPLES, Example
from enrollment.rules import participation, wages
from office.rules import money

pytestmark = pytest.mark.rules

PAGE = "published.md"
COUNTED = tables.rows(PAGE, "94 figures", "how many")
GROUPS = tables.rows(PAGE, "group", "what", "place, year", "plan", "examples")
WRONG = tables.rows(PAGE, "example", "printed", "the rule gives", "what happened on the page")
OTHER = tables.rows(PAGE, "example", "reckoned from", "gives", "belongs to")
BY_HAND = tables.rows(PAGE, "plan", "where", "total", "eligible", "the fund pays", "by hand")
ALLOWANCES = tables.rows("allowances.md", "example", "unit's average", "days", "allowance", "why")

BY_ID = {example["id"]: example for example in EXAMPLES}
FROM_A_PLAN = [example for example in EXAMPLES if published.has_a_plan(example)]
AS_PRINTED = [example for example in FROM_A_PLAN if example["consistent"]]
PLACES = {
    "outside": {"region": "outside", "level": "city", "tier": 3},
    "township": {"region": "county", "level": "township", "tier": 1},
    "county": {"region": "county", "level": "county", "tier": 2},
}
NO_BOUNDS = wages.Terms(Decimal(6), Decimal(2), floor=Decimal(0), ceiling=Decimal(99999))


def ids(examples: list[Example]) -> list[str]:
    return [example["id"] for example in examples]


def test_every_example_is_accounted_for_once():
    listed = [each for row in GROUPS for each in row["examples"].split(", ")]
    others = [row["example"] for row in OTHER]
    allowances = [row["example"] for row in ALLOWANCES if row["example"] != "-"]
    assert sorted(listed + others + allowances) == sorted(BY_ID)
    assert [int(row["how many"]) for row in COUNTED] == [
        len(AS_PRINTED),
        len(FROM_A_PLAN) - len(AS_PRINTED),
        len(allowances),
        len(others),
    ]
    assert sum(int(row["how many"]) for row in COUNTED) == len(EXAMPLES) == 94


def test_every_plan_is_listed_with_its_examples():
    of_group = {}
    for example in FROM_A_PLAN:
        of_group.setdefault(example["group"], []).append(example["id"])
    assert {row["group"]: row["examples"].split(", ") for row in GROUPS} == of_group
    by_hand = {row["plan"] for row in GROUPS} - {"converted"}
    assert by_hand == {path.name for path in published.BY_HAND.values()}
    assert all(row["plan"] in ("converted", f"{row['group'].lower()}.yaml") for row in GROUPS)


@pytest.mark.parametrize("example", AS_PRINTED, ids=ids(AS_PRINTED))
def test_the_engine_gives_what_is_printed(example):
    found = published.given(example)
    assert published.agrees(example, found), f"{example['title']}: {example['recomputation']}, not {found}"


def test_what_is_wrong_on_its_page_is_listed():
    assert [row["example"] for row in WRONG] == ids([each for each in EXAMPLES if not each["consistent"]])


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row["example"])
def test_a_wrong_page_and_what_its_rule_gives(row):
    example = BY_ID[row["example"]]
    assert published.asked(example)[1] == Decimal(row["printed"])
    found = _given(example)
    assert money.yuan(found) == Decimal(row["the rule gives"])
    assert not published.agrees(example, found)


@pytest.mark.parametrize("row", OTHER, ids=lambda row: row["example"])
def test_what_is_no_benefit_computation(row):
    example = BY_ID[row["example"]]
    assert row["reckoned from"] == example["recomputation"]
    found = reckoned(example["recomputation"])
    assert money.yuan(found) == Decimal(row["gives"])
    assert published.agrees(example, found) == example["consistent"]


@pytest.mark.parametrize(
    ("example", "wage", "part"),
    [
        ("WE-166", 6800, lambda month: month.person + month.employer * Decimal("0.3")),
        ("WE-167", 6000, lambda month: month.person + month.employer * Decimal("0.3")),
        ("WE-169", 10000, lambda month: month.person),
        ("WE-170", 10000, lambda month: month.person + month.employer * Decimal("0.3")),
        ("WE-171", 10000, lambda month: month.employer * Decimal("0.7")),
    ],
)
def test_contributions_of_wages_are_those_of_enrollment(example, wage, part):
    assert published.agrees(BY_ID[example], part(wages.monthly(Decimal(wage), NO_BOUNDS)))


def test_the_wage_of_600_a_month_by_the_unit():
    wage = published.asked(BY_ID["WE-168"])[1]
    assert wages.monthly(wage, NO_BOUNDS).employer == 600


def test_participation_is_that_of_enrollment():
    assert participation.rate(740384, 747243) == published.asked(BY_ID["WE-180"])[1]


@pytest.mark.parametrize("name", sorted({row["plan"] for row in BY_HAND}))
def test_rules_without_a_published_answer(name):
    rows = [row for row in BY_HAND if row["plan"] == name]
    plan = plans.read((published.DATA / "published" / name).read_text(encoding="utf-8"))
    claims = [
        {
            "id": str(number),
            "kind": "inpatient",
            "admitted": f"{plan.first.year}-03-{number:02}",
            "discharged": f"{plan.first.year}-03-{number:02}",
            "total": row["total"],
            "eligible": row["eligible"],
            **PLACES[row["where"]],
        }
        for number, row in enumerate(rows, start=1)
    ]
    answer = cases.answer({"person": {"age": 40}, "claims": claims}, plans=[plan])
    assert [claim["fund_pays"] for claim in answer["claims"]] == [row["the fund pays"] for row in rows]


def test_a_rule_of_more_than_bands_is_not_converted():
    assisted = BY_ID["WE-018"]
    with pytest.raises(LookupError, match="medical_assistance"):
        published.converted(assisted)


def _given(example: Example) -> Decimal:
    if example["scheme"] == "MATERNITY":
        return maternity.allowance(Decimal(example["inputs"]["wage"]), example["inputs"]["days"])
    return published.given(example) if published.has_a_plan(example) else reckoned(example["recomputation"])


OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def reckoned(words: str) -> Decimal:
    """The value of a sum as it is written on paper, such as 6800×2%+6800×6%×30%."""
    sum_ = re.sub(r"([0-9.]+)%", r"(\1/100)", words.replace("×", "*"))
    return _value(ast.parse(sum_, mode="eval").body, sum_)


def _value(node: ast.expr, sum_: str) -> Decimal:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, sum_), _value(node.right, sum_))
    return Decimal(str(ast.get_source_segment(sum_, node)))


@pytest.mark.parametrize(("words", "value"), [("600/6%", 10000), ("200+600×30%", 380), ("(1+2)/3*100", 100)])
def test_sums_as_they_are_written_on_paper(words, value):
    assert reckoned(words) == value
