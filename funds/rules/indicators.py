"""The indicators of a fund (运行指标; docs/rules/indicators.md): each with its two numbers and the basis it stands on.

Pure arithmetic over counts and yuan. Rates in percent and yuan have two places, rounded half up once; where there is
nothing to divide by there is no value. What a report calls the same rate stands on three bases: due (应筹), received
(到位), collected (实征).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

HUNDREDTH: Final = Decimal("0.01")
ZERO: Final = Decimal(0)
PERCENT, YUAN, MONTHS, COUNT = "%", "yuan", "months", "cases"

#: In the order in which they are shown.
CODES: Final = (
    "participation_rate",
    "target_completion",
    "collection_rate",
    "arrival_rate",
    "financing_per_head",
    "use_rate",
    "surplus_rate",
    "cumulative_surplus_rate",
    "months_payable",
    "benefit_rate",
    "inpatient_rate",
    "cost_per_stay",
    "paid_per_stay",
    "cost_per_visit",
    "paid_per_visit",
    "actual_ratio",
    "policy_ratio",
    "own_item_rate",
    "outside_share",
    "cut_rate",
    "ceiling_cases",
    "floor_cases",
)
#: Limits of the pool fund alone: a year's surplus, the cumulative surplus, in percent of the year's income.
LIMITS: Final[Mapping[str, Decimal]] = {"surplus_rate": Decimal(15), "cumulative_surplus_rate": Decimal(25)}
#: Funds of households and people, and what is insured beside the pool: no limit is for them, no rate counts them.
NOT_OF_THE_POOL: Final = frozenset({"household_fund", "personal_fund", "large_sum_fund"})

Number = Decimal | int


@dataclass(frozen=True)
class Indicator:
    """One figure, on one basis: value, unit, the two numbers under it. A count has no denominator."""

    code: str
    value: Decimal | int | None
    unit: str
    numerator: Number
    denominator: Number | None
    basis: str


@dataclass(frozen=True)
class Claimed:
    """What claims of a kind came to: how many times, and yuan."""

    times: int = 0
    total: Decimal = ZERO
    eligible: Decimal = ZERO
    own_items: Decimal = ZERO
    fund_pays: Decimal = ZERO

    def __add__(self, other: Claimed) -> Claimed:
        return Claimed(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Claimed)))


@dataclass(frozen=True)
class Payer:
    """What a payer owes for a year and what of it has arrived, in yuan."""

    due: Decimal = ZERO
    arrived: Decimal = ZERO

    def __add__(self, other: Payer) -> Payer:
        return Payer(self.due + other.due, self.arrived + other.arrived)


@dataclass(frozen=True)
class Facts:
    """Everything a year of a fund is measured by; years of several funds add up. Money is that of the pool alone,
    but for the people's own accounts, which stand in `own_funds`.

    `due` is what should come in for the year, `received` the year's income as entered, `spent` its spending,
    `cumulative` what the pool has at the end (risk fund included), `in_hand` what lies on the accounts and in cash less
    what is owed, `monthly` what is spent in a month on average.
    """

    should: int = 0
    enrolled: int = 0
    target: int = 0
    due: Decimal = ZERO
    due_own: Decimal = ZERO
    received: Decimal = ZERO
    received_own: Decimal = ZERO
    payers: Mapping[str, Payer] = field(default_factory=dict)
    spent: Decimal = ZERO
    cumulative: Decimal = ZERO
    own_funds: Decimal = ZERO
    in_hand: Decimal = ZERO
    monthly: Decimal = ZERO
    stays: Claimed = Claimed()
    visits: Claimed = Claimed()
    outside: Claimed = Claimed()
    asked: Decimal = ZERO
    deducted: Decimal = ZERO
    ceilings: int = 0
    floors: int = 0

    def __add__(self, other: Facts) -> Facts:
        names = (one.name for one in fields(Facts) if one.name != "payers")
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        of_both = dict.fromkeys((*self.payers, *other.payers))
        payers = {name: self.payers.get(name, Payer()) + other.payers.get(name, Payer()) for name in of_both}
        return Facts(**sums, payers=payers)

    @property
    def claims(self) -> Claimed:
        """Stays and visits together."""
        return self.stays + self.visits


def quotient(part: Number, whole: Number) -> Decimal | None:
    """To two places, half up; None where there is nothing to divide by."""
    return (Decimal(part) / Decimal(whole)).quantize(HUNDREDTH, ROUND_HALF_UP) + 0 if whole else None


def rate(part: Number, whole: Number) -> Decimal | None:
    """In percent: 370,296 of 386,772 are 95.74."""
    return quotient(100 * Decimal(part), whole)


def use_and_surplus(income: Number, spent: Number) -> tuple[Decimal | None, Decimal | None]:
    """Use rate and surplus rate of one income, from one calculation: they always come to 100."""
    used = rate(spent, income)
    return used, None if used is None else 100 - used


def of(facts: Facts) -> list[Indicator]:
    """Every indicator of a year, in their order, one for each basis."""
    return [
        *_people(facts),
        *_income(facts),
        *_surplus(facts),
        *_benefits(facts),
        *_ratios(facts),
        _counted("ceiling_cases", facts.ceilings),
        _counted("floor_cases", facts.floors),
    ]


def one_of(found: Sequence[Indicator], code: str, basis: str = "") -> Indicator:
    """An indicator by its code; the first of its bases where none is named."""
    return next(one for one in found if one.code == code and basis in {"", one.basis})


def _people(facts: Facts) -> Iterator[Indicator]:
    yield _rate("participation_rate", facts.enrolled, facts.should, "should_enroll")
    yield _rate("target_completion", facts.enrolled, facts.target, "target")


def _income(facts: Facts) -> Iterator[Indicator]:
    yield _rate("collection_rate", facts.received_own, facts.due_own, "due")
    yield _rate("arrival_rate", facts.received, facts.due, "due")
    for payer, one in facts.payers.items():
        yield _rate("arrival_rate", one.arrived, one.due, payer)
    yield _each("financing_per_head", facts.due, facts.enrolled, "due")
    yield _each("financing_per_head", facts.received, facts.enrolled, "received")


def _surplus(facts: Facts) -> Iterator[Indicator]:
    bases = {"due": facts.due, "received": facts.received}
    both = {basis: use_and_surplus(income, facts.spent) for basis, income in bases.items()}
    for basis, income in bases.items():
        yield Indicator("use_rate", both[basis][0], PERCENT, facts.spent, income, basis)
    for basis, income in bases.items():
        yield Indicator("surplus_rate", both[basis][1], PERCENT, income - facts.spent, income, basis)
    yield _rate("cumulative_surplus_rate", facts.cumulative, facts.received, "received")
    yield _rate("cumulative_surplus_rate", facts.cumulative + facts.own_funds, facts.received, "with_accounts")
    for basis, held in (("cumulative", facts.cumulative), ("in_hand", facts.in_hand)):
        yield Indicator("months_payable", quotient(held, facts.monthly), MONTHS, held, facts.monthly, basis)


def _benefits(facts: Facts) -> Iterator[Indicator]:
    yield _rate("benefit_rate", facts.claims.times, facts.enrolled, "times")
    yield _rate("inpatient_rate", facts.stays.times, facts.enrolled, "times")
    yield _each("cost_per_stay", facts.stays.total, facts.stays.times, "stays")
    yield _each("paid_per_stay", facts.stays.fund_pays, facts.stays.times, "stays")
    yield _each("cost_per_visit", facts.visits.total, facts.visits.times, "visits")
    yield _each("paid_per_visit", facts.visits.fund_pays, facts.visits.times, "visits")


def _ratios(facts: Facts) -> Iterator[Indicator]:
    groups = {"stays": facts.stays, "visits": facts.visits, "claims": facts.claims}
    for basis, one in groups.items():
        yield _rate("actual_ratio", one.fund_pays, one.total, basis)
    for basis, one in groups.items():
        yield _rate("policy_ratio", one.fund_pays, one.eligible, basis)
    for basis, one in groups.items():
        yield _rate("own_item_rate", one.own_items, one.total, basis)
    yield _rate("outside_share", facts.outside.times, facts.stays.times, "stays")
    yield _rate("outside_share", facts.outside.fund_pays, facts.stays.fund_pays, "paid")
    yield _rate("cut_rate", facts.deducted, facts.asked, "asked")


def _rate(code: str, part: Number, whole: Number, basis: str) -> Indicator:
    return Indicator(code, rate(part, whole), PERCENT, part, whole, basis)


def _each(code: str, amount: Decimal, count: int, basis: str) -> Indicator:
    return Indicator(code, quotient(amount, count), YUAN, amount, count, basis)


def _counted(code: str, count: int) -> Indicator:
    return Indicator(code, count, COUNT, count, None, "claims")


def is_over(one: Indicator) -> bool:
    """Whether a surplus of the pool, measured by what was received, is over its limit."""
    limit = LIMITS.get(one.code)
    return limit is not None and one.basis == "received" and one.value is not None and one.value > limit
