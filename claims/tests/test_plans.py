"""The shipped plans: each is sound, says where every row comes from, and pays what was worked out by hand.

The cases are the blocks of docs/rules/plans.md; what they must give stands beside them there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from claims.rules import adoption, cases, documents, plans, shipped

pytestmark = pytest.mark.rules

PROSE = (Path(__file__).parents[2] / "docs" / "rules" / "plans.md").read_text(encoding="utf-8")
BLOCKS = [cases.read(block) for block in re.findall(r"```json\n(.*?)```", PROSE, re.DOTALL)]
TABLES = ("cover", "pay", "adjust", "ceilings")

#: Doubts that the adopters of a shipped plan would have to mean: there are none.
DOUBTS: dict[str, list[str]] = {}


def follows(block) -> list[str]:
    """The codes of a block's plans, in order."""
    plan = block["case"]["plan"]
    return [plan] if isinstance(plan, str) else plan


def name(block) -> str:
    return "+".join(follows(block)) + ":" + block["case"]["claims"][0]["id"]


def stated(layer: Mapping[str, Any]) -> tuple[str, str, str]:
    return layer["code"], layer["deductible"], layer["pays"]


@pytest.mark.parametrize("block", BLOCKS, ids=name)
def test_pays_what_was_worked_out_by_hand(block):
    answer = cases.answer(block["case"], trace=False)
    for claim, by_hand in zip(answer["claims"], block["by_hand"], strict=True):
        # A layer that is not named pays nothing and takes nothing off.
        hand = {layer["code"]: stated(layer) for layer in by_hand["layers"]}
        assert [stated(layer) for layer in claim["layers"]] == [
            hand.get(layer["code"], (layer["code"], "0.00", "0.00")) for layer in claim["layers"]
        ], claim["id"]
        assert set(hand) <= {layer["code"] for layer in claim["layers"]}
        sums = ("fund_pays", "hospital_bears", "patient_pays", "burden")
        assert {key: claim[key] for key in sums} == {key: by_hand[key] for key in sums}, claim["id"]


def test_the_command_answers_them_all_in_their_order(tmp_path):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([block["case"] for block in BLOCKS], ensure_ascii=False), encoding="utf-8")
    told = StringIO()
    call_command("assess", str(file), "--json", stdout=told)
    assert json.loads(told.getvalue()) == [cases.answer(block["case"]) for block in BLOCKS]


def test_every_plan_has_a_case_in_the_rules():
    assert {code for block in BLOCKS for code in follows(block)} == set(shipped.codes())
    assert {code for code in shipped.codes() if f"`{code}`" not in PROSE} == set()


@pytest.mark.parametrize("block", BLOCKS, ids=name)
def test_every_line_of_a_trace_names_what_stands_in_its_document(block):
    answer = cases.answer(block["case"])
    codes = follows(block)
    for claim in answer["claims"]:
        for layer in claim["layers"]:
            for line in layer["trace"]:
                assert standing(codes, line["path"]) is not None, line


def standing(codes: list[str], path: str):
    """What stands at a trace's path: of the first document, or of `plans[n]`."""
    number, _, inner = path.partition("].") if path.startswith("plans[") else ("plans[0", "", path)
    tree = shipped.plan(codes[int(number.removeprefix("plans["))]).tree
    for step in re.findall(r"[a-z_]+|\d+", inner):
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


@pytest.mark.parametrize("code", shipped.codes())
class TestDocument:
    def test_is_read_without_fault_and_bears_its_own_code(self, code):
        plan = plans.read(shipped.text(code))
        assert plan.code == code
        assert plan.last is not None
        assert set(plan.name) == {"zh-hans", "en"}
        assert {"document", "decided_by", "rounding"} <= set(plan.tree)

    def test_every_row_says_where_it_comes_from(self, code):
        silent = [path for path, row in rows(shipped.plan(code).tree) if ("cites" in row) == ("assumed" in row)]
        assert silent == []

    def test_leaves_no_doubt(self, code):
        assert [str(doubt) for doubt in adoption.doubts(shipped.plan(code))] == DOUBTS.get(code, [])

    def test_is_the_same_plan_written_and_read_again(self, code):
        plan = shipped.plan(code)
        again = plans.read(plans.written(plan.tree))
        assert again.layers == plan.layers
        assert again.tree == plan.tree


def rows(tree: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every row of a document that states a rule, with its path; what has no rows of its own stands for itself."""
    yield "in_force", tree["in_force"]
    for number, layer in enumerate(tree["layers"]):
        for table in TABLES:
            for place, row in enumerate(layer.get(table, [])):
                yield from split(f"layers[{number}].{table}[{place}]", row)
        for table in ("deductible", "floor", "eligible_ceiling", "patient_ceiling"):
            if table in layer:
                yield from split(f"layers[{number}].{table}", layer[table])


def split(path: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "rows" not in row:
        yield path, row
    for place, inner in enumerate(row.get("rows", [])):
        yield f"{path}.rows[{place}]", inner


def test_a_row_without_a_source_would_be_seen():
    tree = documents.read_yaml(shipped.text("haiyuan-ncms-2009"))
    found = [path for path, _row in rows(tree)]
    assert found == [
        "in_force",
        *(f"layers[0].pay[{place}]" for place in range(2)),
        *(f"layers[1].pay[{place}]" for place in range(3)),
        "layers[1].ceilings[0]",
        *(f"layers[1].deductible.rows[{place}]" for place in range(4)),
    ]


class TestHaiyuan2009:
    """The demo county's year: every stated total comes out of the plan (docs/rules/plans.md, the demo's year)."""

    STAYS = [
        # how many, eligible together, age, tier, level, region, paid together
        pytest.param(9_566, 6_696_200, 40, 1, "township", "county", 5_203_904, id="township"),
        pytest.param(1_400, 1_470_000, 11, 2, "county", "county", 1_075_200, id="county, under 12"),
        pytest.param(10_600, 18_020_045, 12, 2, "county", "county", 13_059_236, id="county, others"),
        pytest.param(3_988, 34_334_400, 40, 3, "province", "outside", 11_179_560, id="outside"),
        pytest.param(12, 960_000, 40, 3, "province", "outside", 300_000, id="outside, at the ceiling"),
    ]

    @pytest.mark.parametrize(("stays", "together", "age", "tier", "level", "region", "paid"), STAYS)
    def test_pays_what_the_report_says(self, stays, together, age, tier, level, region, paid):
        each, more = divmod(together, stays)  # whole yuan: some stays one yuan dearer than the others
        total = sum(
            count * self.pays(eligible, age=age, tier=tier, level=level, region=region)
            for count, eligible in ((stays - more, each), (more, each + 1))
            if count
        )
        assert total == paid

    def test_together(self):
        assert sum(row.values[-1] for row in self.STAYS) == 30_817_900
        assert sum(row.values[0] for row in self.STAYS) == 25_566

    @pytest.mark.parametrize(
        ("visits", "cost", "level", "paid"),
        [(305_024, "19.00", "village", "2897728.00"), (86_181, "30.00", "township", "1034172.00")],
    )
    def test_visits(self, visits, cost, level, paid):
        assert visits * self.pays(cost, kind="outpatient", age=40, tier=1, level=level, region="county") == Decimal(
            paid
        )

    def pays(self, eligible, *, age, kind="inpatient", **claim) -> Decimal:
        case = {
            "plan": "haiyuan-ncms-2009",
            "person": {"age": str(age)},
            "claims": [
                {
                    "id": "stay",
                    "kind": kind,
                    "designated": "true",
                    "referred": "true",
                    "admitted": "2009-05-04",
                    "discharged": "2009-05-04",
                    "total": str(eligible),
                    "eligible": str(eligible),
                    **{key: str(value) for key, value in claim.items()},
                }
            ],
        }
        return Decimal(cases.answer(case, trace=False)["claims"][0]["fund_pays"])
