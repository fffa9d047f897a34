"""Whom and what intake means by what it types: patients, providers, diseases, each found in one field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q

from claims.models import Catalogue, CatalogueEntry, Disease, Provider
from claims.models.searching import likeliest
from claims.selectors import diseases, providers
from enrollment.models import Member, Scheme
from enrollment.rules import search_words
from enrollment.selectors import coverage, search
from office.models import Person
from office.rules import money

SHOWN: Final = 8
WHOLE_ID: Final = 15  # digits: a hospital's desk finds a patient by his whole ID number alone
SEE_PEOPLE: Final = "enrollment.view_member"


@dataclass(frozen=True)
class Choice:
    """One of those found: its number, what it is called, what tells it from others."""

    pk: int
    label: str
    note: str = ""


def patients(typed: str, *, by: Person, day: date) -> list[Choice]:
    """People by ID number, name, initials, village and head; at a hospital's desk by the whole ID number alone."""
    if not typed.strip():
        return []
    found = search.search(typed, person=by, day=day).members if by.has_perm(SEE_PEOPLE) else _by_id_number(typed)
    return [_patient(one) for one in found[:SHOWN]]


def patient(pk: int, *, by: Person) -> Member | None:
    """A patient by his number, among those whom this person may take in."""
    found = Member.objects.select_related("household__village__parent", "merged_into")
    seen = found.visible_to(by, SEE_PEOPLE) if by.has_perm(SEE_PEOPLE) else found
    return seen.filter(pk=pk).first()


def some_providers(typed: str) -> list[Choice]:
    """Providers by code, name or initials."""
    return [Choice(one.pk, one.name, str(one.get_level_display())) for one in providers.find_providers(typed)[:SHOWN]]


def some_diseases(typed: str) -> list[Choice]:
    """Diseases by code, name or initials."""
    return [Choice(one.pk, one.name, one.code) for one in diseases.find_diseases(typed)[:SHOWN]]


def some_items(typed: str, scheme: Scheme | None, day: date) -> list[Choice]:
    """Drugs and services of the editions in force on a day, by code, name or initials."""
    if not typed:
        return []
    found = CatalogueEntry.objects.called(typed).filter(catalogue__in=_editions(scheme, day))
    return [item(one) for one in likeliest(found, typed)[:SHOWN]]


def items_by_code(codes: Sequence[str], scheme: Scheme | None, day: date) -> dict[str, CatalogueEntry]:
    """Those whose code was typed whole, all in one go; a code that two editions have is none."""
    found: dict[str, CatalogueEntry] = {}
    twice = set()
    for one in CatalogueEntry.objects.filter(code__in=set(codes), catalogue__in=_editions(scheme, day)):
        twice |= {one.code} & set(found)
        found[one.code] = one
    return {code: one for code, one in found.items() if code not in twice}


def item(entry: CatalogueEntry) -> Choice:
    """A drug or service as one chooses it: code, class, unit, price limit."""
    limit = f"≤ {money.shown(entry.price_limit)}" if entry.price_limit is not None else ""
    parts = (entry.code, str(entry.get_item_class_display()), entry.unit, limit, entry.note)
    return Choice(entry.pk, entry.name, " · ".join(one for one in parts if one))


def scheme_of(who: Member | None, day: date) -> Scheme | None:
    """The scheme whose catalogue holds for a patient on a day."""
    found = coverage.coverage_on(who, day) if who else None
    return found.coverage.scheme if found and found.covered and found.coverage else None


def _editions(scheme: Scheme | None, day: date) -> Any:
    found = Catalogue.objects.on(day)
    return found.filter(scheme=scheme) if scheme else found


def provider(pk: int) -> Provider | None:
    return Provider.objects.filter(pk=pk).first()


def disease(pk: int) -> Disease | None:
    return Disease.objects.filter(pk=pk, is_used=True).first()


def own_provider(bodies: Sequence[Any]) -> Provider | None:
    """The provider whose desk somebody sits at."""
    return Provider.objects.filter(body__in=bodies).first()


def _by_id_number(typed: str) -> list[Member]:
    digits = search_words.read(typed).text
    if len(digits) < WHOLE_ID:
        return []
    wanted = (Q(id_number__startswith=prefix) for prefix in search_words.id_prefixes(digits))
    found = Member.objects.filter(reduce(or_, wanted, Q(pk__in=[]))).exclude(state=Member.State.MERGED)
    return list(found.select_related("household__village__parent")[:SHOWN])


def _patient(one: Member) -> Choice:
    home = one.household
    place = f"{home.village.parent} {home.village} {home.number}"
    return Choice(one.pk, one.name, f"{one.masked_id or '—'} · {place}")
