"""The register that an office brings along: a roster in which nobody has paid (roster_staging, roster_writing)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import connection

from enrollment.models import Division, GoLiveProtocol
from enrollment.rules import roster_rows
from enrollment.rules.categories import Category
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import CHINESE, CannotReadHeader, Column, Header, read_header
from enrollment.rules.roster_rows import Due, Row, Terms
from enrollment.services import roster_checks
from enrollment.services.go_live_files import Brought, CannotBring, Found
from enrollment.services.roster_staging import Staging
from enrollment.services.roster_writing import Writing
from office.models import Person
from office.sentences import Sentence, said

FAULTS = """
SELECT number, "column", code, level, value, detail FROM roster_fault
ORDER BY number, "column", code, level, value, detail LIMIT %s
"""
MOST_FAULTS = 200_000
NOTHING_DUE = Due(Decimal(0), Decimal(0))
UNPAID = (Column.FEE, Column.RECEIPT)


class Register:
    """Households and members, by the rules of the roster."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.header = Header({}, ())

    def read(self) -> Found:
        """Lay the rows out, compare them with each other and with the register."""
        villages = dict(Division.objects.filter(level=Division.Level.VILLAGE).values_list("code", "pk"))
        terms = Terms(
            self.brought.fund_year.year,
            self.brought.today,
            dict.fromkeys(Category, NOTHING_DUE),
            frozenset(villages),
        )
        with connection.cursor() as cursor:
            staging = Staging(villages, with_keys=True, told=self._told)
            count = staging.lay_out(cursor, self._rows(terms))
            if not count:
                raise CannotBring(said("There is no row under the header."))
            self.brought.step(50, 100, said("Comparing with the register"))
            counts = roster_checks.compare(cursor, self.brought.fund_year, sight=None)
            faults = _faults(cursor)
        return Found(count, faults, counts.faulty, Decimal(0))

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row."""
        brought, with_categories = self.brought, Column.CATEGORY in self.header.places
        writing = Writing(brought.fund_year, None, by, brought.at, brought.today, with_categories)
        with connection.cursor() as cursor:
            wrote = writing.write(cursor, lambda done: brought.step(60 + done * 2 // 5, 100, said("Writing")))
        figures = asdict(wrote)
        return {name: figures[name] for name in ("households", "members", "changed_members")}

    def _rows(self, terms: Terms) -> Iterator[Row]:
        table = self.brought.file.table()
        self.header = _header(next(table, ()))
        yield from roster_rows.rows_under(self.header, table, terms)

    def _told(self, count: int) -> None:
        lines = self.brought.file.lines
        share = min(count / lines, 1) if lines else 0.5
        self.brought.step(int(share * 40), 100, said("%(count)s rows read", count=f"{count:,}"))


def _header(first: Sequence[object]) -> Header:
    """A roster's header that need not name the fee; what was paid and its receipt are left aside."""
    try:
        found = read_header(first)
    except CannotReadHeader as refusal:
        if refusal.columns != (Column.FEE,) or refusal.code != "columns_missing":
            raise CannotBring(_words_of(refusal)) from refusal
        found = read_header([*first, CHINESE[Column.FEE][0]])
    return Header({column: place for column, place in found.places.items() if column not in UNPAID}, found.unknown)


def _words_of(refusal: CannotReadHeader) -> Sentence:
    columns = "、".join(CHINESE[column][0] for column in refusal.columns if column not in UNPAID)
    if refusal.code == "columns_twice":
        return said("The first row names columns twice: %(columns)s.", columns=columns)
    return said("The first row must name the columns; missing: %(columns)s.", columns=columns)


def _faults(cursor: Any) -> list[Fault]:
    cursor.execute(FAULTS, [MOST_FAULTS])
    return [
        Fault(row, column, code, Level(level), value, detail)
        for row, column, code, level, value, detail in cursor.fetchall()
    ]
