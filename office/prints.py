"""The office's own papers: the slip of a job, the year's working days, the trial sheet of a printer.

How any paper is set is office/printing.py and templates/office/print.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office import access, printing, selectors, sentences, sheets
from office.models import Job, Person, Printer, PrinterOffset
from office.rules import masking
from office.rules.days import CalendarUnknown, WorkingDays

MOST_FAULTY_ROWS: Final = 50  # on a job's report; the whole list is in its file


def job_slip(job: Job, *, by: Person, at: datetime) -> bytes:
    """The slip of a finished job: who asked, how it ended, its first faulty rows, ID numbers masked."""
    faults = sheets.rows(job.faults.path.read_bytes(), job.faults.name) if job.faults else []
    report = JobReport(
        title=str(job),
        asked_by=job.asked_by.full_name,
        asked_at=job.asked_at,
        finished_at=job.finished_at or at,
        outcome=[(str(label), sentences.shown(value)) for label, value in job.figures],
        faulty_header=[sheets.text(cell) for cell in faults[0]] if faults else (),
        faulty_rows=[[masking.masked_within(sheets.text(cell)) for cell in row] for row in faults[1:]],
    )
    return job_report(report, office=_office_of(by), at=at)


def year_sheet(year: int, *, by: Person, at: datetime) -> bytes:
    """The working-day table of one year on one sheet. Raises CannotPrint where the year is not entered."""
    table = selectors.working_days(date(year, 1, 1), date(year, 12, 31))
    return working_days(table, year, office=_office_of(by), at=at)


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


@dataclass(frozen=True)
class JobReport:
    """What a long piece of work did (任务回执): who asked, how it ended, the first faulty rows."""

    title: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime
    outcome: Sequence[tuple[str, object]]
    faulty_header: Sequence[str] = ()
    faulty_rows: Sequence[Sequence[object]] = ()


def job_report(report: JobReport, *, office: str, at: datetime) -> bytes:
    """The report of a finished job, with its outcome and at most the first 50 faulty rows."""
    count, width = len(report.faulty_rows), len(report.faulty_header)
    # Rows of a sheet may be shorter or longer than its header.
    shown = [[*row, *[""] * width][:width] for row in report.faulty_rows[:MOST_FAULTY_ROWS]]
    heading = ngettext("{count} faulty row", "{count} faulty rows", count).format(count=count)
    if count > len(shown):
        cut = _("{heading}: the first {shown} are below, all are in the faulty-row file")
        heading = cut.format(heading=heading, shown=len(shown))
    data = {
        "office": office,
        "title": _("Job report"),
        "facts": [
            [_("Job"), report.title],
            [_("Asked for by"), report.asked_by],
            [_("Asked at"), report.asked_at],
            [_("Finished at"), report.finished_at],
        ],
        "outcome_heading": _("Outcome"),
        "outcome": report.outcome,
        "faulty_heading": heading,
        "faulty_header": report.faulty_header,
        "faulty_rows": shown,
    }
    return printing.render("office/print/job_report.typ", data, at=at)


def working_days(table: WorkingDays, year: int, *, office: str, at: datetime) -> bytes:
    """The working-day table of a year: twelve months with holidays and make-up days marked.

    A year that the table does not hold in full raises printing.CannotPrint.
    """
    try:
        months = [_month(table, year, month) for month in range(1, 13)]
    except CalendarUnknown as missing:
        raise printing.CannotPrint(_(missing.sentence).format(**missing.params)) from missing
    total = sum(table.is_working(day) for day in table.days if day.year == year)
    data = {
        "office": office,
        "title": _("Working days of {year}").format(year=year),
        "weekdays": [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")],
        "months": months,
        "marks": {"holiday": _("off"), "make_up": _("work")},
        "legend": {"holiday": _("weekday off"), "make_up": _("weekend day worked")},
        "total": _worked(total),
    }
    return printing.render("office/print/working_days.typ", data, at=at)


def _worked(count: int) -> str:
    return ngettext("{count} working day", "{count} working days", count).format(count=count)


def _month(table: WorkingDays, year: int, month: int) -> dict[str, object]:
    weeks = calendar.Calendar().monthdayscalendar(year, month)
    days = [date(year, month, day) for week in weeks for day in week if day]
    return {
        "name": date_format(days[0], "F"),
        "worked": _worked(sum(table.is_working(day) for day in days)),
        "before": days[0].weekday(),
        "days": [{"day": day.day, "kind": _kind_of_day(table, day)} for day in days],
    }


def _kind_of_day(table: WorkingDays, day: date) -> str:
    is_weekend = day.weekday() >= calendar.SATURDAY
    if table.is_working(day):
        return "make_up" if is_weekend else "working"
    return "weekend" if is_weekend else "holiday"
