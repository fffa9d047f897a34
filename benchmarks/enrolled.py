"""Lists over everybody who is enrolled, on a county's whole register: statements, and SQL time against a bare scan.

The bare scan reads the same tables from end to end and does nothing with the rows. `coverage_on` looks at one person
and is measured against the bare look at his coverages by their index.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import tests.servers
from demo.roster import files
from demo.roster.made import Roster
from enrollment.models import Coverage, FundYear, Member
from enrollment.selectors.coverage import coverage_on
from enrollment.services import rosters as services
from enrollment.tests import factories, rosters
from office.models import Duty, Person
from office.services import sessions
from office.tests.factories import give
from tests import restore

SEED = 1
YEAR = 2010
TIMES = 7
ASKED = 200  # people of whom it is asked whether they are covered
READ = (
    "SELECT count(void_reason) FROM enrollment_coverage",
    "SELECT count(name) FROM enrollment_member",
    "SELECT count(village_id) FROM enrollment_household",
)

#: A thousandth of the people once more in another household and scheme, as many who left and are insured there on their
#: own record; one coverage in a hundred void, so that households are not whole; how many should enroll in each village.
DOUBLES = """
CREATE TEMP TABLE twin AS
    SELECT row_number() OVER (ORDER BY m.id) AS place, m.*, h.village_id FROM enrollment_member m
        JOIN enrollment_household h ON h.id = m.household_id
        JOIN enrollment_coverage c ON c.member_id = m.id WHERE m.id %% 500 = 0 AND NOT m.is_head;
INSERT INTO enrollment_household (number, village_id, address, registered_on, version, changed_by_id, changed_at)
    SELECT 'twin-' || place, (SELECT max(village_id) FROM twin), '', DATE '2008-01-01', 1, changed_by_id, changed_at
    FROM twin WHERE place %% 2 = 0;
INSERT INTO enrollment_member (household_id, is_head, name, search_keys, id_number, id_given, sex, birth_date, relation,
        category, state, state_reason, version, changed_by_id, changed_at)
    SELECT h.id, TRUE, t.name, t.search_keys, NULL, '', t.sex, t.birth_date, 'head', 'ordinary', 'living', '', 1,
        t.changed_by_id, t.changed_at
    FROM twin t JOIN enrollment_household h ON h.number = 'twin-' || t.place;
UPDATE enrollment_coverage SET period = daterange(lower(period), lower(period) + 100), ended_because = 'left'
    WHERE member_id IN (SELECT id FROM twin WHERE place %% 2 = 1);
INSERT INTO enrollment_coverage (member_id, scheme_id, is_basic, fund_year_id, period, reason, ended_because,
        noted_by_id, noted_at, void_reason)
    SELECT coalesce(m.id, t.id), %(scheme)s, TRUE, %(year)s, daterange(%(first)s::date + 110, %(first)s::date + 365),
        'go_live', '', t.changed_by_id, t.changed_at, ''
    FROM twin t LEFT JOIN enrollment_household h ON h.number = 'twin-' || t.place
        LEFT JOIN enrollment_member m ON m.household_id = h.id;
UPDATE enrollment_coverage SET void_reason = 'a mistake' WHERE id %% 100 = 0;
INSERT INTO enrollment_population (fund_year_id, division_id, heads)
    SELECT %(roster_year)s, village_id, count(*) FROM enrollment_member m
        JOIN enrollment_household h ON h.id = m.household_id GROUP BY village_id;
ANALYZE;
"""


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    try:
        client, year = _county(scale)
        yield from _lists(client, year)
        yield from _coverage_on()
    finally:
        restore.restore()


def _lists(client: Client, year: FundYear) -> Iterator[tuple[str, float, float]]:
    people = Member.objects.count()
    bare, _one, _answer = _median(_read)
    pages = {
        "double enrollment": (f"{reverse('enrollment:double_enrollment')}?year={YEAR}", 8, 20),
        "double enrollment, how many": (f"{reverse('enrollment:double_enrollment')}?year={YEAR}&as=totals", 7, 20),
        "participation by township": (f"{reverse('enrollment:participation')}?fund_year={year.pk}", 14, 12),
        "households not whole": (f"{reverse('enrollment:not_whole')}?fund_year={year.pk}", 10, 8),
        "households not whole, how many": (
            f"{reverse('enrollment:not_whole')}?fund_year={year.pk}&as=totals", 7, 8,
        ),
    }  # fmt: skip
    for name, (address, statements, limit) in pages.items():
        seconds, count, answer = _median(lambda address=address: client.get(address))  # type: ignore[misc]
        if answer.status_code != HTTPStatus.OK or b"<td" not in answer.content + b"<td" * ("totals" in address):
            raise LookupError(f"The page of {name} is empty.")
        yield f"{people:,} people, {name}: SQL statements ({seconds * 1000:.0f} ms)", count, statements
        yield f"the same: SQL time against the bare scan ({bare * 1000:.0f} ms)", seconds / bare, limit


def _coverage_on() -> Iterator[tuple[str, float, float]]:
    step = max(Member.objects.count() // ASKED, 1)
    people = list(Member.objects.order_by("pk")[::step])
    day = date(YEAR, 5, 1)
    ours, count, _answer = _median(lambda: [coverage_on(one, day) for one in people])
    bare, _count, _answer = _median(lambda: [list(Coverage.objects.filter(member=one)) for one in people])
    yield f"covered on a day, and why, of {len(people)} people: SQL statements for each", count / len(people), 1
    yield f"the same: SQL time against the bare look ({ours / len(people) * 1000:.2f} ms each)", ours / bare, 12


def _county(scale: float) -> tuple[Client, FundYear]:
    """A roster of the size, imported; doubles beside it; and a clerk of the county at her browser."""
    rosters.villages()
    year = rosters.fund_year(YEAR)
    residents = rosters.other_year("residents", YEAR)
    person = Person.objects.create_person(username="bench-enrolled", full_name="Bench", password="bench")  # noqa: S106
    give(person, Duty.TOWNSHIP_CLERK, factories.head().appointments.get().body)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.csv"
        files.write_csv(Roster(SEED, scale=scale, year=YEAR, faulty=0), path)
        services.import_roster(fund_year=year, path=path, name=path.name, by=person, at=timezone.now())
    facts = {
        "scheme": residents.scheme_id,
        "year": residents.pk,
        "first": residents.period.lower,
        "roster_year": year.pk,
    }
    with psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        for statement in filter(str.strip, DOUBLES.split(";")):
            db.execute(statement, facts if "%" in statement else None)
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    session = client.session
    session.update(sessions.marks(timezone.now()))
    session.save()
    return client, year


def _read() -> None:
    """Every row of the three large tables, for nothing but to have seen it."""
    with connection.cursor() as cursor:
        for statement in READ:
            cursor.execute(statement)


def _median(act: Callable[[], Any]) -> tuple[float, int, Any]:
    """Median time that an act spends in the database, in seconds, its number of statements, and what came of it."""
    took: list[list[float]] = []

    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took[-1].append(time.perf_counter() - start)

    answer = None
    for _time in range(TIMES):
        took.append([])
        with connection.execute_wrapper(timed):
            answer = act()
    return sorted(map(sum, took))[TIMES // 2], len(took[-1]), answer
