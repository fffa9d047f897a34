"""A county's month of registers and lists through the services: its time, its rate beside single claims, its sums.

35,000 visits in registers of 200 and 2,300 stays on lists at scale 1. The same kind of visit taken in and decided one
by one, as at a counter, is measured in the same run: together they must be ten times as fast at least.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

import psycopg
from django.db.models import Sum

import tests.servers
from benchmarks.months import made, played
from benchmarks.months.made import Size
from claims.models import BenefitCounter, Claim, Disease, Provider, Settlement
from claims.selectors.intake_content import Bill, Content, Line
from claims.services import checking, intake
from claims.tests.taking_in import ALL_PAPERS
from conftest import NOON
from enrollment.models import Member
from office.models import Person
from office.rules.money import fen
from office.tests.factories import shown_by

SINGLE: Final = 40  # claims one by one
TENTH: Final = 0.1  # of the rate together
REGISTERS_LONGEST, LISTS_LONGEST = 3600.0, 600.0  # seconds for all, at full scale


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    size = Size(scale)
    made.make(size)
    _analyze()
    single = one_by_one(min(SINGLE, size.people))
    begin = time.perf_counter()
    played.play(size, ("village_register",))
    registers = time.perf_counter() - begin
    begin = time.perf_counter()
    played.play(size, ("hospital_list",))
    lists = time.perf_counter() - begin
    visits, stays = size.visits / registers, size.stays / lists
    yield f"{size.visits:,} visits on registers, seconds ({visits:,.0f} a second)", registers, REGISTERS_LONGEST * scale
    yield f"{size.stays:,} stays on lists, seconds ({stays:,.0f} a second)", lists, LISTS_LONGEST * scale
    yield (
        f"one by one ({single:.1f} a second), against a register's visits (x {visits / single:.0f})",
        single / visits,
        TENTH,
    )
    yield f"one by one, against a list's stays (x {stays / single:.0f})", single / stays, TENTH
    yield "fen apart: settlements, parts, counters", fen(apart()), 0


def apart() -> Decimal:
    """By how much settlements, the claims on them and the counters of visits differ."""
    settled = Settlement.objects.aggregate(whole=Sum("fund_pays", default=Decimal(0)))["whole"]
    of_visits = Claim.objects.filter(document__isnull=False, kind="outpatient")
    paid: Decimal = of_visits.aggregate(whole=Sum("approval__fund_pays", default=Decimal(0)))["whole"]
    alone = Claim.objects.filter(document__isnull=True, kind="outpatient")
    beside: Decimal = alone.aggregate(whole=Sum("approval__fund_pays", default=Decimal(0)))["whole"]
    counted = BenefitCounter.objects.filter(name="visits.year").aggregate(whole=Sum("value", default=Decimal(0)))
    difference: Decimal = abs(settled - paid) + abs(counted["whole"] - paid - beside)
    return difference


def one_by_one(count: int) -> float:
    """Visits as a counter takes them in and two checkers decide them: how many a second."""
    by = {name: Person.objects.get(username=name) for name in ("ian", "fay", "sue")}
    provider = Provider.objects.filter(level="village").order_by("pk")[0]
    people = list(Member.objects.select_related("household").order_by("-pk")[:count])
    begin = time.perf_counter()
    for number, member in enumerate(people):
        _decided_alone(_content(member, provider, number), by["ian"], (by["fay"], by["sue"]))
    return count / (time.perf_counter() - begin)


def _content(member: Member, provider: Provider, number: int) -> Content:
    day = date(2010, 2, number % 28 + 1)
    return Content(
        member=member,
        provider=provider,
        disease=Disease.objects.get(code="J18"),
        kind="outpatient",
        admitted_on=day,
        discharged_on=day,
        lines=[Line("西药", "A", "drug", Decimal(30))],
        invoices=[Bill("-", f"ONE{number}", Decimal(30), day)],
        papers=ALL_PAPERS,
        payee_kind=Claim.Payee.PROVIDER,
    )


def _decided_alone(content: Content, by: Person, checkers: tuple[Person, ...]) -> None:
    claim = intake.enter_claim(content=content, by=by, at=NOON)
    opened = intake.hand_on(claim=claim, seen=1, by=by, at=NOON)
    for who in checkers:
        current = Claim.objects.get(pk=claim.pk)
        opened = checking.round_of(current)
        checking.check(
            claim=current, choice="approve", hash_seen=opened.subject_hash, by=who, at=NOON, proof=shown_by(who)
        )


def _analyze() -> None:
    with psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True) as db:
        db.execute("ANALYZE")
