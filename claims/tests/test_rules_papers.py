"""Which papers a claim needs, and which stays share days."""

from __future__ import annotations

from datetime import date

import pytest

from claims.rules import papers, stays

pytestmark = pytest.mark.rules

DAY = date(2010, 3, 1)
TWO = """\
- from: "2010-01-01"
  document: the county's paper
  papers:
    - {code: a, zh: 甲, en: A}
- from: "2009-01-01"
  document: an older paper
  papers:
    - {code: b, zh: 乙, en: B}
    - {code: c, zh: 丙, en: C, when: {kind: [delivery]}}
"""


def needed(**facts) -> set[str]:
    given = {"kind": "inpatient", "region": "county", "is_referred": False, "is_emergency": False, "ground": "none"}
    return {one.code for one in papers.needed(papers.facts_of(**{**given, **facts}), DAY)}


def test_a_stay_needs_the_usual_ones():
    usual = {"id_card", "card", "invoice", "fee_list", "discharge_summary", "diagnosis_proof", "bank_book"}
    assert needed() == usual


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({"region": "outside", "is_referred": True}, {"referral"}),
        ({"is_referred": True}, set()),
        ({"region": "outside", "is_emergency": True}, {"emergency_proof"}),
        ({"ground": "migrant_work"}, {"work_elsewhere"}),
        ({"kind": "injury"}, {"injury_statement", "injury_proof"}),
    ],
)
def test_some_need_more(facts, more):
    assert needed(**facts) - needed() == more


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        ("delivery", "birth_certificate"),
        ("chronic", "chronic_certificate"),
        ("outpatient", "prescription"),
        ("special", "special_approval"),
    ],
)
def test_each_kind_has_its_own(kind, paper):
    assert paper in needed(kind=kind)


def test_a_list_counts_from_its_day():
    lists = papers.read(TWO)
    assert [one.first.year for one in lists] == [2009, 2010]
    assert [one.code for one in papers.needed({"kind": "delivery"}, date(2009, 12, 31), lists)] == ["b", "c"]
    assert [one.code for one in papers.needed({"kind": "delivery"}, date(2010, 1, 1), lists)] == ["a"]
    assert papers.needed({}, date(2008, 12, 31), lists) == ()


def test_a_paper_is_known_by_its_code():
    found = papers.by_code("fee_list")
    assert found is not None
    assert found.zh == "费用明细清单"
    assert papers.by_code("nothing") is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (TWO.replace("code: c", "code: b"), "named twice: b"),
        (TWO.replace("kind: [delivery]", "colour: [red]"), "do not depend on colour"),
        ("a: 1\n", "a list is needed"),
        (TWO.replace("- {code: a, zh: 甲, en: A}", "[]"), "a list is needed"),
    ],
)
def test_a_list_that_is_wrong_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        papers.read(wrong)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((1, 5), (5, 9), False),  # moved to another hospital
        ((1, 5), (4, 9), True),
        ((1, 9), (3, 4), True),
        ((1, 5), (3, 3), True),  # a visit during the stay
        ((1, 5), (1, 1), False),  # a visit on the day of admission
        ((1, 5), (5, 5), False),
        ((3, 3), (3, 3), True),
        ((3, 3), (4, 4), False),
    ],
)
def test_stays_overlap(one, other, meet):
    days = [date(2010, 1, day) for day in (*one, *other)]
    assert stays.overlap(*days) is meet
    assert stays.overlap(*days[2:], *days[:2]) is meet


def test_over_new_year():
    assert stays.over_new_year(date(2009, 12, 31), date(2010, 1, 1))
    assert not stays.over_new_year(date(2010, 1, 1), date(2010, 12, 31))
