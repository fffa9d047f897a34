"""Finding people among 400,000 in the five ways: statements to a search, and none that goes through a whole table."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from demo.roster import people, plan
from enrollment.models import Division, Member
from enrollment.rules import divisions, person_names
from enrollment.selectors.search import search
from office.models import Appointment, Body, Duty, Person

SCALE_OF_400_000 = 400_000 / plan.PEOPLE
COUNTY = "640522"
SAMPLES = 15
LARGE = {"enrollment_member", "enrollment_household", "enrollment_coverage"}
DAY = date(2010, 3, 1)
CHANGED = "version, changed_by_id, changed_at"
COLUMNS = (
    "household_id, is_head, name, search_keys, id_number, id_given, sex, birth_date, relation, category, state,"
    " state_reason"
)


class Asking(NamedTuple):
    """One search: how many statements, how long they took, and the large tables gone through from end to end."""

    statements: int
    seconds: float
    scanned: set[str]


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    county = Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).first() or Body.objects.create(
        code="2", name="Bench", kind=Body.Kind.COUNTY_CENTRE
    )
    station = Body.objects.create(code="3", name="Bench station", kind=Body.Kind.TOWNSHIP_STATION)
    clerks = {"county": _clerk("bench-county", county), "township": _clerk("bench-township", station)}
    _divisions(station)
    count = _fill(SCALE_OF_400_000 * scale, clerks["county"])
    whole = 0 if scale >= 1 else len(LARGE)  # a small table is read from end to end more cheaply
    for place, clerk in clerks.items():
        for way, typed in _ways(clerk).items():
            asked = [_ask(one, clerk) for one in typed]
            median = sorted(one.seconds for one in asked)[len(asked) // 2] * 1000
            slowest = max(one.seconds for one in asked) * 1000
            name = f"{place}, {way}: SQL statements ({median:.1f} ms, slowest {slowest:.0f})"
            yield f"{count:,} people, {name}", max(one.statements for one in asked), 3
            yield "the same: whole tables gone through", max(len(one.scanned) for one in asked), whole


def _ways(clerk: Person) -> dict[str, list[str]]:
    """What people type who look for somebody that is there."""
    chance = Random(1)  # noqa: S311 -- repeatable on purpose
    seen = list(Member.objects.visible_to(clerk).filter(is_head=True).select_related("household__village"))
    heads = chance.sample(seen, min(SAMPLES, len(seen)))
    return {
        "ID number": [one.id_number or "" for one in heads] + [(one.id_number or "")[:14] for one in heads],
        "end of the ID number": [(one.id_number or "")[-4:] for one in heads],
        "household number": [one.household.number[:14] for one in heads],
        "name": [one.name for one in heads] + [one.name[:2] for one in heads],
        "initials": [key for one in heads for key in person_names.initials(one.name)[:1]],
        "village and head": [f"{one.household.village.name[:2]} {one.name}" for one in heads]
        + [f"{one.household.village.search_keys[0]} {one.search_keys[-1]}" for one in heads],
    }


def _ask(typed: str, clerk: Person) -> Asking:
    asked: list[tuple[Any, Any]] = []
    took: list[float] = []

    def timed(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took.append(time.perf_counter() - start)
            asked.append((sql, params))

    with connection.execute_wrapper(timed):
        found = search(typed, person=clerk, day=DAY)
    if not found.members and not found.households:
        raise LookupError(f"Nobody is found by {typed}.")
    scanned: set[str] = set()
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            scanned |= LARGE & set(_gone_through(cursor.fetchone()[0][0]["Plan"]))
    return Asking(len(asked), sum(took), scanned)


def _gone_through(step: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads from end to end."""
    if step["Node Type"] == "Seq Scan":
        yield step["Relation Name"]
    for inner in step.get("Plans", ()):
        yield from _gone_through(inner)


def _clerk(username: str, body: Body) -> Person:
    person = Person.objects.create_person(username=username, full_name="Bench", password="bench")  # noqa: S106
    Appointment.objects.create(
        person=person, duty=Duty.TOWNSHIP_CLERK, body=body, period=DateRange(date(2009, 1, 1), None)
    )
    return person


def _divisions(station: Body) -> None:
    known: dict[str, Division] = {}
    with (plan.DATA / f"divisions-{COUNTY}.csv").open(encoding="utf-8", newline="") as file:
        read = sorted(divisions.read(csv.reader(file)).sound, key=lambda one: one.code)
    for one in read:
        known[one.code] = Division.objects.create(
            code=one.code,
            name=one.name,
            level=one.level,
            parent=known.get(one.parent or ""),
            station=station if one.level == "township" and not any(made.station for made in known.values()) else None,
            search_keys=_keys(one.name),
        )


def _keys(name: str) -> list[str]:
    lines = person_names.initials(name)
    return list(dict.fromkeys(line[:end] for line in lines for end in range(2, len(line) + 1)))


def _fill(scale: float, by: Person) -> int:
    """A county's households and people, by COPY."""
    chance = Random(COUNTY)  # noqa: S311 -- repeatable on purpose
    drawn = plan.drawn(COUNTY, scale, chance)
    filled = people.Households(COUNTY, DAY.year, chance)
    changed = (1, by.pk, timezone.now().isoformat())
    households = list(_households(drawn))
    with connection.cursor() as cursor:
        columns = f"id, number, village_id, address, registered_on, {CHANGED}"
        with cursor.copy(f"COPY enrollment_household ({columns}) FROM STDIN") as rows:
            for row in households:
                rows.write_row((*row, DAY, *changed))
        with cursor.copy(f"COPY enrollment_member ({COLUMNS}, {CHANGED}) FROM STDIN") as rows:
            for at, size in enumerate(drawn.sizes):
                for place, one in enumerate(filled.fill(size, old=False)):
                    rows.write_row((at, place == 0, *_person(one), *changed))
        cursor.execute("ANALYZE enrollment_household, enrollment_member, enrollment_division")
    return drawn.people


def _households(drawn: plan.Plan) -> Iterator[tuple[object, ...]]:
    villages = dict(Division.objects.values_list("code", "pk"))
    in_village: Counter[str] = Counter()
    for at in range(len(drawn.sizes)):
        village = drawn.village(at)
        in_village[village] += 1
        yield at, f"{village}{in_village[village]:04d}", villages[village], ""


def _person(one: people.Made) -> tuple[object, ...]:
    given = "" if one.id_number == one.eighteen else one.id_number
    told = (one.sex, one.birth_date, one.relation, "ordinary", "living", "")
    return one.name, _keys(one.name), one.eighteen, given, *told
