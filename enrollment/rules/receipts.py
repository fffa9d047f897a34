"""Numbers of official receipts (专用收据号): how they are read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SHAPE = re.compile(r"([0-9A-Z一-鿿-]*[A-Z一-鿿-]|)([0-9]{1,18})")
LONGEST_SERIES = 8


@dataclass(frozen=True)
class Number:
    """A receipt's number: its series and the running number, written with so many digits."""

    series: str
    serial: int
    digits: int

    def __str__(self) -> str:
        return f"{self.series}{self.serial:0{self.digits}d}"


@dataclass(frozen=True)
class Run:
    """Receipt numbers from one to another, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def read(typed: str) -> Number | None:
    """The number that somebody typed, in full width or with blanks too; None where it is none."""
    plain = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    found = SHAPE.fullmatch(plain)
    if found is None or len(found[1]) > LONGEST_SERIES:
        return None
    return Number(found[1], int(found[2]), len(found[2]))
