"""The workers' door to the long work of auditing."""

from __future__ import annotations

from audit.models import Population
from audit.services import populations
from office import jobs
from office.rules import money
from office.sentences import said


@jobs.job
def freeze_population(run: jobs.Run, *, population: int) -> None:
    """Freeze a population that was asked for; begun again it is not frozen twice."""
    frozen = populations.freeze(population=Population.objects.get(pk=population), by=run.by, at=run.at)
    if frozen.state == Population.State.EMPTY:
        raise jobs.CannotFinish(said("Nothing was found: no population was frozen."))
    run.say({said("Items"): frozen.items, said("Sum, yuan"): money.shown(frozen.amount)})
