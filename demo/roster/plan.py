"""Who stands where: how many people, in which households, in which village, and who pays.

At full scale the sums are those of 海原 in 2009: 386,772 should enroll, 370,296 are paid for, 41,296 of them by medical
assistance. That there are about 95,000 households is assumed; so is how they spread over the villages.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from enrollment.rules import divisions
from enrollment.rules.categories import Category
from enrollment.rules.divisions import DivisionLevel
from enrollment.rules.roster_rows import Due, Terms

PEOPLE: Final = 386_772
HOUSEHOLDS: Final = 95_000
PAID: Final = 370_296
ASSISTED: Final = 41_296
CONTRIBUTION: Final = Decimal(20)  # yuan a head, 2009
HELPED: Final = frozenset({Category.FIVE_GUARANTEES, Category.LOW_INCOME, Category.VETERAN})

SIZES: Final = range(1, 10)
SIZE_WEIGHTS: Final = (4, 10, 19, 31, 20, 9, 4, 2, 1)
DATA: Final = Path(divisions.__file__).parents[1] / "data"


NO_VILLAGE: Final = "虚拟"  # in the name of what the statistics bureau adds where nobody has a village


class Payer(IntEnum):
    """Who pays for a household."""

    OWN = 0
    ASSISTANCE = 1
    NOBODY = 2


@dataclass(frozen=True)
class Plan:
    """Household by household: its size, its payer, its village (as a place in `villages`)."""

    villages: Sequence[str]
    sizes: bytearray
    payers: bytearray
    homes: array[int]

    @property
    def people(self) -> int:
        """How many should enroll."""
        return sum(self.sizes)

    def village(self, household: int) -> str:
        """The 12-digit code of a household's village."""
        return self.villages[self.homes[household]]

    def pays(self, household: int) -> bool:
        """Whether the household pays for itself."""
        return self.payers[household] == Payer.OWN


@cache
def villages(county: str) -> tuple[str, ...]:
    """The 12-digit codes of the villages in which people live (enrollment/data/README.md)."""
    with (DATA / f"divisions-{county}.csv").open(encoding="utf-8", newline="") as file:
        found = divisions.read(csv.reader(file)).sound
    return tuple(one.code for one in found if one.level is DivisionLevel.VILLAGE and NO_VILLAGE not in one.name)


def terms(county: str, year: int) -> Terms:
    """By which the roster is judged: 20 yuan a head, none of one's own where assistance pays; read on 31 December."""
    dues = {kind: Due(CONTRIBUTION, Decimal(0) if kind in HELPED else CONTRIBUTION) for kind in Category}
    return Terms(year, date(year - 1, 12, 31), dues, frozenset(villages(county)))


def drawn(county: str, scale: float, chance: Random) -> Plan:
    """A plan of the given share of the county."""
    people = round(PEOPLE * scale)
    sizes = _sizes(people, max(round(HOUSEHOLDS * scale), 1), chance)
    payers = bytearray(len(sizes))
    order = list(range(len(sizes)))
    chance.shuffle(order)
    _mark(Payer.NOBODY, people - round(PAID * scale), sizes, payers, order)
    # Assistance pays for small households more often: the aged alone.
    order.sort(key=lambda household: sizes[household] > 2 and chance.random() < 0.6)  # noqa: PLR2004
    _mark(Payer.ASSISTANCE, round(ASSISTED * scale), sizes, payers, order)
    codes = villages(county)
    weights = list(accumulate(chance.lognormvariate(0, 0.5) for _village in codes))
    homes = array("H", sorted(chance.choices(range(len(codes)), cum_weights=weights, k=len(sizes))))
    return Plan(codes, sizes, payers, homes)


def _sizes(people: int, households: int, chance: Random) -> bytearray:
    """Household sizes whose sum is exactly the people."""
    sizes = bytearray(chance.choices(SIZES, weights=SIZE_WEIGHTS, k=households))
    missing = people - sum(sizes)
    while missing:
        household = chance.randrange(households)
        changed = sizes[household] + (1 if missing > 0 else -1)
        if changed in SIZES:
            missing += sizes[household] - changed
            sizes[household] = changed
    return sizes


def _mark(payer: Payer, people: int, sizes: bytearray, payers: bytearray, order: Sequence[int]) -> None:
    """Give a payer households whose members are exactly so many people, in the order given."""
    for household in order:
        if payers[household] == Payer.OWN and sizes[household] <= people:
            payers[household] = payer
            people -= sizes[household]
    if people:
        raise ValueError("The scale is too small for sums that come out even.")
