"""Finding diseases, and what the lists say of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.models import Disease, ListedDisease
from claims.models.searching import likeliest
from enrollment.models import Scheme


@dataclass(frozen=True)
class Listing:
    """A list on which a disease stands: chronic, serious or case-paid, its group there and its price if it has one."""

    kind: str
    group: str
    price: Decimal | None


def find_diseases(text: str) -> list[Disease]:
    """The diseases in use that a clerk means by a code, a name or initials, the likeliest first; at most twenty."""
    return list(likeliest(Disease.objects.called(text).filter(is_used=True), text))


def listed(disease: Disease, scheme: Scheme, day: date) -> tuple[Listing, ...]:
    """The lists of a scheme on which a disease stands on a day, by kind."""
    found = ListedDisease.objects.on(day).filter(disease=disease, scheme=scheme).order_by("kind")
    return tuple(Listing(*one) for one in found.values_list("kind", "group", "price"))
