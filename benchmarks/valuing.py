"""P2: the evaluator by itself, a plan of one layer and claims of five items; then a year of claims on two cores.

The rates are by the process's own time, so that a busy machine does not count. The year is 400,000 claims of 100,000
people in the order of their approval, with the counters running through each person's year.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from random import Random

from claims.rules import plans
from claims.rules.bills import Bill, Item, Person
from claims.rules.evaluation import after, assess

PLAN = """
format: 1
code: bench
scheme: ncms
in_force: {from: 2010-01-01, through: 2010-12-31}
layers:
  - code: inpatient
    fund: ncms
    when: {kind: inpatient}
    cover: [{when: {class: C}, share: 0}, {when: {class: B}, share: 0.9}, {share: 1}]
    deductible:
      per: stay
      rows:
        - {when: {tier: 1}, amount: 60}
        - {when: {tier: 2, age: {under: 12}}, amount: 90}
        - {when: {tier: 2}, amount: 160}
        - {amount: 600}
    pay: [{when: {tier: 1}, ratio: 0.85}, {when: {tier: 2}, ratio: 0.80}, {ratio: 0.35}]
    ceilings: [{counter: year, amount: 25000}]
"""
KINDS = (("A", "drug"), ("B", "drug"), ("A", "exam"), ("B", "material"), ("C", "other"))
DAYS = {"admitted": date(2010, 3, 1), "discharged": date(2010, 3, 9)}
SAMPLE = 40_000
YEAR = 400_000
A_PERSON = 4  # claims
WORKERS = 2
SLOWEST = 50.0  # microseconds a claim: 20,000 a second
TRACED = 200.0  # with the trace that a sheet prints
LONGEST = 60.0  # seconds for the year, at full scale


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    plan = (plans.read(PLAN),)
    person = Person({"age": 40})
    bills = [_bill(Random(number), number) for number in range(1000)]  # noqa: S311
    counters = {"inpatient.year": Decimal(1000)}
    for trace, limit in ((False, SLOWEST), (True, TRACED)):
        start = time.process_time()
        for number in range(SAMPLE):
            assess(plan, person, bills[number % 1000], counters, trace=trace)
        each = (time.process_time() - start) / SAMPLE * 1e6
        with_trace = "with" if trace else "without"
        yield f"microseconds a claim {with_trace} trace ({1e6 / each:,.0f} a second)", each, limit
    people = round(YEAR * scale) // A_PERSON
    start = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        counts = list(pool.map(_year, range(WORKERS), [people // WORKERS] * WORKERS))
    took = time.perf_counter() - start
    yield f"a year of {sum(counts):,} claims by {WORKERS} workers, seconds", took, LONGEST * scale


def _bill(chance: Random, number: int) -> Bill:
    items = tuple(Item(Decimal(chance.randrange(1, 200_000)) / 100, class_, group) for class_, group in KINDS)
    return Bill(str(number), {"kind": "inpatient", "tier": chance.choice((1, 2, 3))}, items, DAYS)


def _year(worker: int, people: int) -> int:
    """One worker's people, each with the claims of his year; how many were valued."""
    plan = (plans.read(PLAN),)
    chance = Random(worker)  # noqa: S311
    count = 0
    for _person in range(people):
        person = Person({"age": chance.randrange(90)})
        counters: dict[str, Decimal] = {}
        for _claim in range(A_PERSON):
            counters = after(counters, assess(plan, person, _bill(chance, count), counters).moves)
            count += 1
    return count
