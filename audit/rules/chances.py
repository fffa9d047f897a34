"""Chances of samples, in exact decimals (docs/rules/samples.md): what the tables of auditors are made of.

Chances and rates are Decimal between 0 and 1; `confidence` too (0.95). Nothing here is a float: a table of sizes must
be the same on every machine, and ceil(0.035 * 400) is 14.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache
from typing import Final, ParamSpec, cast

DIGITS: Final = 40
STEPS: Final = 70  # of halving: 2^-70 is below what anybody prints
SMALL: Final = Decimal("1E-34")
ONE: Final = Decimal(1)
HALF: Final = Decimal("0.5")
PI: Final = Decimal("3.14159265358979323846264338327950288419716939937510")
#: Stirling's series: B(2k) / (2k (2k - 1)).
STIRLING: Final = tuple(
    Decimal(top) / Decimal(bottom)
    for top, bottom in (
        (1, 12), (-1, 360), (1, 1260), (-1, 1680), (1, 1188), (-691, 360360), (1, 156), (-3617, 122400),
    )
)  # fmt: skip
SHIFTED: Final = 60

Given = ParamSpec("Given")


def exact(function: Callable[Given, Decimal]) -> Callable[Given, Decimal]:
    """A function of chances, computed with 40 digits and asked once for the same question."""

    def computed(*given: Given.args, **named: Given.kwargs) -> Decimal:
        with localcontext() as context:
            context.prec = DIGITS
            return function(*given, **named)

    return cast("Callable[Given, Decimal]", cache(computed))


@exact
def binomial_at_most(found: int, size: int, rate: Decimal) -> Decimal:
    """The chance of at most so many wrong ones among `size` drawn with replacement, where `rate` of all are wrong."""
    if found >= size or rate <= 0:
        return ONE
    if rate >= 1:
        return Decimal(0)
    right = 1 - rate
    term = total = right**size
    for number in range(1, found + 1):
        term = term * (size - number + 1) * rate / (number * right)
        total += term
    return min(total, ONE)


@exact
def poisson_at_most(found: int, expected: Decimal) -> Decimal:
    """The chance of at most so many wrong ones where `expected` are expected."""
    term = total = (-expected).exp()
    for number in range(1, found + 1):
        term = term * expected / number
        total += term
    return min(total, ONE)


@exact
def hypergeometric_at_most(found: int, size: int, wrong: int, population: int) -> Decimal:
    """The chance of at most so many wrong ones among `size` drawn without replacement from a population."""
    if found >= min(size, wrong):
        return ONE
    least = max(0, size + wrong - population)
    if found < least:
        return Decimal(0)
    term = _first_of_hypergeometric(least, size, wrong, population)
    total = term
    for number in range(least + 1, found + 1):
        above = (wrong - number + 1) * (size - number + 1)
        below = number * (population - wrong - size + number)
        term = term * above / below
        total += term
    return min(total, ONE)


def _first_of_hypergeometric(least: int, size: int, wrong: int, population: int) -> Decimal:
    """The chance of the smallest number that can be found: C(wrong, least) C(right, size - least) / C(all, size)."""
    chance, right = ONE, population - wrong
    for number in range(size):  # each draw in turn, the right ones first; then in how many orders
        if number < size - least:
            chance = chance * (right - number) / (population - number)
        else:
            chance = chance * (wrong - (number - size + least)) / (population - number)
    for number in range(least):
        chance = chance * (size - number) / (number + 1)
    return chance


@exact
def gamma_at_most(shape: Decimal, value: Decimal) -> Decimal:
    """The regularised lower incomplete gamma function P(shape, value)."""
    if value <= 0:
        return Decimal(0)
    term = total = ONE
    place = shape
    while term > total * SMALL:
        place += 1
        term = term * value / place
        total += term
    return min((shape * value.ln() - value - ln_gamma(shape + 1)).exp() * total, ONE)


@exact
def ln_gamma(value: Decimal) -> Decimal:
    """The logarithm of the gamma function, for values above 0."""
    shift, moved = Decimal(0), value
    while moved < SHIFTED:
        shift += moved.ln()
        moved += 1
    series, power = Decimal(0), moved
    for one in STIRLING:
        series += one / power
        power *= moved * moved
    return (moved - HALF) * moved.ln() - moved + HALF * (2 * PI).ln() + series - shift


@exact
def beta_at_most(first: Decimal, second: Decimal, value: Decimal) -> Decimal:
    """The regularised incomplete beta function I(value; first, second), by its continued fraction."""
    if value <= 0 or value >= 1:
        return min(max(value, Decimal(0)), ONE)
    if value > (first + 1) / (first + second + 2):
        return 1 - beta_at_most(second, first, 1 - value)
    whole = ln_gamma(first + second) - ln_gamma(first) - ln_gamma(second)
    front = (whole + first * value.ln() + second * (1 - value).ln()).exp() / first
    return front * _fraction(first, second, value)


def _fraction(first: Decimal, second: Decimal, value: Decimal) -> Decimal:
    """Lentz's way through the continued fraction of the incomplete beta function."""
    above, below = ONE, 1 / (1 - (first + second) * value / (first + 1))
    found, number = below, 0
    while True:
        number += 1
        twice = first + 2 * number
        even = number * (second - number) * value / ((twice - 1) * twice)
        odd = -(first + number) * (first + second + number) * value / (twice * (twice + 1))
        for step in (even, odd):
            below = 1 / (1 + step * below)
            above = 1 + step / above
            found *= above * below
        if abs(above * below - 1) < SMALL:
            return found


@exact
def t_quantile(confidence: Decimal, freedom: int) -> Decimal:
    """Student's t that is exceeded with the chance 1 - confidence (one-sided), for whole degrees of freedom."""
    half = Decimal(freedom) / 2
    return _where(
        lambda value: 1 - beta_at_most(half, HALF, freedom / (freedom + value * value)) / 2, confidence, Decimal(1000)
    )


@exact
def normal_quantile(confidence: Decimal) -> Decimal:
    """The standard normal value that is exceeded with the chance 1 - confidence (one-sided)."""
    return _where(lambda value: HALF + gamma_at_most(HALF, value * value / 2) / 2, confidence, Decimal(10))


def _where(chance: Callable[[Decimal], Decimal], wanted: Decimal, most: Decimal) -> Decimal:
    """Where a rising chance reaches what is wanted; never below it."""
    low, high = Decimal(0), most
    for _step in range(STEPS):
        middle = (low + high) / 2
        if chance(middle) < wanted:
            low = middle
        else:
            high = middle
    return high


@exact
def binomial_upper(found: int, size: int, confidence: Decimal) -> Decimal:
    """The upper limit of the rate (Clopper and Pearson, one-sided): above it, finding so few would be too unlikely."""
    if found >= size:
        return ONE
    return _where(lambda rate: 1 - binomial_at_most(found, size, rate), confidence, ONE)


@exact
def binomial_lower(found: int, size: int, confidence: Decimal) -> Decimal:
    """The lower limit of the rate (Clopper and Pearson, one-sided)."""
    return 1 - binomial_upper(size - found, size, confidence)


@exact
def poisson_upper(found: int, confidence: Decimal) -> Decimal:
    """The upper limit of the expected number (the guides' reliability factor: 3.00 for nothing found at 95 %)."""
    return _where(lambda expected: 1 - poisson_at_most(found, expected), confidence, Decimal(found * 3 + 60))


def hypergeometric_upper(found: int, size: int, population: int, confidence: Decimal) -> int:
    """The most wrong ones a population can hold: with one more, finding so few would be too unlikely."""
    risk = 1 - confidence
    low, high = found, population - (size - found)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeometric_at_most(found, size, middle, population) > risk:
            low = middle
        else:
            high = middle - 1
    return low


def hypergeometric_lower(found: int, size: int, population: int, confidence: Decimal) -> int:
    """The fewest wrong ones a population can hold, likewise."""
    return population - hypergeometric_upper(size - found, size, population, confidence)
