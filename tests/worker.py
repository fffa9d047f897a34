"""A real Celery worker of the tests, with one work more: slow, in one transaction, telling its progress."""

from __future__ import annotations

import time

import django

django.setup()

from django.db import transaction  # noqa: E402  after the setup

from config.celery import app  # noqa: E402
from office import jobs  # noqa: E402
from office.models import Body  # noqa: E402
from office.sentences import Sentence  # noqa: E402

SLOW = "office.tasks.slow_trial"


def slow(run: jobs.Run, *, steps: int, pause: float) -> None:
    """Write so many rows in one transaction, with a pause after each."""
    with transaction.atomic():
        for done in range(1, steps + 1):
            Body.objects.create(code=f"{run.job.pk}-{done}", name="站", kind=Body.Kind.TOWNSHIP_STATION)
            run.step(done, steps)
            time.sleep(pause)
    run.say({Sentence("rows"): steps})


jobs._works[SLOW] = slow

__all__ = ["app"]
