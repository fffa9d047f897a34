"""How many people should enroll, read from a file; what a rate of participation is called."""

from __future__ import annotations

from decimal import Decimal

import pytest

from enrollment.rules import participation, populations
from enrollment.rules.populations import CannotReadPopulations

pytestmark = pytest.mark.rules

KNOWN = {"640522100000", "640522100203", "640522100204"}


def read(*rows):
    return populations.read([["区划代码", "名称", "应参合人数"], *rows], KNOWN)


def test_codes_and_people_are_read_as_people_write_them():
    found = read(
        ["640522100203", "山门", 2041.0], [" 640522100204 ", "", "１,920"], ["", "", ""], ["640522100", "海城", 7]
    )
    assert found.heads == {"640522100203": 2041, "640522100204": 1920, "640522100000": 7}
    assert not found.faults


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["640522999999", "", "5"], "division_unknown"),
        (["x", "", "5"], "division_unknown"),
        (["640522100203"], "heads_format"),
        (["640522100203", "", "-5"], "heads_format"),
        (["640522100203", "", "5.5"], "heads_format"),
        (["640522100203", "", "五"], "heads_format"),
        (["640522100203", "", "10000000000"], "heads_format"),
    ],
)
def test_a_faulty_row_is_named(row, code):
    (fault,) = read(row).faults
    assert (fault.row, fault.code) == (2, code)


def test_a_division_stands_there_once():
    found = read(["640522100203", "", "5"], ["640522100203", "", "6"])
    assert [(one.row, one.code) for one in found.faults] == [(3, "code_twice")]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ([], "columns_missing"),
        ([["区划代码", "名称"]], "columns_missing"),
        ([["heads", "name"]], "columns_missing"),
        ([["code", "heads"]] * 5_002, "too_long"),
    ],
    ids=["empty", "no people", "no code", "too long"],
)
def test_what_is_no_list_is_refused(table, code):
    with pytest.raises(CannotReadPopulations) as refusal:
        populations.read(table, KNOWN)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("enrolled", "should", "rate", "grade"),
    [
        (370_296, 386_772, "95.74", "high"),
        (95, 100, "95.00", "high"),
        (9_499, 10_000, "94.99", "near"),
        (90, 100, "90.00", "near"),
        (8_999, 10_000, "89.99", "low"),
        (80, 100, "80.00", "low"),
        (7_999, 10_000, "79.99", "far"),
        (0, 100, "0.00", "far"),
        (110, 100, "110.00", "high"),
        (1, 8, "12.50", "far"),
    ],
)
def test_a_rate_and_what_it_is_called(enrolled, should, rate, grade):
    assert participation.rate(enrolled, should) == Decimal(rate)
    assert participation.grade(Decimal(rate)) == grade


def test_where_nobody_should_enroll_there_is_no_rate():
    assert participation.rate(5, 0) is None
    assert participation.grade(None) == "unknown"
