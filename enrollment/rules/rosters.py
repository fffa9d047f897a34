"""The whole roster: what only the rows together, or the register, can tell; and which rows are written.

This is the reference: plain values in memory. What the office runs over 400,000 rows does the same in the database, and
its tests compare it with this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from enrollment.rules.faults import Fault, Level, in_order
from enrollment.rules.roster_columns import Column
from enrollment.rules.roster_rows import Row, faults_in

TOWNSHIP: Final = 9  # digits of a township's code


@dataclass(frozen=True)
class Known:
    """What the office knows before it reads the roster.

    `elsewhere`: who is in another basic scheme of the same year, by `who`, with that scheme's code. `dead`: who died,
    by `who`, with the day. `out_of_sight`: people by `who`, and households by number, whom the register has where the
    importing person sees nothing. `kept`: the record that is kept of somebody who has doubles, by every `who` that
    means him. `stock`: the receipt numbers that a township (9 digits) has in use; receipts are looked at only where the
    township has stock. `receipts`: numbers already used, with the household; void ones, and those of another year,
    with "".
    """

    elsewhere: Mapping[str, str] = field(default_factory=dict)
    dead: Mapping[str, date] = field(default_factory=dict)
    out_of_sight: Container[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)
    stock: Mapping[str, Container[str]] = field(default_factory=dict)
    receipts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """Every fault in order, and the numbers of the rows that are written (`good`) or kept back by others (`held`).

    Good are the rows without an error in households without an error; held are those without an error of their own
    whose household has one. All others have an error.
    """

    faults: tuple[Fault, ...]
    good: frozenset[int]
    held: frozenset[int]


def judge(rows: Iterable[Row], known: Known) -> Judgement:
    """Every fault of the roster, those that the rows carry and those that they have together."""
    all_rows = tuple(rows)
    faults = [fault for row in all_rows for fault in row.faults]
    faults += _register_faults(all_rows, known)
    faults += _twice_in_the_roster(all_rows, known)
    faults += _head_faults(all_rows)
    faults += _receipt_faults(all_rows, known)
    faulty = {fault.row for fault in faults if fault.level is Level.ERROR}
    sound = {row.number for row in all_rows} - faulty
    kept_back = {household_of(row) for row in all_rows if row.number in faulty}
    held = frozenset(row.number for row in all_rows if row.number in sound and household_of(row) in kept_back)
    return Judgement(in_order(faults), frozenset(sound - held), held)


def household_of(row: Row) -> tuple[str, int]:
    """What a row's household is known by; rows without a household number are each on their own."""
    return (row.household, 0) if row.household else ("", row.number)


def who(row: Row) -> str:
    """By what the register knows a row's person: the 18-digit number, else household, name and birth date."""
    return row.person or f"{row.household} {row.name} {row.birth_date}"


def _register_faults(rows: Collection[Row], known: Known) -> Iterator[Fault]:
    for row in rows:
        if scheme := known.elsewhere.get(who(row)):
            yield Fault(row.number, Column.ID_NUMBER, "id_in_other_scheme", Level.ERROR, row.id_number, scheme)
        if died := known.dead.get(who(row)):
            yield Fault(row.number, Column.ID_NUMBER, "dead", Level.ERROR, row.id_number, died.isoformat())
        if (who(row) in known.out_of_sight or row.household in known.out_of_sight) and not faults_in(
            row.faults, Column.VILLAGE_CODE
        ):
            yield Fault(row.number, Column.VILLAGE_CODE, "village_unknown", Level.ERROR, row.village, "out_of_sight")


def _twice_in_the_roster(rows: Collection[Row], known: Known) -> Iterator[Fault]:
    """One person on two rows, be it once with 15 and once with 18 digits, or once as his double.

    Where both numbers are still to come: the same name and birth date in a household.
    """
    of_person: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.person or (row.household and row.birth_date and not row.id_number):
            of_person[known.kept.get(who(row), who(row))].append(row)
    for same in of_person.values():
        if len(same) > 1:
            for row in same:
                elsewhere = _listed([other for other in same if other is not row])
                yield Fault(row.number, Column.ID_NUMBER, "id_twice", Level.ERROR, row.id_number, elsewhere)


def _head_faults(rows: Collection[Row]) -> Iterator[Fault]:
    """A household has one head; a row without a household number has none."""
    households: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        households[household_of(row)].append(row)
    for members in households.values():
        first, heads = members[0], [row for row in members if row.head]
        if not first.household:
            yield Fault(first.number, Column.HOUSEHOLD, "head_missing", Level.ERROR, "", "household_missing")
        elif not heads:
            yield Fault(first.number, Column.HEAD, "head_missing", Level.ERROR, first.household)
        elif len(heads) > 1:
            yield Fault(first.number, Column.HEAD, "head_twice", Level.ERROR, first.household, _listed(heads))


def _receipt_faults(rows: Collection[Row], known: Known) -> Iterator[Fault]:
    """A receipt is one household's; its members may all name it. Only townships with stock are looked at."""
    of_receipt: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.receipt and row.village[:TOWNSHIP] in known.stock:
            of_receipt[row.receipt].append(row)
    for number, given in of_receipt.items():
        households = {household_of(row) for row in given}
        if number in known.receipts:
            households.add((known.receipts[number], 0))
        for row in given:
            if len(households) > 1:
                elsewhere = _listed([other for other in given if household_of(other) != household_of(row)])
                yield Fault(row.number, Column.RECEIPT, "receipt_twice", Level.ERROR, number, elsewhere)
            if number not in known.stock[row.village[:TOWNSHIP]]:
                yield Fault(row.number, Column.RECEIPT, "receipt_unknown", Level.WARNING, number)


MOST_LISTED: Final = 5


def _listed(rows: Sequence[Row]) -> str:
    """The numbers of the other rows that a fault is about; after five the rest is left out."""
    return " ".join(str(row.number) for row in rows[:MOST_LISTED])
