"""Who the rows of a go-live file are about: looked up in pieces, by ID number, else by household and name.

Whoever is found as a double is the record that is kept of him.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from enrollment.models import Household, Member
from enrollment.rules.faults import Fault, Level
from enrollment.rules.go_live import Column, Line
from enrollment.services.go_live_files import in_pieces


class Owner(NamedTuple):
    """A member of the register as far as these files ask for him."""

    pk: int
    name: str
    birth_date: date
    state: str
    category: str


OWNER = ("pk", "name", "birth_date", "state", "category")
KEPT = tuple(f"merged_into__{name}" for name in OWNER)


def members_of(lines: Sequence[Line]) -> Mapping[int, Owner]:
    """By row number who is meant; rows that mean nobody, or one of several, are missing."""
    by_number = _by_number(sorted({line.person for line in lines if line.person}))
    by_name = _by_name({line.household for line in lines if line.household and not line.person})
    meant: dict[int, Owner | None] = {
        line.number: by_number.get(line.person) if line.person else by_name.get((line.household, line.name))
        for line in lines
    }
    return {number: owner for number, owner in meant.items() if owner is not None}


def _by_number(numbers: Sequence[str]) -> Mapping[str, Owner]:
    """Members by ID number; a number under which there is but a double is that of the one who is kept."""
    found: dict[str, Owner] = {}
    for piece in in_pieces(numbers):
        known = Member.objects.filter(id_number__in=piece)
        doubles = known.filter(state=Member.State.MERGED).values_list("id_number", *KEPT)
        others = known.exclude(state=Member.State.MERGED).values_list("id_number", *OWNER)
        found |= {number: Owner(*rest) for number, *rest in [*doubles, *others]}
    return found


def _by_name(households: Iterable[str]) -> Mapping[tuple[str, str], Owner]:
    """Members by household and name, where the name stands for one person in the household."""
    found: dict[tuple[str, str], set[Owner]] = {}
    for piece in in_pieces(sorted(households)):
        known = Member.objects.filter(household__number__in=piece)
        doubles = known.filter(state=Member.State.MERGED).values_list("household__number", "name", *KEPT)
        others = known.exclude(state=Member.State.MERGED).values_list("household__number", "name", *OWNER)
        for number, name, *rest in [*doubles, *others]:
            found.setdefault((number, name), set()).add(Owner(*rest))
    return {key: owners.pop() for key, owners in found.items() if len(owners) == 1}


def households_of(lines: Sequence[Line]) -> Mapping[int, tuple[int, str]]:
    """By row number the household that is meant, and the name of its living head."""
    by_number: dict[str, tuple[int, str]] = {}
    for piece in in_pieces(sorted({line.household for line in lines})):
        found = Household.objects.filter(number__in=piece)
        by_number |= {number: (pk, "") for number, pk in found.values_list("number", "pk")}
        heads = Member.objects.living().filter(is_head=True, household__number__in=piece)
        by_number |= {
            number: (pk, name) for number, pk, name in heads.values_list("household__number", "household", "name")
        }
    return {line.number: by_number[line.household] for line in lines if line.household in by_number}


def fault_of_owner(line: Line, name: str | None, column: Column) -> Fault | None:
    """What is wrong with whom a row names; `name` is the register's, None where nobody is meant."""
    if line.faults:
        return None
    if name is None:
        return Fault(line.number, column, "owner_unknown", Level.ERROR, line.household if not line.person else "")
    if line.name and line.name != name:
        return Fault(line.number, Column.NAME, "name_mismatch", Level.ERROR, line.name, name)
    return None
