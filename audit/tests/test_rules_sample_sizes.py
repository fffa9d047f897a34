"""Sizes of samples: the published tables cell by cell, and what no size serves."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import comb

import pytest

from audit.rules import chances
from audit.rules.sample_sizes import CannotPlan, Size, Stratum, allocate, attribute_size, mean_size, money_size
from audit.tests import aicpa

pytestmark = pytest.mark.rules

CELLS = [
    (confidence, tolerable, expected, size)
    for confidence, table in (("0.95", aicpa.SIZES_95), ("0.90", aicpa.SIZES_90))
    for tolerable, sizes in table.items()
    for expected, size in zip(aicpa.EXPECTED, sizes, strict=False)
]


def part(percent: str) -> Decimal:
    return Decimal(percent) / 100


def test_every_cell_of_the_attribute_tables_is_given():
    wrong = {}
    for confidence, tolerable, expected, printed in CELLS:
        found = attribute_size(Decimal(confidence), part(tolerable), part(expected))
        wanted = aicpa.PRINTED_OTHERWISE.get((confidence, tolerable, expected), printed)
        if found.items != wanted:
            wrong[confidence, tolerable, expected] = (found.items, wanted)
    assert wrong == {}
    assert (len(CELLS), len(aicpa.PRINTED_OTHERWISE)) == (392, 2)


def test_the_cells_that_are_printed_otherwise_bear_more_risk_than_they_say():
    assert chances.binomial_at_most(4, 112, Decimal("0.07")) > Decimal("0.1007")
    assert chances.binomial_at_most(4, 113, Decimal("0.07")) < Decimal("0.10")


def test_rounding_errors_of_floats_would_miss_a_cell():
    assert -(-0.035 * 400 // 1) == 15  # as a float 14.000000000000002
    assert attribute_size(Decimal("0.90"), part("5"), part("3.5")) == Size(400, Decimal(14))


@pytest.mark.parametrize(
    ("confidence", "printed"), [("0.95", aicpa.LIMITS_95), ("0.90", aicpa.LIMITS_90)], ids=["A-3", "A-4"]
)
def test_every_cell_of_the_tables_of_limits_is_given(confidence, printed):
    rows = [line.split() for line in printed.split("\n") if line]
    found = [
        [
            str(
                (chances.binomial_upper(wrong, size, Decimal(confidence)) * 100).quantize(Decimal("0.1"), ROUND_CEILING)
            )
            for wrong in range(11)
        ]
        for size in aicpa.ITEMS
    ]
    assert found == rows


def test_every_cell_of_the_table_of_money_units_is_given():
    rows = [line.split() for line in aicpa.MONEY_SIZES.split("\n") if line]
    wrong = {}
    for risk, ratio, *sizes in rows:
        for tolerable, size in zip(aicpa.MONEY_TOLERABLE, sizes, strict=True):
            limit = Decimal(100_000) * part(tolerable)
            found = money_size(1 - part(risk), Decimal(100_000), limit, limit * Decimal(ratio))
            if found.items != int(size):
                wrong[risk, ratio, tolerable] = (found.items, int(size))
    assert len(rows) * len(aicpa.MONEY_TOLERABLE) == 418
    assert wrong == {}


@pytest.mark.parametrize(
    ("model", "population", "size"),
    [("binomial", 0, 59), ("poisson", 0, 60), ("hypergeometric", 200, 51), ("hypergeometric", 100_000, 59)],
)
def test_a_model_has_its_own_size(model, population, size):
    found = attribute_size(Decimal("0.95"), part("5"), Decimal(0), model=model, population=population)
    assert found == Size(size, Decimal(0))


def test_a_hypergeometric_size_is_the_smallest_by_counting():
    def chance(size: int) -> Fraction:
        return Fraction(sum(comb(10, one) * comb(190, size - one) for one in range(2)), comb(200, size))

    found = attribute_size(Decimal("0.95"), part("5"), part("1"), model="hypergeometric", population=200)
    assert chance(found.items) <= Fraction(5, 100) < chance(found.items - 1)
    assert found.errors == 1


@pytest.mark.parametrize(
    ("confidence", "tolerable", "expected", "more", "code"),
    [
        ("0.95", "5", "5", {}, "expected_too_high"),
        ("0.95", "5", "4.99", {}, "too_large"),
        ("0.95", "0.001", "0", {}, "too_large"),
        ("0.95", "5", "1", {"model": "hypergeometric"}, "no_population"),
        ("0.95", "5", "4.99", {"population": 500_000}, "too_large"),
    ],
)
def test_no_size_serves(confidence, tolerable, expected, more, code):
    with pytest.raises(CannotPlan) as refused:
        attribute_size(Decimal(confidence), part(tolerable), part(expected), **more)
    assert refused.value.code == code


def test_of_a_small_population_everything_is_taken():
    found = attribute_size(Decimal("0.95"), part("1"), Decimal(0), population=80)
    assert found == Size(80, Decimal(0), everything=True)


@pytest.mark.parametrize(("tolerable", "code"), [(0, "expected_too_high"), (Decimal("0.01"), "too_large")])
def test_no_size_of_money_units_serves(tolerable, code):
    with pytest.raises(CannotPlan) as refused:
        money_size(Decimal("0.95"), Decimal(1_000_000), Decimal(tolerable), Decimal(0))
    assert refused.value.code == code


FLAT = Stratum(100, Decimal(10_000), Decimal(0))
STRATA = (
    Stratum(900, Decimal(90_000), Decimal(40)),
    Stratum(90, Decimal(90_000), Decimal(300)),
    Stratum(10, Decimal(50_000), Decimal(2_000)),
)


def test_the_size_of_a_mean_brings_the_limits_as_near_as_was_asked_for():
    one = Stratum(1000, Decimal(100_000), Decimal(50))
    found = mean_size(Decimal("0.95"), [one], Decimal(10_000), Decimal(0))
    reach = [
        chances.normal_quantile(Decimal("0.95"))
        * (Decimal(1000) ** 2 * (1 - Decimal(size) / 1000) * 2500 / size).sqrt()
        for size in (found.items - 1, found.items)
    ]
    assert reach[0] > 10_000 >= reach[1]
    assert mean_size(Decimal("0.95"), [one], Decimal(20_000), Decimal(10_000)) == found


def test_strata_need_fewer_than_one_heap_and_spread_serves_best():
    sizes = {
        how: mean_size(Decimal("0.95"), STRATA, Decimal(10_000), Decimal(0), allocation=how).items
        for how in ("number", "amount", "spread")
    }
    assert sizes["spread"] < sizes["amount"] < sizes["number"]


def test_amounts_without_spread_need_the_least_and_a_narrow_aim_everything():
    assert mean_size(Decimal("0.95"), [FLAT, FLAT], Decimal(10), Decimal(0)).items == 4
    assert mean_size(Decimal("0.95"), [FLAT], Decimal(10), Decimal(0), allocation="spread").items == 2
    all_ = mean_size(Decimal("0.95"), STRATA, Decimal("0.01"), Decimal(0), allocation="spread")
    assert (all_.items, all_.everything) == (1000, True)
    with pytest.raises(CannotPlan, match="expected_too_high"):
        mean_size(Decimal("0.95"), STRATA, Decimal(1), Decimal(1))


@pytest.mark.parametrize(
    ("size", "how", "given"),
    [
        (100, "number", [89, 9, 2]),
        (100, "amount", [45, 45, 10]),
        (60, "spread", [29, 21, 10]),
        (1, "number", [2, 2, 2]),
        (5_000, "amount", [900, 90, 10]),
    ],
)
def test_a_size_is_shared_out_among_strata(size, how, given):
    found = allocate(size, STRATA, how)
    assert found == given
    assert sum(found) == max(min(size, 1000), 6)
