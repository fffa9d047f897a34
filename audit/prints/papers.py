"""What the papers of an audit are printed by: one layout, in which each part is left out where it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format

from enrollment.prints.bulletin import issuer
from office import printing

TEMPLATE: Final = "audit/print/paper.typ"
LEFT, RIGHT, CENTER = "left", "right", "center"
Facts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Part:
    """A part under a heading: facts, sentences, a table. `widths` are shares of the line; without them the longest
    texts decide."""

    title: str
    facts: Facts = ()
    says: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    sides: Sequence[str] = ()
    widths: Sequence[float] = ()
    total: Sequence[str] = ()


@dataclass(frozen=True)
class Printed:
    """A paper: its title and number, to whom it goes, sentences, facts, parts, sum, who signs."""

    title: str
    number: str
    to: str = ""
    before: Sequence[str] = ()
    facts: Facts = ()
    amount: Sequence[str] = ()  # in capitals, and in figures
    parts: Sequence[Part] = ()
    after: Sequence[str] = ()
    sender: str = ""
    day: str = ""
    labels: Sequence[str] = ()
    flipped: bool = False
    office: str = field(default_factory=issuer)


def render(printed: Printed, at: datetime) -> bytes:
    """The paper as PDF. Raises CannotPrint."""
    data = asdict(printed)
    if not printed.number:
        del data["number"]
    for part in data["parts"]:
        part["widths"] = [str(width) for width in part["widths"]]
    return printing.render(TEMPLATE, data, at=at)


def lines(text: str) -> list[str]:
    """What somebody typed, paragraph by paragraph."""
    return [one.strip() for one in text.splitlines() if one.strip()]


def filled(rows: Sequence[tuple[str, object]]) -> list[list[str]]:
    """Labels with what they name, but for those that name nothing."""
    return [[label, str(value)] for label, value in rows if value]


def day(on: date) -> str:
    """A day as letters say it."""
    return date_format(on, "DATE_FORMAT")
