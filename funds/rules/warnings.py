"""When a fund warns (预警; docs/rules/indicators.md): what is measured, and from which level on it is said.

Levels are the office's settings, dated; until one is confirmed those of the papers hold, which stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

POINTS, MONTHS, DAYS, YUAN, PERCENT = "points", "months", "days", "yuan", "%"


@dataclass(frozen=True)
class Kind:
    """A warning: whether it is said above its level or below, the level where nobody set one, and in what unit."""

    is_above: bool
    usual: Decimal
    unit: str


KINDS: Final[Mapping[str, Kind]] = {
    "year_surplus": Kind(is_above=True, usual=Decimal(15), unit=PERCENT),
    "year_deficit": Kind(is_above=False, usual=Decimal(0), unit=PERCENT),
    "cumulative_surplus": Kind(is_above=True, usual=Decimal(25), unit=PERCENT),
    "spending_ahead": Kind(is_above=True, usual=Decimal(5), unit=POINTS),
    "months_in_hand": Kind(is_above=False, usual=Decimal(2), unit=MONTHS),
    "subsidy_overdue": Kind(is_above=True, usual=Decimal(0), unit=DAYS),
    "outside_share": Kind(is_above=True, usual=Decimal(30), unit=PERCENT),
    "income_account": Kind(is_above=True, usual=Decimal(0), unit=YUAN),
}


@dataclass(frozen=True)
class Raised:
    """A warning that is said: what was measured, and the level that it passed."""

    code: str
    value: Decimal
    level: Decimal
    unit: str


def raised(measured: Mapping[str, Decimal | None], levels: Mapping[str, Decimal]) -> list[Raised]:
    """The warnings that what was measured gives, in their order. What could not be measured warns of nothing."""
    found = []
    for code, kind in KINDS.items():
        value, level = measured.get(code), levels.get(code, kind.usual)
        if value is not None and (value > level if kind.is_above else value < level):
            found.append(Raised(code, value, level, kind.unit))
    return found


def ahead(spent: Decimal, planned: Decimal, months: int) -> Decimal | None:
    """By how many points of the year's plan spending is ahead of the calendar after so many months; below nothing where
    it is behind."""
    if planned <= 0:
        return None
    return (100 * spent / planned - Decimal(100) * months / 12).quantize(Decimal("0.01"))
