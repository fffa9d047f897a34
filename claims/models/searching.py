"""What a clerk means who types into the search field of providers, diseases or catalogue entries."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Length

from claims.rules import searching

SHOWN: Final = 20  # to choose from

Found = TypeVar("Found", bound=QuerySet[Any])


def called(typed: str) -> Q:
    """What has a code, a name or pinyin initials that begin so; nothing where nothing was typed."""
    asked = searching.read(typed)
    if not asked.text:
        return Q(pk__in=[])
    wanted = Q(code__startswith=asked.code) | Q(name__startswith=asked.text)
    return wanted | Q(search_keys__contains=[asked.initials]) if asked.initials else wanted


def likeliest(found: Found, typed: str) -> Found:
    """The first of what was found: what is exactly called so, then the shortest names."""
    asked = searching.read(typed)
    rank = Case(When(code=asked.code, then=0), When(name=asked.text, then=0), default=1)
    return found.alias(rank=rank, length=Length("name")).order_by("rank", "length", "code")[:SHOWN]
