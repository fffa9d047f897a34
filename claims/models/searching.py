"""What a clerk means who types into the search field of providers, diseases or catalogue entries."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Length

from claims.rules import searching

SHOWN: Final = 20  # to choose from

Found = TypeVar("Found", bound=QuerySet[Any])


def called(typed: str) -> Q:
    """What has a code or a name that begins so, a part of its name that reads or is written so; nothing where nothing
    was typed."""
    asked = searching.read(typed)
    if not asked.text:
        return Q(pk__in=[])
    wanted = Q(code__startswith=asked.code) | Q(name__startswith=asked.text)
    if asked.initials:
        wanted |= Q(search_keys__contains=[asked.initials])
    if asked.pairs:
        wanted |= Q(search_keys__contains=asked.pairs, name__contains=asked.text)
    return wanted


def likeliest(found: Found, typed: str) -> Found:
    """The first of what was found: what is exactly called so, what begins so, then the shortest names."""
    asked = searching.read(typed)
    begins = Q(name__startswith=asked.text) | Q(search_keys__0=asked.initials[:2])
    rank = Case(When(Q(code=asked.code) | Q(name=asked.text), then=0), When(begins, then=1), default=2)
    return found.alias(rank=rank, length=Length("name")).order_by("rank", "length", "code")[:SHOWN]
