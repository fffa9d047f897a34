"""Cases at the door: their faults with paths, what a claim must state, years, counters, documents in order."""

import json
from datetime import date
from decimal import Decimal

import pytest

from claims.rules import cases, evaluation, plans, shipped
from claims.rules.bills import age_on
from claims.tests.plan_texts import SOUND, case, changed, claim

pytestmark = pytest.mark.rules


def faults_of(tree, **more):
    with pytest.raises(cases.Faulty) as caught:
        cases.answer(tree, **more)
    for fault in caught.value.faults:
        assert fault.zh
        assert fault.en
    return [(fault.path, fault.key) for fault in caught.value.faults]


FAULTY = [
    ({"items": "x"}, "claims[0].items", "not_a_list"),
    ({"items": []}, "claims[0].items", "no_rows"),
    ({"items": [{"class": "A"}]}, "claims[0].items[0].amount", "missing_key"),
    ({"items": [{"amount": "1"}]}, "claims[0].items[0].class", "missing_key"),
    ({"items": [{"class": "A", "amount": "-1"}]}, "claims[0].items[0].amount", "not_an_amount"),
    ({"items": [{"class": "A", "amount": "NaN"}]}, "claims[0].items[0].amount", "not_an_amount"),
    ({"items": [{"class": "A", "amount": "1e999"}]}, "claims[0].items[0].amount", "not_an_amount"),
    ({"items": [{"class": "A", "amount": "12345678901234567"}]}, "claims[0].items[0].amount", "not_an_amount"),
    ({"items": [{"class": "A", "amount": Decimal("Infinity")}]}, "claims[0].items[0].amount", "not_an_amount"),
    ({"total": "5"}, "claims[0]", "items_or_total"),
    ({"items": [{"class": "A", "amount": "1"}], "total": "1", "eligible": "1"}, "claims[0]", "items_or_total"),
    ({"items": [{"class": "A", "amount": "1"}], "total": "2"}, "claims[0].total", "total_differs"),
    ({"total": "5", "eligible": "6"}, "claims[0].eligible", "eligible_over_total"),
    ({"other_payers": "1000.01"}, "claims[0].other_payers", "others_over_total"),
    ({"discharged": "2010-02-28"}, "claims[0].discharged", "day_before"),
    ({"settled": "2010-03-08"}, "claims[0].settled", "day_before"),
    ({"admitted": "2010-02-30"}, "claims[0].admitted", "not_a_date"),
    ({"tier": "5"}, "claims[0].tier", "not_a_number"),
    ({"colour": "red"}, "claims[0].colour", "unknown_key"),
    ({"referred": "maybe"}, "claims[0].referred", "not_a_flag"),
    ({"disease": ""}, "claims[0].disease", "missing_value"),
    ({"discharged": "2011-01-01"}, "claims[0].discharged", "no_plan_day"),
    ({"kind": "outpatient", "discharged": "2010-03-01"}, "claims[0]", "no_basic_layer"),
    ({"kind": "outpatient"}, "claims[0].discharged", "visit_of_days"),
]


@pytest.mark.parametrize(("more", "path", "key"), FAULTY)
def test_a_fault_of_a_claim_is_told_with_its_path(more, path, key):
    assert (path, key) in faults_of(case(claim(**more)))


@pytest.mark.parametrize(
    ("more", "path", "key"),
    [
        ({"plan": "none-such"}, "plan", "plan_unknown"),
        ({"plan": "./mine.yaml"}, "plan", "plan_path"),
        ({"plan": []}, "plan", "no_rows"),
        ({"plan": ""}, "plan", "missing_value"),
        ({"plan": {"format": "1"}}, "plan.code", "missing_key"),
        ({"plan": [SOUND, {"plans": "1"}]}, "plan[1].plans", "unknown_key"),
        ({"person": {"age": "151"}}, "person.age", "not_a_number"),
        ({"person": {"age": "1", "birth_date": "2009-01-01"}}, "person.birth_date", "age_twice"),
        ({"person": {"birth_date": "2010-03-02"}}, "claims[0].admitted", "born_later"),
        ({"person": {"category": "rich"}}, "person.category", "not_one_of"),
        ({"person": {"household_members": "0"}}, "person.household_members", "not_a_number"),
        ({"person": []}, "person", "not_a_mapping"),
        ({"claims": {}}, "claims", "not_a_list"),
        ({"counters_before": []}, "counters_before", "not_a_mapping"),
        ({"counters_before": {"stays": "x"}}, "counters_before.stays", "not_a_number"),
        ({"counters_before": {"inpatient.year": "x"}}, "counters_before.inpatient.year", "not_an_amount"),
        ({"counters_before": {"outpatient.year": "1"}}, "counters_before.outpatient.year", "counter_unknown"),
        ({"accounts": {"bank": "1"}}, "accounts.bank", "unknown_key"),
    ],
)
def test_a_fault_of_a_case_is_told_with_its_path(more, path, key):
    assert (path, key) in faults_of(case() | more)


def test_two_claims_of_one_id_are_refused():
    assert faults_of(case(claim(), claim())) == [("claims[1].id", "id_twice")]


def test_a_case_that_lacks_its_parts_says_which():
    assert {path for path, _key in faults_of({})} == {"plan", "person", "claims"}


def test_faults_of_all_claims_are_told_at_once():
    stays = [claim(id="a"), claim(id="b", discharged="2011-02-01"), claim(id="c", kind="injury")]
    del stays[0]["tier"]
    assert faults_of(case(*stays)) == [
        ("claims[0].tier", "unstated"),
        ("claims[1].discharged", "no_plan_day"),
        ("claims[2]", "no_basic_layer"),
    ]


UNSTATED = [
    ({"when": {"age": {"under": "6"}}, "ratio": "1"}, "person.age"),
    ({"when": {"disease": "C15"}, "ratio": "1"}, "claims[0].disease"),
    ({"when": {"not": {"level": "county"}}, "ratio": "1"}, "claims[0].level"),
    ({"account": "household"}, "accounts.household"),
    ({"ratio": "0.5", "ratio_per_year_of_age": "0.01"}, "person.age"),
]


@pytest.mark.parametrize(("row", "path"), UNSTATED)
def test_what_a_row_asks_for_must_be_stated(row, path):
    assert faults_of(case(plan=changed("layers", 0, "pay", to=[row]))) == [(path, "unstated")]


@pytest.mark.parametrize(
    ("ceiling", "path"),
    [
        ({"counter": "household", "amount_per_member": "200"}, "person.household_members"),
        ({"counter": "disease", "amount": "200"}, "claims[0].disease"),
    ],
)
def test_what_a_ceiling_asks_for_must_be_stated(ceiling, path):
    assert faults_of(case(plan=changed("layers", 0, "ceilings", to=[ceiling]))) == [(path, "unstated")]


def test_the_kind_of_a_layer_is_asked_for_before_any_row():
    stay = claim()
    plan = changed("layers", 0, "when", to={"level": "county"})
    assert faults_of(case(stay, plan=plan)) == [("claims[0].level", "unstated")]


def test_an_attribute_is_not_asked_for_where_the_rest_of_the_row_fails():
    rows = [{"when": {"tier": "1", "age": {"under": "6"}}, "ratio": "1"}, {"ratio": "0.5"}]
    answer = cases.answer(case(plan=changed("layers", 0, "pay", to=rows)))
    assert answer["claims"][0]["layers"][0]["pays"] == "420.00"


def test_a_not_that_fails_leaves_nothing_to_ask_for():
    rows = [{"when": {"not": {"tier": "2"}, "disease": "C15"}, "ratio": "1"}, {"ratio": "0.5"}]
    assert cases.answer(case(plan=changed("layers", 0, "pay", to=rows)))["claims"][0]["fund_pays"] == "420.00"


@pytest.mark.parametrize("rows", [[{"when": {"tier": "3"}, "ratio": "1"}], [{"when": {"group": "herb"}, "ratio": "1"}]])
def test_a_claim_for_which_no_row_holds_is_refused_with_path_and_attributes(rows):
    with pytest.raises(cases.Faulty, match=r"layers\[0\]\.pay: no row holds \(.*kind=inpatient.*tier=2"):
        cases.answer(case(plan=changed("layers", 0, "pay", to=rows)))


def test_a_group_without_cost_needs_no_row_where_another_has_one():
    plan = changed("layers", 0, "pay", to=[{"when": {"group": "herb"}, "ratio": "0.5"}])
    items = [{"class": "A", "group": "herb", "amount": "1000"}, {"class": "C", "group": "room", "amount": "50"}]
    assert cases.answer(case(claim(items=items), plan=plan))["claims"][0]["fund_pays"] == "420.00"


def test_no_row_for_any_group_is_refused_even_where_nothing_is_eligible():
    plan = changed("layers", 0, "pay", to=[{"when": {"group": "herb"}, "ratio": "0.5"}])
    items = [{"class": "C", "group": "room", "amount": "50"}]
    assert faults_of(case(claim(items=items), plan=plan)) == [("claims[0]", "no_row")]


def test_total_and_eligible_stand_for_two_items():
    answer = cases.answer(case(claim(total="1500", eligible="1000")))["claims"][0]
    assert (answer["total"], answer["eligible"], answer["own_items"]) == ("1500.00", "1000.00", "500.00")
    assert answer["fund_pays"] == "420.00"


def test_a_total_beside_items_is_their_sum():
    items = [{"class": "A", "amount": "1000"}]
    assert cases.answer(case(claim(items=items, total="1000.0")))["claims"][0]["fund_pays"] == "420.00"


def test_a_visit_is_admitted_and_discharged_on_one_day():
    plan = changed("layers", 0, "when", to={"kind": "outpatient"})
    visit = claim(kind="outpatient")
    del visit["discharged"]
    assert cases.answer(case(visit, plan=plan))["claims"][0]["fund_pays"] == "420.00"
    del visit["admitted"]
    assert faults_of(case(visit, plan=plan)) == [("claims[0].discharged", "unstated")]


@pytest.mark.parametrize(("decided_by", "pays"), [("admitted", "420.00"), ("settled", None), ("discharged", None)])
def test_the_deciding_day_picks_the_plan(decided_by, pays):
    stay = claim(admitted="2010-12-30", discharged="2011-01-03", settled="2011-02-01")
    tree = case(stay, plan=changed("decided_by", to=decided_by))
    if pays:
        assert cases.answer(tree)["claims"][0]["fund_pays"] == pays
    else:
        assert faults_of(tree) == [(f"claims[0].{decided_by}", "no_plan_day")]


def test_a_plan_without_a_last_day_stays_in_force():
    plan = changed("in_force", to={"from": "2010-01-01"})
    assert cases.answer(case(claim(admitted="2015-01-01", discharged="2015-01-02"), plan=plan))["claims"]


def test_each_plan_year_has_its_own_counters():
    plan = changed("in_force", "through", to="2011-12-31")
    stays = [
        claim(id="a"),
        claim(id="b", admitted="2011-03-01", discharged="2011-03-09"),
        claim(id="c", admitted="2010-05-01", discharged="2010-05-09"),
    ]
    assert cases.answer(case(*stays, plan=plan))["counters"]["inpatient.year"] == "840.00"
    assert cases.answer(case(*stays[:2], plan=plan))["counters"]["inpatient.year"] == "420.00"


def test_counters_of_before_count():
    answer = cases.answer(case(counters_before={"inpatient.year": "19900"}))
    assert answer["claims"][0]["fund_pays"] == "100.00"
    assert answer["counters"] == {"inpatient.year": "20000.00", "critical_illness.base": "900.00"}


def test_stays_of_before_count():
    rows = [{"when": {"stay": {"from": "3"}}, "ratio": "1"}, {"ratio": "0.5"}]
    tree = case(claim(id="a"), claim(id="b"), plan=changed("layers", 0, "pay", to=rows), counters_before={"stays": "1"})
    answer = cases.answer(tree)
    assert [each["fund_pays"] for each in answer["claims"]] == ["420.00", "840.00"]
    assert answer["counters"]["stays"] == "3"


def test_a_stay_may_state_which_one_it_is():
    rows = [{"when": {"stay": "2"}, "ratio": "1"}, {"ratio": "0.5"}]
    assert (
        cases.answer(case(claim(stay="2"), plan=changed("layers", 0, "pay", to=rows)))["claims"][0]["fund_pays"]
        == "840.00"
    )


LATER = {
    "format": "1",
    "code": "later",
    "scheme": "cii",
    "in_force": {"from": "2010-05-01", "through": "2010-12-31"},
    "layers": [{"code": "extra", "fund": "cii", "of": "burden", "pay": [{"ratio": "0.5"}]}],
}


def test_documents_of_a_scheme_follow_one_another():
    stays = [claim(id="a"), claim(id="b", admitted="2010-05-02", discharged="2010-05-09")]
    early, late = cases.answer(case(*stays, plan=[SOUND, LATER]))["claims"]
    assert (early["fund_pays"], late["fund_pays"]) == ("420.00", "710.00")
    assert early["layers"][2]["trace"][0]["path"] == "plans[1].layers[0]"
    assert "not in force" in early["layers"][2]["trace"][0]["en"]


def test_without_a_basic_layer_the_claim_is_refused():
    stay = claim(admitted="2010-05-02", discharged="2010-05-09")
    assert faults_of(case(stay, plan=LATER)) == [("claims[0]", "no_basic_layer")]
    later = SOUND | {"in_force": {"from": "2011-01-01"}}
    assert faults_of(case(stay, plan=[LATER, later])) == [("claims[0]", "no_basic_layer")]


def test_a_layer_that_does_not_hold_pays_nothing_and_says_so():
    plan = changed("layers", 1, "when", to={"tier": "3"})
    layer = cases.answer(case(plan=plan))["claims"][0]["layers"][1]
    assert (layer["holds"], layer["pays"], layer["trace"][0]["en"]) == (
        False,
        "0.00",
        "This layer does not hold: it pays 0.",
    )


def test_plans_given_from_outside_take_the_place_of_the_case_s_own():
    tree = case()
    del tree["plan"]
    assert cases.answer(tree, plans=[plans.of_tree(SOUND)], trace=False)["claims"][0]["fund_pays"] == "420.00"


def test_without_trace_the_figures_are_the_same():
    full = cases.answer(case())["claims"][0]
    bare = cases.answer(case(), trace=False)["claims"][0]
    for layer in full["layers"]:
        del layer["trace"]
    assert full == bare


def test_case_text_keeps_numbers_exact():
    tree = cases.read(json.dumps(case()).replace('"1000"', "1000.10"))
    assert tree["claims"][0]["items"][0]["amount"] == "1000.10"


def test_what_others_paid_is_not_more_than_the_cost():
    plan = plans.of_tree(SOUND)
    bill = evaluation.Bill("x", {"kind": "inpatient"}, (), {"discharged": date(2010, 3, 1)}, Decimal(1))
    with pytest.raises(evaluation.CannotAssess, match="others paid"):
        evaluation.assess([plan], evaluation.Person(), bill, {})


def test_reversal_takes_back_the_claim_s_own_moves():
    before = {"inpatient.year": Decimal(5), "stays": Decimal(2)}
    moves = {"inpatient.year": Decimal(420), "stays": Decimal(1)}
    assert evaluation.reverse(evaluation.after(before, moves), moves) == before


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2000-02-29", "2010-02-28", 9),
        ("2000-02-29", "2010-03-01", 10),
        ("2000-03-01", "2010-03-01", 10),
        ("2010-03-01", "2010-03-01", 0),
    ],
)
def test_age_is_whole_years_on_the_day(born, day, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def test_a_shipped_plan_is_known_by_its_code_alone():
    assert not shipped.knows("../../../etc/passwd")
    with pytest.raises(KeyError):
        shipped.text("none-such")


def test_other_payers_above_a_case_price_lower_the_hospital_s_part():
    plan = changed("layers", 0, "pay", to=[{"price": "800", "ratio": "0.5"}])
    answer = cases.answer(case(claim(other_payers="900"), plan=plan))["claims"][0]
    assert (answer["fund_pays"], answer["hospital_bears"], answer["patient_pays"]) == ("0.00", "100.00", "0.00")


def test_a_fixed_sum_above_what_is_eligible_comes_off_own_items():
    plan = changed("layers", 0, "pay", to=[{"fixed": "300"}])
    plan["layers"][1] |= {"of": "own_items", "deductible": {"per": "year", "rows": [{"amount": "0"}]}, "over": "stay"}
    items = [{"class": "A", "amount": "200"}, {"class": "C", "amount": "400"}]
    answer = cases.answer(case(claim(items=items), plan=plan))["claims"][0]
    assert answer["layers"][1]["base"] == "300.00"
    assert answer["fund_pays"] == "450.00"


def test_in_a_layer_after_a_full_payment_nothing_is_left():
    plan = changed("layers", 0, "pay", to=[{"ratio": "1"}])
    del plan["layers"][0]["deductible"]
    plan["layers"].append({"code": "gift", "fund": "cii", "of": "burden", "pay": [{"fixed": "300"}]})
    answer = cases.answer(case(plan=plan))["claims"][0]
    assert [layer["pays"] for layer in answer["layers"]] == ["1000.00", "0.00", "0.00"]
    assert "still unpaid" in answer["layers"][2]["trace"][-2]["en"]


def test_no_deductible_row_means_none():
    plan = changed("layers", 0, "deductible", to={"per": "stay", "rows": [{"when": {"tier": "1"}, "amount": "60"}]})
    answer = cases.answer(case(plan=plan))["claims"][0]["layers"][0]
    assert (answer["deductible"], answer["pays"]) == ("0.00", "500.00")
    assert any("No deductible" in line["en"] for line in answer["trace"])


def test_a_ceiling_whose_rows_do_not_hold_is_none():
    plan = changed("layers", 0, "ceilings", to=[{"per": "stay", "rows": [{"when": {"tier": "1"}, "amount": "60"}]}])
    plan["layers"][0]["eligible_ceiling"] = {"counter": "year", "rows": [{"when": {"tier": "1"}, "amount": "60"}]}
    assert cases.answer(case(plan=plan))["claims"][0]["fund_pays"] == "420.00"


def test_a_disease_s_counter_moves_only_where_its_ceiling_holds():
    rows = [{"when": {"disease": "hypertension"}, "amount": "3000"}]
    plan = changed("layers", 0, "ceilings", to=[{"counter": "disease", "rows": rows}])
    tree = case(claim(id="a", disease="J18"), claim(id="b", disease="hypertension"), plan=plan)
    assert {name for name in cases.answer(tree)["counters"] if "disease" in name} == {"inpatient.disease.hypertension"}


def test_a_yearly_layer_with_a_factor_says_it_in_its_formula():
    plan = changed("layers", 1, "adjust", to=[{"when": {"tier": "2"}, "times": "0.5"}, {"points": "10"}])
    stay = claim(items=[{"class": "A", "amount": "40000"}])
    layer = cases.answer(case(stay, plan=plan))["claims"][0]["layers"][1]
    # basic: 0.5 x 840 + 0.6 x 39000 = 23820, cut to 20000; (20000 - 10000) x 60% x 0.5
    assert layer["pays"] == "3000.00"
    assert any("10,000.00 × 60% × 0.5" in line["en"] for line in layer["trace"])


def test_a_yearly_layer_without_a_deductible_pays_from_the_first_yuan():
    plan = changed("layers", 1, "deductible")
    assert cases.answer(case(plan=plan))["claims"][0]["layers"][1]["pays"] == "290.00"


def test_the_eligible_cost_may_be_cut_to_nothing():
    plan = changed("layers", 0, "eligible_ceiling", to={"counter": "year", "amount": "0"})
    answer = cases.answer(case(plan=plan))["claims"][0]
    assert (answer["fund_pays"], answer["burden"]) == ("0.00", "1000.00")


def test_a_deductible_of_a_group_that_the_claim_has_not_comes_off_the_rest():
    plan = changed("layers", 0, "deductible", "taken_from", to="herb")
    plan["layers"][0]["pay"] = [{"when": {"group": "exam"}, "ratio": "0.5"}, {"ratio": "0.5"}]
    items = [{"class": "A", "group": "exam", "amount": "500"}, {"class": "A", "group": "drug", "amount": "500"}]
    assert cases.answer(case(claim(items=items), plan=plan))["claims"][0]["fund_pays"] == "420.00"
