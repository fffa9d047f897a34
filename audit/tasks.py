"""The workers' door to what the audit does by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit.services import rectifying


@shared_task
def remind_of_rectifications() -> None:
    """Remind the office of measures that are due or overdue today."""
    rectifying.remind(at=timezone.now())
