"""Defects of another system's valuing of claims, each as a case that this engine gets right (docs/rules/defects.md)."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import pytest

from claims.rules import cases, plans
from claims.tests import tables
from claims.tests.random_plans import document

pytestmark = pytest.mark.rules

ROWS = tables.rows("defects.md", "number", "case", "right", "there", "here")
RIGHT = {row["number"]: row["right"] for row in ROWS if row["here"] == "tested"}

Tree = dict[str, Any]


def layer(code: str = "inpatient", **rules: Any) -> Tree:
    """A layer that pays everything, but for the rules given."""
    return {"code": code, "fund": "ncms", "pay": [{"ratio": "1"}], **rules}


def bill(*amounts: str, **stated: Any) -> Tree:
    """A stay of 2010 with class-A items of these amounts."""
    items = [{"class": "A", "amount": amount} for amount in amounts]
    return {"kind": "inpatient", "admitted": "2010-03-01", "discharged": "2010-03-09", "items": items, **stated}


def answered(layers: list[Tree] | list[list[Tree]], *bills: Tree, person: Tree | None = None, **more: Any) -> Tree:
    """The answer to bills of one person in their order; several lists of layers are several documents."""
    documents = layers if isinstance(layers[0], list) else [layers]
    claims = [{"id": f"c{number}", **one} for number, one in enumerate(bills, start=1)]
    case = {"person": person or {"age": 40}, "claims": claims, **more}
    return cases.answer(case, plans=[plans.of_tree(document(each)) for each in documents])


def paid(answer: Tree) -> str:
    """What the funds pay, in the table's words; each sum is that of its layers, and nothing is lost."""
    for claim in answer["claims"]:
        figures = {name: Decimal(claim[name]) for name in ("fund_pays", "hospital_bears", "patient_pays", "total")}
        assert sum(Decimal(each["pays"]) for each in claim["layers"]) == figures["fund_pays"]
        assert figures["fund_pays"] + figures["hospital_bears"] + figures["patient_pays"] == figures["total"]
    return " + ".join(claim["fund_pays"].removesuffix(".00") for claim in answer["claims"])


def test_d1_a_bill_below_the_deductible_is_not_paid():
    answer = answered([layer(deductible={"per": "stay", "rows": [{"amount": "100"}]})], bill("60"))
    assert paid(answer) == RIGHT["D1"]
    assert answer["claims"][0]["layers"][0]["deductible"] == "60.00"


def test_d2_a_deductible_of_the_year_comes_off_once():
    answer = answered([layer(deductible={"per": "year", "rows": [{"amount": "200"}]})], bill("150"), bill("150"))
    assert paid(answer) == RIGHT["D2"]
    assert [claim["layers"][0]["deductible"] for claim in answer["claims"]] == ["150.00", "50.00"]
    assert answer["counters"] == {"inpatient.deductible": "200.00"}


def test_d3_the_deductible_is_taken_off():
    answer = answered([layer(deductible={"per": "stay", "rows": [{"amount": "100"}]})], bill("300"))
    assert paid(answer) == RIGHT["D3"]


def test_d4_ratio_and_ceiling_both_hold():
    rules = layer(pay=[{"ratio": "0.5"}], ceilings=[{"per": "stay", "amount": "100"}])
    assert paid(answered([rules], bill("300"))) == RIGHT["D4"]


def test_d5_a_ceiling_of_the_year_is_reached_and_never_passed():
    answer = answered([layer(ceilings=[{"counter": "year", "amount": "1000"}])], bill("800"), bill("800"), bill("800"))
    assert paid(answer) == RIGHT["D5"]
    assert answer["counters"] == {"inpatient.year": "1000.00"}


def test_d6_a_ceiling_of_the_year_is_used_to_its_end():
    answer = answered([layer(ceilings=[{"counter": "year", "amount": "1000"}])], bill("400"), bill("600"))
    assert paid(answer) == RIGHT["D6"]
    assert answer["counters"] == {"inpatient.year": "1000.00"}


def test_d7_fen_are_not_cut_off():
    assert paid(answered([layer()], bill("10.33", "10.33", "10.33"))) == RIGHT["D7"]


def test_d8_items_and_services_are_added_once():
    answer = answered([layer()], bill("100", "100", "10", "10", "10"))
    assert paid(answer) == RIGHT["D8"]
    assert answer["claims"][0]["total"] == "230.00"


@pytest.mark.parametrize("layers", [[layer("one"), layer("other")], [[layer("one")], [layer("other")]]])
def test_d9_no_item_is_paid_under_two_rules(layers):
    answer = answered(layers, bill("100", "50"))
    assert paid(answer) == RIGHT["D9"]
    assert [each["pays"] for each in answer["claims"][0]["layers"]] == ["150.00", "0.00"]


def test_d10_a_visit_before_does_not_disturb_a_deductible_of_stays():
    stays = layer(when={"kind": "inpatient"}, deductible={"per": "year", "rows": [{"amount": "100"}]})
    visits = layer("visits", when={"kind": "outpatient"}, pay=[{"ratio": "0"}])
    answer = answered([stays, visits], bill("40", kind="outpatient", discharged="2010-03-01"), bill("300"))
    assert paid(answer) == RIGHT["D10"]
    assert answer["counters"] == {"inpatient.deductible": "100.00"}


def test_d11_a_ceiling_of_the_household_needs_nothing_else():
    answer = answered([layer(ceilings=[{"counter": "household", "amount": "500"}])], bill("700"))
    assert paid(answer) == RIGHT["D11"]
    assert answer["counters"] == {"inpatient.household": "500.00"}


def test_d12_a_child_whom_the_ceiling_does_not_count_is_seen_as_a_child():
    rules = [layer(ceilings=[{"counter": "year", "amount": "100"}], **{"except": [{"age": {"under": "14"}}]})]
    assert paid(answered(rules, bill("500"), person={"birth_date": "1996-03-02"})) == RIGHT["D12"]
    assert paid(answered(rules, bill("500"), person={"birth_date": "1996-03-01"})) == "100"


def test_d13_what_the_ceiling_does_not_count_is_paid_all_the_same():
    rules = layer(ceilings=[{"counter": "year", "amount": "100"}], **{"except": [{"disease_group": "serious"}]})
    serious, common = bill("500", disease_group="serious"), bill("500", disease_group="none")
    assert paid(answered([rules], serious)) == RIGHT["D13"]
    answer = answered([rules], serious, common, serious)
    assert paid(answer) == "500 + 100 + 500"
    assert answer["counters"] == {"inpatient.year": "100.00"}


def test_d14_a_ceiling_of_a_disease_counts_over_claims():
    rows = [{"when": {"disease": "surgery"}, "amount": "1000"}]
    surgery, other = bill("900", disease="surgery"), bill("900", disease="J18")
    answer = answered([layer(ceilings=[{"counter": "disease", "rows": rows}])], surgery, surgery, surgery)
    assert paid(answer) == RIGHT["D14"]
    assert answer["counters"] == {"inpatient.disease.surgery": "1000.00"}
    assert paid(answered([layer(ceilings=[{"counter": "disease", "rows": rows}])], surgery, other)) == "900 + 900"


def test_d15_what_is_shown_is_what_is_paid_and_counted():
    rules = [layer(ceilings=[{"counter": "year", "amount": "1000"}])]
    assert paid(answered(rules, bill("500", "300"))) == "800"
    checked = answered(rules, bill("200"))
    assert paid(checked) == RIGHT["D15"]
    assert checked["counters"] == {"inpatient.year": "200.00"}
    assert checked["claims"][0]["total"] == checked["claims"][0]["layers"][0]["pays"] == "200.00"


def test_d16_a_ceiling_of_the_household_counts_its_members():
    rules = [layer(ceilings=[{"counter": "household", "amount_per_member": "600"}])]
    assert paid(answered(rules, bill("2400"), person={"age": 40, "household_members": 4})) == RIGHT["D16"]
    assert paid(answered(rules, bill("2400"), person={"age": 40, "household_members": 1})) == "600"


def test_d17_valuing_a_claim_again_changes_nothing():
    rules = [layer(ceilings=[{"counter": "year", "amount": "1000"}])]
    before = {"inpatient.year": "0.00"}
    once = answered(rules, bill("400"), counters_before=before)
    again = answered(rules, bill("400"), counters_before=before)
    assert (once, before) == (again, {"inpatient.year": "0.00"})
    assert paid(answered(rules, bill("600"), counters_before=again["counters"])) == RIGHT["D17"]


def test_d17_one_claim_does_not_stand_twice_in_a_year():
    with pytest.raises(cases.Faulty, match="used by an earlier claim"):
        answered([layer()], bill("400", id="c1"), bill("400", id="c1"))


def test_d18_a_line_that_was_taken_off_is_not_paid():
    assert paid(answered([layer()], bill("100", "50"))) == "150"
    without = answered([layer()], bill("100"))
    assert paid(without) == RIGHT["D18"]
    assert without["claims"][0]["total"] == "100.00"


def test_every_defect_is_tested_or_has_its_place():
    tested = {name.split("_")[1].upper() for name in vars(sys.modules[__name__]) if name.startswith("test_d")}
    assert tested == set(RIGHT)
    assert [row["number"] for row in ROWS] == [f"D{number}" for number in range(1, 25)]
    assert all(row["here"] for row in ROWS)
