"""Whom the rows of a document mean, and what is asked of many people at once: coverage, homes, counters, accounts.

Everything is asked in a few statements, however many rows there are; what a row then finds is looked up in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Q

from claims.models import BenefitCounter
from claims.rules.registers import BOOK, ID_NUMBER, NAME, Line, RowFault
from claims.rules.standing import ACCOUNT
from claims.selectors.valuing import OF_HOUSEHOLD
from enrollment.models import Account, Coverage, Member, Scheme
from enrollment.rules import id_numbers

NONE: Final = Decimal(0)
HOUSEHOLD: Final = f"{ACCOUNT}.household"
PERSONAL: Final = f"{ACCOUNT}.personal"


@dataclass(frozen=True)
class Meant:
    """Whom a row means, or what is wrong with how it says so."""

    member: Member | None
    fault: RowFault | None = None


def meant_by(lines: Sequence[Line]) -> list[Meant]:
    """Whom each row means: by the ID number, else by household and name; in two statements."""
    numbers = {line.position: number for line in lines if (number := _number(line.id_number))}
    by_number = {one.id_number: one.merged_into or one for one in _members(Q(id_number__in=set(numbers.values())))}
    by_name: dict[tuple[str, str], list[Member]] = defaultdict(list)
    living = ~Q(state=Member.State.MERGED)
    for one in _members(Q(household__number__in={line.book for line in lines if line.book}) & living):
        by_name[one.household.number.upper(), one.name].append(one)
    return [_meant(line, numbers.get(line.position), by_number, by_name) for line in lines]


def _members(wanted: Q) -> Iterable[Member]:
    return Member.objects.filter(wanted).select_related("household", "merged_into__household")


def _number(said: str) -> str:
    if not said:
        return ""
    try:
        return id_numbers.read(said).eighteen
    except id_numbers.IdFault:
        return ""


def _meant(
    line: Line,
    number: str | None,
    by_number: Mapping[str | None, Member],
    by_name: Mapping[tuple[str, str], Sequence[Member]],
) -> Meant:
    if not line.id_number and not line.book:
        return Meant(None)
    if line.id_number:
        found = by_number.get(number) if number else None
        if found is None:
            return Meant(None, RowFault(ID_NUMBER, "patient_unknown"))
        differs = line.name and found.name != line.name
        return Meant(found, RowFault(NAME, "other_name", found.name) if differs else None)
    named = by_name.get((line.book, line.name), ())
    return Meant(named[0]) if len(named) == 1 else Meant(None, RowFault(BOOK, "patient_unknown"))


def records_of(people: Collection[Member]) -> dict[int, int]:
    """The kept record of each record of some people: their own and those of their doubles; one statement."""
    kept = {one.pk: one.pk for one in people}
    return kept | _doubles(kept)


def _doubles(kept: Iterable[int]) -> dict[int, int]:
    found = Member.objects.filter(merged_into__in=list(kept)).values_list("pk", "merged_into")
    return {number: person for number, person in found if person is not None}


@dataclass(frozen=True)
class Homes:
    """Of some people the coverages, and of their households how many live there."""

    coverages: Mapping[int, Sequence[Coverage]]
    living: Mapping[int, int]


def homes_of(people: Collection[Member], records: Mapping[int, int]) -> Homes:
    """Coverages under all records of each person, living members of each household: in two statements."""
    coverages: dict[int, list[Coverage]] = defaultdict(list)
    for one in Coverage.objects.standing().filter(member__in=list(records)).select_related("scheme"):
        coverages[records[one.member_id]].append(one)
    living: dict[int, int] = defaultdict(int)
    for home in (
        Member.objects.living()
        .filter(household__in={one.household_id for one in people})
        .values_list("household", flat=True)
    ):
        living[home] += 1
    return Homes(coverages, living)


@dataclass
class Ledger:
    """What people have used, and what their accounts hold, as it moves while the rows are valued one after another."""

    own: dict[tuple[int, int], dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    shared: dict[tuple[int, int], dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    held: dict[tuple[str, int], Decimal] = field(default_factory=dict)

    def used(self, person: Member, year: int) -> dict[str, Decimal]:
        """Counters and accounts as they stand for a person and plan year."""
        accounts = {
            HOUSEHOLD: self.held.get((HOUSEHOLD, person.household_id), NONE),
            PERSONAL: self.held.get((PERSONAL, person.pk), NONE),
        }
        return self.own[person.pk, year] | self.shared[person.household_id, year] | accounts

    def count(self, person: Member, year: int, moves: Mapping[str, Decimal]) -> None:
        """A row counts: what comes after it finds less."""
        for name, by in moves.items():
            if name in {HOUSEHOLD, PERSONAL}:
                key = (name, person.household_id if name == HOUSEHOLD else person.pk)
                self.held[key] = self.held.get(key, NONE) + by
            else:
                of = (
                    self.shared[person.household_id, year] if name.endswith(OF_HOUSEHOLD) else self.own[person.pk, year]
                )
                of[name] = of.get(name, NONE) + by


def ledger_of(people: Collection[Member], scheme: Scheme, years: Collection[int]) -> Ledger:
    """Counters and accounts of some people as they stand now, under all their records: in four statements."""
    ledger = Ledger()
    homes = {one.household_id for one in people}
    family = dict(Member.objects.filter(household__in=homes).values_list("pk", "household"))
    doubles = _doubles(family)
    found = BenefitCounter.objects.filter(member__in=[*family, *doubles], scheme=scheme, year__in=years).order_by()
    for member, year, name, value in found.values_list("member", "year", "name", "value"):
        person = doubles.get(member, member)
        of = ledger.shared[family[person], year] if name.endswith(OF_HOUSEHOLD) else ledger.own[person, year]
        of[name] = of.get(name, NONE) + value
    owned = Q(household__in=homes) | Q(member__in=[one.pk for one in people])
    for home, person, balance in Account.objects.filter(owned, scheme=scheme).values_list(
        "household", "member", "balance"
    ):
        ledger.held[(HOUSEHOLD, home) if home else (PERSONAL, person)] = balance
    return ledger
