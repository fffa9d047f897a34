"""The picture of a campaign: where its days, rates and deadlines lie on paper, in the units of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import ClassVar

from enrollment.rules import participation
from enrollment.rules.campaign import NOTHING, Day, Line, percent

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 40, 704, 14, 292
STEP = 20  # percent between two lines of the paper
FULL = 100
MOST_MONTHS = 8  # that have room for their names

#: A day and the percent that was reached by its end.
Reached = tuple[date, Decimal]


@dataclass(frozen=True)
class Mark:
    """A place on the paper, with what is written there."""

    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Flag:
    """A deadline on the paper: reached, missed, or still to come."""

    x: int
    y: int
    on: date
    rate: Decimal
    state: str


@dataclass(frozen=True)
class Paper:
    """The days from the first to the last from left to right, and percent from 0 to `top` upwards."""

    first: date
    last: date
    top: int

    def x(self, day: date) -> int:
        """How far to the right a day ends; days beyond the paper lie at its edges."""
        span = max((self.last - self.first).days, 1)
        gone = min(max((day - self.first).days, 0), span)
        return LEFT + round((RIGHT - LEFT) * gone / span)

    def y(self, percent: Decimal) -> int:
        """How far down a percentage lies."""
        return BOTTOM - round((BOTTOM - TOP) * percent / self.top)

    def path(self, reached: Sequence[Reached], until: date) -> str:
        """A line that rises on each day and goes on level to the next one, from nothing on the first day."""
        if not reached:
            return ""
        points = [(self.x(self.first), BOTTOM)]
        for (_before, low), (day, high) in pairwise([(self.first, Decimal(0)), *reached]):
            points += [(self.x(day), self.y(low)), (self.x(day), self.y(high))]
        points.append((self.x(until), points[-1][1]))
        return " ".join(f"{x},{y}" for x, y in points)

    @property
    def grid(self) -> list[Mark]:
        """Percentages along the left edge."""
        return [Mark(LEFT, self.y(Decimal(one)), f"{one} %") for one in range(0, self.top + 1, STEP)]

    @property
    def months(self) -> list[Mark]:
        """The first days of months along the foot, as many as have room."""
        found = []
        month = self.first.replace(day=1)
        while (month := (month + timedelta(days=32)).replace(day=1)) <= self.last:
            found.append(month)
        every = -(-len(found) // MOST_MONTHS) or 1
        return [Mark(self.x(one), BOTTOM, f"{one:%Y-%m}") for one in found[::every]]

    def flag(self, on: date, rate: Decimal, *, reached: Decimal | None, today: date) -> Flag:
        """A deadline; `reached` is the rate at its end, or that of today before it."""
        state = "reached" if reached is not None and reached >= rate else "missed" if on < today else "ahead"
        return Flag(self.x(on), self.y(rate), on, rate, state)


@dataclass(frozen=True)
class Picture:
    """The whole picture: two lines over the days, in percent of what should be, and the deadlines beside them."""

    paper: Paper
    enrolled: str
    collected: str
    flags: list[Flag]
    today: int
    size: ClassVar[dict[str, int]] = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "bottom": BOTTOM,
    }


def picture(
    days: Sequence[Day],
    whole: Line,
    *,
    window: tuple[date, date],
    today: date,
    deadlines: Sequence[tuple[date, Decimal]],
) -> Picture:
    """How far a campaign has come each day. `window` is its first and its last day, `deadlines` days with rates."""
    enrolled = [(day.on, participation.rate(day.so_far.enrolled, whole.should) or NOTHING) for day in days]
    collected = [(day.on, percent(day.so_far.collected, whole.due) or NOTHING) for day in days]
    latest = max([window[1], *(on for on, _rate in deadlines), *(on for on, _percent in enrolled[-1:])])
    sheet = paper(window[0], latest, max((one for _on, one in [*enrolled, *collected]), default=NOTHING))
    flags = []
    for on, rate in deadlines:
        reached = [percent for day, percent in enrolled if day <= on]
        flags.append(sheet.flag(on, rate, reached=reached[-1] if reached else None, today=today))
    return Picture(sheet, sheet.path(enrolled, today), sheet.path(collected, today), flags, sheet.x(today))


def paper(first: date, last: date, highest: Decimal) -> Paper:
    """Paper on which everything has room, up to 100 percent at least."""
    steps = int((highest / STEP).to_integral_value(ROUND_CEILING))
    return Paper(first, max(first, last), max(FULL, steps * STEP))
