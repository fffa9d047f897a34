"""What comes of a number of a report when it is computed again: it agrees, or how it errs.

A number agrees where the formula gives it at its printed precision, rounded half up. Rates and sums stand on a basis:
what was received (到位、实征), or what was due (应筹、应征); it is said on which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from audit.rules.report_reading import Quantity

HUNDRED: Final = Decimal(100)
HALF: Final = Decimal("0.5")
CENT: Final = Decimal("0.01")


class Status(StrEnum):
    """How a number stands beside what its formula gives."""

    AGREES = "agrees"
    ON_DUE = "on_due"  # agrees on the sum due, as the report's other figures of the paragraph do
    CUT = "cut"  # places were cut off instead of rounded
    NEAR = "near"  # differs by what the rounding of its inputs allows
    WRONG_BASIS = "wrong_basis"  # agrees on the sum due alone, where money received is meant
    WRONG = "wrong"
    MISSING = "missing"  # the report keeps the other number to itself


#: What the office must put right.
ERRORS: Final = frozenset({Status.WRONG, Status.WRONG_BASIS})
#: What it should know of.
DOUBTS: Final = frozenset({Status.CUT, Status.NEAR, Status.ON_DUE})

Terms = Sequence[tuple[int, Quantity]]


@dataclass(frozen=True)
class Finding:
    """A number of a report computed again: by which formula, from which numbers, on which basis, to what."""

    code: str
    stated: Quantity
    status: Status
    computed: Decimal | None = None
    terms: Sequence[Quantity] = ()
    shown: str = ""
    basis: str = ""
    place: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the number is to be put right."""
        return self.status in ERRORS


def ratio(code: str, stated: Quantity, part: Quantity, whole: Quantity, basis: str = "") -> Finding:
    """A rate in percent of two numbers; an average in yuan where an amount is divided by times or people."""
    factor = HUNDRED if stated.unit == "%" else Decimal(1)
    exact = part.value * factor / whole.value
    low = (part.value - _slack(part)) * factor / (whole.value + _slack(whole))
    high = (part.value + _slack(part)) * factor / max(whole.value - _slack(whole), Decimal(1))
    half = _place(stated) * HALF
    is_near = low - half <= stated.stated <= high + half
    shown = f"{text(part)} ÷ {text(whole)}"
    status = _status(stated, exact, is_near=is_near)
    return Finding(code, stated, status, exact.quantize(CENT, ROUND_HALF_UP), (part, whole), shown, basis)


def added(code: str, stated: Quantity, terms: Terms, basis: str = "") -> Finding:
    """A sum or difference of numbers, in the unit of the one that is stated."""
    exact = sum((one.value * sign for sign, one in terms), Decimal(0)) / stated.scale
    slack = sum((_rounded(one) for _sign, one in terms), _rounded(stated)) * HALF / stated.scale
    is_near = abs(exact - stated.stated) <= slack
    shown = "".join(f" {'+' if sign > 0 else '-'} {text(one)}" for sign, one in terms).removeprefix(" + ")
    status = _status(stated, exact, is_near=is_near)
    return Finding(code, stated, status, _tidy(exact), [one for _sign, one in terms], shown, basis)


def missing(code: str, stated: Quantity, terms: Sequence[Quantity] = (), basis: str = "") -> Finding:
    """A rate whose other number the report does not give; of a known numerator, what the other would be."""
    implied = None
    if terms and stated.unit == "%" and stated.stated:
        implied = (terms[0].value * HUNDRED / stated.stated).quantize(Decimal(1), ROUND_HALF_UP)
    return Finding(code, stated, Status.MISSING, implied, terms, "", basis)


def text(one: Quantity) -> str:
    """A number as the formula shows it, in its printed unit."""
    suffix = {"yuan": "元", "people": "人", "times": "人次"}.get(one.unit, one.unit)
    wan = "万" if one.scale == Decimal(10_000) else "亿" if one.scale > Decimal(10_000) else ""
    return f"{one.digits}{wan}{suffix}"


def _status(stated: Quantity, exact: Decimal, *, is_near: bool) -> Status:
    place = _place(stated)
    if exact.quantize(place, ROUND_HALF_UP) == stated.stated:
        return Status.AGREES
    if exact.quantize(place, ROUND_DOWN) == stated.stated:
        return Status.CUT
    return Status.NEAR if is_near else Status.WRONG


def _place(stated: Quantity) -> Decimal:
    return Decimal(1).scaleb(int(stated.stated.as_tuple().exponent))


def _slack(one: Quantity) -> Decimal:
    """By how much a number can lie off what is printed: counts of single people are exact."""
    return one.step * HALF if one.scale > 1 and "." in one.digits else Decimal(0)


def _rounded(one: Quantity) -> Decimal:
    """One of the last place of an amount or count in ten thousands; single people and yuan are exact."""
    return one.step if one.scale > 1 else Decimal(0)


def _tidy(exact: Decimal) -> Decimal:
    """Without noughts at its end: 990.9, 3110."""
    short = exact.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))
