"""How a sample is drawn (docs/rules/samples.md): the same from the same seed on every machine, now and in ten years.

The generator: number `i` (from 1) of a drawing is SHA-256 of the text "<hash of the population>:<seed>:<i>", read as a
whole number of 256 bits; a number below `n` is what remains after dividing by n, and numbers from the last multiple of
n on are passed over, so that each is equally likely. Python's own `random` promises no such thing across versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

GENERATOR: Final = "sha256-counter-1"
ALL: Final = 2**256


@dataclass
class Numbers:
    """The numbers of one drawing in their order."""

    population: str
    seed: str
    used: int = field(default=0, init=False)

    def below(self, end: int) -> int:
        """The next number of 0, 1, … end - 1."""
        last = ALL - ALL % end
        while True:
            self.used += 1
            text = f"{self.population}:{self.seed}:{self.used}"
            number = int.from_bytes(hashlib.sha256(text.encode()).digest())
            if number < last:
                return number % end


@dataclass(frozen=True)
class Drawn:
    """One item of a sample: its place in the population (from 1), its stratum, whether it was certain to be drawn."""

    place: int
    stratum: int = 1
    is_certain: bool = False


def some_of(numbers: Numbers, places: Sequence[int], size: int) -> list[int]:
    """So many of some places, each set equally likely, in the order drawn: what came already is drawn again."""
    chosen: dict[int, None] = {}
    while len(chosen) < min(size, len(places)):
        chosen[places[numbers.below(len(places))]] = None
    return list(chosen)


def simple(numbers: Numbers, count: int, size: int) -> list[Drawn]:
    """A simple random sample out of places 1 to count."""
    return [Drawn(place) for place in some_of(numbers, range(1, count + 1), size)]


def strata_of(amounts: Sequence[int], bounds: Sequence[int]) -> list[list[int]]:
    """The places of each stratum: amounts below the first bound, from it to below the second, …, from the last on."""
    found: list[list[int]] = [[] for _bound in range(len(bounds) + 1)]
    for place, amount in enumerate(amounts, start=1):
        found[sum(amount >= bound for bound in bounds)].append(place)
    return found


def stratified(numbers: Numbers, strata: Sequence[Sequence[int]], shares: Sequence[int]) -> list[Drawn]:
    """So many of each stratum, one stratum after the other; a stratum taken whole is certain, in its own order."""
    drawn: list[Drawn] = []
    for number, (places, share) in enumerate(zip(strata, shares, strict=True), start=1):
        whole = share >= len(places)
        taken = places if whole else some_of(numbers, places, share)
        drawn += [Drawn(place, number, whole) for place in taken]
    return drawn


@dataclass(frozen=True)
class MoneyPlan:
    """How money units are drawn: the places taken for certain, how many units of what is left, in fen."""

    certain: tuple[int, ...]
    units: int
    rest: int


def money_plan(amounts: Sequence[int], size: int) -> MoneyPlan:
    """Which items are high: at least as large as the interval at which units of the rest are drawn, in fen.

    Taking them out makes the interval smaller, so that it is looked at again until none is left.
    """
    total = sum(amounts)
    certain: set[int] = set()
    while True:
        rest = total - sum(amounts[place - 1] for place in certain)
        units = -(-rest * size // total)
        more = {
            place
            for place, amount in enumerate(amounts, start=1)
            if place not in certain and units and amount * units >= rest > 0
        }
        if not more:
            return MoneyPlan(tuple(sorted(certain)), units, rest)
        certain |= more


def money_units(numbers: Numbers, amounts: Sequence[int], size: int) -> list[Drawn]:
    """A monetary-unit sample: the high items for certain, of the rest the items that hold units at a fixed interval.

    The start is a random number below the rest; unit i is floor((start + i x rest) / units). Amounts are fen and no
    item is negative; one of nothing cannot be drawn.
    """
    plan = money_plan(amounts, size)
    certain = set(plan.certain)
    drawn = [Drawn(place, 0, is_certain=True) for place in plan.certain]
    if not plan.units:
        return drawn
    start = numbers.below(plan.rest)
    wanted = [(start + number * plan.rest) // plan.units for number in range(plan.units)]
    before = reached = 0
    for place, amount in enumerate(amounts, start=1):
        if place in certain:
            continue
        before += amount
        if reached < len(wanted) and wanted[reached] < before:
            drawn.append(Drawn(place))
            reached += 1
    return drawn
