"""What the files have in common that an office brings along of claims: rows that are read, and whom they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from claims.rules import beginning as rules
from claims.rules.beginning import Named
from claims.rules.columns import CannotReadTable, Row
from enrollment.rules import go_live as go_live_rules
from enrollment.rules.faults import in_order
from enrollment.services.go_live_files import Brought, CannotBring, Found
from enrollment.services.go_live_owners import Owner, fault_of_owner, members_of
from office.sentences import said

Content = TypeVar("Content")


def table_of(brought: Brought, read: Callable[[], tuple[list[Row], Content]]) -> tuple[list[Row], Content]:
    """The rows of a file. Raises CannotBring."""
    try:
        rows, content = read()
    except CannotReadTable as refusal:
        columns = "、".join(rules.HEADINGS[column] for column in refusal.columns)
        if refusal.code == "columns_twice":
            raise CannotBring(said("The first row names columns twice: %(columns)s.", columns=columns)) from refusal
        raise CannotBring(
            said("The first row must name the columns; missing: %(columns)s.", columns=columns)
        ) from refusal
    if not rows:
        raise CannotBring(said("There is no row under the header."))
    brought.step(40, 100, said("%(count)s rows read", count=f"{len(rows):,}"))
    return rows, content


def found_of(rows: Sequence[Row], total: Decimal) -> Found:
    """What a file came to."""
    faults = in_order(fault for row in rows for fault in row.faults)
    return Found(len(rows), faults, sum(row.is_wrong for row in rows), total)


def owners_of(named: Sequence[Named]) -> Mapping[int, Owner]:
    """By row number who is meant; rows that mean nobody, or somebody of another name, are told so."""
    lines = [
        go_live_rules.Line(one.row.number, household=one.household, person=one.person, name=one.name) for one in named
    ]
    owners = members_of(lines)
    for one, line in zip(named, lines, strict=True):
        owner = owners.get(line.number)
        wrong = fault_of_owner(line, owner.name if owner else None, go_live_rules.Column.ID_NUMBER)
        if wrong is not None:
            one.row.faults.append(wrong)
    return owners
