"""A list of jobs over a large table, filtered and sorted: statements, and SQL time against the bare page query."""

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

from office import sentences
from office.models import Appointment, Body, Duty, Job, Person
from office.sentences import said
from office.services import sessions

ROWS = 200_000
FEWEST = 20_000  # of fewer the pages' other statements say more than the list
TIMES = 15
NONE = '""'  # as a job keeps that it says nothing


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    person, client = _reader()
    count = max(int(ROWS * scale), FEWEST)
    _fill(person, count)
    page, statements = _median(lambda: client.get("/jobs/?state=done&sort=-asked_at"))
    bare, _one = _median(lambda: list(Job.objects.filter(asked_by=person, state="done").order_by("-asked_at")[:51]))
    yield f"list of {count:,} jobs, filtered and sorted: SQL statements", statements, 5
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
