"""Celery: wakes workers, nothing more. What is to be done, and what was, stands in the database (office.jobs)."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from config.embedded import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("county_fund")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """A pool process never outlives its worker, not even one that was killed."""
    processes.end_with_parent(signal.SIGKILL)()
