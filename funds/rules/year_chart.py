"""The picture of a year's spending: what was spent month by month, what the budget gives for it, what is foretold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 620, 12, 204
A_YEAR: Final = 12
STEPS: Final = 4
WAN: Final = Decimal(10_000)
LEAST: Final = Decimal(1_000)  # the paper of a year without money


@dataclass(frozen=True)
class Mark:
    """A word at a place of the paper."""

    at: int
    words: str


@dataclass(frozen=True)
class Chart:
    """Three lines on one paper, as points of a drawing; empty where there is nothing to draw."""

    spent: str
    planned: str
    foretold: str
    grid: Sequence[Mark]
    months: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def chart(spent: Sequence[Decimal], planned: Decimal, coming: Sequence[Decimal]) -> Chart:
    """`spent` and `coming` are the amounts of months, one after the other; `planned` is the whole year's."""
    actual = _added_up(Decimal(0), spent)
    foretold = _added_up(actual[-1], coming) if coming else []
    most = max(*actual, *foretold, planned, LEAST)
    top = _rounded_up(most)
    gap = (top / STEPS / WAN).normalize()
    places = max(1, -int(gap.as_tuple().exponent))  # two marks never bear the same number
    plan = [planned * month / A_YEAR for month in range(A_YEAR + 1)] if planned > 0 else []
    return Chart(
        spent=_points(actual, 0, top),
        planned=_points(plan, 0, top),
        foretold=_points(foretold, len(spent), top),
        grid=[Mark(_y(top * step / STEPS, top), f"{gap * step:,.{places}f}") for step in range(STEPS + 1)],
        months=[Mark(_x(month), str(month)) for month in range(1, A_YEAR + 1)],
    )


def _added_up(begin: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    found = [begin]
    for one in amounts:
        found.append(found[-1] + one)
    return found


def _rounded_up(most: Decimal) -> Decimal:
    """A round number not below the most."""
    unit = Decimal(1).scaleb(most.adjusted())
    return (most / unit).to_integral_value(rounding="ROUND_CEILING") * unit


def _points(amounts: Sequence[Decimal], first: int, top: Decimal) -> str:
    return " ".join(f"{_x(first + place)},{_y(one, top)}" for place, one in enumerate(amounts))


def _x(month: int) -> int:
    return LEFT + (RIGHT - LEFT) * month // A_YEAR


def _y(amount: Decimal, top: Decimal) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * max(amount, Decimal(0)) / top)
