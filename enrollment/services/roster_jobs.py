"""Rosters from the pages: a file is sent and checked as a job, then its good rows are written as another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from enrollment.models import FundYear
from enrollment.rules.roster_columns import CHINESE, Column
from enrollment.services import fault_files, rosters
from enrollment.services.roster_files import CannotReadRoster
from enrollment.services.rosters import CannotImport, Report
from office import attachments, jobs, sentences
from office.models import Attachment, Job, Person
from office.rules import days
from office.sentences import Figure, Sentence, said

CHECK, WRITE = "enrollment.tasks.check_roster", "enrollment.tasks.write_roster"
HEADINGS = {column.value: names[0] for column, names in CHINESE.items()}
GOOD = gettext_noop("Good rows")


def register() -> None:
    """Called once when the app is ready: these jobs have a page of their own."""
    for name in (CHECK, WRITE):
        jobs.register_page(name, "enrollment:roster_job")


class CannotWrite(Exception):
    """The roster is not written; the message is written for the person who asked."""


def ask_for_check(*, fund_year: FundYear, upload: UploadedFile[Any], by: Person, at: datetime) -> Job:
    """Have a roster checked, as a job. Raises CannotAttach."""
    title = said("Roster %(file)s for %(fund_year)s: check", file=upload.name, fund_year=fund_year)
    return jobs.enqueue(CHECK, title=title, by=by, at=at, upload=upload, fund_year=fund_year.pk)


def ask_for_writing(*, check: Job, by: Person, at: datetime) -> Job:
    """Have the good rows of a checked roster written, as a job; asked twice it is the same job. Raises CannotWrite."""
    if not can_be_written(check):
        raise CannotWrite(_("Only a roster that was checked and has good rows can be written."))
    fund_year = FundYear.objects.select_related("scheme").get(pk=check.arguments["fund_year"])
    jobs.mark_seen(job=check, at=at)
    sent = sent_with(check).name
    title = said("Roster %(file)s for %(fund_year)s: write", file=sent, fund_year=fund_year)
    return writing_of(check) or jobs.enqueue(WRITE, title=title, by=by, at=at, check=check.pk, fund_year=fund_year.pk)


def can_be_written(check: Job) -> bool:
    """Whether a roster's check ended with rows that can be written."""
    return check.name == CHECK and check.state == Job.State.DONE and bool(check.figure(GOOD))


def writing_of(check: Job) -> Job | None:
    """The job that writes what a job checked."""
    return Job.objects.filter(name=WRITE, asked_by=check.asked_by, arguments__check=check.pk).last()


def sent_with(check: Job) -> Attachment:
    """The roster that was sent with a check."""
    sent = attachments.of(check).first()
    if sent is None:
        raise jobs.CannotFinish(said("No file was sent with this work."))
    return sent


def check(run: jobs.Run, *, fund_year: int) -> None:
    """The first job's work: what would come of the roster, and its faulty rows as files."""
    _do(run, run.job, fund_year, rosters.check_roster)


def write(run: jobs.Run, *, check: int, fund_year: int) -> None:
    """The second job's work: check again, and write. Begun again after a crash it finds what is there already."""
    _do(run, Job.objects.get(pk=check, asked_by=run.by), fund_year, rosters.import_roster)


def _do(run: jobs.Run, check: Job, fund_year: int, act: Any) -> None:
    sent = sent_with(check)
    year = FundYear.objects.select_related("scheme").get(pk=fund_year)
    try:
        report = act(fund_year=year, path=sent.path, name=sent.name, by=run.by, at=run.at, step=run.step)
    except (CannotImport, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
    fault_files.keep(run, report.faults, HEADINGS)
    run.say(_figures(report))


def _figures(report: Report) -> dict[Sentence, Figure]:
    figures: dict[Sentence, Figure] = {
        said("Rows"): report.rows,
        said(GOOD): report.good,
        said("Rows held back by their household"): report.held,
        said("Rows with an error"): report.rows - report.good - report.held,
        said("Households not whole"): report.not_whole,
        said("Rows written"): report.written,
    }
    if report.earlier is not None:
        before = said("Written before, nothing was changed")
        figures[before] = days.business_day(report.earlier.written_at).isoformat()
    if wrote := report.wrote:
        figures |= {
            said("New households"): wrote.households,
            said("Households moved or back"): wrote.moved_households,
            said("New members"): wrote.members,
            said("Members changed"): wrote.changed_members,
            said("Contributions noted"): wrote.contributions,
            said("Coverages begun"): wrote.coverages,
            said("Collection sheets opened"): wrote.sheets,
            said("Receipts noted"): wrote.receipts,
            said("Known people whose name differs"): wrote.named_otherwise,
        }
    if report.left_aside:
        figures[said("Columns left aside")] = "、".join(report.left_aside)[:200]
    return figures | {fault_files.fault_of(code, level): count for code, level, count in report.by_code}


def first_faults(job: Job) -> list[list[str]]:
    """The first faulty rows as a page shows them."""
    return fault_files.first(job, HEADINGS[Column.ID_NUMBER])
