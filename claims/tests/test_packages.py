"""Packages: what a version holds, what is still to be named, how versions differ, and every fault at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.rules import packages
from claims.rules.faults import Faulty
from claims.rules.packages import Change, Standing

pytestmark = pytest.mark.rules

WHOLE = """
format: 1
code: small
name: {zh-hans: 小包, en: Small}
versions:
  - in_force: {from: 2009-01-01, through: 2009-12-31}
    diseases:
      count: 2
      known:
        - {name: {zh-hans: 高血压, en: Hypertension}, codes: [I10]}
        - {name: {zh-hans: 恶性肿瘤, en: Tumours}, codes: [C]}
  - in_force: {from: 2010-03-01}
    per_head: {amount: 40}
    diseases:
      count: 3
      known:
        - {name: {zh-hans: 高血压, en: Hypertension}, codes: [I10]}
        - {name: {zh-hans: 糖尿病, en: Diabetes}, codes: [E10, E11]}
    drugs: {count: 162, specifications: 198}
"""


HEAD = "format: 1\ncode: p\nname: {zh-hans: 包, en: P}\n"


class TestShipped:
    @pytest.mark.parametrize(
        ("code", "day", "per_head", "counts", "left"),
        [
            (
                "yinchuan-basic-services",
                date(2009, 12, 31),
                30,
                {"diseases": 30, "drugs": 74},
                {"diseases": 30, "drugs": 74},
            ),
            (
                "yinchuan-basic-services",
                date(2010, 1, 1),
                40,
                {"diseases": 50, "drugs": 162},
                {"diseases": 50, "drugs": 162},
            ),
            (
                "jingyuan-basic-services",
                date(2009, 6, 1),
                None,
                {"diseases": 30, "drugs": 74},
                {"diseases": 30, "drugs": 74},
            ),
            ("jingyuan-chronic-diseases", date(2010, 7, 1), None, {"diseases": 10}, {"diseases": 7}),
            ("haiyuan-serious-diseases", date(2009, 7, 1), None, {"diseases": 10}, {"diseases": 9}),
        ],
    )
    def test_what_its_version_holds(self, code, day, per_head, counts, left):
        version = packages.shipped(code).on(day)
        assert version.per_head == per_head
        assert {kind: each.count for kind, each in version.lists.items()} == counts
        assert {kind: each.places_left for kind, each in version.lists.items()} == left

    def test_all_are_read_and_bear_their_own_code(self):
        packages.shipped.cache_clear()  # whoever ran before may have read them
        assert [packages.shipped(code).code for code in packages.codes()] == list(packages.codes())
        assert len(packages.codes()) == 4

    def test_the_drugs_of_2010_count_their_specifications(self):
        before, after = packages.shipped("yinchuan-basic-services").versions
        assert after.lists["drugs"].specifications == 198
        assert packages.changes(before, after) == {
            "diseases": Change(30, 50, added=(), gone=()),
            "drugs": Change(74, 162, added=(), gone=()),
        }

    def test_one_that_is_not_shipped(self):
        with pytest.raises(KeyError):
            packages.shipped("../plans/haiyuan-ncms-2009")


class TestReading:
    def test_versions_by_day(self):
        package = packages.read(WHOLE)
        first, second = package.versions
        assert package.on(date(2008, 12, 31)) is None
        assert package.on(date(2009, 1, 1)) is first
        assert package.on(date(2009, 12, 31)) is first
        assert package.on(date(2010, 2, 28)) is None
        assert package.on(date(2020, 1, 1)) is second
        assert second.per_head == Decimal(40)

    @pytest.mark.parametrize(
        ("version", "code", "standing"),
        [
            (0, "I10", Standing.LISTED),
            (0, "I10.1", Standing.LISTED),
            (0, "C50", Standing.LISTED),
            (0, "I11", Standing.ABSENT),
            (1, "E11", Standing.LISTED),
            (1, "C50", Standing.OPEN),
        ],
    )
    def test_a_code_is_absent_only_from_a_whole_list(self, version, code, standing):
        assert packages.read(WHOLE).versions[version].lists["diseases"].standing(code) is standing

    def test_what_a_version_changes(self):
        first, second = packages.read(WHOLE).versions
        assert packages.changes(first, second) == {
            "diseases": Change(2, 3, added=("糖尿病",), gone=("恶性肿瘤",)),
            "drugs": Change(0, 162, added=(), gone=()),
        }
        assert packages.changes(first, first) == {}

    def test_json_is_read_as_well(self):
        text = (
            '{"format": 1, "code": "j", "name": {"zh-hans": "包", "en": "J"}, "document": "某文",'
            ' "versions": [{"in_force": {"from": "2010-01-01"}}]}'
        )
        assert packages.read(text).document == "某文"


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "faults"),
        [
            ("", [("", "empty")]),
            ("[]", [("", "not_a_mapping")]),
            (
                "{}",
                [
                    ("format", "missing_key"),
                    ("code", "missing_key"),
                    ("name", "missing_key"),
                    ("versions", "missing_key"),
                ],
            ),
            (
                "format: 2\ncode: A B\nname: {zh-hans: 包}\nversions: []",
                [
                    ("format", "format_unknown"),
                    ("code", "not_a_code"),
                    ("name.en", "missing_key"),
                    ("versions", "no_rows"),
                ],
            ),
        ],
    )
    def test_of_the_whole(self, text, faults):
        self.check(text, faults)

    @pytest.mark.parametrize(
        ("version", "faults"),
        [
            ("{}", [("in_force", "missing_key")]),
            ("{in_force: {}}", [("in_force.from", "missing_key")]),
            ("{in_force: {from: 2010-02-30}}", [("in_force.from", "not_a_date")]),
            ("{in_force: {from: 2010-02-01, through: 2010-01-31}}", [("in_force.through", "dates_reversed")]),
            ("{in_force: {from: 2010-01-01}, per_head: {amount: -1}}", [("per_head.amount", "not_an_amount")]),
            ("{in_force: {from: 2010-01-01}, per_head: {}}", [("per_head.amount", "missing_key")]),
            ("{in_force: {from: 2010-01-01}, herbs: {count: 1}}", [("herbs", "unknown_key")]),
            ("{in_force: {from: 2010-01-01}, drugs: {}}", [("drugs.count", "missing_key")]),
            ("{in_force: {from: 2010-01-01}, drugs: {count: 1, cites: a, assumed: b}}", [("drugs", "both_sources")]),
            (
                "{in_force: {from: 2010-01-01}, drugs: {count: many, known: [FIRST}, SECOND}]}}",
                [("drugs.count", "not_a_number")],
            ),
            (
                "{in_force: {from: 2010-01-01}, drugs: {count: 1, known: [FIRST}, SECOND}]}}",
                [("drugs.known", "more_than_stated")],
            ),
            (
                "{in_force: {from: 2010-01-01}, drugs: {count: 9, known: [{codes: [x]}, FIRST, codes: [x]}, FIRST}]}}",
                [
                    ("drugs.known[0].name", "missing_key"),
                    ("drugs.known[1]", "listed_twice"),
                    ("drugs.known[2]", "listed_twice"),
                ],
            ),
        ],
    )
    def test_of_a_version(self, version, faults):
        version = version.replace("FIRST", "{name: {zh-hans: 甲, en: a}").replace(
            "SECOND", "{name: {zh-hans: 乙, en: b}"
        )
        text = f"{HEAD}versions: [{version}]"
        self.check(text, [(f"versions[0].{path}", key) for path, key in faults])

    @pytest.mark.parametrize("first", ["from: 2009-01-01", "from: 2009-01-01, through: 2010-01-01"])
    def test_versions_that_overlap(self, first):
        text = f"{HEAD}versions: [{{in_force: {{{first}}}}}, {{in_force: {{from: 2010-01-01}}}}]"
        self.check(text, [("versions[1].in_force.from", "version_overlaps")])

    def test_all_at_once_in_both_languages(self):
        text = WHOLE.replace("count: 2", "count: 1").replace("amount: 40", "amount: forty")
        with pytest.raises(Faulty) as refusal:
            packages.read(text)
        assert [(fault.path, fault.en, fault.zh) for fault in refusal.value.faults] == [
            (
                "versions[0].diseases.known",
                "There are 2 entries, more than the 1 stated.",
                "列出了 2 项，多于注明的 1 项。",
            ),
            (
                "versions[1].per_head.amount",
                "“forty” is no amount: not negative, at most two decimals, at most 12 digits before the point.",
                "“forty”不是金额：不能为负，最多两位小数，整数部分最多 12 位。",
            ),
        ]

    def check(self, text, faults):
        with pytest.raises(Faulty) as refusal:
            packages.read(text)
        assert [(fault.path, fault.key) for fault in refusal.value.faults] == faults
