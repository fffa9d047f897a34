"""The workers' door to the long work of auditing."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.utils import timezone

from audit.services import screening
from audit.services.screening_tables import Span
from office import jobs


@shared_task
def screen_by_night() -> None:
    """All screens over what was taken in lately."""
    screening.by_night(timezone.now())


@jobs.job
def screen(run: jobs.Run, *, first: str, last: str, screens: list[str]) -> None:
    """Some screens over some days."""
    screening.in_job(run, Span(date.fromisoformat(first), date.fromisoformat(last)), screens)
