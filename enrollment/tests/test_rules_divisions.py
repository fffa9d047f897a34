"""Divisions by code, and files of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from enrollment.rules import divisions
from enrollment.rules.divisions import CannotReadDivisions, DivisionLevel

pytestmark = pytest.mark.rules

DATA = Path(divisions.__file__).parents[1] / "data"
HEADER = ["code", "name", "level", "parent"]


@pytest.mark.parametrize(
    ("text", "code", "level", "parent", "prefix"),
    [
        ("640522", "640522000000", DivisionLevel.COUNTY, None, "640522"),
        ("640522000000", "640522000000", DivisionLevel.COUNTY, None, "640522"),
        ("640522100", "640522100000", DivisionLevel.TOWNSHIP, "640522000000", "640522100"),
        ("６４０５２２１００", "640522100000", DivisionLevel.TOWNSHIP, "640522000000", "640522100"),
        (" 640522100203 ", "640522100203", DivisionLevel.VILLAGE, "640522100000", "640522100203"),
    ],
)
def test_a_code_tells_its_level_and_its_parent(text, code, level, parent, prefix):
    assert divisions.full(text) == code
    assert (divisions.level_of(code), divisions.parent_of(code), divisions.prefix(code)) == (level, parent, prefix)


@pytest.mark.parametrize("text", ["", "64", "6405", "64052210", "040522", "64052210020", "6405221002030", "64052X"])
def test_what_is_no_code(text):
    assert divisions.full(text) is None


@pytest.mark.parametrize(("county", "townships", "villages"), [("640522", 21, 162), ("340523", 12, 122)])
def test_the_counties_that_come_with_the_system_are_sound(county, townships, villages):
    with (DATA / f"divisions-{county}.csv").open(encoding="utf-8", newline="") as file:
        read = divisions.read(csv.reader(file))
    levels = [one.level for one in read.sound]
    assert read.faults == ()
    assert read.rows == len(levels) == 1 + townships + villages
    assert levels == sorted(levels, key=list(DivisionLevel).index)
    assert levels.count(DivisionLevel.TOWNSHIP) == townships


def test_rows_come_in_any_order_with_prefixes_and_blank_parents():
    read = divisions.read(
        [
            ["\ufeffLevel", "code", " name ", "parent", "note"],
            ["村", "640522100203", "山门村", "640522100", "far"],
            [],
            ["township", 640522100.0, "海城镇", ""],
            ["县", "640522", "海原县"],
        ]
    )
    assert [one.code for one in read.sound] == ["640522000000", "640522100000", "640522100203"]
    assert (read.faults, read.rows) == ((), 3)


def test_every_fault_stands_on_its_row():
    read = divisions.read(
        [
            HEADER,
            ["640522", "海原县", "county", ""],
            ["640522100", "", "township", "640522"],
            ["640522101", "李旺镇", "parish", ""],
            ["64052210", "西安镇", "township", ""],
            ["640522103", "西安镇", "village", ""],
            ["640522104", "三河镇", "township", "640521"],
            ["640522105", "七营镇", "township", ""],
            ["640522105000", "七营镇", "township", ""],
            ["640522105200", "七营村", "village", ""],
            ["640522200200", "史店村", "village", ""],
        ]
    )
    assert [(fault.row, fault.column, fault.code) for fault in read.faults] == [
        (3, "name", "name_missing"),
        (4, "level", "level_unknown"),
        (5, "code", "code_format"),
        (6, "level", "level_mismatch"),
        (7, "parent", "parent_mismatch"),
        (8, "code", "code_twice"),
        (9, "code", "code_twice"),
        (10, "parent", "parent_unknown"),
        (11, "parent", "parent_unknown"),
    ]
    assert [one.name for one in read.sound] == ["海原县"]


def test_a_file_may_go_below_what_the_office_has():
    row = ["640522100203", "山门村", "village", ""]
    assert divisions.read([HEADER, row], {"640522100000"}).faults == ()
    assert divisions.read([HEADER, row]).faults[0].code == "parent_unknown"


@pytest.mark.parametrize("table", [[], [["code", "name"]]])
def test_without_its_columns_it_is_no_such_file(table):
    with pytest.raises(CannotReadDivisions) as refusal:
        divisions.read(table)
    assert "parent" in refusal.value.columns
