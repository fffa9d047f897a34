"""How far a township or village has come with enrolling (参合率): a rate in percent, and what it is called."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

HUNDREDTH: Final = Decimal("0.01")


class Grade(StrEnum):
    """What a rate is called; the bounds are the office's own."""

    HIGH = "high"  # 95 % and more
    NEAR = "near"  # 90 to 95 %
    LOW = "low"  # 80 to 90 %
    FAR = "far"  # below 80 %
    UNKNOWN = "unknown"  # nobody said how many should enroll


BOUNDS: Final = (
    (Decimal(95), Grade.HIGH),
    (Decimal(90), Grade.NEAR),
    (Decimal(80), Grade.LOW),
    (Decimal(0), Grade.FAR),
)


def rate(enrolled: int, should: int) -> Decimal | None:
    """Percent with two places, half up: 370,296 of 386,772 are 95.74; None where nobody should enroll."""
    if should <= 0:
        return None
    return (Decimal(enrolled) * 100 / Decimal(should)).quantize(HUNDREDTH, ROUND_HALF_UP)


def grade(percent: Decimal | None) -> Grade:
    """What a rate is called."""
    if percent is None:
        return Grade.UNKNOWN
    return next(called for bound, called in BOUNDS if percent >= bound)
