"""Collecting (筹资): who pays which part of a contribution, and from when it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NOTHING = Decimal(0)


class Payer(StrEnum):
    """Who pays what is laid down for the household's own part (缴费人), person by person on a sheet."""

    OWN = "own"
    ASSISTANCE = "assistance"
    COLLECTIVE = "collective"


@dataclass(frozen=True)
class Parts:
    """A contribution by who pays it, in yuan."""

    own: Decimal
    assisted: Decimal = NOTHING
    collective: Decimal = NOTHING

    def paid_by(self, payer: Payer) -> Parts:
        """The same contribution where somebody else takes over the household's own part."""
        if payer == Payer.ASSISTANCE:
            return Parts(NOTHING, self.assisted + self.own, self.collective)
        if payer == Payer.COLLECTIVE:
            return Parts(NOTHING, self.assisted, self.collective + self.own)
        return self


def first_day(*, paid_on: date, born: date, begins: date, ends: date, window_ends: date) -> date | None:
    """From when a contribution covers; None where the year is over by then.

    Paid within the collection window, the whole year; later, from the day of payment; a child born in the year, from
    birth. `ends` and `window_ends` are the first days after them.
    """
    if begins <= born < ends:
        return born
    first = begins if paid_on < window_ends else max(paid_on, begins)
    return first if max(first, born) < ends else None
