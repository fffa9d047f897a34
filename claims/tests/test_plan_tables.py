"""A document in words: every form of the format once, every shipped plan whole, two documents side by side."""

from __future__ import annotations

import pytest
from django.utils import translation

from claims.plan_words import condition, in_words
from claims.prints import comparing, plan_tables
from claims.prints.comparing import Mark
from claims.rules import plans, shipped
from claims.tests.factories import BASIC, CRITICAL

EVERYTHING = """
format: 1
code: everything
scheme: ncms
name: {zh-hans: 每种写法, en: Every form}
in_force: {from: 2010-01-01}
cites: 一份文件
layers:
  - code: inpatient
    fund: ncms
    name: {zh-hans: 住院统筹, en: Pooled stays}
    when: {kind: inpatient}
    cover:
      - {when: {class: C}, share: 0}
      - {when: {group: implant}, share: 0.5, paid_in_full: true}
      - {share: 1}
    eligible_ceiling: {counter: year, amount: 144000}
    deductible:
      per: year
      taken_from: other_than_herb
      cites: 起付线一句
      rows: [{when: {tier: 1}, amount: 60}, {amount: 160, assumed: 假设}]
    pay:
      - {when: {tier: 1, age: {from: 60}}, ratio: 0.75, ratio_per_year_of_age: 0.002}
      - {when: {tier: 1}, bands: [{ratio: 0.5}]}
      - {when: {tier: 2}, bands: [{upto: 10000, ratio: 0.35}, {upto: 30000, ratio: 0.40}, {ratio: 0.455}]}
      - {ratio: 0.3}
    adjust:
      - {when: {referred: false}, points: -10}
      - {when: {tcm: true}, points: 5}
      - {when: {designated: false}, times: 0.5}
    floor: {of: total, borne_by: hospital, rows: [{ratio: 0.30}]}
    patient_ceiling: {per: stay, amount: 6000}
    ceilings:
      - {per: stay, amount: 10000}
      - {counter: household, amount_per_member: 200}
      - {counter: disease, cites: 病种一句, rows: [{when: {disease: hypertension}, amount: 3000}]}
    except: [{disease_group: serious}]
  - code: cases
    fund: own
    when: {kind: chronic}
    deductible: {per: stay, taken_from: herb, rows: [{amount: 1}]}
    bands_on: net
    pay:
      - {when: {disease: VSD}, price: 28000, patient_share_of_cost: 0.30}
      - {when: {disease: C15}, price: 25000, ratio: 0.80}
      - {when: {disease: cataract}, limit_price: 1500, ratio: 0.75}
      - {when: {level: village}, copay: 1}
      - {when: {level: county}, fixed: 300}
      - {account: household}
    floor: {of: eligible, rows: [{ratio: 0.1}]}
"""


def told(text: str) -> plan_tables.PlanTold:
    return plan_tables.told(plans.read(text))


def blocks(text: str, layer: int = 0) -> dict[str, list[tuple[str, str]]]:
    """By key of the block: for whom, what."""
    found = told(text).layers[layer].blocks
    return {one.key: [(rule.who, " / ".join(rule.what)) for rule in one.rules] for one in found}


@pytest.mark.usefixtures("in_english")
class TestWords:
    @pytest.mark.parametrize(
        ("when", "words"),
        [
            ({}, "all"),
            ({"kind": "inpatient", "tier": "2"}, "inpatient stay · second-tier institution"),
            ({"level": ["village", "township"]}, "village or township level"),
            ({"tier": ["1", "2", "3"]}, "first-tier institution, second-tier institution or third-tier institution"),
            ({"tier": ["1"]}, "first-tier institution"),
            ({"age": {"under": "12"}}, "under 12 years"),
            ({"age": {"from": "12", "to": "17"}}, "12 years to 17 years"),
            ({"age": {"from": "12", "under": "18"}}, "12 years and more, under 18 years"),
            ({"age": {"over": "12", "under": "18"}}, "over 12 years, under 18 years"),
            ({"stay": {"from": "2"}}, "stay no. 2 and more of the year"),
            ({"years_enrolled": {"to": "3"}}, "enrolled up to 3 years"),
            ({"referred": "false", "designated": "true"}, "not referred · designated institution"),
            ({"disease_group": ["serious_class_1", "own"]}, "disease group serious diseases, class 1 or own"),
            ({"not": {"region": "county"}}, "not (inside the county)"),
            ({"group": "of the office's own"}, "of the office's own"),
        ],
    )
    def test_a_condition(self, when, words):
        assert condition(when) == words

    def test_in_chinese(self):
        with translation.override("zh-hans"):
            assert condition({"tier": "2", "age": {"under": "12"}}) == "二级医疗机构 · 不满12岁"
            assert in_words("甲类 drug：2,400.00 × 100% = 2,400.00") == "甲类 药品：2,400.00 × 100% = 2,400.00"
        assert in_words("layers[1].exam: other") == "layers[1].exam: other"


@pytest.mark.usefixtures("in_english")
class TestTables:
    def test_every_form_of_the_format(self):
        found = blocks(EVERYTHING)
        assert found == {
            "cover": [
                ("class C (outside the catalogue)", "own item, not eligible"),
                ("implants", "50 % eligible / then paid in full, without deductible and ratio"),
                ("all others", "100 % eligible"),
            ],
            "eligible_ceiling": [("all", "144,000.00 yuan")],
            "deductible": [("first-tier institution", "60.00 yuan"), ("all others", "160.00 yuan")],
            "pay": [
                ("first-tier institution · 60 years and more", "75 % + 0.2 % for each year of age"),
                ("first-tier institution", "all of it: 50 %"),
                (
                    "second-tier institution",
                    "up to 10,000.00 yuan: 35 % / 10,000.00 yuan to 30,000.00 yuan: 40 % / over 30,000.00 yuan: 45.5 %",
                ),
                ("all others", "30 %"),
            ],
            "adjust": [
                ("not referred", "-10 percentage points"),
                ("Chinese medicine", "+5 percentage points"),
                ("not designated", "payment × 0.5"),
            ],
            "floor": [("all", "30 %")],
            "patient_ceiling": [("all", "6,000.00 yuan")],
            "ceilings": [
                ("a stay", "10,000.00 yuan"),
                ("a household and year", "200.00 yuan for each member"),
                ("a disease and year · disease hypertension", "3,000.00 yuan"),
            ],
            "except": [("disease group serious", "does not count against the year's ceiling")],
        }

    def test_case_payments_and_accounts(self):
        assert blocks(EVERYTHING, 1)["pay"] == [
            ("disease VSD", "case price 28,000.00 yuan / the patient pays 30 % of the cost"),
            ("disease C15", "case price 25,000.00 yuan / the fund pays 80 % of the price"),
            ("disease cataract", "limit 1,500.00 yuan / 75 % of the lesser of cost and limit"),
            ("village level", "the patient pays 1.00 yuan, the fund the rest"),
            ("county level", "a fixed 300.00 yuan"),
            ("all others", "out of the household account, as far as it reaches"),
        ]

    def test_notes_and_names(self):
        first, second = told(EVERYTHING).layers
        notes = {one.key: one.note for one in first.blocks}
        assert "comes off the lowest" in notes["pay"]
        assert notes["deductible"] == "Comes off everything but herbs first."
        assert notes["floor"] == "What is missing is borne by the hospital."
        assert {one.key: one.note for one in second.blocks}["deductible"] == "Comes off herbs first."
        assert (first.title, second.title) == ("Pooled stays", "cases")
        assert ("paid by", "own") in second.facts
        [critical] = told(CRITICAL).layers
        assert critical.title == "critical illness"
        assert ("counts", "over the year, together with what came before") in critical.facts
        assert "after the deductible" in told(BASIC).layers[0].blocks[2].note

    def test_each_rule_has_its_source(self):
        found = told(EVERYTHING)
        assert found.cites == "一份文件"
        sources = {rule.path: (rule.cites, rule.assumed) for rule in found.rules}
        assert sources["layers[0].deductible.rows[0]"] == ("起付线一句", "")
        assert sources["layers[0].deductible.rows[1]"] == ("", "假设")
        assert sources["layers[0].ceilings[2].rows[0]"] == ("病种一句", "")
        assert sources["layers[0].cover[0]"] == ("", "")

    @pytest.mark.parametrize("code", shipped.codes())
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_every_shipped_plan_is_told_whole(self, code, language):
        with translation.override(language):
            found = plan_tables.told(shipped.plan(code))
        assert found.layers
        assert all(rule.who and all(rule.what) for rule in found.rules)


@pytest.mark.usefixtures("in_english")
class TestSideBySide:
    def marks(self, left: str, right: str) -> list[tuple[str, str]]:
        layers = comparing.compared(told(left), told(right))
        lines = [line for layer in layers for block in layer.blocks for line in block.lines]
        return [(str(line.mark), (line.right or line.left).who) for line in lines if line.mark != Mark.SAME]

    def test_the_same(self):
        assert self.marks(BASIC, BASIC) == []
        assert comparing.differences(comparing.compared(told(BASIC), told(BASIC))) == 0

    def test_a_figure_a_new_rule_and_one_taken_out(self):
        right = BASIC.replace("ratio: 0.85", "ratio: 0.80")
        right = right.replace("        - {when: {tier: 2, age: {under: 12}}, amount: 90}\n", "")
        right = right.replace(
            "      - {per: stay, amount: 20000}",
            "      - {per: stay, amount: 20000}\n      - {counter: household, amount: 9}",
        )
        assert self.marks(BASIC, right) == [
            ("left", "second-tier institution · under 12 years"),
            ("changed", "first-tier institution"),
            ("right", "a household and year"),
        ]

    def test_a_block_and_a_layer_of_one_alone(self):
        bare = BASIC[: BASIC.index("    adjust:")]
        assert ("left", "not referred · outside the county") in self.marks(BASIC, bare)
        both = BASIC + CRITICAL[CRITICAL.index("  - code") :]
        [_first, second] = comparing.compared(told(BASIC), told(both))
        assert second.code == "critical_illness"
        assert {line.mark for block in second.blocks for line in block.lines} == {Mark.RIGHT}
        [_first, second] = comparing.compared(told(both), told(BASIC))
        assert {line.mark for block in second.blocks for line in block.lines} == {Mark.LEFT}
        assert comparing.differences([second]) == sum(len(block.lines) for block in second.blocks)
