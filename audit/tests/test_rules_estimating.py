"""Estimates: limits by hand, and whether they cover the truth of made populations."""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist

import pytest

from audit.rules import chances, estimating
from audit.rules.estimating import Checked, Stratum
from audit.tests import simulating

pytestmark = pytest.mark.rules

SURE = Decimal("0.95")


def near(value: str) -> object:
    return pytest.approx(Decimal(value), abs=Decimal("0.0005"))


class TestChances:
    """Against published tables and another way of counting."""

    @pytest.mark.parametrize(
        ("freedom", "confidence", "value"),
        [(1, "0.95", "6.3138"), (5, "0.975", "2.5706"), (10, "0.95", "1.8125"), (59, "0.95", "1.6711"),
         (500, "0.975", "1.9647")],
    )  # fmt: skip
    def test_t(self, freedom, confidence, value):
        assert chances.t_quantile(Decimal(confidence), freedom) == near(value)

    @pytest.mark.parametrize("confidence", ["0.8", "0.95", "0.999"])
    def test_normal(self, confidence):
        assert float(chances.normal_quantile(Decimal(confidence))) == pytest.approx(
            NormalDist().inv_cdf(float(confidence))
        )

    @pytest.mark.parametrize(("found", "value"), [(0, "2.9957"), (1, "4.7439"), (2, "6.2958"), (10, "16.9622")])
    def test_reliability_factors(self, found, value):
        assert chances.poisson_upper(found, SURE) == near(value)

    def test_edges(self):
        assert chances.binomial_at_most(3, 3, Decimal("0.5")) == 1
        assert chances.binomial_at_most(0, 3, Decimal(0)) == 1
        assert chances.binomial_at_most(0, 3, Decimal(1)) == 0
        assert chances.binomial_upper(3, 3, SURE) == 1
        assert chances.gamma_at_most(Decimal(1), Decimal(0)) == 0
        assert chances.beta_at_most(Decimal(2), Decimal(2), Decimal(0)) == 0
        assert chances.beta_at_most(Decimal(2), Decimal(2), Decimal(1)) == 1
        assert chances.beta_at_most(Decimal(2), Decimal(2), Decimal("0.5")) == near("0.5")

    @pytest.mark.parametrize(
        ("found", "size", "wrong", "population", "chance"),
        [(0, 2, 3, 10, "0.466667"), (1, 2, 3, 10, "0.933333"), (2, 2, 3, 10, "1"), (1, 5, 8, 10, "0"),
         (3, 5, 8, 10, "0.222222"), (4, 5, 8, 10, "0.777778")],
    )  # fmt: skip
    def test_hypergeometric(self, found, size, wrong, population, chance):
        assert chances.hypergeometric_at_most(found, size, wrong, population) == pytest.approx(
            Decimal(chance), abs=Decimal("0.000001")
        )


class TestRate:
    def test_nothing_found_among_59_is_below_five_percent(self):
        found = estimating.rate(59, 0, SURE, model="binomial", population=10_000)
        assert (found.found, found.lower) == (0, near("0"))
        assert found.upper == near("0.0495")

    def test_limits_by_clopper_and_pearson(self):
        found = estimating.rate(100, 3, SURE, model="binomial", population=10_000)
        assert found.found == Decimal("0.03")
        assert (found.lower, found.upper) == (near("0.0082"), near("0.0757"))

    def test_limits_of_the_poisson_chance(self):
        found = estimating.rate(100, 3, SURE, model="poisson", population=10_000)
        assert (found.lower, found.upper) == (near("0.0082"), near("0.0775"))
        assert estimating.rate(100, 0, SURE, model="poisson", population=9).lower == 0
        assert estimating.rate(2, 2, SURE, model="poisson", population=9).upper == 1

    def test_of_a_small_population_the_limits_are_counts_and_end_in_certainty(self):
        found = estimating.rate(50, 1, SURE, model="hypergeometric", population=100)
        assert (found.lower, found.upper) == (Decimal("0.01"), Decimal("0.07"))
        assert (
            chances.hypergeometric_at_most(1, 50, 8, 100)
            <= Decimal("0.05")
            < chances.hypergeometric_at_most(1, 50, 7, 100)
        )
        everything = estimating.rate(100, 7, SURE, model="hypergeometric", population=100)
        assert everything.lower == everything.upper == Decimal("0.07")


def item(booked: str, right: str, stratum: int = 1, certain: bool = False) -> Checked:
    return Checked(Decimal(booked), Decimal(right), stratum, certain)


class TestMoneyUnits:
    def test_stringer_by_hand(self):
        limits = [chances.binomial_upper(number, 60, SURE) for number in range(3)]
        by_hand = limits[0] + (limits[1] - limits[0]) * 1 + (limits[2] - limits[1]) * Decimal("0.25")
        assert estimating.stringer([Decimal("0.25"), Decimal(1)], 60, SURE) == pytest.approx(by_hand)
        assert by_hand == near("0.0828")

    def test_nothing_wrong_leaves_the_basic_limit(self):
        found = estimating.money_units([item("100", "100")] * 60, rest=Decimal(60_000), units=60, confidence=SURE)
        assert (found.likely, found.certain, found.too_little) == (0, 0, 0)
        assert found.upper == Decimal("2922.18")

    def test_high_items_count_as_they_are(self):
        checked = [item("5000", "4000", certain=True), item("7000", "7100", certain=True), item("100", "50")]
        found = estimating.money_units(checked, rest=Decimal(6_000), units=1, confidence=SURE)
        assert (found.certain, found.likely, found.too_little) == (1000, 4000, 100)
        assert found.upper == 1000 + 6_000 * Decimal("0.975")  # 0.95 for the first, half of 0.05 for the second

    def test_too_little_is_projected_and_set_off_against_nothing(self):
        clean = estimating.money_units([item("100", "100")] * 10, rest=Decimal(1000), units=10, confidence=SURE)
        short = estimating.money_units(
            [item("100", "100")] * 9 + [item("100", "150")], rest=Decimal(1000), units=10, confidence=SURE
        )
        assert (short.upper, short.likely, short.too_little) == (clean.upper, 0, 50)

    def test_everything_certain_has_no_limit_beside_the_truth(self):
        found = estimating.money_units([item("10", "8", certain=True)], rest=Decimal(0), units=0, confidence=SURE)
        assert (found.likely, found.upper) == (2, 2)


class TestMeans:
    CHECKED = (*[item("100", "100")] * 8, item("100", "60"), item("200", "180"))

    def test_a_difference_with_its_limits_by_hand(self):
        found = estimating.means(
            self.CHECKED, [Stratum(100, Decimal(11_000), Decimal(200))], estimator="difference", confidence=SURE
        )
        assert found.likely == 600
        spread = (Decimal(100) ** 2 * Decimal("0.9") * Decimal(1640) / 9 / 10).sqrt()
        reach = chances.t_quantile(SURE, 9) * spread
        assert found.high == pytest.approx(600 + reach, abs=Decimal("0.01"))
        assert found.low == pytest.approx(600 - reach, abs=Decimal("0.01"))
        assert found.upper == min(
            Decimal(20_000) * estimating.stringer([Decimal("0.2"), Decimal("0.1")], 10, SURE),
            Decimal(11_000 - 1_100 + 60),
        ).quantize(Decimal("0.01"), "ROUND_CEILING")

    def test_a_ratio_and_a_mean_estimate_the_same_thing_another_way(self):
        strata = [Stratum(100, Decimal(11_500), Decimal(200))]
        ratio = estimating.means(self.CHECKED, strata, estimator="ratio", confidence=SURE)
        mean = estimating.means(self.CHECKED, strata, estimator="mean", confidence=SURE)
        assert ratio.likely == Decimal("627.27")
        assert mean.likely == 11_500 - 10_400

    def test_strata_add_up_and_one_taken_whole_is_known(self):
        strata = [
            Stratum(50, Decimal(5_000), Decimal(150)),
            Stratum(2, Decimal(900), Decimal(500)),
            Stratum(0, Decimal(0), Decimal(0)),
        ]
        checked = [item("100", "90"), item("100", "100"), item("500", "400", 2), item("400", "410", 2)]
        found = estimating.means(checked, strata, estimator="difference", confidence=SURE)
        assert found.likely == 250 + 90
        assert (found.certain, found.too_little) == (100, 10)
        assert found.low < 340 < found.high
        limit = 50 * 150 * estimating.stringer([Decimal(10) / 150], 2, SURE)
        assert found.upper == (min(limit, Decimal(4_810)) + 100).quantize(Decimal("0.01"), "ROUND_CEILING")

    def test_a_stratum_of_which_nothing_was_drawn_may_be_wrong_altogether(self):
        strata = [Stratum(2, Decimal(200), Decimal(100)), Stratum(3, Decimal(30), Decimal(10))]
        found = estimating.means([item("100", "100")] * 2, strata, estimator="ratio", confidence=SURE)
        assert (found.upper, found.likely) == (30, 0)

    def test_amounts_of_nothing_have_no_ratio_but_one(self):
        strata = [Stratum(5, Decimal(0), Decimal(0))]
        found = estimating.means([item("0", "0")], strata, estimator="ratio", confidence=SURE)
        assert (found.likely, found.upper, found.low, found.high) == (0, 0, 0, 0)


def held(populations: int, seed: int) -> dict[str, Decimal]:
    found = simulating.covered(populations, seed)
    print({name: f"{part:.1%}" for name, part in found.items()})
    return found


def test_the_limit_covers_the_truth_of_made_populations():
    found = held(150, 20100301)
    shy = found.pop("t alone")
    assert min(found.values()) >= SURE
    assert shy < SURE  # the guard taken out: without the limit for skewed amounts the promise would not be kept


@pytest.mark.soak
def test_the_limit_covers_the_truth_of_2000_made_populations():
    found = held(2_000, 20100302)
    found.pop("t alone")
    assert min(found.values()) >= SURE
