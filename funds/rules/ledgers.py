"""Ledgers in book form: running balances, month sums and what is brought forward, on plain values.

A red line stands on the other side of what it takes back and lessens it there: it is shown in its column with a minus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

DEBIT, CREDIT = "debit", "credit"


@dataclass(frozen=True)
class Moved:
    """What a line enters on an account: on which side, and what."""

    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class Side:
    """What stands on an account, as ledgers say it: on which side, and how much; nothing on neither."""

    side: str
    amount: Decimal


def moved(side: str, amount: Decimal, *, is_red: bool) -> Moved:
    """A line in its column."""
    on_the_left = (side == DEBIT) != is_red
    signed = -amount if is_red else amount
    return Moved(signed, Decimal(0)) if on_the_left else Moved(Decimal(0), signed)


def running(opening: Decimal, lines: Iterable[Moved]) -> list[Decimal]:
    """What stands after each line; all of it as debit less credit."""
    stands, found = opening, []
    for one in lines:
        stands += one.debit - one.credit
        found.append(stands)
    return found


def side_of(stands: Decimal) -> Side:
    """Debit less credit as ledgers say it."""
    if not stands:
        return Side("", Decimal(0))
    return Side(DEBIT, stands) if stands > 0 else Side(CREDIT, -stands)


def summed(lines: Sequence[Moved]) -> Moved:
    """Both columns."""
    return Moved(sum((one.debit for one in lines), Decimal(0)), sum((one.credit for one in lines), Decimal(0)))
