"""Names as the register keeps and finds them: Han names with rare characters, names with ·, Latin names.

The characters are kept as the person writes them: Unicode NFC, which joins what is one letter and unifies compatibility
ideographs that are the same character, and never NFKC, which would replace others.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Final

DOT: Final = "·"
LONGEST: Final = 50  # characters; the field of the identity card
MOST_INITIALS: Final = 12

HAN: Final = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002ee5d\U0002f800-\U0002fa1f\U00030000-\U000323af"
)
DOTS: Final = "•‧∙⋅・･․．﹒᛫ꞏ●⸱・\u0387"
PLAIN_HAN: Final = re.compile(r"[\u4e00-\u9fff]{1,6}")
ANY_HAN: Final = re.compile(f"[{HAN}]")
HAN_NAME: Final = re.compile(f"[{HAN}A-Za-z]+(?:{DOT}[{HAN}A-Za-z]+)*")
LATIN: Final = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
LATIN_NAME: Final = re.compile(rf"[{LATIN}](?:[{LATIN}'’.,\-· ]*[{LATIN}.])?")
PRIVATE: Final = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")

WIDE_LETTERS: Final = {wide: wide - 0xFEE0 for wide in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
UNSEEN: Final = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
TO_DOT: Final = dict.fromkeys(map(ord, DOTS), DOT)
HAN_STOPS: Final = dict.fromkeys(map(ord, ".。"), DOT)


class Kind(StrEnum):
    """What is wrong with a name."""

    MISSING = "missing"
    LENGTH = "length"
    CHARACTERS = "characters"
    UNREADABLE = "unreadable"  # a character that only one computer can show, or that was lost on the way


def normalise(text: str) -> str:
    """The name as the register keeps it.

    The dot between parts of a name becomes · from whatever a keyboard gave; a name with Han characters has no blanks, a
    Latin one single blanks.
    """
    if PLAIN_HAN.fullmatch(text):
        return text
    name = unicodedata.normalize("NFC", text).translate(WIDE_LETTERS | UNSEEN | TO_DOT)
    if ANY_HAN.search(name):
        return "".join(name.split()).translate(HAN_STOPS)
    return " ".join(name.split())


def fault_of(name: str) -> Kind | None:
    """What keeps a normalised name from being one; None where nothing does."""
    if PLAIN_HAN.fullmatch(name):
        return None
    if not name:
        return Kind.MISSING
    if len(name) > LONGEST:
        return Kind.LENGTH
    if PRIVATE.search(name):
        return Kind.UNREADABLE
    shape = HAN_NAME if ANY_HAN.search(name) else LATIN_NAME
    return None if shape.fullmatch(name) else Kind.CHARACTERS


#: Surnames that are read otherwise than the same character in other words; the reading of the surname stands first.
SURNAMES: Final = {
    "万俟": ("m", "q"),
    "尉迟": ("y", "c"),
    "长孙": ("z", "s"),
} | {
    character: (letters,)
    for letters, characters in {
        "b": "秘", "c": "晁种谌晟", "f": "冯", "g": "句盖过", "h": "洪华黑哈郇", "j": "贾纪角", "k": "适阚", "l": "陆",
        "m": "缪牟", "n": "能佴乜宁", "o": "区", "p": "朴逄繁", "q": "仇覃戚瞿", "s": "单沈折莘召", "t": "澹",
        "w": "隗", "x": "解冼洗郗", "y": "员乐燕", "z": "曾查翟祭",
    }.items()
    for character in characters
}  # fmt: skip
#: Readings of surnames beyond those of the dictionary.
MORE: Final = {"朴": ("b",)}


def initials(name: str) -> tuple[str, ...]:
    """The first letters of the name's syllables, in every reading of its characters, likely ones first.

    The surname's own reading stands before the character's usual one (单 s before d and c); the more unusual readings a
    line combines, the later it stands, and after a dozen the rest is left out. Dots and characters without a known
    reading are skipped; of Latin names each word gives its first letter. A name that gives no letter has no initials.
    """
    return _lines(_letters(name))


@lru_cache(maxsize=20_000)
def _lines(letters: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The lines that the choices of letters make, likely ones first."""
    places = product(*(range(len(choice)) for choice in letters))
    likely = sorted(places, key=lambda line: (sum(map(bool, line)), sum(line)))[:MOST_INITIALS]
    lines = ("".join(choice[at] for choice, at in zip(letters, line, strict=True)) for line in likely)
    return tuple(line for line in lines if line)


def usual_initial(character: str) -> str:
    """The first letter of a character's usual reading, in whatever word; empty for a dot or an unknown one."""
    return next(iter(_readings(character)), "")


def _letters(name: str) -> tuple[tuple[str, ...], ...]:
    """For each syllable the letters it may begin with."""
    if not ANY_HAN.search(name):
        plain = (unicodedata.normalize("NFD", part)[0].lower() for part in re.findall(f"[{LATIN}]+", name))
        return tuple((letter,) for letter in plain if letter.isascii())
    own: tuple[str, ...] = SURNAMES.get(name[:2]) or SURNAMES.get(name[:1]) or ()
    letters = [_readings(character) for character in name]
    for place, letter in enumerate(own):
        letters[place] = tuple(dict.fromkeys((letter, *letters[place])))
    return tuple(choice for choice in letters if choice)[:MOST_SYLLABLES]


MOST_READINGS: Final = 3  # of a character; the dictionary also knows those of ancient texts
MOST_SYLLABLES: Final = 8  # of a long name the first parts are enough to find it, and the readings stay countable


@lru_cache(maxsize=20_000)
def _readings(character: str) -> tuple[str, ...]:
    """The letters that a character's readings begin with, the usual one first; none for a dot or an unknown one."""
    if not ANY_HAN.match(character):
        return (character.lower(),) if character.isascii() and character.isalpha() else ()
    from pypinyin import Style, pinyin  # noqa: PLC0415 -- 40,000 characters: only who needs them waits

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    known = [letter for letter in (found[0] if found else []) if letter.isascii() and letter.isalpha()]
    return tuple(dict.fromkeys((*known[:MOST_READINGS], *MORE.get(character, ()))))
