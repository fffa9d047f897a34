"""A picture of bars, one below the other: where each lies on the paper, in the units of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 400
LEFT: Final = 132  # where bars begin; their names stand before
RIGHT: Final = 340  # where the longest ends; figures stand after
LINE: Final = 26  # from one bar to the next
THICK: Final = 16
TOP: Final = 8


@dataclass(frozen=True)
class Bar:
    """A bar: its name before it, its figure after it; `mark` is where a measure lies, if there is one."""

    name: str
    words: str
    y: int
    length: int
    mark: int | None = None

    @property
    def begins(self) -> int:
        """The left end."""
        return LEFT

    @property
    def line(self) -> int:
        """Where its words stand."""
        return self.y + THICK - 4

    @property
    def after(self) -> int:
        """Where its figure begins: behind the bar and its mark."""
        return max(LEFT + self.length, self.mark or 0) + 6


@dataclass(frozen=True)
class Picture:
    """Bars with the size of their paper."""

    bars: Sequence[Bar]
    width: int
    height: int
    thick: int = THICK


def picture(rows: Sequence[tuple[str, str, Decimal]], marks: Sequence[Decimal] = ()) -> Picture:
    """Bars for rows of name, words of the figure, figure; `marks` are measures of the rows, in the same unit."""
    most = max((*(figure for _name, _words, figure in rows), *marks), default=Decimal(0))
    bars = [
        Bar(name, words, TOP + place * LINE, _long(figure, most), _at(marks[place], most) if marks else None)
        for place, (name, words, figure) in enumerate(rows)
    ]
    return Picture(bars, WIDTH, TOP + len(rows) * LINE)


def _long(figure: Decimal, most: Decimal) -> int:
    """A figure above nothing is seen, however small it is beside the largest."""
    return max(round((RIGHT - LEFT) * figure / most), 1) if figure > 0 else 0


def _at(mark: Decimal, most: Decimal) -> int:
    return LEFT + _long(mark, most)
