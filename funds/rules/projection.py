"""What a fund will have spent at the end of the year, and on which day its money runs out (docs/rules/indicators.md).

A month to come costs what months cost lately, times what that month of the calendar costs beside the others in the
whole years before. How far off that was is tried on the months that are over: each is foretold from those before it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ZERO: Final = Decimal(0)
FEN: Final = Decimal("0.01")
A_YEAR: Final = 12
LATELY: Final = 12  # months that say what a month costs now
LEAST: Final = 3  # months that must be there before anything is foretold
FARTHEST: Final = 60  # months that one looks ahead

Spent = Mapping[date, Decimal]


@dataclass(frozen=True)
class Off:
    """A month that is over: what was foretold of it, and what it came to."""

    month: date
    foretold: Decimal
    actual: Decimal

    @property
    def percent(self) -> Decimal | None:
        """How far off, in percent of what it came to; above nothing where too much was foretold."""
        return _percent(self.foretold - self.actual, self.actual)


@dataclass(frozen=True)
class Projection:
    """The end of a year as foretold: spent until now, the months to come, and how far off such foretelling was."""

    spent: Decimal
    coming: Mapping[date, Decimal]
    tried: Sequence[Off]
    tried_on_year: Sequence[Off]

    @property
    def total(self) -> Decimal:
        """What the year will have cost."""
        return self.spent + sum(self.coming.values(), ZERO)

    @property
    def error(self) -> Decimal | None:
        """How far off a month was on average, in percent, whichever way."""
        return _average([one.percent for one in self.tried])

    @property
    def error_of_year(self) -> Decimal | None:
        """How far off the whole of the last year was on average when it was foretold from its months, in percent."""
        return _average([one.percent for one in self.tried_on_year])


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // A_YEAR, month.month % A_YEAR + 1, 1)


def whole(spent: Spent, last: date) -> dict[date, Decimal]:
    """Every month from the first with spending to the last that is over; nothing spent is nothing."""
    found: dict[date, Decimal] = {}
    month = min((one for one in spent if one <= last), default=None)
    while month is not None and month <= last:
        found[month] = spent.get(month, ZERO)
        month = next_month(month)
    return found


def weights(spent: Spent) -> dict[int, Decimal]:
    """What each month of the calendar costs beside an average one, over the whole years that are there; all alike where
    there is none, or nothing was spent in them."""
    years = {one.year for one in spent}
    full = [year for year in years if all(date(year, number, 1) in spent for number in range(1, A_YEAR + 1))]
    sums = {number: sum((spent[date(year, number, 1)] for year in full), ZERO) for number in range(1, A_YEAR + 1)}
    together = sum(sums.values(), ZERO)
    if together <= 0:
        return dict.fromkeys(sums, Decimal(1))
    return {number: one * A_YEAR / together for number, one in sums.items()}


def foretell(spent: Spent) -> Mapping[int, Decimal] | None:
    """What each month of the calendar will cost, from the months that are over; None where they are too few."""
    if len(spent) < LEAST:
        return None
    weight = weights(spent)
    lately = sorted(spent)[-LATELY:]
    parts = sum((weight[one.month] for one in lately), ZERO)
    level = sum((spent[one] for one in lately), ZERO) / parts
    return {number: (level * one).quantize(FEN, ROUND_HALF_UP) for number, one in weight.items()}


def project(spent: Spent, last: date) -> Projection | None:
    """The year of the last month that is over, foretold; None where too few months are over."""
    months = whole(spent, last)
    costs = foretell(months)
    if costs is None:
        return None
    coming = {month: costs[month.month] for month in _rest(last)}
    of_year = [amount for month, amount in months.items() if month.year == last.year]
    return Projection(sum(of_year, ZERO), coming, list(_tried(months)), list(_tried_on_year(months, last.year - 1)))


def runs_out(in_hand: Decimal, spent: Spent, last: date) -> date | None:
    """The day on which what is in hand is spent if nothing more comes in; None where that is farther than one can
    see, or too few months are over."""
    costs = foretell(whole(spent, last))
    if costs is None:
        return None
    left, month = in_hand, next_month(last)
    if left <= 0:
        return month
    for _place in range(FARTHEST):
        cost = costs[month.month]
        if cost >= left > 0:
            length = monthrange(month.year, month.month)[1]
            return month.replace(day=min(int(left * length / cost) + 1, length))
        left -= cost
        month = next_month(month)
    return None


def _rest(last: date) -> Iterator[date]:
    for number in range(last.month + 1, A_YEAR + 1):
        yield last.replace(month=number)


def _tried(months: Mapping[date, Decimal]) -> Iterator[Off]:
    """The last twelve months that are over, each foretold from those before it."""
    for month in sorted(months)[-A_YEAR:]:
        costs = foretell({one: amount for one, amount in months.items() if one < month})
        if costs is not None:
            yield Off(month, costs[month.month], months[month])


def _tried_on_year(months: Mapping[date, Decimal], year: int) -> Iterator[Off]:
    """A whole year that is over, foretold at the end of each of its months but the last."""
    of_year = {month: amount for month, amount in months.items() if month.year == year}
    if len(of_year) < A_YEAR:
        return
    actual = sum(of_year.values(), ZERO)
    for month in sorted(of_year)[:-1]:
        known = {one: amount for one, amount in months.items() if one <= month}
        costs = foretell(known)
        if costs is not None:
            until = sum((amount for one, amount in of_year.items() if one <= month), ZERO)
            yield Off(month, until + sum((costs[one.month] for one in _rest(month)), ZERO), actual)


def _percent(part: Decimal, of: Decimal) -> Decimal | None:
    return (100 * part / of).quantize(FEN, ROUND_HALF_UP) if of else None


def _average(percents: Sequence[Decimal | None]) -> Decimal | None:
    known = [abs(one) for one in percents if one is not None]
    return (sum(known, ZERO) / len(known)).quantize(FEN, ROUND_HALF_UP) if known else None
