"""A figure that a report states, computed again by the indicators' own functions (docs/rules/indicators.md).

A rate, an average, a sum or a product agrees where it equals the stated figure at the stated precision, rounded half
up. Where it does not, the report may have cut places off, or rounded its inputs before it divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from funds.rules import indicators

TEN_THOUSAND: Final = 10_000
HALF: Final = Decimal("0.5")
#: Units in which a report counts people or money by ten thousand.
IN_TEN_THOUSANDS: Final = ("10k persons", "10k yuan")


@dataclass(frozen=True)
class Checked:
    """What a stated figure comes to; `agrees` is None where the report gives no inputs to compute it from. `is_cut`:
    it agrees with places cut off; `is_near`: it lies where the rounding of its inputs can bring it."""

    computed: Decimal | None
    agrees: bool | None
    is_cut: bool = False
    is_near: bool = False


def check(stated: Mapping[str, Any]) -> Checked:
    """A stated figure: `kind` ratio, sum, product, or one whose inputs the report keeps to itself."""
    computed = _computed(stated)
    if computed is None or stated["recomputes"] is None:
        return Checked(computed, None)
    value = Decimal(stated["stated_value"])
    places = _unit(value)
    if stated.get("rounded_to"):
        places = Decimal(stated["rounded_to"])
    return Checked(
        computed,
        agrees=computed.quantize(places, ROUND_HALF_UP) == value,
        is_cut=computed.quantize(places, ROUND_DOWN) == value,
        is_near=stated["kind"] == "ratio" and _is_near(stated, value),
    )


def implied(numerator: Decimal, percent: Decimal) -> Decimal:
    """The denominator that a stated rate leaves open."""
    return numerator * 100 / percent


def _computed(stated: Mapping[str, Any]) -> Decimal | None:
    match stated["kind"]:
        case "ratio":
            part, whole = Decimal(stated["numerator"]), Decimal(stated["denominator"])
            return _quotient(part, whole, stated["unit"])
        case "sum":
            terms = zip(stated["terms"], stated["signs"], strict=True)
            return sum((Decimal(term) * sign for term, sign in terms), Decimal(0))
        case "product":
            return Decimal(stated["numerator"]) * Decimal(stated["factor"]) / TEN_THOUSAND
    return None


def _quotient(part: Decimal, whole: Decimal, unit: str) -> Decimal | None:
    """A rate in percent; or an average in yuan of a sum in ten thousands."""
    if unit == "%":
        return indicators.rate(part, whole)
    return indicators.quotient(part * TEN_THOUSAND, whole)


def _is_near(stated: Mapping[str, Any], value: Decimal) -> bool:
    """Whether the stated figure lies between what the least and the most that its rounded inputs can be come to."""
    low_part, high_part = _span(stated["numerator"], stated["numerator_unit"])
    low_whole, high_whole = _span(stated["denominator"], stated["denominator_unit"])
    factor = 100 if stated["unit"] == "%" else TEN_THOUSAND
    half = _unit(value) * HALF
    least, most = low_part * factor / high_whole, high_part * factor / low_whole
    return least - half <= value <= most + half


def _span(text: str, unit: str) -> tuple[Decimal, Decimal]:
    """Between which numbers one lies that is stated in ten thousands with places; others are stated whole."""
    value = Decimal(text)
    half = _unit(value) * HALF if unit.startswith(IN_TEN_THOUSANDS) and "." in text else Decimal(0)
    return value - half, value + half


def _unit(value: Decimal) -> Decimal:
    """One of the last stated place: 0.1 of 97.2."""
    return Decimal(1).scaleb(int(value.as_tuple().exponent))
