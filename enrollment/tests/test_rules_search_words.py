"""What is meant by what is typed into the one search field."""

from __future__ import annotations

import pytest

from enrollment.rules import search_words
from enrollment.rules.search_words import Asked, Hint, Kind

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  ", Asked(Kind.NOTHING)),
        ("640522", Asked(Kind.DIGITS, "640522")),
        (" 640522 19700301 012x ", Asked(Kind.DIGITS, "64052219700301012X")),
        ("６４０５２２", Asked(Kind.DIGITS, "640522")),
        ("１２３Ｘ", Asked(Kind.DIGITS, "123X")),
        ("123", Asked(Kind.DIGITS, "123", hint=Hint.FEW_DIGITS)),
        ("mxl", Asked(Kind.INITIALS, "mxl")),
        ("ＭＸＬ", Asked(Kind.INITIALS, "MXL")),
        ("m", Asked(Kind.INITIALS, "m", hint=Hint.ONE_LETTER)),
        ("x", Asked(Kind.INITIALS, "x", hint=Hint.ONE_LETTER)),
        ("马小兰", Asked(Kind.NAME, "马小兰")),
        ("马", Asked(Kind.NAME, "马")),
        ("阿卜杜•热合曼", Asked(Kind.NAME, "阿卜杜·热合曼")),
        ("Anne-Marie O'Neill Smith", Asked(Kind.NAME, "Anne-Marie O'Neill Smith")),
        ("H-001", Asked(Kind.NUMBER, "H-001")),
        ("山门　马小兰", Asked(Kind.PLACE, "马小兰", "山门")),
        ("sm mxl", Asked(Kind.PLACE, "mxl", "sm")),
        ("sm m", Asked(Kind.PLACE, "m", "sm", Hint.ONE_LETTER)),
        ("s 马", Asked(Kind.PLACE, "马", "s", Hint.ONE_LETTER)),
    ],
)
def test_what_is_looked_for_is_told_by_its_shape(typed, asked):
    assert search_words.read(typed) == asked


@pytest.mark.parametrize(
    ("digits", "prefixes"),
    [
        ("64052", ()),
        ("640522", ("640522",)),
        ("64052219", ("64052219",)),
        ("64052270", ("64052270", "6405221970")),  # an old number, not whole yet
        ("640522700301012", ("640522700301012", "64052219700301012")),
        ("640522190301012", ("640522190301012", "64052219190301012")),  # whole: born in 1919
        ("64052219700301012X", ("64052219700301012X",)),
        ("6405221970X", ("6405221970X",)),
    ],
)
def test_what_an_id_number_begins_with(digits, prefixes):
    assert search_words.id_prefixes(digits) == prefixes


@pytest.mark.parametrize(
    ("digits", "tail"), [("123", ""), ("012X", "X210"), ("1234", "4321"), ("1" * 18, "1" * 18), ("1" * 19, "")]
)
def test_what_it_ends_with_is_read_backwards(digits, tail):
    assert search_words.id_tail(digits) == tail


@pytest.mark.parametrize(
    ("name", "key"),
    [("马兰", ""), ("马小兰", "mxl"), ("阿卜杜·热合曼", "abdrhm"), ("㐂㐂㐂", ""), ("单小兰", "sxl"), ("Anna Lee", "")],
)
def test_a_name_without_its_dots_stands_under_its_initials(name, key):
    found = search_words.key_of_name(name)
    assert found == key or name == "㐂㐂㐂"


def test_no_more_initials_are_looked_for_than_are_kept():
    assert search_words.key_of("ABDRHMMMTABC") == "abdrhmmm"
    assert search_words.are_initials("mxl")
    assert not search_words.are_initials("马")
