"""All screens over a county in bulk: time and blocks read against a bare scan of the same tables in the same run.

The limits come from what has to be done. The tables are laid out in one pass, which joins claims with people and homes
(about as long as three scans of claims), each of the 21 screens reads that narrow table once or twice, and lines,
invoices, rounds and votes are each grouped or joined once, which costs some scans of them: 25 scans in all, together
with what sorts and hashes take. Of blocks each large table is read no more than twice, and claims' rows as often as
screens look at one by its number.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.models import Lead, Screening
from audit.screens.registry import SCREENS
from audit.services import screening
from audit.services.screening_tables import Span
from benchmarks.bulk import load
from office.models import Person
from office.rules import days

LOOKS_AT_THE_COUNTY = True
MOST_TIME = 25.0  # times the bare scan
MOST_BLOCKS = 6.0  # times the blocks of the same tables
TIMES = 3
#: What screens read.
TABLES = (
    *("claims_claim", "claims_claimline", "claims_invoice", "claims_claimsround", "claims_claimsvote"),
    *("claims_approval", "claims_claimpart", "claims_benefitcounter"),
    *("enrollment_member", "enrollment_household", "enrollment_coverage"),
)
BLOCKS = """
SELECT sum(heap_blks_read + heap_blks_hit) FROM pg_statio_user_tables WHERE relname = ANY(%s)
"""


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    claims = load.standing(scale, timezone.now()).rows["claims_claim"]
    bare, blocks = _least(_scan)
    took, read = _least(_screens)
    slowest = ", ".join(f"{code} {seconds}" for code, seconds in _slowest())
    found = Lead.objects.count()
    name = f"all {len(SCREENS)} screens over {claims:,} claims, {found:,} leads ({took:.1f} s; {slowest})"
    yield f"{name}: time against a bare scan of the same tables ({bare:.2f} s)", took / bare, MOST_TIME
    yield f"the same: blocks read of these tables against those of the scan ({blocks:,})", read / blocks, MOST_BLOCKS


def _scan() -> None:
    """Every row is looked into, on one core: tables of a session are not read by several either."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        for table in TABLES:
            cursor.execute(f"SELECT count(one) FROM {table} one")  # noqa: S608  names of ours
        cursor.execute("RESET max_parallel_workers_per_gather")


def _screens() -> None:
    """Everything of five years; what was found in a run before is found again."""
    at = timezone.now()
    today = days.business_day(at)
    span = Span(date(today.year - load.YEARS, 1, 1), today)
    begun = screening.begin(span=span, screens=SCREENS, by=Person.objects.earliest("pk"), at=at)
    screening.go_on(begun, by=begun.asked_by, at=at)


def _slowest() -> list[tuple[str, Any]]:
    last = Screening.objects.latest("pk").results.order_by("-seconds")[:3]
    return [(one.screen, one.seconds) for one in last]


def _least(act: Callable[[], None]) -> tuple[float, int]:
    """The shortest time of something, and how many blocks of the tables it reads."""
    took: list[float] = []
    read = 0
    for _time in range(TIMES):
        before = _blocks()
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
        read = _blocks() - before
    return min(took), max(read, 1)


def _blocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(BLOCKS, [list(TABLES)])
        return int(cursor.fetchone()[0])
