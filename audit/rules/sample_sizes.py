"""How many items a sample needs (docs/rules/samples.md).

Attributes: the smallest size of which the expected errors, ceil(expected x size), still bear that the rate lies below
the tolerable one. That is the planning of the AICPA Audit Guide "Audit Sampling" (2017), appendix A, whose tables it
gives. Money units: the same with the Poisson chance and expected errors in fractions, appendix C. Means: from the
spread of the frozen amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from audit.rules import chances

LARGEST: Final = 20_000
MODELS: Final = ("binomial", "poisson", "hypergeometric")
ALLOCATIONS: Final = ("number", "amount", "spread")
LEAST_OF_STRATUM: Final = 2


class CannotPlan(Exception):
    """No size serves; `code` says why: "expected_too_high", "too_large", "no_population"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Size:
    """A size with what it bears: so many errors may be found, at which chance nobody would be misled."""

    items: int
    errors: Decimal
    everything: bool = False


def attribute_size(
    confidence: Decimal, tolerable: Decimal, expected: Decimal, *, model: str = "binomial", population: int = 0
) -> Size:
    """The size of a sample for a rate of errors. Rates are parts of 1; a population is needed by "hypergeometric".

    Raises CannotPlan.
    """
    if not 0 <= expected < tolerable:
        raise CannotPlan("expected_too_high")
    if model == "hypergeometric" and population < 1:
        raise CannotPlan("no_population")
    risk = 1 - confidence
    most = min(population, LARGEST) if population else LARGEST
    chance = _chance_of(model, tolerable, population)
    errors = 0
    first, last = _sizes_with(errors, expected, most)
    while first <= most:
        if chance(errors, last) <= risk:
            return Size(_smallest(lambda size, of=errors: chance(of, size) <= risk, first, last), Decimal(errors))  # type: ignore[misc]
        errors += 1
        first, last = _sizes_with(errors, expected, most)
    if population and population <= LARGEST:
        return Size(population, Decimal(0), everything=True)
    raise CannotPlan("too_large")


def _chance_of(model: str, tolerable: Decimal, population: int) -> Callable[[int, int], Decimal]:
    """The chance of at most so many errors in a sample, where exactly the tolerable rate is wrong."""
    if model == "poisson":
        return lambda errors, size: chances.poisson_at_most(errors, tolerable * size)
    if model == "hypergeometric":
        wrong = int((tolerable * population).to_integral_value(ROUND_CEILING))
        return lambda errors, size: chances.hypergeometric_at_most(errors, size, wrong, population)
    return lambda errors, size: chances.binomial_at_most(errors, size, tolerable)


def _sizes_with(errors: int, expected: Decimal, most: int) -> tuple[int, int]:
    """The sizes of which so many errors are expected, rounded up."""
    if not expected:
        return (1, most) if not errors else (most + 1, most)
    first = int(((errors - 1) / expected).to_integral_value(ROUND_FLOOR)) + 1 if errors else 1
    last = int((errors / expected).to_integral_value(ROUND_FLOOR))
    return max(first, errors, 1), min(last, most)


def _smallest(serves: Callable[[int], bool], first: int, last: int) -> int:
    """The smallest size that serves, where each above it does."""
    while first < last:
        middle = (first + last) // 2
        if serves(middle):
            last = middle
        else:
            first = middle + 1
    return last


def money_size(confidence: Decimal, total: Decimal, tolerable: Decimal, expected: Decimal) -> Size:
    """How many money units are drawn out of a total, in yuan, for a tolerable and an expected error in yuan.

    Raises CannotPlan.
    """
    if not 0 <= expected < tolerable:
        raise CannotPlan("expected_too_high")
    limit, hoped = tolerable / total, expected / total

    def serves(size: int) -> bool:
        return chances.gamma_at_most(1 + hoped * size, limit * size) >= confidence

    most = 1
    while not serves(most):
        most *= 2
        if most > LARGEST:
            raise CannotPlan("too_large")
    found = _smallest(serves, most // 2 + 1, most)
    return Size(found, (hoped * found).quantize(Decimal("0.01"), ROUND_CEILING))


@dataclass(frozen=True)
class Stratum:
    """A part of a population: how many, what they come to in yuan, the spread of their amounts in yuan."""

    items: int
    amount: Decimal
    spread: Decimal


def weights(strata: Sequence[Stratum], allocation: str) -> list[Decimal]:
    """How a sample is shared out: by number, by amount, or by number times spread (Neyman)."""
    found = [
        {"number": Decimal(one.items), "amount": one.amount, "spread": one.items * one.spread}[allocation]
        for one in strata
    ]
    return found if any(found) else [Decimal(one.items) for one in strata]


def mean_size(
    confidence: Decimal, strata: Sequence[Stratum], tolerable: Decimal, expected: Decimal, *, allocation: str = "number"
) -> Size:
    """The size at which the limits of an estimated sum lie at most tolerable less expected from it, in yuan.

    The spread is that of the amounts themselves, the most that differences could have. Raises CannotPlan.
    """
    if not 0 <= expected < tolerable:
        raise CannotPlan("expected_too_high")
    items = sum(one.items for one in strata)
    variance = ((tolerable - expected) / chances.normal_quantile(confidence)) ** 2
    least = sum(min(one.items, LEAST_OF_STRATUM) for one in strata)
    size = min(max(_mean_size(variance, strata, allocation), least), items)
    return Size(size, Decimal(0), everything=size >= items)


def _mean_size(variance: Decimal, strata: Sequence[Stratum], allocation: str) -> int:
    """The size that brings the variance of a sum down to this; a stratum that would need more than it has is taken
    whole, and the others are looked at again."""
    open_, whole = list(strata), 0
    while True:  # the size is below the largest that any stratum would need to be full: one is left at the end
        shares = weights(open_, allocation)
        all_ = sum(shares)
        inside = sum((one.items * one.spread**2 for one in open_), Decimal(0))
        parts = [
            (one.items * one.spread) ** 2 * all_ / share for one, share in zip(open_, shares, strict=True) if share
        ]
        size = sum(parts, Decimal(0)) / (variance + inside)
        full = [one for one, share in zip(open_, shares, strict=True) if size * share > one.items * all_]
        if not full:
            return whole + int(size.to_integral_value(ROUND_CEILING))
        whole += sum(one.items for one in full)
        open_ = [one for one in open_ if one not in full]


def allocate(size: int, strata: Sequence[Stratum], allocation: str) -> list[int]:
    """A size shared out among strata: at least two of each, at most all of it, else as the weights say."""
    shares = weights(strata, allocation)
    given = [min(one.items, LEAST_OF_STRATUM) for one in strata]
    for _step in range(size - sum(given)):
        open_ = [number for number, one in enumerate(strata) if given[number] < one.items]
        if not open_:
            break
        given[max(open_, key=lambda number: (shares[number] / (2 * given[number] + 1), -number))] += 1
    return given
