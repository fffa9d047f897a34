"""The working-day table: filled for a year, corrected day by day, replaced by the year's holiday notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from office import jobs, sentences, sheets, trail
from office.models import Job, Person, WorkingDay
from office.rules import notice
from office.sentences import Figure, Sentence, said
from office.stale import lock_as_seen

Progress = Callable[[int, int], None]
SATURDAY = 5
RIGHT = "office.change_workingday"


@transaction.atomic
def fill_year(*, year: int, by: Person, at: datetime) -> int:
    """Enter a whole year that the table does not have: by the published notices where they are known, else assumed
    from the weekdays until the notice comes. Gives the number of days added; a year that is there stays."""
    known = set(WorkingDay.objects.filter(day__year=year).values_list("day", flat=True))
    fresh = [_day_of(day) for day in _days_of(year) if day not in known]
    WorkingDay.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        trail.record("working-days.year-added", None, by=by, at=at, right=RIGHT, year=year, days=len(fresh))
    return len(fresh)


@transaction.atomic
def change_working_day(
    *, day: WorkingDay, seen_version: int, is_working: bool, reason: str, by: Person, at: datetime
) -> WorkingDay:
    """Set one day by the office's own decision (a flood, a county holiday). Raises Stale if it changed meanwhile."""
    current = lock_as_seen(day, seen_version)
    current.is_working = is_working
    current.reason = reason
    current.source = WorkingDay.Source.OFFICE
    current.version += 1
    current.changed_by = by
    current.changed_at = at
    current.save()
    trail.record(
        "working-day.changed", current, by=by, at=at, right=RIGHT, reason=reason, day=day.day, is_working=is_working
    )
    return current


@transaction.atomic
def apply_notice(
    *,
    year: int,
    notices: Sequence[notice.DayNotice],
    by: Person,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> int:
    """Bring the State Council's yearly holiday notice into the table: the named days as it says, all others of the
    year by their weekday. Gives how many days changed; the same notice twice changes nothing."""
    said = {one.day: one for one in notices}
    fill_year(year=year, by=by, at=at)
    table = list(WorkingDay.objects.select_for_update().filter(day__year=year).order_by("day"))
    changed = 0
    for done, current in enumerate(table, start=1):
        wanted = said.get(current.day) or notice.DayNotice(current.day, current.day.weekday() < SATURDAY, "")
        changed += _bring(current, wanted, by, at)
        progress(done, len(table))
    trail.record("working-days.notice-applied", None, by=by, at=at, right=RIGHT, year=year, changed=changed)
    return changed


def ask_for_notice(*, year: int, upload: UploadedFile[Any], by: Person, at: datetime) -> Job:
    """Have a holiday notice brought in from a file, as a job. Raises CannotAttach."""
    title = said("Holiday notice %(year)s", year=str(year))
    return jobs.enqueue("office.tasks.bring_in_notice", title=title, by=by, at=at, upload=upload, year=year)


def bring_in_notice(run: jobs.Run, *, year: int) -> None:
    """The job's work: read the file, and write it all or, with a faulty row, nothing."""
    sent = run.sent()
    try:
        rows = sheets.rows(sent.path.read_bytes(), sent.name)
    except sheets.CannotRead as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
    notices, faults = notice.read(rows, year)
    counted: dict[Sentence, Figure] = {
        said("Rows read"): max(len(rows) - 1, 0),
        said("Faulty rows"): len(faults),
    }
    written = said("Days changed")
    if faults:
        columns = [_("Row"), _("Column"), _("Value"), _("Reason")]
        told = [
            (one.row, notice.HEADERS[one.column], one.value, _(one.sentence).format(**one.params)) for one in faults
        ]
        run.keep_faults(f"faults-{year}.xlsx", columns, told)
        run.say({**counted, written: 0})
        raise jobs.CannotFinish(said("Nothing was written: mend the faulty rows and send the file again."))
    changed = apply_notice(year=year, notices=notices, by=run.by, at=run.at, progress=run.step)
    run.say({**counted, written: changed})


def _bring(current: WorkingDay, said: notice.DayNotice, by: Person, at: datetime) -> bool:
    wanted = (said.is_working, said.reason, WorkingDay.Source.NOTICE)
    if (current.is_working, current.reason, current.source) == wanted:
        return False
    current.is_working, current.reason, current.source = wanted
    current.version += 1
    current.changed_by = by
    current.changed_at = at
    current.save()
    return True


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _day_of(day: date) -> WorkingDay:
    try:
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the package ends with the last notice it knows
        return WorkingDay(day=day, is_working=day.weekday() < SATURDAY, source=WorkingDay.Source.ASSUMED)
    reason = _holiday(name) if name else ""
    return WorkingDay(day=day, is_working=not is_holiday, reason=reason, source=WorkingDay.Source.NOTICE)


def _holiday(name: str) -> str:
    """The festival's Chinese name, as the notices write it."""
    names: dict[str, str] = {one.value: one.chinese for one in chinese_calendar.Holiday}
    return names.get(name, name)
