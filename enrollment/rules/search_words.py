"""What somebody means who types into the one search field: told by the shape of what is typed, nothing is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from enrollment.rules import id_numbers, person_names

SHORTEST_TAIL: Final = 4
SHORTEST_PREFIX: Final = 6
SHORTEST_INITIALS: Final = 2
SHORTEST_WITHOUT_DOT: Final = 3  # characters of a name whose dot may lie anywhere between them

PLAIN: Final = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
DIGITS: Final = re.compile(r"[0-9]+X?")
LETTERS: Final = re.compile(r"[A-Za-z]+")
MIXED: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-z/_-]+")
BORN_IN: Final = frozenset({"18", "19", "20"})  # the centuries that an 18-digit number can name


class Kind(StrEnum):
    """What is looked for."""

    NOTHING = "nothing"
    DIGITS = "digits"  # an ID number's beginning or end, or a household's number
    NUMBER = "number"  # a household's number with letters in it
    INITIALS = "initials"
    NAME = "name"
    PLACE = "place"  # a village and a name


class Hint(StrEnum):
    """Why what was typed cannot find anybody."""

    ONE_LETTER = "one_letter"
    FEW_DIGITS = "few_digits"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: made plain, with the village first where two words were typed."""

    kind: Kind
    text: str = ""
    village: str = ""
    hint: Hint | None = None


def read(typed: str) -> Asked:
    """What is meant: digits, letters, a name, or a village and a name."""
    text = " ".join(typed.translate(PLAIN).split())
    number = id_numbers.plain(text)
    words = text.split()
    if not text:
        return Asked(Kind.NOTHING)
    if DIGITS.fullmatch(number):
        few = len(number) < SHORTEST_TAIL
        return Asked(Kind.DIGITS, number, hint=Hint.FEW_DIGITS if few else None)
    if len(words) == len(("village", "name")):
        short = any(map(_is_one_letter, words))
        return Asked(Kind.PLACE, name_of(words[1]), name_of(words[0]), Hint.ONE_LETTER if short else None)
    if LETTERS.fullmatch(text):
        return Asked(Kind.INITIALS, text, hint=Hint.ONE_LETTER if _is_one_letter(text) else None)
    return Asked(Kind.NUMBER, text) if MIXED.fullmatch(text) else Asked(Kind.NAME, name_of(text))


def name_of(word: str) -> str:
    """A name as the register keeps it, or a piece of one."""
    return person_names.normalise(word)


def are_initials(word: str) -> bool:
    """Whether a word can be the first letters of a name's syllables."""
    return LETTERS.fullmatch(word) is not None


def key_of(letters: str) -> str:
    """Initials as the register keeps them: no more of them than of a long name are kept."""
    return letters.lower()[: person_names.MOST_SYLLABLES]


def bare(name: str) -> str:
    """A name without its dots."""
    return name.replace(person_names.DOT, "")


def key_of_name(name: str) -> str:
    """The initials under which a name stands, whatever dots it is written with; empty where they tell too little."""
    if len(bare(name)) < SHORTEST_WITHOUT_DOT or not person_names.ANY_HAN.search(name):
        return ""
    key = next(iter(person_names.initials(bare(name))), "")
    return key if len(key) >= SHORTEST_INITIALS else ""


def id_prefixes(digits: str) -> tuple[str, ...]:
    """What the 18-digit number begins with: what was typed, or an old number of 15 digits as its bearer has it now."""
    if len(digits) < SHORTEST_PREFIX:
        return ()
    known = digits[: id_numbers.NEW]
    century = digits[6:8]
    is_old = SHORTEST_PREFIX + len("yy") <= len(digits) <= id_numbers.OLD and digits.isdigit()
    if is_old and (len(digits) == id_numbers.OLD or century not in BORN_IN):
        return known, f"{digits[:6]}19{digits[6:]}"
    return (known,)


def id_tail(digits: str) -> str:
    """What the number ends with, read backwards; empty where it is too short or too long to be an end."""
    return digits[::-1] if SHORTEST_TAIL <= len(digits) <= id_numbers.NEW else ""


def _is_one_letter(word: str) -> bool:
    return len(word) == 1 and LETTERS.fullmatch(word) is not None
