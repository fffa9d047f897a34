"""The order of computation: the blocks of docs/rules/benefits.md, worked by hand, against the evaluator."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from claims.rules import cases, documents, plans

pytestmark = pytest.mark.rules

DOC = Path("docs/rules/benefits.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def _blocks():
    """Each block with the heading it stands under."""
    for found in re.finditer(r"```yaml\n(.*?)```", DOC, re.DOTALL):
        heading = HEADING.findall(DOC[: found.start()])[-1]
        yield pytest.param(documents.read_yaml(found[1]), id=f"{heading} {DOC[: found.start()].count('```yaml') + 1}")


BLOCKS = list(_blocks())


def _plan(block):
    head = {
        "format": "1",
        "code": "shown",
        "scheme": "ncms",
        "in_force": {"from": "2010-01-01", "through": "2010-12-31"},
    }
    return head | {key: block[key] for key in ("layers", "rounding") if key in block}


def _claim(place, claim):
    days = {"admitted": "2010-03-01", "discharged": "2010-03-01" if claim.get("kind") == "outpatient" else "2010-03-09"}
    return {"id": str(place), "kind": "inpatient"} | days | claim


def _answers(block, *, trace=True):
    """The answers one by one, so that the counters after each claim are seen."""
    claims = [_claim(place, claim) for place, claim in enumerate(block["claims"])]
    for count in range(1, len(claims) + 1):
        case = {"plan": _plan(block), "person": block.get("person", {}), "claims": claims[:count]}
        if "accounts" in block:
            case["accounts"] = block["accounts"]
        answer = cases.answer(case, trace=trace)
        yield answer["claims"][-1] | {"counters": answer["counters"]}


@pytest.mark.parametrize("block", BLOCKS)
def test_the_blocks_of_the_document_come_out(block):
    answers = list(_answers(block))
    assert len(answers) == len(block["then"])
    for answer, then in zip(answers, block["then"], strict=True):
        basic = next(layer for layer in answer["layers"] if layer["holds"])
        found = answer | {"deductible": basic["deductible"]}
        if "counters" in then:
            found["counters"] = {name: found["counters"][name] for name in then["counters"]}
        assert {key: found[key] for key in then} == then


@pytest.mark.parametrize("block", BLOCKS)
def test_a_plan_written_and_read_again_is_the_same(block):
    plan = plans.of_tree(_plan(block))
    assert plans.read(plans.written(plan.tree)) == plan


@pytest.mark.parametrize("block", BLOCKS)
def test_money_is_conserved_and_each_payment_stands_in_its_trace(block):
    for answer in _answers(block):
        parts = [answer[key] for key in ("fund_pays", "hospital_bears", "other_payers", "patient_pays")]
        assert sum(map(Decimal, parts)) == Decimal(answer["total"])
        for layer in answer["layers"]:
            if layer["holds"]:
                assert f"{Decimal(layer['pays']):,}" in layer["trace"][-1]["en"]


@pytest.mark.parametrize("block", BLOCKS)
def test_without_a_trace_the_figures_are_the_same(block):
    for full, bare in zip(_answers(block), _answers(block, trace=False), strict=True):
        for layer in full["layers"]:
            del layer["trace"]
        assert full == bare
