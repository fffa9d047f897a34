"""List pages over large tables: how many statements they take, and their SQL time against the bare page query.

First the county in bulk (benchmarks/bulk): how long it takes against a bare COPY of the same rows, how many rows break
a rule, and then every list page of the house on it, as it opens, sorted and narrowed. Then a list of jobs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from benchmarks.bulk import bare, checks, load, pages, watcher
from office import sentences
from office.models import Appointment, Body, Duty, Job, Person
from office.sentences import said
from office.services import sessions
from tests import restore

ROWS = 200_000
TIMES = 15
MAKING = 6  # times the bare COPY
NONE = '""'  # as a job keeps that it says nothing


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    try:
        yield from _county(scale)
    finally:
        restore.restore()
    yield from _jobs(scale)


def _county(scale: float) -> Iterator[tuple[str, float, float]]:
    made = load.load(scale, timezone.now())
    rows = " ".join(f"{table} {count:,}" for table, count in made.rows.items())
    yield f"{rows}; {made.bytes / 1e9:.1f} GB; time against a bare COPY", made.seconds / bare.seconds(scale), MAKING
    yield "the same: rows that break a rule", sum(checks.violations().values()), 0
    client = watcher.client()
    for name, view in sorted(pages.list_pages().items()):
        asked = pages.ask(client, name, view, pages.ARGUMENTS.get(name, []))
        slowest = f"{asked.slowest[0] * 1000:.0f} ms: {asked.slowest[1]}"
        yield f"{name}, asked for in {asked.ways} ways: SQL statements", asked.statements, pages.STATEMENTS[name]
        if name in pages.OF_EVERYBODY:
            continue
        yield f"the same: SQL time against the bare page query ({slowest})", asked.ratio[0], 3
        yield "the same: blocks read against those of the bare page query", asked.blocks[0], 3
        yield "the same: big tables read whole", len(asked.scanned), 0 if scale >= 1 else len(asked.scanned)
    for name, address in pages.others().items():
        asked = pages.ask_one(client, address)
        took = f"{asked.slowest[0] * 1000:.0f} ms"
        yield f"{name}: SQL statements ({took})", asked.statements, pages.STATEMENTS_OF_OTHERS[name]
        yield "the same: big tables read whole", len(asked.scanned), 0 if scale >= 1 else len(asked.scanned)


def _jobs(scale: float) -> Iterator[tuple[str, float, float]]:
    person, client = _reader()
    _fill(person, int(ROWS * scale))
    page, statements = _median(lambda: client.get("/jobs/?state=done&sort=-asked_at"))
    bare, _one = _median(lambda: list(Job.objects.filter(asked_by=person, state="done").order_by("-asked_at")[:51]))
    yield f"list of {int(ROWS * scale):,} jobs, filtered and sorted: SQL statements", statements, 5
    yield "the same: SQL time against the bare page query", page / bare, 3


def _reader() -> tuple[Person, Client]:
    person = Person.objects.create_person(username="bench", full_name="Bench", password="bench")  # noqa: S106
    body = Body.objects.create(code="1", name="Bench", kind=Body.Kind.COUNTY_CENTRE)
    Appointment.objects.create(
        person=person, duty=Duty.INTAKE_CLERK, body=body, period=DateRange(date(2009, 1, 1), None)
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    session = client.session
    session.update(sessions.marks(timezone.now()))
    session.save()
    return person, client


def _fill(person: Person, count: int) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        columns = "name, title, arguments, language, state, asked_by_id, asked_at, sent_at, finished_at, attempts,"
        with cursor.copy(
            f"COPY office_job ({columns} done_steps, total_steps, note, outcome, refusal) FROM STDIN"
        ) as rows:
            for number in range(count):
                then = (now - timedelta(seconds=number)).isoformat()
                title = json.dumps(sentences.kept(said("Export: %(list)s", list=str(number))))
                told = ("x", title, "{}", "zh-hans", "done", person.pk, then, then, then, 1, 0, 0, NONE, "[]", NONE)
                rows.write_row(told)
        cursor.execute("ANALYZE office_job")


def _median(act: Callable[[], object]) -> tuple[float, int]:
    """Median time that an act spends in the database, in seconds, and its number of statements."""
    took: list[list[float]] = []

    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took[-1].append(time.perf_counter() - start)

    for _time in range(TIMES):
        took.append([])
        with connection.execute_wrapper(timed):
            act()
    return sorted(map(sum, took))[TIMES // 2], len(took[-1])
