"""What a name is found by: the beginnings of its syllables' initials, in every reading."""

from __future__ import annotations

from enrollment.rules import person_names

SHORTEST = 2


def search_keys_of(name: str) -> list[str]:
    """All beginnings, of two letters and more, of each reading's initials."""
    return list(
        dict.fromkeys(
            line[:length] for line in person_names.initials(name) for length in range(SHORTEST, len(line) + 1)
        )
    )
