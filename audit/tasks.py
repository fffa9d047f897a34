"""The workers' door to what the audit does by itself and to its long work."""

from __future__ import annotations

import logging
from datetime import date

import psycopg
from celery import shared_task
from django.utils import timezone

from audit import seal_words
from audit.models import Population, TrailCheck
from audit.services import checking, export_jobs, populations, rectifying, screening, sealing
from audit.services.screening_tables import Span
from audit.services.seal_keys import CannotSeal
from audit.verifying.told import CannotVerify
from office import jobs
from office.rules import money
from office.sentences import Figure, Sentence, said

log = logging.getLogger(__name__)


@shared_task
def seal() -> None:
    """Seal what can be sealed."""
    try:
        sealing.run(at=timezone.now())
    except CannotSeal as refusal:
        log.error("Nothing was sealed: %s (%s)", refusal.reason, refusal)  # noqa: TRY400, RUF100  its reason is enough


@shared_task
def check() -> None:
    """The night's checks of the whole trail."""
    for kind in TrailCheck.Kind.values:
        checking.check(kind=kind, by=None, at=timezone.now())


@shared_task
def screen_by_night() -> None:
    """All screens over what was taken in lately."""
    screening.by_night(timezone.now())


@shared_task
def remind_of_rectifications() -> None:
    """Remind the office of measures that are due or overdue today."""
    rectifying.remind(at=timezone.now())


@jobs.job
def check_trail(run: jobs.Run) -> None:
    """Both checks, for somebody who waits for them; what is not as it should be comes as a file."""
    rows: list[tuple[object, ...]] = []
    outcome: dict[Sentence, Figure] = {}
    for kind in TrailCheck.Kind:
        kept = _checked(run, kind)
        rows += [seal_words.fault_row(kept, one) for one in kept.faults]
        outcome[said("%(kind)s: rows checked", kind=kind.label)] = kept.rows
        outcome[said("%(kind)s: faults found", kind=kind.label)] = kept.found
    if rows:
        run.keep_faults("trail-faults.xlsx", seal_words.fault_header(), rows)
    run.say(outcome)


@jobs.job
def screen(run: jobs.Run, *, first: str, last: str, screens: list[str]) -> None:
    """Some screens over some days."""
    screening.in_job(run, Span(date.fromisoformat(first), date.fromisoformat(last)), screens)


@jobs.job
def freeze_population(run: jobs.Run, *, population: int) -> None:
    """Freeze a population that was asked for; begun again it is not frozen twice."""
    frozen = populations.freeze(population=Population.objects.get(pk=population), by=run.by, at=run.at, step=run.step)
    if frozen.state == Population.State.EMPTY:
        raise jobs.CannotFinish(said("Nothing was found: no population was frozen."))
    run.say({said("Items"): frozen.items, said("Sum, yuan"): money.shown(frozen.amount)})


@jobs.job
def export_for_bureau(run: jobs.Run, *, year: int | None, whole: bool) -> None:
    """Everything for the audit bureau."""
    export_jobs.make(run, year=year, whole=whole)


def _checked(run: jobs.Run, kind: TrailCheck.Kind) -> TrailCheck:
    note = said(kind.label)
    try:
        return checking.check(
            kind=kind, by=run.by, at=timezone.now(), tell=lambda done, total: run.step(done, total, note)
        )
    except (CannotVerify, psycopg.Error) as refusal:
        log.exception("The trail could not be checked")
        why = said("The trail could not be looked at: %(why)s", why=str(refusal).strip())
        raise jobs.CannotFinish(why) from refusal
