"""The workers' door to sealing and to the checks of the trail."""

from __future__ import annotations

import logging

import psycopg
from celery import shared_task
from django.utils import timezone

from audit import seal_words
from audit.models import TrailCheck
from audit.services import checking, sealing
from audit.services.seal_keys import CannotSeal
from audit.verifying.told import CannotVerify
from office import jobs
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
