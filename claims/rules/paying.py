"""Arithmetic of a layer: shares of groups, bands, rounding (docs/rules/benefits.md, the order of one layer).

Nothing is rounded here but by `rounded`, once per layer at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final

from claims.rules.layers import Band

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
FEN: Final = Decimal("0.01")
STEPS: Final = {"fen": FEN, "jiao": Decimal("0.1"), "yuan": ONE}
#: Where thirds and other endless fractions are cut, so that their sums meet the half fen exactly.
GRAIN: Final = Decimal("0.000000000001")

Groups = Mapping[str, Decimal]
Piece = tuple[Decimal, Decimal]


def rounded(amount: Decimal, rounding: str = "fen") -> Decimal:
    """The amount half up to the fen, jiao or yuan, always with two decimals."""
    exact = amount.quantize(GRAIN, ROUND_HALF_EVEN)
    if rounding == "fen":
        return exact.quantize(FEN, ROUND_HALF_UP)
    return exact.quantize(STEPS[rounding], ROUND_HALF_UP).quantize(FEN)


def summed(groups: Groups) -> Decimal:
    """The sum of the groups, to the fen: cut pro rata they are endless fractions, their sum is not."""
    return rounded(sum(groups.values(), ZERO))


def less(amount: Decimal, off: Decimal) -> Decimal:
    """The difference, stopping at zero."""
    return amount - off if amount > off else ZERO


def scaled(groups: Groups, total: Decimal, wanted: Decimal) -> dict[str, Decimal]:
    """The groups, that sum to `total`, cut pro rata so that they sum to `wanted`."""
    if total == wanted or not total:
        return dict(groups)
    return {group: amount * wanted / total for group, amount in groups.items()}


def taken(groups: Groups, amount: Decimal, first: Iterable[str] = ()) -> dict[str, Decimal]:
    """How an amount comes off the groups: from those named first, the rest from the others, each set pro rata."""
    leading = set(first)
    sets = ({g: a for g, a in groups.items() if g in leading}, {g: a for g, a in groups.items() if g not in leading})
    off: dict[str, Decimal] = {}
    for each in sets:
        total = sum(each.values(), ZERO)
        part = min(amount, total)
        off |= {group: cost * part / total if total else ZERO for group, cost in each.items()}
        amount -= part
    return off


def with_points(bands: Sequence[Band], points: Decimal) -> Sequence[Band]:
    """The bands with points added to each ratio, kept within 0..1."""
    if not points:
        return bands
    return [Band(band.upto, max(ZERO, min(ONE, band.ratio + points))) for band in bands]


def pieces(bands: Sequence[Band], start: Decimal, end: Decimal) -> Iterator[Piece]:
    """The parts of start..end that lie in each band, with the band's ratio; above the last closed band nothing."""
    lower = ZERO
    for band in bands:
        upper = end if band.upto is None or band.upto > end else band.upto
        least = start if start > lower else lower
        if upper > least:
            yield upper - least, band.ratio
        if band.upto is None or band.upto >= end:
            return
        lower = band.upto


def granted(parts: Iterable[Piece]) -> Decimal:
    """What the parts give."""
    return sum((part * ratio for part, ratio in parts), ZERO)


def span(cost: Decimal, deductible: Decimal, *, gross: bool) -> tuple[Decimal, Decimal]:
    """From where to where the bands are filled: gross they count from zero, net from after the deductible."""
    off = min(deductible, cost)
    return (off, cost) if gross else (ZERO, cost - off)
