"""What a plan's adopters should have meant: gaps, rows never reached, rows that cross, falling bands."""

import pytest

from claims.rules import adoption, combinations, plans
from claims.rules.conditions import Condition
from claims.tests.plan_texts import SOUND, changed

pytestmark = pytest.mark.rules


def doubts_of(tree):
    found = adoption.doubts(plans.of_tree(tree))
    for doubt in found:
        assert doubt.zh
        assert doubt.en
    return [(doubt.path, doubt.key) for doubt in found]


def of_pay(*rows):
    return doubts_of(changed("layers", 0, "pay", to=list(rows)))


def test_a_sound_plan_leaves_no_doubt():
    assert doubts_of(SOUND) == []


@pytest.mark.parametrize(
    ("key", "found"),
    [("name", "unnamed"), ("document", "unnamed"), ("decided_by", "unsaid"), ("rounding", "unsaid")],
)
def test_what_the_document_leaves_unsaid(key, found):
    assert doubts_of(changed(key)) == [(key, found)]


def test_bands_with_a_deductible_say_from_where_they_count():
    assert doubts_of(changed("layers", 0, "bands_on")) == [("layers[0].bands_on", "unsaid")]


def test_bands_that_fall():
    rows = {"bands": [{"upto": "10", "ratio": "0.6"}, {"ratio": "0.5"}]}
    assert of_pay(rows) == [("layers[0].pay[0].bands[1]", "falls")]


def test_a_combination_without_a_row():
    tree = changed("layers", 0, "pay", to=[{"when": {"tier": ["1", "2"], "region": "county"}, "ratio": "0.8"}])
    gaps = [doubt for doubt in adoption.doubts(plans.of_tree(tree)) if doubt.key == "nothing_for"]
    assert len(gaps) == adoption.EXAMPLES
    assert {doubt.path for doubt in gaps} == {"layers[0].pay"}
    assert "region=outside, tier=1" in gaps[0].en


def test_a_combination_without_a_deductible():
    tree = changed("layers", 0, "deductible", "rows", to=[{"when": {"tier": "1"}, "amount": "60"}])
    assert set(doubts_of(tree)) == {("layers[0].deductible", "deductible_none")}
    tree["layers"][0]["pay"] = [{"when": {"not": {"tier": "1"}}, "fixed": "300"}, {"ratio": "0.5"}]
    assert doubts_of(tree) == []


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ([{"ratio": "0.5"}, {"when": {"tier": "1"}, "ratio": "0.6"}], ("layers[0].pay[1]", "never_reached")),
        ([{"when": {"kind": "delivery"}, "ratio": "0.5"}, {"ratio": "0.6"}], ("layers[0].pay[0]", "never_holds")),
        (
            [{"when": {"age": {"over": "20"}, "category": "newborn"}, "ratio": "0.5"}, {"ratio": "0.6"}],
            ("layers[0].pay[0]", "never_holds"),
        ),
        (
            [{"when": {"age": {"over": "20"}, "category": "minor"}, "ratio": "0.5"}, {"ratio": "0.6"}],
            ("layers[0].pay[0]", "never_holds"),
        ),
        ([{"when": {"level": "village"}, "ratio": "0.5"}, {"ratio": "0.6"}], ("layers[0].pay[0]", "never_holds")),
        (
            [{"when": {"level": "township", "tier": "3"}, "ratio": "0.5"}, {"ratio": "0.6"}],
            ("layers[0].pay[0]", "never_holds"),
        ),
        (
            [
                {"when": {"tier": "1"}, "ratio": "0.5"},
                {"when": {"age": {"under": "6"}}, "ratio": "0.6"},
                {"ratio": "1"},
            ],
            ("layers[0].pay[1]", "overlaps"),
        ),
        ([{"when": {"delivery": "normal"}, "fixed": "300"}, {"ratio": "0.6"}], ("layers[0].pay[0]", "asks_absent")),
    ],
)
def test_a_row_that_is_not_as_it_seems(rows, doubt):
    assert doubt in of_pay(*rows)


def test_rows_that_cross_and_say_the_same_are_no_doubt():
    rows = [{"when": {"tier": "1"}, "ratio": "0.5"}, {"when": {"age": {"under": "6"}}, "ratio": "0.5"}, {"ratio": "1"}]
    assert of_pay(*rows) == []


def test_a_special_case_before_the_general_one_is_no_doubt():
    rows = [
        {"when": {"tier": "1", "age": {"under": "6"}}, "ratio": "0.9"},
        {"when": {"tier": "1"}, "ratio": "0.5"},
        {"ratio": "1"},
    ]
    assert of_pay(*rows) == []


def test_an_adjustment_that_never_holds():
    tree = changed("layers", 0, "adjust", to=[{"when": {"kind": "injury"}, "points": "1"}])
    assert doubts_of(tree) == [("layers[0].adjust[0]", "never_holds")]


def test_a_layer_that_others_leave_nothing():
    tree = changed(
        "layers",
        1,
        to={"code": "again", "fund": "ncms", "when": {"kind": "inpatient", "tier": "1"}, "pay": [{"ratio": "1"}]},
    )
    assert ("layers[1]", "never_reached") in doubts_of(tree)


def test_a_stay_is_told_from_a_visit():
    tree = changed("layers", 0, "when", to={"kind": ["inpatient", "outpatient"]})
    tree["layers"][0]["deductible"]["rows"] = [{"when": {"stay": {"from": "2"}}, "amount": "30"}, {"amount": "60"}]
    assert ("layers[0].deductible.rows[0]", "asks_absent") in doubts_of(tree)


def test_a_layer_of_a_range_is_looked_through():
    tree = changed("layers", 0, "when", to={"kind": "inpatient", "age": {"under": "14"}, "disease": "C15"})
    tree["layers"][0]["pay"] = [{"when": {"disease": "J18"}, "ratio": "1"}, {"ratio": "0.5"}]
    assert doubts_of(tree) == [("layers[0].pay[0]", "never_holds")]


def test_too_many_combinations_are_a_doubt_of_their_own(monkeypatch):
    monkeypatch.setattr(combinations, "MOST", 2)
    assert ("layers[0]", "too_many") in doubts_of(SOUND)
    assert ("layers", "too_many") in doubts_of(SOUND)


def test_only_what_rows_tell_apart_is_varied():
    assert combinations.of([], Condition((("kind", frozenset(("inpatient",))),))) == [{"kind": "inpatient"}]
