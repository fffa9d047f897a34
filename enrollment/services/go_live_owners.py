"""Who the rows of a go-live file are about: looked up in pieces, by ID number, else by household and name."""

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


def members_of(lines: Sequence[Line]) -> Mapping[int, Owner]:
    """By row number who is meant; rows that mean nobody, or one of several, are missing."""
    numbers = sorted({line.person for line in lines if line.person})
    by_number: dict[str, Owner] = {}
    for piece in in_pieces(numbers):
        found = Member.objects.filter(id_number__in=piece).exclude(state=Member.State.MERGED)
        by_number |= {number: Owner(*rest) for number, *rest in found.values_list("id_number", *OWNER)}
    by_name = _by_name({line.household for line in lines if line.household and not line.person})
    meant: dict[int, Owner | None] = {
        line.number: by_number.get(line.person) if line.person else by_name.get((line.household, line.name))
        for line in lines
    }
    return {number: owner for number, owner in meant.items() if owner is not None}


def _by_name(households: Iterable[str]) -> Mapping[tuple[str, str], Owner]:
    """Members by household and name, where the name stands once in the household."""
    found: dict[tuple[str, str], list[Owner]] = {}
    for piece in in_pieces(sorted(households)):
        members = Member.objects.filter(household__number__in=piece).exclude(state=Member.State.MERGED)
        for number, *rest in members.values_list("household__number", *OWNER):
            owner = Owner(*rest)
            found.setdefault((number, owner.name), []).append(owner)
    return {key: owners[0] for key, owners in found.items() if len(owners) == 1}


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
