"""The table of OWASP ASVS 5.0.0 in docs/asvs.md: no requirement of its chapters left out, every named test is there.

How many requirements each section of the standard has, with their levels, is taken from the standard's text of 5.0.0
(https://github.com/OWASP/ASVS, CC BY-SA 4.0; numbers and levels alone).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([123]) \| ([a-z ]+) \| (.*) \| (.*) \|")
DATED = re.compile(r"\(\d{4}-\d\d-\d\d\)")

#: The levels of a section's requirements, in their order.
LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
    "17.1": "23",
    "17.2": "22223333",
    "17.3": "22",
}


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, ...]]:
    text = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    return [found.groups() for found in map(ROW.fullmatch, text.splitlines()) if found]


def test_every_requirement_has_its_line(rows):
    asked = [f"{section}.{number}" for section, levels in LEVELS.items() for number in range(1, len(levels) + 1)]
    assert [row[0] for row in rows] == asked
    assert "".join(row[1] for row in rows) == "".join(LEVELS.values())


def test_what_is_met_is_shown_by_tests_that_are_there(rows):
    files = [
        path
        for part in ("office", "enrollment", "claims", "funds", "audit", "config", "demo", "tests")
        for path in (ROOT / part).rglob("test_*.py")
    ]
    there = {name for path in files for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))}
    named = {one: re.findall(r"`(test_\w+)`", tests) for one, _level, _state, _how, tests in rows}
    assert {one: set(tests) - there for one, tests in named.items() if set(tests) - there} == {}
    assert [one for one, _level, state, _how, _tests in rows if state == "met" and not named[one]] == []


def test_what_is_not_met_says_why_and_since_when(rows):
    assert {row[2] for row in rows} == {"met", "not met", "does not apply"}
    assert [row[0] for row in rows if row[2] == "not met" and not DATED.search(row[3])] == []
    assert [row[0] for row in rows if row[2] == "does not apply" and not row[3]] == []
