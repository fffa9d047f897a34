"""What is looked for in a search field of providers, diseases or catalogue entries: told by its shape."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

INITIALS: Final = re.compile(r"[a-z]{2,}")
LONGEST_KEY: Final = 8  # of a long name the first syllables alone are kept


class Asked(NamedTuple):
    """What was typed, as a name, as a code, and as initials where it can be some."""

    text: str
    code: str
    initials: str


def read(typed: str) -> Asked:
    """The same in plain letters; codes are kept in capitals."""
    text = plain(typed)
    letters = text.lower()
    return Asked(text, text.upper(), letters[:LONGEST_KEY] if INITIALS.fullmatch(letters) else "")


def plain(typed: str) -> str:
    """Without full-width forms and without blanks around it."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def code_of(typed: str) -> str:
    """A code as the office keeps it: capitals, no blanks."""
    return plain(typed).replace(" ", "").upper()
