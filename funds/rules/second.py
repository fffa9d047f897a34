"""Second compensation (二次补偿): when a surplus allows it, what each person gets of it, to the fen
(docs/rules/settlements.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from funds.rules.settling import FEN, HUNDRED, ZERO, fen

Key = TypeVar("Key")
ONE: Final = Decimal(1)


class BadBands(ValueError):
    """The bands cannot be used; the message says why."""


@dataclass(frozen=True)
class Band:
    """A ratio of what lies below `upto`, the last band open."""

    upto: Decimal | None
    ratio: Decimal


@dataclass(frozen=True)
class Offer:
    """What a run gives: over how much of a year's burden, by which bands, at most how much to a person."""

    threshold: Decimal
    bands: Sequence[Band]
    ceiling: Decimal | None = None


@dataclass(frozen=True)
class Surplus:
    """A year of the pool fund: its income and spending, and what has been gathered, risk fund included."""

    income: Decimal
    spending: Decimal
    cumulative: Decimal

    @property
    def of_year(self) -> Decimal:
        return self.income - self.spending

    def allows(self, *, year_percent: Decimal, cumulative_percent: Decimal) -> bool:
        """Whether the year's surplus is over so many percent of its income, or what is gathered at least so many."""
        over = self.of_year * HUNDRED > self.income * year_percent
        return self.income > ZERO and (over or self.cumulative * HUNDRED >= self.income * cumulative_percent)

    def room(self, *, year_percent: Decimal, cumulative_percent: Decimal) -> Decimal:
        """What a run may give at most: what is above the limits, and never more than what is gathered."""
        if not self.allows(year_percent=year_percent, cumulative_percent=cumulative_percent):
            return ZERO
        year = self.of_year - fen(self.income * year_percent / HUNDRED)
        gathered = self.cumulative - fen(self.income * cumulative_percent / HUNDRED)
        return max(min(max(year, gathered), self.cumulative), ZERO)


def read(stated: Sequence[Sequence[str | None]]) -> list[Band]:
    """Bands as they are kept: pairs of an upper end and a ratio as text, the last one open. Raises BadBands."""
    bands = [Band(None if upto is None else Decimal(upto), Decimal(str(ratio))) for upto, ratio in stated]
    ends = [one.upto for one in bands]
    closed = [one for one in ends[:-1] if one is not None]
    if not bands or ends[-1] is not None or len(closed) < len(bands) - 1:
        raise BadBands("the last band, and no other, is open")
    if (
        any(not ZERO < one.ratio <= ONE for one in bands)
        or sorted(set(closed)) != closed
        or (closed and closed[0] <= 0)
    ):
        raise BadBands("bands rise, and each ratio is above 0 and at most 1")
    return bands


def entitled(burden: Decimal, offer: Offer) -> Decimal:
    """What the bands give for a burden before the money is counted; bands begin above the threshold."""
    over = max(burden - offer.threshold, ZERO)
    found, lower = ZERO, ZERO
    for band in offer.bands:
        upper = over if band.upto is None else min(band.upto, over)
        found += max(upper - lower, ZERO) * band.ratio
        lower = upper
    given = fen(found)
    return given if offer.ceiling is None else min(given, offer.ceiling)


def distributed(claims: Mapping[Key, Decimal], budget: Decimal) -> dict[Key, Decimal]:
    """What each gets of a budget: all where it suffices, else pro rata, so that the sum is the budget to the fen. What
    is left over after cutting to whole fen goes, a fen each, to those whose cut was largest, the earlier first."""
    total = sum(claims.values(), ZERO)
    if total <= budget:
        return dict(claims)
    exact = {key: wanted * budget / total for key, wanted in claims.items()}
    given = {key: amount - amount % FEN for key, amount in exact.items()}
    left = int((budget - sum(given.values(), ZERO)) / FEN)
    places = {key: place for place, key in enumerate(claims)}
    for key in sorted(exact, key=lambda one: (given[one] - exact[one], places[one]))[:left]:
        given[key] += FEN
    return {key: amount.quantize(FEN) for key, amount in given.items()}
