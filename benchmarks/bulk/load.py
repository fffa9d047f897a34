"""Writes the five years into an empty database of tests, and says how many rows that are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Final

from benchmarks.bulk import drawn, office, register, streams
from benchmarks.bulk.made import Rows, iso
from benchmarks.bulk.office import Office
from benchmarks.bulk.passage import Passage
from benchmarks.bulk.valued import Counters, Valuing
from claims.models import Claim
from enrollment.models import Member
from office.models import Person
from office.rules import days

CLAIMS: Final = 2_000_000
YEARS: Final = 5
SEED: Final = 7


class NotEmpty(Exception):
    """Somebody works in this database, or it has people or claims: nothing is made up in it."""


@dataclass(frozen=True)
class Loaded:
    """What was written: rows by table, how long it took, the size of the database in bytes."""

    office: Office
    rows: dict[str, int]
    seconds: float
    bytes: int


_standing: list[Loaded] = []


def standing(scale: float, at: datetime) -> Loaded:
    """The five years as this run wrote them: once for all rows that look at them (benchmarks/__main__.py)."""
    if not Claim.objects.exists():
        _standing[:] = [load(scale, at)]
    return _standing[0]


def load(scale: float, at: datetime) -> Loaded:
    """The five years that end at a moment; 1 is the whole county. Raises NotEmpty."""
    if Person.objects.exists() or Member.objects.exists() or Claim.objects.exists():
        raise NotEmpty("The five years are made up; they are written into an empty database of tests alone.")
    last = days.business_day(at)
    years = range(last.year - YEARS + 1, last.year + 1)
    made = office.found(years, at)
    start = time.perf_counter()
    with _quick(), streams.without_plain_indexes():
        _write(made, scale, years, last, at)
    streams.settle()
    seconds = time.perf_counter() - start
    return Loaded(made, _counted(), seconds, _size())


def _write(made: Office, scale: float, years: range, last: date, at: datetime) -> None:
    by, moment, end = made.desks[""].pk, iso(int(at.timestamp())), int(at.timestamp())
    with streams.connected() as db:
        people = register.fill(db, scale, years[0], by, moment)
        register.cover(db, people, made.fund_years, by, moment)
    first = date(years[0], 1, 1) + timedelta(days=drawn.FIRST_DAYS)
    drawing = drawn.Drawing(made, people, SEED, last.toordinal())
    cases = drawing.cases(round(CLAIMS * scale), drawn.weekdays(first, last - timedelta(days=1)))
    with ExitStack() as stack:
        written = streams.Streams(stack)
        rows = Rows(made, people, Valuing(made, people, Counters()), written)
        Passage(made, rows, written, end).lead(cases)
    _sum_up()


def _sum_up() -> None:
    """Fund years and months of claims are counted as the migrations count what was there before them."""
    with streams.connected() as db:
        db.execute("SET session_replication_role = origin")
        for migration in ("enrollment.migrations.0013_move_year_sums", "claims.migrations.0018_move_month_sums"):
            db.execute(import_module(migration).UNTIL_NOW)


@contextmanager
def _quick() -> Iterator[None]:
    """Room for the log between checkpoints while everything is written."""
    with streams.connected() as db:
        db.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
        db.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            db.execute("ALTER SYSTEM RESET max_wal_size")
            db.execute("SELECT pg_reload_conf()")


def _counted() -> dict[str, int]:
    with streams.connected() as db:
        found = {}
        for table in streams.TABLES:
            row = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  a name of ours
            found[table] = int(row[0]) if row else 0
        return found


def _size() -> int:
    with streams.connected() as db:
        row = db.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0
