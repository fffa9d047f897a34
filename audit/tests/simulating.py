"""Made populations with made errors, and whether the limits that samples give cover what is true."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from audit.rules import estimating
from audit.rules.drawing import Drawn, Numbers, money_plan, money_units, simple, strata_of, stratified
from audit.rules.estimating import Checked, Stratum

SURE = Decimal("0.95")
BOUNDS = (30_000, 150_000)


@dataclass(frozen=True)
class Made:
    """A population in fen, and what of each item is wrong."""

    fen: list[int]
    wrong: list[int]
    kind: str

    @property
    def error(self) -> Decimal:
        return Decimal(sum(self.wrong)) / 100

    def checked(self, drawn: list[Drawn]) -> list[Checked]:
        return [
            Checked(
                Decimal(self.fen[one.place - 1]) / 100,
                Decimal(self.fen[one.place - 1] - self.wrong[one.place - 1]) / 100,
                one.stratum,
                one.is_certain,
            )
            for one in drawn
        ]


KINDS = ("whole", "small", "mixed", "in large ones")


def made(told: random.Random) -> Made:
    """Amounts like those of claims, skewed to the right; from few whole errors to many small ones."""
    fen = [int(told.lognormvariate(10.5, told.choice((0.8, 1.2)))) + 100 for _item in range(told.choice((300, 900)))]
    kind, rate = told.choice(KINDS), told.choice((0.005, 0.02, 0.05, 0.15))
    large = sorted(fen)[int(len(fen) * 0.8)]
    wrong = []
    for one in fen:
        chance = rate * 3 if kind == "in large ones" and one >= large else rate
        taint = {"whole": 1.0, "small": told.uniform(0, 0.2)}.get(kind, told.choice((1.0, told.random())))
        wrong.append(int(one * taint) if told.random() < chance else 0)
    return Made(fen, wrong, kind)


def by_money(one: Made, seed: str) -> Decimal:
    """The limit that a monetary-unit sample gives."""
    drawn = money_units(Numbers("", seed), one.fen, 60)
    plan = money_plan(one.fen, 60)
    rest = Decimal(plan.rest) / 100
    return estimating.money_units(one.checked(drawn), rest=rest, units=plan.units, confidence=SURE).upper


def by_strata(one: Made, seed: str) -> Decimal:
    """The limit that a stratified sample gives."""
    places = strata_of(one.fen, BOUNDS)
    drawn = stratified(Numbers("", seed), places, [30, 30, 30])
    strata = [
        Stratum(
            len(some),
            Decimal(sum(one.fen[place - 1] for place in some)) / 100,
            Decimal(max((one.fen[place - 1] for place in some), default=0)) / 100,
        )
        for some in places
    ]
    return estimating.means(one.checked(drawn), strata, estimator="difference", confidence=SURE).upper


def _at_random(one: Made, seed: str) -> estimating.Money:
    drawn = simple(Numbers("", seed), len(one.fen), 60)
    whole = Stratum(len(one.fen), Decimal(sum(one.fen)) / 100, Decimal(max(one.fen)) / 100)
    return estimating.means(one.checked(drawn), [whole], estimator="difference", confidence=SURE)


def by_chance(one: Made, seed: str) -> Decimal:
    """The limit that a simple random sample gives."""
    return _at_random(one, seed).upper


def by_t(one: Made, seed: str) -> Decimal:
    """The upper limit of Student's t alone, which is shown but decides nothing."""
    return _at_random(one, seed).high or Decimal(0)


def by_rate(one: Made, seed: str) -> Decimal:
    """The limit of the number of wrong items out of an attribute sample, as money would be compared: in items."""
    drawn = simple(Numbers("", seed), len(one.fen), 60)
    wrong = sum(one.wrong[item.place - 1] > 0 for item in drawn)
    return estimating.rate(60, wrong, SURE, model="binomial", population=len(one.fen)).upper * len(one.fen)


WAYS: dict[str, Callable[[Made, str], Decimal]] = {
    "money units": by_money,
    "strata": by_strata,
    "random": by_chance,
    "rate": by_rate,
    "t alone": by_t,
}


def covered(populations: int, seed: int) -> dict[str, Decimal]:
    """In which part of so many populations each way's limit lies above the truth."""
    told, found = random.Random(seed), Counter[str]()
    for _number in range(populations):
        one = made(told)
        truth = {"rate": Decimal(sum(item > 0 for item in one.wrong))}
        drawn = f"{told.getrandbits(256):064x}"
        found.update(name for name, way in WAYS.items() if way(one, drawn) >= truth.get(name, one.error))
    return {name: Decimal(found[name]) / populations for name in WAYS}
