"""What providers, diseases and catalogue entries are found by, besides their code and the beginning of their name."""

from __future__ import annotations

from claims.rules import searching
from enrollment.services import search_keys


def keys_of(name: str) -> list[str]:
    """The initials of a name's beginnings in every reading and of its parts as usually read, and its pairs of
    characters, by which parts of it are found."""
    keys = (*search_keys.search_keys_of(name), *searching.initials_within(name), *searching.pairs(name))
    return list(dict.fromkeys(keys))
