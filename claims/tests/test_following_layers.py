"""What a layer leaves for those after it, and where a case is asked for what it does not state."""

from __future__ import annotations

import pytest

from claims.rules import cases

pytestmark = pytest.mark.rules


def plan(*layers):
    return {
        "code": "example",
        "format": "1",
        "scheme": "ncms",
        "in_force": {"from": "2010-01-01"},
        "layers": list(layers),
    }


def case(of, **person):
    stay = {"id": "c1", "kind": "inpatient", "admitted": "2010-03-01", "discharged": "2010-03-09"}
    return {"plan": of, "person": person, "claims": [stay | {"total": "3000.00", "eligible": "3000.00"}]}


BASIC = {
    "code": "inpatient",
    "fund": "ncms",
    "pay": [{"ratio": "0.5"}],
    "ceilings": [{"counter": "year", "amount": "1000"}],
}
TOP = {"code": "top", "fund": "large_sum", "of": "cut_payment", "pay": [{"ratio": "1"}]}


def test_what_the_first_layers_ceilings_cut_is_not_what_a_later_layers_ceiling_cuts():
    second = {
        "code": "second",
        "fund": "ncms",
        "of": "burden",
        "pay": [{"ratio": "0.5"}],
        "ceilings": [{"per": "stay", "amount": "100"}],
    }
    answer = cases.answer(case(plan(BASIC, second, TOP)))["claims"][0]
    # 3,000 x 50 % = 1,500, of which 1,000 is paid: 500 is cut. Of the burden of 2,000 the second pays 100 of 1,000.
    assert [(layer["base"], layer["pays"]) for layer in answer["layers"]] == [
        ("3000.00", "1000.00"),
        ("2000.00", "100.00"),
        ("500.00", "500.00"),
    ]


def test_the_household_is_asked_for_where_it_is_stated():
    layer = BASIC | {"ceilings": [{"counter": "household", "amount_per_member": "200"}]}
    with pytest.raises(cases.Faulty) as refusal:
        cases.answer(case(plan(layer)))
    assert [fault.path for fault in refusal.value.faults] == ["person.household_members"]
    answer = cases.answer(case(plan(layer), household_members="4"))
    assert answer["claims"][0]["fund_pays"] == "800.00"


class TestAccount:
    """An account pays what it holds, whatever else of the layer would raise the payment."""

    @pytest.mark.parametrize(
        "raising",
        [
            pytest.param({"floor": {"of": "total", "rows": [{"ratio": "0.9"}]}}, id="floor"),
            pytest.param({"patient_ceiling": {"per": "stay", "amount": "100"}}, id="patient ceiling"),
            pytest.param({"adjust": [{"times": "2"}]}, id="factor"),
        ],
    )
    def test_is_never_overdrawn(self, raising):
        layer = {"code": "account", "fund": "household_account", "pay": [{"account": "household"}]} | raising
        asked = case(plan(layer)) | {"accounts": {"household": "120.50"}}
        asked["claims"].append(asked["claims"][0] | {"id": "c2"})
        answer = cases.answer(asked)
        assert [claim["fund_pays"] for claim in answer["claims"]] == ["120.50", "0.00"]
        assert answer["accounts"] == {"household": "0.00"}
        lines = answer["claims"][0]["layers"][0]["trace"]
        assert "Not more than the account holds, 120.50: 120.50" in [line["en"] for line in lines]

    def test_is_not_overdrawn_by_rounding(self):
        layer = {"code": "account", "fund": "household_account", "pay": [{"account": "household"}]}
        asked = case(plan(layer) | {"rounding": "yuan"}) | {"accounts": {"household": "120.50"}}
        answer = cases.answer(asked)
        assert answer["claims"][0]["fund_pays"] == "120.50"
        assert answer["accounts"] == {"household": "0.00"}


def test_a_factor_on_the_years_function_stands_outside_the_brackets():
    yearly = {
        "code": "yearly",
        "fund": "cii",
        "over": "year",
        "pay": [{"bands": [{"upto": "1000", "ratio": "0.5"}, {"ratio": "0.6"}]}],
        "adjust": [{"times": "0.5"}],
    }
    answer = cases.answer(case(plan(yearly)))["claims"][0]
    assert answer["fund_pays"] == "850.00"
    assert [line["en"] for line in answer["layers"][0]["trace"] if line["path"].endswith("pay[0]")] == [
        "This year 0.00 → 3,000.00: [(1,000.00 × 50% + 2,000.00 × 60%) × 0.5] = 850.00; less [0.00] = 0.00; 850.00"
    ]
