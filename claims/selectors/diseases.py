"""Finding diseases, and what the lists say of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from claims.models import Disease, Kind, ListedDisease
from claims.models.searching import likeliest
from enrollment.models import Scheme


@dataclass(frozen=True)
class Listing:
    """A list on which a disease stands: chronic, serious or case-paid, its group there and its price if it has one."""

    kind: str
    group: str
    price: Decimal | None


@dataclass(frozen=True)
class Diagnosed:
    """A disease by its code as a stay of a day has it: its name (none for a code that the office does not know), and
    the group by which plans grade it (none where it stands on no list that counts for this kind of claim)."""

    code: str
    name: str
    group: str


#: Which lists count for which kinds of claims, the one that goes before first.
BY_VISIT: Final = (ListedDisease.Kind.CHRONIC, ListedDisease.Kind.SERIOUS)
BY_STAY: Final = (ListedDisease.Kind.CASE_PAID, ListedDisease.Kind.SERIOUS)
VISITS: Final = frozenset({Kind.CHRONIC, Kind.SPECIAL, Kind.OUTPATIENT})


def group_of(groups: Mapping[str, str], kind: str) -> str:
    """The group of a disease for a kind of claim, out of those that the lists give it, by the list's kind."""
    wanted = BY_VISIT if kind in VISITS else BY_STAY
    return next((groups[one.value] for one in wanted if one.value in groups), "")


def diagnosed(scheme: Scheme, asked: Collection[tuple[str, str, date]]) -> list[Diagnosed]:
    """Diseases of a scheme by (code, kind of claim, day), in two questions however many they are."""
    codes = {code for code, _kind, _day in asked}
    names = dict(Disease.objects.filter(code__in=codes).values_list("code", "name"))
    rows = list(ListedDisease.objects.filter(scheme=scheme, disease__code__in=codes).select_related("disease"))
    found = []
    for code, kind, day in asked:
        groups = {one.kind: one.group for one in rows if one.disease.code == code and day in one.period}
        found.append(Diagnosed(code, names.get(code, ""), group_of(groups, kind)))
    return found


def find_diseases(text: str) -> list[Disease]:
    """The diseases in use that a clerk means by a code, a name or initials, the likeliest first; at most twenty."""
    return list(likeliest(Disease.objects.called(text).filter(is_used=True), text))


def listed(disease: Disease, scheme: Scheme, day: date) -> tuple[Listing, ...]:
    """The lists of a scheme on which a disease stands on a day, by kind."""
    found = ListedDisease.objects.on(day).filter(disease=disease, scheme=scheme).order_by("kind")
    return tuple(Listing(*one) for one in found.values_list("kind", "group", "price"))
