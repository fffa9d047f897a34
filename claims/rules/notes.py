"""The trace of a claim: one line a step, with the rule's path, its figures, and words in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from claims.rules.trace_words import TRACE

FINE: Final = Decimal("0.0001")  # how far figures are written out that are rounded only at the layer's end
FEN: Final = Decimal("0.01")
ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One step: `path` is the rule's place in the document; the figures stand in the words."""

    path: str
    key: str
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        return TRACE[self.key][0].format(**self.figures)

    @property
    def en(self) -> str:
        return TRACE[self.key][1].format(**self.figures)

    def under(self, prefix: str) -> Line:
        """The same line of a document that follows others."""
        return Line(f"{prefix}{self.path}", self.key, self.figures)


class Notes:
    """Collects the lines of a layer; figures are written as they are added."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def add(self, path: str, key: str, **figures: Any) -> None:
        self.lines.append(Line(path, key, {name: written(value) for name, value in figures.items()}))


def written(value: Any) -> Any:
    """A figure as a sentence shows it: yuan with two decimals, up to four where it is not yet rounded."""
    if not isinstance(value, Decimal):
        return value
    exact = value.quantize(FEN, ROUND_HALF_EVEN)
    return f"{exact:,}" if exact == value else f"{value.quantize(FINE, ROUND_HALF_EVEN).normalize():,f}"


def percent(ratio: Decimal) -> str:
    """A ratio as people say it: 0.85 -> 85%."""
    return f"{(ratio * 100).normalize():f}%"


def number(value: Decimal) -> str:
    """A factor or points without needless zeros."""
    return f"{value.normalize():f}"


def formula(pieces: Iterable[tuple[Decimal, Decimal]], times: Decimal = ONE) -> str:
    """The bands that an amount fills: 9,400.00 × 35% + 20,000.00 × 40%, in brackets where a factor is on all of it."""
    bands = [f"{written(part)} × {percent(ratio)}" for part, ratio in pieces]
    whole = " + ".join(bands) or "0.00"
    if times == 1 or not bands:
        return whole
    return f"({whole}) × {number(times)}" if len(bands) > 1 else f"{whole} × {number(times)}"
