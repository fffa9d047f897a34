"""Divisions by their statistical codes: 12 digits, of which 6 name the county, 9 the township and 12 the village.

The scheme is the statistics bureau's (统计用区划代码); codes of higher levels end in zeros or are written without them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from enrollment.rules import cells
from enrollment.rules.faults import Fault, Level, in_order


class DivisionLevel(StrEnum):
    """Levels that the office works with."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


#: How many digits of a code belong to each level.
DIGITS: Final = {DivisionLevel.COUNTY: 6, DivisionLevel.TOWNSHIP: 9, DivisionLevel.VILLAGE: 12}
FULL: Final = 12
SHAPE: Final = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}")
COLUMNS: Final = ("code", "name", "level", "parent")
LEVEL_WORDS: Final = {
    word: level
    for level, words in (
        (DivisionLevel.COUNTY, ("county", "县", "区县")),
        (DivisionLevel.TOWNSHIP, ("township", "乡", "镇", "乡镇")),
        (DivisionLevel.VILLAGE, ("village", "村", "行政村")),
    )
    for word in words
}


class Division(NamedTuple):
    """A county, township or village; `code` has 12 digits, `parent` is None for the county."""

    code: str
    name: str
    level: DivisionLevel
    parent: str | None


class CannotReadDivisions(ValueError):
    """The first row is no header of divisions; `columns` are those that are missing."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.code = "columns_missing"
        self.columns = tuple(columns)
        super().__init__(f"columns_missing: {', '.join(columns)}")


@dataclass(frozen=True, slots=True)
class Divisions:
    """What a file says: the sound divisions, those above before those below, and every fault."""

    sound: tuple[Division, ...]
    faults: tuple[Fault, ...]
    rows: int


def full(text: str) -> str | None:
    """The 12-digit code to a code or its prefix of 6 or 9 digits; None is no such code."""
    code = cells.plain(text)
    return code.ljust(FULL, "0") if SHAPE.fullmatch(code) else None


def level_of(code: str) -> DivisionLevel:
    """The level of a 12-digit code: zeros at its end say that it is a higher one."""
    if not code.endswith("000"):
        return DivisionLevel.VILLAGE
    return DivisionLevel.COUNTY if code.endswith("000000") else DivisionLevel.TOWNSHIP


def parent_of(code: str) -> str | None:
    """The 12-digit code of the division above; None for a county, whose prefecture is not the office's matter."""
    above = DIGITS[level_of(code)] - 3
    return code[:above].ljust(FULL, "0") if above >= DIGITS[DivisionLevel.COUNTY] else None


def prefix(code: str) -> str:
    """The digits of a 12-digit code that belong to its level, by which everything below it begins."""
    return code[: DIGITS[level_of(code)]]


def read(table: Iterable[Sequence[object]], known: Container[str] = frozenset()) -> Divisions:
    """The divisions of a table with the columns code, name, level and parent, rows in any order.

    `known` are the codes that the office already has, under which a file may bring more. A blank parent is the one
    that the code tells. A row whose parent is faulty has a fault too. CannotReadDivisions where a column is missing.
    """
    lines = iter(table)
    header = [cells.plain(cells.text(cell).strip("\ufeff")).lower() for cell in next(lines, ())]
    if missing := [column for column in COLUMNS if column not in header]:
        raise CannotReadDivisions(missing)
    places = [header.index(column) for column in COLUMNS]
    read_rows: dict[int, Division] = {}
    faults: list[Fault] = []
    count = 0
    for number, line in enumerate(lines, start=2):
        said = [cells.text(line[place]) if place < len(line) else "" for place in places]
        if any(said):
            count += 1
            found = list(_row_faults(number, *said))
            faults += found
            if not found:
                code = full(said[0]) or ""
                read_rows[number] = Division(code, said[1], level_of(code), parent_of(code))
    faults += _together(read_rows, known)
    faulty = {fault.row for fault in faults}
    sound = (division for number, division in read_rows.items() if number not in faulty)
    return Divisions(tuple(sorted(sound, key=lambda one: (DIGITS[one.level], one.code))), in_order(faults), count)


def _row_faults(number: int, said_code: str, name: str, said_level: str, said_parent: str) -> Iterator[Fault]:
    if not name:
        yield Fault(number, "name", "name_missing")
    level = LEVEL_WORDS.get(cells.plain(said_level).lower())
    if level is None:
        yield Fault(number, "level", "level_unknown", Level.ERROR, said_level)
    code = full(said_code)
    if code is None:
        yield Fault(number, "code", "code_format", Level.ERROR, said_code)
        return
    if level not in {None, level_of(code)}:
        yield Fault(number, "level", "level_mismatch", Level.ERROR, said_level, level_of(code))
    parent = parent_of(code)
    if parent and said_parent and full(said_parent) != parent:
        yield Fault(number, "parent", "parent_mismatch", Level.ERROR, said_parent, parent)


def _together(rows: dict[int, Division], known: Container[str]) -> Iterator[Fault]:
    """Codes that stand there twice, and rows below a division that neither the file nor the office has."""
    lines: dict[str, list[int]] = {}
    for number, division in rows.items():
        lines.setdefault(division.code, []).append(number)
    faulty = {code for code, at in lines.items() if len(at) > 1}
    for code in faulty:
        for number in lines[code]:
            same = " ".join(str(other) for other in lines[code] if other != number)
            yield Fault(number, "code", "code_twice", Level.ERROR, code, same)
    sound = {code for code in lines if code not in faulty}
    for number, division in sorted(rows.items(), key=lambda row: DIGITS[row[1].level]):
        parent = division.parent
        if parent is not None and parent not in sound and parent not in known and division.code in sound:
            sound.discard(division.code)
            yield Fault(number, "parent", "parent_unknown", Level.ERROR, parent)
