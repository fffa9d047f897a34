"""The office's own papers: which figures go on them. How a paper is set is office/printing.py and templates/office/print."""

from __future__ import annotations

from datetime import date, datetime

from office import printing
from office.models import Job, Printer, PrinterOffset, WorkingDay


def job_report(job: Job, *, at: datetime) -> bytes:
    raise AssertionError


def working_days(year: int, *, at: datetime) -> bytes:
    raise AssertionError


def trial_sheet(printer: Printer, form_code: str, offset: PrinterOffset | None, *, at: datetime) -> bytes:
    raise AssertionError
