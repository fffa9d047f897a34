"""A campaign of a tenth of the county, household by household through the services: its time, and that it adds up.

It is held against the least that the database could do for it: the same number of rows written one statement a table
and household, without a look at anything.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models import QuerySet, Sum

import tests.servers
from demo.tests import test_campaign as campaign
from enrollment.models import Contribution, Coverage, Receipt, SheetEntry
from office.rules.money import fen
from tests import restore

SHARE = 0.1
MOST = 60  # times the bare writing: 22 statements and their checks a household, against four
STATED = 370_296  # enrolled in the county's report
COPIES = """
CREATE TEMP TABLE bare_entry (LIKE enrollment_sheetentry INCLUDING INDEXES) ON COMMIT DROP;
CREATE TEMP TABLE bare_receipt (LIKE enrollment_receipt INCLUDING INDEXES) ON COMMIT DROP;
CREATE TEMP TABLE bare_contribution (LIKE enrollment_contribution INCLUDING INDEXES) ON COMMIT DROP;
CREATE TEMP TABLE bare_coverage (LIKE enrollment_coverage INCLUDING INDEXES) ON COMMIT DROP;
"""
WRITTEN = (
    "INSERT INTO bare_entry SELECT * FROM enrollment_sheetentry WHERE id = %s",
    "INSERT INTO bare_receipt SELECT * FROM enrollment_receipt WHERE entry_id = %s",
    "INSERT INTO bare_contribution SELECT * FROM enrollment_contribution WHERE entry_id = %s",
    """INSERT INTO bare_coverage SELECT c.* FROM enrollment_coverage c
        JOIN enrollment_contribution p ON p.id = c.contribution_id WHERE p.entry_id = %s""",
)


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    with tempfile.TemporaryDirectory() as place:
        office = campaign.office_of(SHARE * scale, Path(place))
        _analyze()
        begin = time.perf_counter()
        entries = campaign.collect(office)
        ours = time.perf_counter() - begin
        bare = _bare()
        apart = abs(
            _whole(Receipt.objects.used(), "amount") - _whole(Contribution.objects.filter(void_reason=""), "own")
        )
        lost = campaign.unaccounted_for()
        enrolled = Coverage.objects.standing().filter(fund_year=office.fund_year).count()
    restore.restore()
    what = f"campaign of {entries:,} households"
    yield f"{what} ({ours:.0f} s), against bare writing ({bare:.0f} s)", ours / bare, MOST
    yield f"{what}: receipts not accounted for", lost, 0
    yield f"{what}: fen apart, receipts and contributions", fen(apart), 0
    yield f"{what}: people apart, enrolled and as stated", abs(enrolled - round(STATED * SHARE * scale)), 0


def _whole(found: QuerySet[Any], field: str) -> Decimal:
    whole: Decimal = found.aggregate(whole=Sum(field, default=Decimal(0)))["whole"]
    return whole


def _analyze() -> None:
    """The planner knows how many people there are, as in an office a minute after its register came."""
    with psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True) as db:
        db.execute("ANALYZE")


def _bare() -> float:
    """Write every row of the campaign once more into bare copies of its tables, household by household; seconds."""
    entries = list(SheetEntry.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPIES)
        begin = time.perf_counter()
        for entry in entries:
            for statement in WRITTEN:
                cursor.execute(statement, [entry])
        return time.perf_counter() - begin
