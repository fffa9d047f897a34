"""Reading a plan document: what is taken, and every fault with its path, all at once."""

import json
from string import Formatter
from typing import Any

import pytest

from claims.rules import documents, plans
from claims.rules.documents import DEEPEST, LONGEST, lines_of
from claims.rules.fault_words import FAULTS
from claims.rules.trace_words import TRACE
from claims.tests.plan_texts import SOUND, changed

pytestmark = pytest.mark.rules


def faults_of(tree_or_text):
    read = plans.read if isinstance(tree_or_text, str) else plans.of_tree
    with pytest.raises(plans.Faulty) as caught:
        read(tree_or_text)
    for fault in caught.value.faults:
        assert fault.zh
        assert fault.en
    return [(fault.path, fault.key) for fault in caught.value.faults]


LAYER = ("layers", 0)
PAY = (*LAYER, "pay", 0)

FAULTY: list[Any] = [
    (("format",), "2", "format", "format_unknown"),
    (("code",), "Sound 2010", "code", "not_a_code"),
    (("code",), ["a"], "code", "not_a_value"),
    (("code",), None, "code", "missing_value"),
    (("scheme",), "nhs", "scheme", "not_one_of"),
    (("more",), "x", "more", "unknown_key"),
    (("name",), "plain", "name", "not_a_mapping"),
    (("name",), {"en": "Only English"}, "name.zh-hans", "missing_key"),
    (("document",), "字" * 4001, "document", "too_much_text"),
    (("in_force", "from"), "2010-02-30", "in_force.from", "not_a_date"),
    (("in_force", "from"), "1 January", "in_force.from", "not_a_date"),
    (("in_force", "from"), None, "in_force.from", "missing_value"),
    (("in_force", "through"), "2009-12-31", "in_force.through", "dates_reversed"),
    (("decided_by",), "born", "decided_by", "not_one_of"),
    (("rounding",), "wan", "rounding", "not_one_of"),
    (("layers",), {}, "layers", "not_a_list"),
    (("layers",), [], "layers", "no_rows"),
    (("layers",), None, "layers", "missing_value"),
    (("layers", 1), "text", "layers[1]", "not_a_mapping"),
    (("layers", 1, "code"), "inpatient", "layers[1].code", "code_twice"),
    ((*LAYER, "of"), "nothing", "layers[0].of", "not_one_of"),
    ((*LAYER, "cites"), "甲", None, None),
    ((*LAYER, "cites"), ["甲"], "layers[0].cites", "not_a_value"),
    (PAY, {"ratio": "0.5", "cites": "甲", "assumed": "乙"}, "layers[0].pay[0]", "both_sources"),
    (PAY, {"ratio": "1.01"}, "layers[0].pay[0].ratio", "not_a_share"),
    (PAY, {"ratio": "-0.1"}, "layers[0].pay[0].ratio", "not_a_share"),
    (PAY, {"ratio": "NaN"}, "layers[0].pay[0].ratio", "not_a_share"),
    (PAY, {"ratio": {}}, "layers[0].pay[0].ratio", "not_a_value"),
    (PAY, {"fixed": "-1"}, "layers[0].pay[0].fixed", "not_an_amount"),
    (PAY, {"fixed": "1.001"}, "layers[0].pay[0].fixed", "not_an_amount"),
    (PAY, {"fixed": "1e999"}, "layers[0].pay[0].fixed", "not_an_amount"),
    (PAY, {"fixed": "12345678901234567"}, "layers[0].pay[0].fixed", "not_an_amount"),
    (PAY, {"when": {}}, "layers[0].pay[0]", "no_form"),
    (PAY, {"fixed": "1", "copay": "2"}, "layers[0].pay[0]", "two_forms"),
    (PAY, {"fixed": "1", "ratio": "0.5"}, "layers[0].pay[0].ratio", "stands_alone"),
    (PAY, {"fixed": "1", "ratio_per_year_of_age": "0.5"}, "layers[0].pay[0].ratio_per_year_of_age", "stands_alone"),
    (PAY, {"price": "1"}, "layers[0].pay[0]", "price_needs"),
    (PAY, {"price": "1", "ratio": "0.5", "patient_share_of_cost": "0.3"}, "layers[0].pay[0]", "price_needs"),
    (PAY, {"limit_price": "1"}, "layers[0].pay[0]", "limit_needs"),
    (PAY, {"account": "bank"}, "layers[0].pay[0].account", "not_one_of"),
    (PAY, {"bands": []}, "layers[0].pay[0].bands", "no_rows"),
    (PAY, {"bands": [{"upto": "5"}]}, "layers[0].pay[0].bands[0].ratio", "missing_key"),
    (PAY, {"bands": [{"ratio": "1"}, {"ratio": "1"}]}, "layers[0].pay[0].bands[1]", "band_open"),
    (
        PAY,
        {"bands": [{"upto": "5", "ratio": "1"}, {"upto": "5", "ratio": "1"}]},
        "layers[0].pay[0].bands[1].upto",
        "bands_not_rising",
    ),
    ((*PAY, "when"), {"tier": "4"}, "layers[0].pay[0].when.tier", "not_a_number"),
    ((*PAY, "when"), {"tier": None}, "layers[0].pay[0].when.tier", "missing_value"),
    ((*PAY, "when"), {"tier": []}, "layers[0].pay[0].when.tier", "no_rows"),
    ((*PAY, "when"), {"tier": ["1", "9"]}, "layers[0].pay[0].when.tier[1]", "not_a_number"),
    ((*PAY, "when"), "tier 1", "layers[0].pay[0].when", "not_a_mapping"),
    ((*PAY, "when"), {"kind": "dental"}, "layers[0].pay[0].when.kind", "not_one_of"),
    ((*PAY, "when"), {"referred": "yes"}, "layers[0].pay[0].when.referred", "not_a_flag"),
    ((*PAY, "when"), {"colour": "red"}, "layers[0].pay[0].when.colour", "attribute_unknown"),
    ((*PAY, "when"), {"class": "A"}, "layers[0].pay[0].when.class", "attribute_misplaced"),
    ((*PAY, "when"), {"case_paid": "true"}, "layers[0].pay[0].when.case_paid", "attribute_misplaced"),
    ((*PAY, "when"), {"kind": {"from": "1"}}, "layers[0].pay[0].when.kind", "no_range"),
    ((*PAY, "when"), {"age": {}}, "layers[0].pay[0].when.age", "range_empty"),
    ((*PAY, "when"), {"age": {"least": "1"}}, "layers[0].pay[0].when.age.least", "unknown_key"),
    ((*PAY, "when"), {"age": {"from": "1", "over": "1"}}, "layers[0].pay[0].when.age", "range_double"),
    ((*PAY, "when"), {"age": {"to": "1", "under": "1"}}, "layers[0].pay[0].when.age", "range_double"),
    ((*PAY, "when"), {"age": {"over": "5", "under": "6"}}, "layers[0].pay[0].when.age", "range_reversed"),
    ((*PAY, "when"), {"not": {}}, "layers[0].pay[0].when.not", "not_empty"),
    ((*PAY, "when"), {"not": "x"}, "layers[0].pay[0].when.not", "not_a_mapping"),
    ((*LAYER, "cover"), [{"when": {"class": "D"}, "share": "1"}], "layers[0].cover[0].when.class", "not_one_of"),
    ((*LAYER, "cover"), [{"paid_in_full": "true"}], "layers[0].cover[0].share", "missing_key"),
    ((*LAYER, "adjust", 0), {"when": {}}, "layers[0].adjust[0]", "one_adjustment"),
    ((*LAYER, "adjust", 0), {"points": "1", "times": "1"}, "layers[0].adjust[0]", "one_adjustment"),
    ((*LAYER, "adjust", 0), {"points": "101"}, "layers[0].adjust[0].points", "not_points"),
    ((*LAYER, "adjust", 0), {"times": "11"}, "layers[0].adjust[0].times", "not_a_factor"),
    ((*LAYER, "deductible"), {"per": "visit", "rows": [{}]}, "layers[0].deductible.per", "not_one_of"),
    ((*LAYER, "deductible"), {"per": "stay", "rows": [{}]}, "layers[0].deductible.rows[0].amount", "missing_key"),
    ((*LAYER, "floor"), {"of": "total", "rows": [{}]}, "layers[0].floor.rows[0].ratio", "missing_key"),
    ((*LAYER, "patient_ceiling"), {"per": "year", "amount": "1"}, "layers[0].patient_ceiling.per", "not_one_of"),
    ((*LAYER, "patient_ceiling"), {"per": "stay"}, "layers[0].patient_ceiling.amount", "missing_key"),
    (
        (*LAYER, "eligible_ceiling"),
        {"counter": "stay", "amount": "1"},
        "layers[0].eligible_ceiling.counter",
        "not_one_of",
    ),
    ((*LAYER, "eligible_ceiling"), {"amount": "1"}, "layers[0].eligible_ceiling.counter", "missing_key"),
    ((*LAYER, "ceilings", 0), {"amount": "1"}, "layers[0].ceilings[0]", "ceiling_what"),
    ((*LAYER, "ceilings", 0), {"counter": "year"}, "layers[0].ceilings[0]", "ceiling_amount"),
    (
        (*LAYER, "ceilings", 0),
        {"counter": "year", "amount_per_member": "1"},
        "layers[0].ceilings[0].amount_per_member",
        "per_member",
    ),
    ((*LAYER, "pay", 2), {"when": {"group": "herb"}, "fixed": "3"}, "layers[0].pay", "group_beside_sum"),
    (("layers", 1, "deductible", "per"), "stay", "layers[1].deductible.per", "year_needs_yearly"),
    (("layers", 1, "pay", 0), {"fixed": "5"}, "layers[1].pay", "year_form"),
    (("layers", 1, "pay", 0), {"price": "5", "ratio": "0.5"}, "layers[1].pay[0]", "first_layer_cost"),
    (
        ("layers", 1, "pay", 0),
        {"when": {"group": "herb"}, "ratio": "1"},
        "layers[1].pay[0].when.group",
        "attribute_misplaced",
    ),
    (
        ("layers", 1, "eligible_ceiling"),
        {"counter": "year", "amount": "1"},
        "layers[1].eligible_ceiling",
        "first_layer_cost",
    ),
    (
        ("layers", 1, "floor"),
        {"of": "total", "borne_by": "hospital", "rows": [{"ratio": "0.1"}]},
        "layers[1].floor.borne_by",
        "hospital_basic",
    ),
]


@pytest.mark.parametrize(("steps", "to", "path", "key"), FAULTY)
def test_a_fault_is_told_with_its_path(steps, to, path, key):
    tree = changed(*steps, to=to)
    if path is None:
        plans.of_tree(tree)
    else:
        assert (path, key) in faults_of(tree)


def test_a_cover_stands_only_where_items_are_looked_at():
    tree = changed("layers", 1, "of", to="own_items")
    tree["layers"][1]["cover"] = [{"share": "1"}]
    assert ("layers[1].cover", "cover_of") in faults_of(tree)


@pytest.mark.parametrize("key", ["format", "code", "scheme", "in_force", "layers"])
def test_what_a_plan_needs_is_missed(key):
    assert (key, "missing_key") in faults_of(changed(key))


@pytest.mark.parametrize("key", ["code", "fund", "pay"])
def test_what_a_layer_needs_is_missed(key):
    assert (f"layers[0].{key}", "missing_key") in faults_of(changed("layers", 0, key))


def test_all_faults_are_told_at_once():
    tree = changed("rounding", to="wan")
    tree["layers"][0]["pay"][0]["ratio"] = "2"
    tree["layers"][1]["fund"] = "CII"
    tree["colour"] = "red"
    assert {path for path, _key in faults_of(tree)} == {
        "rounding",
        "layers[0].pay[0].ratio",
        "layers[1].fund",
        "colour",
    }


@pytest.mark.parametrize(
    ("text", "path", "key"),
    [
        ("", "", "empty"),
        ("# nothing but a comment", "", "empty"),
        ("a: [1", "", "syntax"),
        ("a: \x07", "", "syntax"),
        ('{"a": 1', "", "syntax"),
        ("a: 1\n---\nb: 2", "", "several"),
        ("a: &x 1\nb: *x", "b", "alias"),
        ("a: !mine 1", "a", "tag"),
        ("? [a]\n: 1", "", "key_not_text"),
        ("a: 1\na: 2", "a", "twice"),
        ("code: ~", "code", "missing_value"),
        ("layers:\n  - {code: a, code: b}", "layers[0].code", "twice"),
        ('{"layers": [{"code": 1, "code": 2}]}', "layers[0].code", "twice"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "[0]" * (DEEPEST + 1), "too_deep"),
        ("{a: " * 5000, "", "too_deep"),
        ("{" + '"a": {' * 5000, "", "too_deep"),
        ("x" * (LONGEST + 1), "", "too_long"),
        ("just words", "", "not_a_mapping"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(text, path, key):
    assert (path, key) in faults_of(text)


def test_json_of_nothing_is_empty():
    with pytest.raises(plans.Faulty, match="nothing in it"):
        documents.read_json(" ")


def test_a_program_cannot_give_a_float():
    assert ("layers[0].pay[0].ratio", "a_float") in faults_of(changed("layers", 0, "pay", 0, "ratio", to=0.85))


def test_a_program_cannot_nest_for_ever():
    tree = SOUND
    for _each in range(DEEPEST + 2):
        tree = {"layers": tree}
    assert faults_of(tree)[0][1] == "too_deep"


def test_numbers_are_read_as_they_are_written():
    plan = plans.read(plans.written(SOUND).replace("amount: 160", "amount: 160.10"))
    assert str(plan.layers[0].deductible.rows[1].amount) == "160.10"


def test_yaml_and_json_say_the_same():
    as_json = json.dumps(changed("format", to=1))
    assert plans.read(as_json) == plans.read(plans.written(SOUND)) == plans.of_tree(SOUND)


def test_written_keeps_text_that_looks_like_nothing():
    tree = changed("document", to="null")
    assert plans.read(plans.written(tree)).document == "null"


def test_every_sentence_is_there_in_both_languages():
    for zh, en in (*FAULTS.values(), *TRACE.values()):
        assert zh
        assert en
        assert sorted(_places(zh) - {"unit", "class_zh"}) == sorted(_places(en) - {"unit_en", "class_"})


def _places(sentence):
    return {name for _text, name, _form, _kind in Formatter().parse(sentence) if name}


class TestLines:
    """Each fault names the line of the text that it stands on."""

    def lines(self, text):
        with pytest.raises(plans.Faulty) as caught:
            plans.read(text)
        return {(fault.path, fault.key): fault.line for fault in caught.value.faults}

    def test_of_a_value_a_key_an_entry_and_what_should_hold_what_is_missing(self):
        text = (
            "\n# the county's paper\nformat: 1\ncode: Sound\nscheme: ncms\nroundin: fen\n"
            "in_force:\n  from: 2010-01-01\n  from: 2010-02-30\nlayers:\n- code: a\n  pay:\n"
            "  - {ratio: 0.5}\n  -\n    ratio: 2\n"
        )
        assert self.lines(text) == {("in_force.from", "twice"): 9}
        found = self.lines(text.replace("  from: 2010-01-01\n", "  # from\n"))
        assert found == {
            ("code", "not_a_code"): 4,
            ("roundin", "unknown_key"): 6,
            ("in_force.from", "not_a_date"): 9,
            ("layers[0].fund", "missing_key"): 11,
            ("layers[0].pay[1].ratio", "not_a_share"): 15,
        }

    def test_of_json_of_what_cannot_be_read_and_of_nothing(self):
        assert self.lines('{"format": 1,\n "code": "a",\n "layers": [],\n "scheme": "nhs", "in_force": {}}') == {
            ("scheme", "not_one_of"): 4,
            ("in_force.from", "missing_key"): 4,
            ("layers", "no_rows"): 3,
        }
        assert self.lines("format: 1\n  code: [") == {("", "syntax"): 2}
        assert self.lines("") == {("", "empty"): None}
        assert lines_of("x" * (LONGEST + 1)) == lines_of("a: 1\n---\nb: 2") == {}

    def test_what_is_referred_to_again_and_what_is_deep_is_not_walked_for_ever(self):
        again = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n? [k]\n: 1\n"
        assert lines_of(again) == {"": 1, "a": 1, "a[0]": 1, "b": 2, "c": 3}
        deep = "[" * (DEEPEST + 5) + "]" * (DEEPEST + 5)
        assert len(lines_of(deep)) == DEEPEST + 2
