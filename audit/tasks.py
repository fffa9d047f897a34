"""The workers' door to the long work of auditing, and to what the audit does by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit.models import Population
from audit.services import populations, rectifying
from office import jobs
from office.rules import money
from office.sentences import said


@jobs.job
def freeze_population(run: jobs.Run, *, population: int) -> None:
    """Freeze a population that was asked for; begun again it is not frozen twice."""
    frozen = populations.freeze(population=Population.objects.get(pk=population), by=run.by, at=run.at, step=run.step)
    if frozen.state == Population.State.EMPTY:
        raise jobs.CannotFinish(said("Nothing was found: no population was frozen."))
    run.say({said("Items"): frozen.items, said("Sum, yuan"): money.shown(frozen.amount)})


@shared_task
def remind_of_rectifications() -> None:
    """Remind the office of measures that are due or overdue today."""
    rectifying.remind(at=timezone.now())
