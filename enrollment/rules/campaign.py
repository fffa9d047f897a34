"""The campaign (筹资工作): what is due, collected and enrolled in a place, who is behind, who is late, what it costs.

Figures of one place or of many add up; money is yuan, rates are percent with two places (docs/rules/collection.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from enrollment.rules import participation
from office.rules.days import WorkingDays

NOTHING = Decimal(0)
FEN = Decimal("0.01")
A_HUNDRED = 100


@dataclass(frozen=True)
class Figures:
    """What came in: people enrolled, and yuan by who paid.

    `cash` is what households paid themselves, also what was given back later; `receipted` is the part of it for which
    there is a receipt of the stock; `refunded` is what was decided to be given back.
    """

    enrolled: int = 0
    cash: Decimal = NOTHING
    assisted: Decimal = NOTHING
    collective: Decimal = NOTHING
    receipted: Decimal = NOTHING
    refunded: Decimal = NOTHING

    def __add__(self, other: Figures) -> Figures:
        return total((self, other))

    @property
    def collected(self) -> Decimal:
        """All that was collected and is not given back."""
        return self.cash + self.assisted + self.collective - self.refunded

    @property
    def without_receipt(self) -> Decimal:
        """Cash of townships that keep no stock of receipts, and of entries whose receipt is still to be written."""
        return self.cash - self.receipted


@dataclass(frozen=True)
class OnItsWay:
    """Cash that left the collector, in yuan: handed in; of it paid in at the bank; of it seen on the statement."""

    handed_in: Decimal = NOTHING
    deposited: Decimal = NOTHING
    confirmed: Decimal = NOTHING

    def __add__(self, other: OnItsWay) -> OnItsWay:
        return OnItsWay(
            self.handed_in + other.handed_in, self.deposited + other.deposited, self.confirmed + other.confirmed
        )


@dataclass(frozen=True)
class Line:
    """A township or village, or all of them together, as of a day; `added` is what that day alone brought.

    `fee` is what is contributed for an ordinary person, in yuan; it tells what is due.
    """

    code: str
    name: str
    should: int
    target: int | None
    fee: Decimal
    so_far: Figures = field(default_factory=Figures)
    added: Figures = field(default_factory=Figures)
    way: OnItsWay = field(default_factory=OnItsWay)

    @property
    def rate(self) -> Decimal | None:
        """Enrolled of those who should, in percent."""
        return participation.rate(self.so_far.enrolled, self.should)

    @property
    def grade(self) -> str:
        """What the rate is called, by code."""
        return participation.grade(self.rate).value

    @property
    def unpaid(self) -> int:
        """How many should enroll and have not."""
        return max(self.should - self.so_far.enrolled, 0)

    @property
    def reached(self) -> Decimal | None:
        """Enrolled of the target, in percent."""
        return participation.rate(self.so_far.enrolled, self.target or 0)

    @property
    def due(self) -> Decimal:
        """What would be collected if everybody who should enroll did (应收)."""
        return self.should * self.fee

    @property
    def of_due(self) -> Decimal | None:
        """Collected of what is due, in percent."""
        return percent(self.so_far.collected, self.due)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Percent with two places, half up; None of nothing."""
    return (part * A_HUNDRED / whole).quantize(FEN, ROUND_HALF_UP) if whole > 0 else None


def together(lines: Sequence[Line], *, name: str, fee: Decimal, target: int | None = None) -> Line:
    """All lines in one; the target is the given one, else the sum of those that are set."""
    targets = [line.target for line in lines if line.target is not None]
    return Line(
        code="",
        name=name,
        should=sum(line.should for line in lines),
        target=target if target is not None else sum(targets) if targets else None,
        fee=fee,
        so_far=total(line.so_far for line in lines),
        added=total(line.added for line in lines),
        way=sum((line.way for line in lines), OnItsWay()),
    )


def total(figures: Iterable[Figures]) -> Figures:
    """Figures added up."""
    some = list(figures)
    return Figures(
        sum(one.enrolled for one in some),
        sum((one.cash for one in some), NOTHING),
        sum((one.assisted for one in some), NOTHING),
        sum((one.collective for one in some), NOTHING),
        sum((one.receipted for one in some), NOTHING),
        sum((one.refunded for one in some), NOTHING),
    )


def ranked(lines: Iterable[Line]) -> list[tuple[int | None, Line]]:
    """The highest rate first; equal rates share their place, and who has no rate has none."""
    ordered = sorted(lines, key=lambda line: (line.rate is None, -(line.rate or NOTHING), line.code))
    rates = [line.rate for line in ordered]
    return [(None if line.rate is None else rates.index(line.rate) + 1, line) for line in ordered]


@dataclass(frozen=True)
class Day:
    """One day of the campaign: what it added, and what there was at its end."""

    on: date
    added: Figures
    so_far: Figures


def day_by_day(by_day: Mapping[date, Figures]) -> list[Day]:
    """The days on which something came in, in their order."""
    found = []
    so_far = Figures()
    for on in sorted(by_day):
        so_far += by_day[on]
        found.append(Day(on, by_day[on], so_far))
    return found


def is_behind(rate: Decimal | None, wanted: Decimal) -> bool:
    """Whether a place is behind a deadline; where nobody said how many should enroll, it is not."""
    return rate is not None and rate < wanted


def missing(line: Line, wanted: Decimal) -> int:
    """How many more people must enroll in a place for a rate in percent."""
    heads = (line.should * wanted / A_HUNDRED).to_integral_value(ROUND_CEILING)
    return max(int(heads) - line.so_far.enrolled, 0)


@dataclass(frozen=True)
class Behind:
    """A township that is behind a deadline: its figures, how many are missing, whether it was reminded."""

    township: int
    line: Line
    rate: Decimal
    missing: int
    is_reminded: bool


def late(answer_by: date, day: date, table: WorkingDays) -> int:
    """Working days by which an answer is late on a day; 0 while it is in time. Raises CalendarUnknown."""
    return table.between(answer_by, day) if day > answer_by else 0


def per_hundred(cost: Decimal, collected: Decimal) -> Decimal | None:
    """What collecting 100 yuan cost, in yuan; None where nothing was collected."""
    return percent(cost, collected)


def per_head(cost: Decimal, enrolled: int) -> Decimal | None:
    """What collecting cost for one person enrolled, in yuan; None where nobody is."""
    return (cost / enrolled).quantize(FEN, ROUND_HALF_UP) if enrolled > 0 else None
