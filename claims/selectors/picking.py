"""Whom and what intake means by what it types: patients, providers, diseases, each found in one field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q

from claims.models import Disease, Provider
from claims.selectors import diseases, providers
from enrollment.models import Member
from enrollment.rules import search_words
from enrollment.selectors import search
from office.models import Person

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
