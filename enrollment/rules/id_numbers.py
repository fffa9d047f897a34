"""Identity numbers: 18 digits (GB 11643-1999) and the 15 digits that older cards still carry in 2009.

A number of 18 digits is the division (6), the birth date (8), a sequence whose last digit tells the sex (3) and a check
digit (ISO 7064 MOD 11-2, X for ten). One of 15 digits has the year without its century, always 19, and no check digit.
The first six digits are the division where the number was given, in the codes of that day: they are not looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul
from typing import Final

from enrollment.rules.categories import Sex


class Kind(StrEnum):
    """What is wrong with a number, more closely than its fault code."""

    EXCEL_NUMBER = "excel_number"  # a workbook turned it into 6.4E+17: the last digits are lost
    EXCEL_ZEROS = "excel_zeros"  # the same, written out again: it ends in zeros that nobody typed
    LENGTH = "length"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth_date"
    FUTURE = "future"  # somebody who is not born yet
    CHECK_DIGIT = "check_digit"


class IdFault(ValueError):
    """This is no identity number; `code` is the roster's fault code, `kind` says more closely what is wrong."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.code = "id_check_digit" if kind in {Kind.CHECK_DIGIT, Kind.EXCEL_ZEROS} else "id_format"
        super().__init__(f"{self.code}: {kind}")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that can be somebody's: as the card has it, and what it tells.

    `eighteen` is the same person's number in 18 digits: the key under which both forms are one person.
    """

    number: str
    eighteen: str
    birth_date: date
    sex: Sex

    @property
    def division(self) -> str:
        """The county code of the day on which the number was given."""
        return self.number[:6]


WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
OF_ZEROS: Final = ord("0") * sum(WEIGHTS)  # the sum runs over the characters' codes
CHECK_DIGITS: Final = "10X98765432"
NEW: Final = 18
OLD: Final = 15
EARLIEST_YEAR: Final = 1880  # nobody alive in the system's years is older

WIDE: Final = {ord(wide): plain for wide, plain in zip("０１２３４５６７８９ｘＸx", "0123456789XXX", strict=True)}
LEFT_OUT: Final = dict.fromkeys(
    [*map(ord, " \t\n\r\f\v'’‘`"), 0xA0, 0x3000, *range(0x2000, 0x2010), *range(0x202A, 0x2030), 0x2060, 0xFEFF]
)
PLAIN: Final = WIDE | LEFT_OUT
SHAPE: Final = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
POWER_OF_TEN: Final = re.compile(r"[0-9](?:\.[0-9]*)?E\+?[0-9]+", re.IGNORECASE)


def plain(text: str) -> str:
    """A number as the card has it: full-width digits made plain, x in capitals, blanks and apostrophes left out."""
    if text.isascii() and text.isdigit():
        return text
    return text.translate(PLAIN)


def check_digit(seventeen: str) -> str:
    """The 18th digit to the first seventeen (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECK_DIGITS[(sum(map(mul, WEIGHTS, seventeen.encode())) - OF_ZEROS) % 11]


def read(text: str, *, on: date | None = None) -> IdNumber:
    """The number that somebody wrote; whatever cannot be one raises IdFault.

    `on` is a day after which its bearer cannot have been born; without it the future is not asked about.
    """
    number = plain(text)
    if SHAPE.fullmatch(number) is None:
        raise IdFault(_kind_of(number))
    old = len(number) == OLD
    seventeen = f"{number[:6]}19{number[6:]}" if old else number[:-1]
    birth_date = _date(seventeen[6:14])
    if birth_date is None:
        raise IdFault(Kind.BIRTH_DATE)
    if on is not None and birth_date > on:
        raise IdFault(Kind.FUTURE)
    eighteen = seventeen + check_digit(seventeen)
    if not old and number != eighteen:
        raise IdFault(Kind.EXCEL_ZEROS if number.endswith("000") else Kind.CHECK_DIGIT)
    return IdNumber(number, eighteen, birth_date, Sex.MALE if int(seventeen[16]) % 2 else Sex.FEMALE)


def _kind_of(number: str) -> Kind:
    if POWER_OF_TEN.fullmatch(number):
        return Kind.EXCEL_NUMBER
    digits = number[:-1] if number.endswith("X") else number
    if not (digits.isascii() and digits.isdigit()):
        return Kind.CHARACTERS
    return Kind.LENGTH if len(number) not in {OLD, NEW} else Kind.CHARACTERS


@lru_cache(maxsize=60_000)  # the days of 160 years
def _date(eight: str) -> date | None:
    try:
        day = date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR else None
