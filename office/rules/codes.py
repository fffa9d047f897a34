"""One-time codes as they are read aloud: two halves of five letters, known to two people (docs/security.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread or misheard: 0 O, 1 I L
HALF = 5


def half(choose: Callable[[Sequence[str]], str]) -> str:
    """Half a code, about 25 bits, letter by letter from the system's random source."""
    return "".join(choose(ALPHABET) for _place in range(HALF))


def halves(typed: str) -> tuple[str, str]:
    """A code as typed, without dashes and gaps, in capitals, cut in two."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return plain[:HALF], plain[HALF:]
