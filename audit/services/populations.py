"""Populations (抽样总体): asked for by somebody of an engagement, frozen away from the page, never changed after that.

Order of locks: the engagement, the population, its samples, their items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.models import Engagement, Population, PopulationRow
from audit.selectors import sampling as selectors
from claims.services import before
from claims.services.locks import refusing
from enrollment.models import Scheme
from office import access, jobs, trail
from office.models import Person
from office.rules import days
from office.sentences import said

VIEW: Final = "audit.view_sample"
MAKE: Final = "audit.add_sample"
STEPS: Final = 3  # copied, hashed, kept
FREEZE: Final = "audit.tasks.freeze_population"
State = Population.State


class CannotSample(Exception):
    """Nothing was drawn or noted; the message is written for the auditor, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class PopulationOf:
    """What a population is asked to be: approved claims, payments or contributions of some days."""

    source: str
    since: date
    until: date
    scheme: Scheme | None = None
    kind: str = ""
    least: Decimal = Decimal(0)


def hold(engagement: Engagement, by: Person, right: str) -> Engagement:
    """An engagement in the field, held while somebody of it works. Raises CannotSample."""
    if not any(access.grants(one.duty, right) for one in access.duties_of(by)):
        raise CannotSample(_("None of your duties allows this."))
    held = Engagement.objects.select_for_update(no_key=True, of=["self"]).get(pk=engagement.pk)
    if held.state != Engagement.State.NOTICED:
        raise CannotSample(_("Samples are drawn and examined between the notice and the report of an engagement."))
    if not held.members.there().filter(person=by).exists():
        raise CannotSample(_("Only people who were named for %(engagement)s work on it.") % {"engagement": held})
    return held


@refusing("population.asked", CannotSample, about="engagement")
def _ask(*, engagement: Engagement, stated: PopulationOf, by: Person, at: datetime) -> Population:
    held = hold(engagement, by, MAKE)
    today = days.business_day(at)
    if not stated.since <= stated.until <= today:
        raise CannotSample(_("The days lie in their order and have come."), "until")
    if held.scheme_id and stated.scheme != held.scheme:
        raise CannotSample(_("This engagement is of %(scheme)s.") % {"scheme": held.scheme}, "scheme")
    if stated.kind and stated.source != Population.Source.CLAIMS:
        raise CannotSample(_("Only claims have a kind."), "kind")
    if stated.since < held.since or stated.until > held.until:
        raise CannotSample(
            _("This engagement is of %(since)s to %(until)s.") % {"since": held.since, "until": held.until}, "since"
        )
    made = Population.objects.create(
        number=before.next_number(Population, "ZT", today),
        engagement=held,
        source=stated.source,
        scheme=stated.scheme,
        since=stated.since,
        until=stated.until,
        kind=stated.kind,
        least=stated.least,
        asked_by=by,
        asked_at=at,
    )
    made.job = jobs.enqueue(FREEZE, title=said("Freezing population %(number)s", number=made.number), by=by, at=at,
                            population=made.pk)  # fmt: skip
    made.save(update_fields=["job"])
    trail.record("population.asked", made, by=by, at=at, right=MAKE, source=made.source, engagement=held.number)
    return made


def ask(*, engagement: Engagement, stated: PopulationOf, by: Person, at: datetime) -> Population:
    """Ask for a population; a job freezes it as it is at one moment. Raises CannotSample."""
    made: Population = _ask(engagement=engagement, stated=stated, by=by, at=at)
    return made


@transaction.atomic
def freeze(
    *, population: Population, by: Person, at: datetime, step: Callable[[int, int], None] = lambda done, total: None
) -> Population:
    """Copy what a population asks for in one statement, count, sum and hash it; `step` is told how far it is. Done
    already, nothing is done again.

    Where nothing is found it is empty, and no sample is drawn from it.
    """
    held = Population.objects.select_for_update(no_key=True, of=["self"]).get(pk=population.pk)
    if held.state != State.ASKED:
        return held
    step(0, STEPS)
    count = _copy(held)
    step(1, STEPS)
    if not count:
        held.state = State.EMPTY
        held.save(update_fields=["state"])
        trail.record("population.frozen", held, by=by, at=at, right=MAKE, items=0)
        return held
    part = selectors.parts_of(held)[0]
    held.items, held.amount, held.sha256 = part.items, part.amount, selectors.hash_of(held)
    step(2, STEPS)
    held.state, held.frozen_at = State.FROZEN, at
    held.save(update_fields=["state", "items", "amount", "sha256", "frozen_at"])
    trail.record(
        "population.frozen", held, by=by, at=at, right=MAKE, subject_hash=held.sha256, items=count, amount=held.amount
    )
    return held


def _copy(population: Population) -> int:
    """The rows of a population, by one statement: all of them as of one moment. Commas and quotes would break its
    file."""
    query, given = selectors.found(population).query.sql_with_params()
    table = PopulationRow._meta.db_table
    statement = f"""
        INSERT INTO {table} (population_id, place, subject_id, number, day, amount)
        SELECT %s, row_number() OVER (ORDER BY s.key), s.key,
            left(regexp_replace(s.number, '[,"[:space:][:cntrl:]]', '_', 'g'), 60), s.day, s.amount
        FROM ({query}) s (key, number, day, amount)
    """  # noqa: S608  nothing typed is in it: the query's values are given apart
    with connection.cursor() as cursor:
        cursor.execute(statement, [population.pk, *given])
        return int(cursor.rowcount)


def fetched(*, population: Population, by: Person, at: datetime) -> None:
    """Somebody fetches a population's file: reading so much at once is an act."""
    trail.read("population.fetched", population, by=by, at=at, items=population.items)
