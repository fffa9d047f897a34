"""Checks over the whole trail: asked for by somebody as a job, or by the clock at night; what they found is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import verifier
from audit.models import TrailCheck
from audit.selectors import completeness, seals
from audit.verifying.told import Report, read_checkpoints
from office import jobs, trail
from office.models import Job, Person
from office.sentences import said

RIGHT: Final = "audit.add_trailcheck"
WORK: Final = "audit.tasks.check_trail"
ACTS: Final[dict[str, str]] = {
    TrailCheck.Kind.SEALS: "trail.seals_checked",
    TrailCheck.Kind.COMPLETENESS: "trail.states_checked",
}
Tell = Callable[[int, int], None]


def ask(*, by: Person, at: datetime) -> Job:
    """Ask for both checks as a job that says how far it is."""
    return jobs.enqueue(WORK, title=said("Check of the whole trail"), by=by, at=at)


def by_seals(tell: Tell) -> Report:
    """Every sealed row and every seal, with the checkpoints outside. Raises CannotVerify, psycopg.Error."""
    outside = read_checkpoints(settings.SEAL_CHECKPOINTS)
    with seals.reading() as connection:
        return verifier.verify(connection, checkpoints=outside, tell=tell)


def by_completeness(tell: Tell) -> Report:
    """Every tracked record, posting, approval and decision. Raises psycopg.Error."""
    with seals.reading() as connection:
        return completeness.look(connection, tell)


LOOKS: Final[dict[str, Callable[[Tell], Report]]] = {
    TrailCheck.Kind.SEALS: by_seals,
    TrailCheck.Kind.COMPLETENESS: by_completeness,
}


def check(*, kind: str, by: Person | None, at: datetime, tell: Tell = lambda done, total: None) -> TrailCheck:
    """Check one kind now and keep what was found, with its act. Raises CannotVerify, psycopg.Error."""
    report = LOOKS[kind](tell)
    return keep(kind=kind, report=report, by=by, at=at, ended_at=max(timezone.now(), at))


@transaction.atomic
def keep(*, kind: str, report: Report, by: Person | None, at: datetime, ended_at: datetime) -> TrailCheck:
    """Keep what a check found."""
    kept = TrailCheck.objects.create(
        kind=kind,
        begun_at=at,
        ended_at=ended_at,
        by=by,
        rows=report.rows,
        unsealed=report.unsealed,
        found=report.found,
        faults=[asdict(one) for one in report.faults],
    )
    trail.record(ACTS[kind], kept, by=by, at=at, right=RIGHT, rows=report.rows, found=report.found)
    return kept
