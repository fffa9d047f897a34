"""The office's own papers: which of its records go on them. How a paper is set is office/printing.py."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from office import access, printing, selectors, sheets
from office.models import Job, Person, Printer, PrinterOffset


def job_report(job: Job, *, by: Person, at: datetime) -> bytes:
    """The slip of a finished job: who asked, how it ended, its first faulty rows."""
    faults = sheets.rows(job.faults.path.read_bytes(), job.faults.name) if job.faults else []
    report = printing.JobReport(
        title=job.title,
        asked_by=job.asked_by.full_name,
        asked_at=job.asked_at,
        finished_at=job.finished_at or at,
        outcome=[(label, str(value)) for label, value in job.outcome],
        faulty_header=[sheets.text(cell) for cell in faults[0]] if faults else (),
        faulty_rows=[[sheets.text(cell) for cell in row] for row in faults[1:]],
    )
    return printing.job_report(report, office=_office_of(by), at=at)


def working_days(year: int, *, by: Person, at: datetime) -> bytes:
    """The working-day table of one year on one sheet. Raises CannotPrint where the year is not entered."""
    table = selectors.working_days(date(year, 1, 1), date(year, 12, 31))
    return printing.working_days(table, year, office=_office_of(by), at=at)


def trial_sheet(printer: Printer, form_code: str, offset: PrinterOffset | None, *, at: datetime) -> bytes:
    """A millimetre grid on a pre-printed form, printed with the printer's present offset."""
    return printing.alignment(
        printing.preprinted[form_code],
        printer=printer.name,
        dx_mm=offset.right_mm if offset else Decimal(0),
        dy_mm=offset.down_mm if offset else Decimal(0),
        at=at,
    )


def _office_of(person: Person) -> str:
    """The body that a person's print comes from."""
    duties = access.duties_of(person)
    return duties[0].body.name if duties else ""
