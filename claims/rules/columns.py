"""Tables that other offices send (catalogues, diseases): the first row names the columns, every row below is told by
its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from claims.rules import searching
from enrollment.rules import cells, person_names
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import comparable

#: The names of each column, the printed one first, by the name that faults and programs use.
Columns = Mapping[str, tuple[str, ...]]
LISTED: Final = 5


class CannotReadTable(ValueError):
    """The first row is no header of such a table; `code` says why, `columns` which columns it is about."""

    def __init__(self, code: str, columns: Sequence[str]) -> None:
        self.code = code
        self.columns = tuple(columns)
        super().__init__(f"{code}: {', '.join(columns)}")


@dataclass
class Row:
    """One row as it is read: what its cells say by column, and what is wrong with it so far."""

    number: int
    said: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether it has an error."""
        return any(fault.level is Level.ERROR for fault in self.faults)

    def fault(self, column: str, code: str, detail: str = "", level: Level = Level.ERROR) -> None:
        """Say what is wrong with a cell."""
        self.faults.append(Fault(self.number, column, code, level, self.said.get(column, ""), detail))

    def text(self, column: str, longest: int, *, needed: bool = True) -> str:
        """A cell's text in plain letters."""
        said = searching.plain(self.said.get(column, ""))
        if needed and not said:
            self.fault(column, "text_missing")
        elif len(said) > longest:
            self.fault(column, "text_long", str(longest))
        elif person_names.PRIVATE.search(said):
            self.fault(column, "text_unreadable")
        return said

    def code(self, column: str, longest: int) -> str:
        """A cell's code: capitals without blanks."""
        return searching.code_of(self.text(column, longest))

    def one_of(self, column: str, names: Mapping[str, str], fault: str, blank: str = "") -> str:
        """What a cell's word means, or `blank` where it has none."""
        said = comparable(self.said.get(column, ""))
        if not said and blank:
            return blank
        if said not in names:
            self.fault(column, fault)
        return names.get(said, "")


def words(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """By every way to write it what a cell's word means; each meaning's own code is one of them."""
    found = {comparable(one): meaning for meaning, some in names.items() for one in some}
    return found | {comparable(meaning): meaning for meaning in names}


def read_rows(table: Iterable[Sequence[object]], columns: Columns, required: Sequence[str]) -> Iterator[Row]:
    """The rows under the header; empty rows are left out but counted. Raises CannotReadTable."""
    lines = iter(table)
    places = _places(next(lines, ()), columns, required)
    for number, line in enumerate(lines, start=2):
        if any(map(cells.text, line)):
            said = {column: cells.text(line[place]) for column, place in places.items() if place < len(line)}
            yield Row(number, said)


def _places(header: Sequence[object], columns: Columns, required: Sequence[str]) -> Mapping[str, int]:
    names = words(columns)
    places: dict[str, int] = {}
    twice = []
    for place, cell in enumerate(header):
        column = names.get(comparable(cells.text(cell).strip("\ufeff")))
        if column in places:
            twice.append(column)
        elif column is not None:
            places[column] = place
    if twice:
        raise CannotReadTable("columns_twice", twice)
    if missing := [column for column in required if column not in places]:
        raise CannotReadTable("columns_missing", missing)
    return places


def named_twice(rows: Sequence[Row], codes: Sequence[str], column: str) -> None:
    """Rows of one code: each is told of the others."""
    of_code: dict[str, list[Row]] = {}
    for row, code in zip(rows, codes, strict=True):
        if code:
            of_code.setdefault(code, []).append(row)
    for same in of_code.values():
        for row in same if len(same) > 1 else ():
            others = [str(other.number) for other in same if other is not row]
            row.fault(column, "entry_twice", " ".join(others[:LISTED]))
