"""What is looked for in a search field of providers, diseases or catalogue entries: told by its shape."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from enrollment.rules import person_names

INITIALS: Final = re.compile(r"[a-z]{2,}")
PAIR: Final = re.compile(f"[{person_names.HAN}]{{2}}")
PLAIN: Final = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
LONGEST_KEY: Final = 8  # of a long name the first syllables alone are kept


class Asked(NamedTuple):
    """What was typed, as a name with its pairs of characters, as a code, and as initials where it can be some."""

    text: str
    code: str
    initials: str
    pairs: tuple[str, ...]


def read(typed: str) -> Asked:
    """The same in plain letters; codes are kept in capitals."""
    text = plain(typed)
    letters = text.lower()
    return Asked(text, code_of(typed), letters[:LONGEST_KEY] if INITIALS.fullmatch(letters) else "", pairs(text))


def pairs(text: str) -> tuple[str, ...]:
    """Every two Chinese characters that stand side by side."""
    two = (text[at : at + 2] for at in range(len(text) - 1))
    return tuple(dict.fromkeys(one for one in two if PAIR.fullmatch(one)))


def initials_within(name: str) -> tuple[str, ...]:
    """The initials, usually read, of every part of a name that does not stand at its beginning."""
    letters = "".join(map(person_names.usual_initial, name))
    parts = (
        letters[at:end]
        for at in range(1, len(letters))
        for end in range(at + 2, min(at + LONGEST_KEY, len(letters)) + 1)
    )
    return tuple(dict.fromkeys(parts))


def plain(typed: str) -> str:
    """Letters and digits without their full-width forms, single blanks; Chinese brackets and stops stay as they are."""
    return " ".join(unicodedata.normalize("NFC", typed).translate(PLAIN).split())


def code_of(typed: str) -> str:
    """A code as the office keeps it: capitals, no blanks, nothing in full width."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()
