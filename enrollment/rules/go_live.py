"""Rows of what an office brings along when it begins: coverages and account balances (初始化).

The register itself comes as a roster without fees (roster_rows.py). A balance is a household's or a person's, as the
scheme keeps its accounts; who it is, is told by the household number or the ID number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from enrollment.rules import cells, id_numbers, person_names
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import comparable
from enrollment.rules.roster_rows import LONGEST_RECEIPT, NO_NUMBER

FEN: Final = Decimal("0.01")
MOST: Final = Decimal(10) ** 8  # yuan; no household has more, whoever writes it left out a point


class Column(StrEnum):
    """A column of these files by the name that faults and programs use."""

    HOUSEHOLD = "household"
    ID_NUMBER = "id_number"
    NAME = "name"
    FIRST_DAY = "first_day"
    FEE = "fee"
    RECEIPT = "receipt"
    BALANCE = "balance"


#: The names that offices write; the first is the one that the office prints.
CHINESE: Final = {
    Column.HOUSEHOLD: ("户编号", "户号", "家庭编号", "户编码"),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    Column.NAME: ("姓名",),
    Column.FIRST_DAY: ("参保起始日期", "起始日期", "参合日期", "生效日期"),
    Column.FEE: ("缴费金额", "缴费", "个人缴费", "金额"),
    Column.RECEIPT: ("收据号", "收据号码", "收据编号", "票据号"),
    Column.BALANCE: ("账户余额", "余额", "结余"),
}
NAMES: Final = {name: column for column, names in CHINESE.items() for name in names} | {
    column.value.replace("_", ""): column for column in Column
}
COVERAGE: Final = (Column.ID_NUMBER, Column.NAME)
HOUSEHOLD_BALANCES: Final = (Column.HOUSEHOLD, Column.BALANCE)
PERSONAL_BALANCES: Final = (Column.ID_NUMBER, Column.BALANCE)


class CannotReadColumns(ValueError):
    """The first row is no header of such a file; `code` says why, `columns` which columns it is about."""

    def __init__(self, code: str, columns: Sequence[Column]) -> None:
        self.code = code
        self.columns = tuple(columns)
        super().__init__(f"{code}: {', '.join(columns)}")


class Line(NamedTuple):
    """What one row says; what it does not say, or not so that it could be read, is blank or None.

    `person` is the 18-digit form of a valid ID number.
    """

    number: int
    household: str = ""
    person: str = ""
    name: str = ""
    first_day: date | None = None
    fee: Decimal | None = None
    receipt: str = ""
    balance: Decimal | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads the rows under one header. `today` is the day of the import: nobody is born later."""

    places: Mapping[Column, int]
    required: Sequence[Column]
    today: date

    def read(self, number: int, line: Sequence[object]) -> Line:
        """What a row says, with its faults."""
        said = {column: cells.text(line[place]) for column, place in self.places.items() if place < len(line)}
        faults: list[Fault] = []
        return Line(
            number,
            cells.plain(said.get(Column.HOUSEHOLD, "")),
            self._person(number, said.get(Column.ID_NUMBER, ""), faults),
            self._name(number, said.get(Column.NAME, ""), faults),
            self._day(number, said.get(Column.FIRST_DAY, ""), faults),
            self._amount(number, Column.FEE, said.get(Column.FEE, ""), faults),
            cells.plain(said.get(Column.RECEIPT, ""))[:LONGEST_RECEIPT],
            self._amount(number, Column.BALANCE, said.get(Column.BALANCE, ""), faults),
            (*faults, *self._missing(number, said)),
        )

    def _person(self, number: int, said: str, faults: list[Fault]) -> str:
        if said in NO_NUMBER:
            return ""
        try:
            return id_numbers.read(said, on=self.today).eighteen
        except id_numbers.IdFault as fault:
            faults.append(Fault(number, Column.ID_NUMBER, fault.code, Level.ERROR, said, fault.kind))
            return ""

    def _name(self, number: int, said: str, faults: list[Fault]) -> str:
        name = person_names.normalise(said)
        fault = person_names.fault_of(name)
        if fault and (said or Column.NAME in self.required):
            faults.append(Fault(number, Column.NAME, "name_missing", Level.ERROR, said, fault))
        return name

    def _day(self, number: int, said: str, faults: list[Fault]) -> date | None:
        day = cells.day(said) if said else None
        if said and day is None:
            faults.append(Fault(number, Column.FIRST_DAY, "day_unreadable", Level.ERROR, said))
        return day

    def _amount(self, number: int, column: Column, said: str, faults: list[Fault]) -> Decimal | None:
        """Whole fen, from nothing up; a blank is no amount, and wrong where one must stand."""
        if not said and column not in self.required:
            return None
        amount = cells.money(said)
        if amount is None or amount < 0 or amount >= MOST or amount != amount.quantize(FEN):
            faults.append(Fault(number, column, "amount_unreadable", Level.ERROR, said))
            return None
        return amount

    def _missing(self, number: int, said: Mapping[Column, str]) -> Iterator[Fault]:
        """Somebody must be named: by his number, or where it is still to come by household and name."""
        if Column.HOUSEHOLD in self.required:
            if not said.get(Column.HOUSEHOLD):
                yield Fault(number, Column.HOUSEHOLD, "owner_missing")
        elif said.get(Column.ID_NUMBER, "") in NO_NUMBER and not (said.get(Column.HOUSEHOLD) and said.get(Column.NAME)):
            yield Fault(number, Column.ID_NUMBER, "owner_missing")


def read_header(row: Sequence[object], required: Sequence[Column], today: date) -> Reader:
    """The columns that the first row names; others are left aside. Raises CannotReadColumns."""
    places: dict[Column, int] = {}
    twice = []
    for place, cell in enumerate(row):
        column = NAMES.get(comparable(cells.text(cell).strip("\ufeff")))
        if column in places:
            twice.append(column)
        elif column is not None:
            places[column] = place
    if twice:
        raise CannotReadColumns("columns_twice", twice)
    if missing := [column for column in required if column not in places]:
        raise CannotReadColumns("columns_missing", missing)
    return Reader(places, required, today)


def read_lines(table: Iterable[Sequence[object]], required: Sequence[Column], today: date) -> Iterator[Line]:
    """The rows of a table whose first row is the header; empty rows are left out but counted."""
    lines = iter(table)
    reader = read_header(next(lines, ()), required, today)
    return (reader.read(number, line) for number, line in enumerate(lines, start=2) if any(map(cells.text, line)))


def named_twice(lines: Iterable[tuple[int, object]]) -> Iterator[Fault]:
    """Rows about the same owner (row number, who it is): each is told of another one. None stands for nobody."""
    rows: dict[object, list[int]] = defaultdict(list)
    for number, owner in lines:
        if owner is not None:
            rows[owner].append(number)
    for same in rows.values():
        if len(same) > 1:
            for number in same:
                other = same[1] if number == same[0] else same[0]
                yield Fault(number, Column.ID_NUMBER, "owner_twice", Level.ERROR, "", str(other))
