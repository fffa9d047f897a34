"""What the county's report states of 2009, and how many rows of which cost make exactly that, at any scale.

Costs are whole yuan, each above its deductible, so that no share of them needs rounding and the sums come out to the
fen. Averages, shares and groups below the totals are assumed (docs/haiyuan-2009.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

YEAR: Final = 2009


@dataclass(frozen=True)
class Visits:
    """Visits of a level: how many, and what they cost on average, in yuan; what the plan gives of it."""

    level: str
    number: int
    average: int
    ratio: Decimal
    least: int
    most: int

    def at(self, scale: float) -> int:
        return round(self.number * scale)


@dataclass(frozen=True)
class Stays:
    """Stays of a group: how many, their eligible cost in all, in yuan; deductible, ratio, ceiling; which share of the
    cost is eligible; between which sums a stay's eligible cost lies."""

    code: str
    level: str
    number: int
    eligible: int
    deductible: int
    ratio: Decimal
    share: int
    least: int
    most: int
    is_child: bool = False
    ceiling: Decimal | None = None

    def at(self, scale: float) -> int:
        """How many of the group."""
        return round(self.number * scale)

    def eligible_at(self, scale: float) -> int:
        number = self.at(scale)
        return self.eligible if number == self.number else round(self.eligible * number / self.number)

    def pays(self, eligible: int) -> Decimal:
        """What the plan gives for one stay."""
        given = (Decimal(eligible) - self.deductible) * self.ratio
        return given if self.ceiling is None else min(given, self.ceiling)

    def total(self, eligible: int) -> int:
        """The whole cost of a stay, in whole yuan."""
        return round(eligible * 100 / self.share)


VISITS: Final = (
    Visits("village", 305_024, 19, Decimal("0.50"), 4, 60),
    Visits("township", 86_181, 30, Decimal("0.40"), 6, 90),
)
STAYS: Final = (
    Stays("township", "township", 9_566, 6_696_200, 60, Decimal("0.85"), 93, 120, 3_000),
    Stays("children", "county", 1_400, 1_470_000, 90, Decimal("0.80"), 90, 200, 5_000, is_child=True),
    Stays("county", "county", 10_600, 18_020_045, 160, Decimal("0.80"), 88, 260, 12_000),
    Stays("outside", "outside", 3_988, 34_334_400, 600, Decimal("0.35"), 80, 1_200, 60_000),
    Stays("ceiling", "outside", 12, 960_000, 600, Decimal("0.35"), 80, 80_000, 80_000, ceiling=Decimal(25_000)),
)


def spread(count: int, whole: int, least: int, most: int, chance: Random) -> list[int]:
    """So many whole yuan between two sums that come to exactly the whole, most of them small. Raises ValueError where
    that cannot be."""
    if not count * least <= whole <= count * most:
        raise ValueError(f"{count} between {least} and {most} do not come to {whole}")
    weights = [chance.lognormvariate(0, 0.7) for _one in range(count)]
    above = whole - count * least
    a_weight = above / sum(weights) if count else 0
    found = [least + min(int(weight * a_weight), most - least) for weight in weights]
    missing = whole - sum(found)
    while missing:
        each = max(missing // count, 1)
        for place, value in enumerate(found):
            more = min(each, most - value, missing)
            found[place] += more
            missing -= more
    return found


def shared_out(whole: int, weights: Sequence[int]) -> list[int]:
    """A whole number over places by their weights; the sum is exact."""
    everything, done, so_far = sum(weights), 0, 0
    found = []
    for weight in weights:
        so_far += weight
        upto = whole * so_far // everything
        found.append(upto - done)
        done = upto
    return found
