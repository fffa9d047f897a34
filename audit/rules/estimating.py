"""What a sample says about its population (docs/rules/samples.md): the most likely error, and a limit above it.

Amounts are yuan. An error is what was paid too much: the booked amount less the right one. Nothing paid too little is
set off against it in a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from audit.rules import chances

FEN: Final = Decimal("0.01")
TRACE: Final = Decimal("0.00000001")
NOTHING: Final = Decimal(0)
ESTIMATORS: Final = ("difference", "ratio", "mean")


@dataclass(frozen=True)
class Rate:
    """A rate of errors: what was found, and its limits one by one at the confidence."""

    found: Decimal
    lower: Decimal
    upper: Decimal


def rate(size: int, wrong: int, confidence: Decimal, *, model: str, population: int) -> Rate:
    """The rate of wrong ones: Clopper and Pearson's limits, or those of the chosen model."""
    found = Decimal(wrong) / size
    if model == "hypergeometric":
        lower = Decimal(chances.hypergeometric_lower(wrong, size, population, confidence)) / population
        upper = Decimal(chances.hypergeometric_upper(wrong, size, population, confidence)) / population
    elif model == "poisson":
        lower = _poisson_lower(wrong, confidence) / size
        upper = min(chances.poisson_upper(wrong, confidence) / size, Decimal(1))
    else:
        lower = chances.binomial_lower(wrong, size, confidence)
        upper = chances.binomial_upper(wrong, size, confidence)
    return Rate(found, lower, upper)


def _poisson_lower(wrong: int, confidence: Decimal) -> Decimal:
    return chances.poisson_upper(wrong - 1, 1 - confidence) if wrong else NOTHING


@dataclass(frozen=True)
class Checked:
    """One item that was examined: what was booked and what is right, in yuan; its stratum."""

    booked: Decimal
    right: Decimal
    stratum: int = 1
    is_certain: bool = False

    @property
    def error(self) -> Decimal:
        """What was paid too much; below nothing where it was too little."""
        return self.booked - self.right


@dataclass(frozen=True)
class Stratum:
    """A stratum of the population: how many, what they come to, the largest of them, in yuan."""

    items: int
    amount: Decimal
    largest: Decimal


@dataclass(frozen=True)
class Money:
    """The error of a population in yuan: most likely, at most; what is known for certain of it; paid too little.

    `low` and `high` are the limits of Student's t, where the method has them.
    """

    likely: Decimal
    upper: Decimal
    certain: Decimal
    too_little: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


def stringer(taints: Sequence[Decimal], size: int, confidence: Decimal) -> Decimal:
    """Stringer's bound of the mean taint, a part of 1: each error counts by how much wider it makes the limit, the
    largest first."""
    with localcontext() as context:
        context.prec = chances.DIGITS
        before = bound = chances.binomial_upper(0, size, confidence)
        for number, taint in enumerate(sorted(taints, reverse=True), start=1):
            limit = chances.binomial_upper(number, size, confidence)
            bound += (limit - before) * taint
            before = limit
        return min(bound, Decimal(1))


def money_units(checked: Sequence[Checked], *, rest: Decimal, units: int, confidence: Decimal) -> Money:
    """A monetary-unit sample: `units` drawn out of `rest` yuan, beside the items that were taken for certain."""
    sure, drawn = _parted(checked)
    certain = _too_much(sure)
    taints = [one.error / one.booked for one in drawn if one.error > 0]
    interval = rest / units if units else NOTHING
    likely = certain + interval * sum(taints, NOTHING)
    too_little = _too_little(sure) + interval * sum(
        (-one.error / one.booked for one in drawn if one.error < 0), NOTHING
    )
    bound = certain + (rest * stringer(taints, units, confidence) if units else NOTHING)
    return Money(_half_up(likely), _up(min(bound, certain + rest)), certain, _half_up(too_little))


def means(checked: Sequence[Checked], strata: Sequence[Stratum], *, estimator: str, confidence: Decimal) -> Money:
    """A random or stratified sample: the estimated error with the limits of Student's t, and a limit that holds for
    skewed amounts too, where those of t are too narrow.

    In each stratum an error is taken as a part of the largest amount there, and Stringer's bound of that part as if it
    were a taint; with several strata each at a confidence that lets all of them hold together.
    """
    groups = [[one for one in checked if one.stratum == number] for number in range(1, len(strata) + 1)]
    estimated, spread, freedom = _estimated(groups, strata, estimator)
    reach = chances.t_quantile(confidence, freedom) * spread if freedom else NOTHING
    open_ = sum(len(group) < one.items for group, one in zip(groups, strata, strict=True))
    each = 1 - (1 - confidence) / max(open_, 1)
    upper = sum((_limit(group, one, each) for group, one in zip(groups, strata, strict=True)), NOTHING)
    whole = [one for group, all_ in zip(groups, strata, strict=True) if len(group) >= all_.items for one in group]
    return Money(
        likely=_half_up(estimated),
        upper=_up(max(upper, estimated)),
        certain=_too_much(whole),
        too_little=_too_little(checked),
        low=(estimated - reach).quantize(FEN, ROUND_FLOOR),
        high=_up(estimated + reach),
    )


def _estimated(
    groups: Sequence[Sequence[Checked]], strata: Sequence[Stratum], estimator: str
) -> tuple[Decimal, Decimal, int]:
    """The estimated error, its standard error, degrees of freedom (Satterthwaite, rounded down)."""
    booked = sum((one.amount for one in strata), NOTHING)
    ratio = _ratio(groups, strata)
    estimated, parts = NOTHING, []
    for group, one in zip(groups, strata, strict=True):
        if not group:
            continue
        size = len(group)
        values = [_value(item, estimator, ratio) for item in group]
        mean = sum(values, NOTHING) / size
        estimated += one.items * mean
        if 1 < size < one.items:
            square = sum(((value - mean) ** 2 for value in values), NOTHING) / (size - 1)
            parts.append((Decimal(one.items) ** 2 * (1 - Decimal(size) / one.items) * square / size, size - 1))
    if estimator == "mean":
        estimated = booked - estimated
    elif estimator == "ratio":
        estimated = booked * (1 - ratio)
    variance = sum((part for part, _freedom in parts), NOTHING)
    below = sum((part * part / free for part, free in parts), NOTHING)
    return estimated, variance.sqrt(), int(variance * variance / below) if below else 0


def _ratio(groups: Sequence[Sequence[Checked]], strata: Sequence[Stratum]) -> Decimal:
    """What is right for each yuan that was booked, over all strata together."""
    right = booked = NOTHING
    for group, one in zip(groups, strata, strict=True):
        times = Decimal(one.items) / len(group) if group else NOTHING
        right += times * sum((item.right for item in group), NOTHING)
        booked += times * sum((item.booked for item in group), NOTHING)
    return right / booked if booked else Decimal(1)


def _value(item: Checked, estimator: str, ratio: Decimal) -> Decimal:
    """What is averaged: the right amount, the error, or how far the right amount is from the ratio's."""
    if estimator == "mean":
        return item.right
    return item.error if estimator == "difference" else item.right - ratio * item.booked


def _limit(group: Sequence[Checked], stratum: Stratum, confidence: Decimal) -> Decimal:
    """At most so much was paid too much in a stratum; never more than what was not examined and what was found."""
    found = _too_much(group)
    if len(group) >= stratum.items or not stratum.largest:
        return found
    left = stratum.amount - sum((one.booked for one in group), NOTHING) + found
    if not group:
        return left
    parts = [one.error / stratum.largest for one in group if one.error > 0]
    return min(stratum.items * stratum.largest * stringer(parts, len(group), confidence), left)


def _parted(checked: Sequence[Checked]) -> tuple[list[Checked], list[Checked]]:
    return [one for one in checked if one.is_certain], [one for one in checked if not one.is_certain]


def _too_much(checked: Sequence[Checked]) -> Decimal:
    return sum((one.error for one in checked if one.error > 0), NOTHING)


def _too_little(checked: Sequence[Checked]) -> Decimal:
    return sum((-one.error for one in checked if one.error < 0), NOTHING)


def _up(amount: Decimal) -> Decimal:
    """To the next fen above; what halving leaves behind in the twentieth place is no fen."""
    return amount.quantize(TRACE, ROUND_HALF_UP).quantize(FEN, ROUND_CEILING)


def _half_up(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)
