"""Lists of those whom somebody else pays for (资助对象名单), row by row: who is named, and what is wrong with it.

A person is told by his ID number, in 15 or 18 digits; where a list has none, by name and village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from enrollment.rules import cells, id_numbers, person_names
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import comparable
from enrollment.rules.roster_rows import NO_NUMBER

LONGEST_PLACE: Final = 60
LISTED: Final = 5


class Column(StrEnum):
    """A column of such a list by the name that faults and programs use."""

    NAME = "name"
    ID_NUMBER = "id_number"
    TOWNSHIP = "township"
    VILLAGE = "village"


#: The names that offices write; the first is the one that the office prints.
CHINESE: Final = {
    Column.NAME: ("姓名", "对象姓名", "户主姓名"),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    Column.TOWNSHIP: ("乡镇", "乡(镇)", "所属乡镇"),
    Column.VILLAGE: ("村", "行政村", "村名", "村委会", "村代码"),
}
NAMES: Final = {comparable(name): column for column, names in CHINESE.items() for name in names} | {
    comparable(column.value): column for column in Column
}
REQUIRED: Final = (Column.NAME, Column.ID_NUMBER)


class CannotReadList(ValueError):
    """The first row is no header of such a list; `code` says why, `columns` which columns it is about."""

    def __init__(self, code: str, columns: Sequence[Column]) -> None:
        self.code = code
        self.columns = tuple(columns)
        super().__init__(f"{code}: {', '.join(columns)}")


class Line(NamedTuple):
    """Whom one row names; `person` is the 18-digit form of a valid ID number, "" where there is none."""

    number: int
    name: str
    person: str = ""
    township: str = ""
    village: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def place(self) -> str:
        """Where he lives, as the list says it."""
        return f"{self.township} {self.village}".strip()[:LONGEST_PLACE]


@dataclass(frozen=True)
class Known:
    """Somebody of the register as far as lists ask for him; `places` are the ways to write where he lives."""

    pk: int
    name: str
    person: str
    places: tuple[str, ...]


def read_lines(table: Iterable[Sequence[object]], today: date) -> Iterator[Line]:
    """The rows of a list whose first row is the header; empty rows are left out but counted. Raises CannotReadList."""
    lines = iter(table)
    places = _places(next(lines, ()))
    return (
        _line(number, line, places, today) for number, line in enumerate(lines, start=2) if any(map(cells.text, line))
    )


def _places(header: Sequence[object]) -> Mapping[Column, int]:
    places: dict[Column, int] = {}
    twice = []
    for place, cell in enumerate(header):
        column = NAMES.get(comparable(cells.text(cell).strip("\ufeff")))
        if column in places:
            twice.append(column)
        elif column is not None:
            places[column] = place
    if twice:
        raise CannotReadList("columns_twice", twice)
    if missing := [column for column in REQUIRED if column not in places]:
        raise CannotReadList("columns_missing", missing)
    return places


def _line(number: int, line: Sequence[object], places: Mapping[Column, int], today: date) -> Line:
    said = {column: cells.text(line[place]) for column, place in places.items() if place < len(line)}
    name = person_names.normalise(said.get(Column.NAME, ""))
    village = cells.plain(said.get(Column.VILLAGE, ""))
    faults = []
    if fault := person_names.fault_of(name):
        faults.append(Fault(number, Column.NAME, "name_missing", Level.ERROR, said.get(Column.NAME, ""), fault))
    person, wrong = _person(number, said.get(Column.ID_NUMBER, ""), bool(village), today)
    faults += [wrong] if wrong else []
    return Line(number, name, person, cells.plain(said.get(Column.TOWNSHIP, "")), village, tuple(faults))


def _person(number: int, said: str, has_village: bool, today: date) -> tuple[str, Fault | None]:  # noqa: FBT001
    """The number in 18 digits; without one the person is looked for by name and village, which is a warning."""
    if said in NO_NUMBER:
        level, detail = (Level.WARNING, "by_name") if has_village else (Level.ERROR, "village")
        return "", Fault(number, Column.ID_NUMBER, "id_missing", level, said, detail)
    try:
        return id_numbers.read(said, on=today).eighteen, None
    except id_numbers.IdFault as fault:
        return "", Fault(number, Column.ID_NUMBER, fault.code, Level.ERROR, said, fault.kind)


def matched(lines: Iterable[Line], known: Iterable[Known]) -> Mapping[int, int]:
    """Row by row who it is in the register, by his number; else by name and village where that is one person.

    Somebody whose number the register has is never meant by another number.
    """
    by_number: dict[str, int] = {}
    by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for one in known:
        if one.person:
            by_number[one.person] = one.pk
        for place in one.places:
            by_name[one.name, place].append(one)
    found = {}
    for line in lines:
        who = by_number.get(line.person)
        if who is None and line.village:
            alike = by_name[line.name, line.place]
            if len(alike) == 1 and not (line.person and alike[0].person):
                who = alike[0].pk
        if who is not None:
            found[line.number] = who
    return found


def named_twice(lines: Iterable[Line], found: Mapping[int, int]) -> Iterator[Fault]:
    """Rows about one person, by his number or as the register knows him: each is told of the others."""
    of_person: dict[object, list[Line]] = defaultdict(list)
    for line in lines:
        who = found.get(line.number) or line.person
        if who:
            of_person[who].append(line)
    for same in of_person.values():
        for line in same if len(same) > 1 else ():
            others = " ".join(str(other.number) for other in same if other is not line)
            others = " ".join(others.split()[:LISTED])
            yield Fault(line.number, Column.ID_NUMBER, "id_twice", Level.ERROR, line.person, others)
