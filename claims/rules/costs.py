"""What stays cost, provider by provider, against what they may cost on average: by agreement, else by their level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

FEN: Final = Decimal("0.01")
TENTH: Final = Decimal("0.1")
HUNDRED: Final = 100
NONE: Final = Decimal(0)

Key: TypeAlias = "tuple[int, int]"  # provider and scheme, by number


@dataclass(frozen=True, slots=True)
class Group:
    """The stays of a provider in a scheme that were taken in under one level and region."""

    provider: int
    scheme: int
    level: str
    region: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider's stays of a scheme: their cost on average, what it is held against, by how much it is above."""

    provider: int
    scheme: int
    level: str
    region: str
    count: int
    average: Decimal
    against: Decimal
    by_agreement: bool

    @property
    def above(self) -> Decimal:
        """How many percent above what it is held against; negative below it."""
        return above(self.average, self.against)

    @property
    def excess(self) -> Decimal:
        """What all stays together cost above it, in yuan."""
        return (self.average - self.against) * self.count


def above(found: Decimal, against: Decimal) -> Decimal:
    """By how many percent an amount is above another; negative below it."""
    return ((found / against - 1) * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """How many percent of an amount another is."""
    return (part / whole * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


def average(total: Decimal, count: int) -> Decimal | None:
    """To the fen; nothing of nothing."""
    return (total / count).quantize(FEN, ROUND_HALF_UP) if count else None


def ranked(groups: Iterable[Group], agreed: Mapping[Key, Decimal]) -> list[Standing]:
    """Every provider's standing, the farthest above first. Levels are those of one scheme, inside and outside apart."""
    providers: dict[Key, Group] = {}
    levels: defaultdict[tuple[int, str, str], list[Group]] = defaultdict(list)
    for one in groups:
        levels[one.scheme, one.level, one.region].append(one)
        known = providers.get((one.provider, one.scheme))
        providers[one.provider, one.scheme] = one if known is None else _together(known, one)
    found = [
        _standing(one, levels[one.scheme, one.level, one.region], agreed.get(key)) for key, one in providers.items()
    ]
    return sorted(found, key=lambda one: (-one.above, -one.count, one.provider))


def _together(known: Group, more: Group) -> Group:
    """Of a provider whose level changed in the year: all its stays, under the level that most of them have."""
    larger = more if more.count > known.count else known
    return replace(larger, count=known.count + more.count, total=known.total + more.total)


def _standing(one: Group, peers: Iterable[Group], agreed: Decimal | None) -> Standing:
    own = average(one.total, one.count) or NONE
    stays = [(each.total, each.count) for each in peers]
    of_level = average(sum((total for total, _count in stays), NONE), sum(count for _total, count in stays)) or own
    return Standing(
        one.provider, one.scheme, one.level, one.region, one.count, own, agreed or of_level, agreed is not None
    )
