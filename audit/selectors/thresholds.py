"""The amounts at which something changes for a claim: limits of its route, deductibles and ceilings of the plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import BenefitPlan, Limit
from claims.rules.layers import Counter, Layer
from claims.selectors import plans

FOREVER: Final = date(9999, 12, 31)


@dataclass(frozen=True)
class Threshold:
    """An amount in yuan of a scheme on some days. `kind` is deductible, ceiling (of a stay), limit (on the total
    cost) or year, with the counter and the plan year that it is a ceiling of."""

    scheme: int
    kind: str
    amount: Decimal
    first: date
    last: date
    counter: str = ""
    year: int = 0


def between(first: date, last: date) -> list[Threshold]:
    """All of some days, each once."""
    days = DateRange(first, last + timedelta(days=1))
    return list(dict.fromkeys([*_of_limits(days), *_of_plans(days)]))


def _of_limits(days: DateRange) -> Iterator[Threshold]:
    total = Limit.objects.filter(state=Limit.State.CONFIRMED, basis=Limit.Basis.TOTAL_COST, period__overlap=days)
    for one in total:
        yield Threshold(one.scheme_id, "limit", one.amount, *_ends(one.period))


def _of_plans(days: DateRange) -> Iterator[Threshold]:
    for plan in BenefitPlan.objects.adopted().filter(applies__overlap=days):
        first, last = _ends(plan.applies)
        for layer in plans.read_of(plan).layers:
            for kind, amount in _amounts(layer):
                yield Threshold(plan.scheme_id, kind, amount, first, last)
            for counter, amount in _yearly(layer):
                yield Threshold(plan.scheme_id, "year", amount, first, last, counter, first.year)


def _amounts(layer: Layer) -> Iterator[tuple[str, Decimal]]:
    """Deductibles and ceilings of a stay."""
    for row in layer.deductible.rows if layer.deductible else ():
        if row.amount:
            yield "deductible", row.amount
    for ceiling in layer.ceilings:
        if ceiling.counter is Counter.STAY:
            yield from (("ceiling", row.amount) for row in ceiling.rows)


def _yearly(layer: Layer) -> Iterator[tuple[str, Decimal]]:
    """Ceilings of a person's year, with the counters that they are of."""
    for ceiling in layer.ceilings:
        if ceiling.counter is Counter.YEAR:
            counter = f"{layer.code}.{ceiling.counter.value}"
            yield from ((counter, row.amount) for row in ceiling.rows if not row.per_member)


def _ends(period: DateRange) -> tuple[date, date]:
    """The first and the last day of a period."""
    return period.lower, period.upper - timedelta(days=1) if period.upper else FOREVER
