"""Lists of those helped from the pages: a file is sent and checked as a job, then taken in as another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from enrollment.models import AssistanceList, FundYear
from enrollment.rules.assistance import CHINESE, Column
from enrollment.services import assistance_lists, fault_files
from enrollment.services.assistance_lists import CannotList, Paper, Reading
from enrollment.services.roster_files import CannotReadRoster
from office import attachments, jobs, sentences
from office.models import Attachment, Job, Person
from office.sentences import Figure, Sentence, said

CHECK, ACCEPT = "enrollment.tasks.check_assistance_list", "enrollment.tasks.accept_assistance_list"
HEADINGS = {column.value: names[0] for column, names in CHINESE.items()}
GOOD = gettext_noop("Good rows")


def register() -> None:
    """Called once when the app is ready: these jobs have a page of their own."""
    for name in (CHECK, ACCEPT):
        jobs.register_page(name, "enrollment:assistance_job")


def ask_for_check(*, paper: Paper, upload: UploadedFile[Any], by: Person, at: datetime) -> Job:
    """Have a list checked, as a job. Raises CannotList, CannotAttach."""
    assistance_lists.refuse_stranger(by)
    assistance_lists.refuse_paper(paper, at)
    return jobs.enqueue(
        CHECK,
        title=said("List %(file)s: check", file=str(upload.name)[:150]),
        by=by,
        at=at,
        upload=upload,
        fund_year=paper.fund_year.pk,
        category=paper.category,
        number=paper.number,
        dated=paper.dated.isoformat(),
    )


def ask_for_accepting(*, check: Job, by: Person, at: datetime) -> Job:
    """Have the good rows of a checked list taken in, as a job; asked twice it is the same job. Raises CannotList."""
    if not can_be_accepted(check):
        raise CannotList(_("Only a list that was checked and has good rows can be taken in."))
    title = said("List %(file)s: take in", file=sent_with(check).name[:150])
    jobs.mark_seen(job=check, at=at)
    return accepting_of(check) or jobs.enqueue(ACCEPT, title=title, by=by, at=at, check=check.pk)


def can_be_accepted(check: Job) -> bool:
    """Whether a list's check ended with rows that can be taken in."""
    return check.name == CHECK and check.state == Job.State.DONE and bool(check.figure(GOOD))


def accepting_of(check: Job) -> Job | None:
    """The job that takes in what a job checked."""
    return Job.objects.filter(name=ACCEPT, asked_by=check.asked_by, arguments__check=check.pk).last()


def list_of(job: Job) -> AssistanceList | None:
    """The list that came of a check or of taking it in."""
    check = Job.objects.get(pk=job.arguments["check"]) if job.name == ACCEPT else job
    return AssistanceList.objects.filter(file__in=attachments.of(check)).first()


def sent_with(check: Job) -> Attachment:
    """The file that was sent with a check."""
    return attachments.of(check).order_by("pk")[0]


def check(run: jobs.Run) -> None:
    """The first job's work: what would come of the list, and its faulty rows as files."""
    sent = run.sent()
    found = _refusing(lambda: assistance_lists.read(path=sent.path, name=sent.name, at=run.at))
    run.step(100, 100)
    fault_files.keep(run, found.faults, HEADINGS)
    run.say(_figures(found))


def accept(run: jobs.Run, *, check: int) -> None:
    """The second job's work. Begun again after a crash it finds what is there already."""
    checked = Job.objects.get(pk=check, asked_by=run.by)
    made = list_of(checked)
    if made is None:
        paper, sent = _paper(checked), sent_with(checked)
        made = _refusing(lambda: assistance_lists.accept(paper=paper, file=sent, by=run.by, at=run.at))
    run.step(100, 100)
    run.say({said("Rows taken in"): made.rows})


def first_faults(job: Job) -> list[list[str]]:
    """The first faulty rows as a page shows them."""
    return fault_files.first(job, HEADINGS[Column.ID_NUMBER])


def _refusing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except (CannotList, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal


def _paper(checked: Job) -> Paper:
    asked = checked.arguments
    year = FundYear.objects.select_related("scheme").get(pk=asked["fund_year"])
    return Paper(year, asked["category"], asked["number"], date.fromisoformat(asked["dated"]))


def _figures(found: Reading) -> dict[Sentence, Figure]:
    figures: dict[Sentence, Figure] = {
        said("Rows"): found.rows,
        said(GOOD): len(found.good),
        said("Rows with an error"): found.rows - len(found.good),
        said("In the register"): found.found,
        said("Not in the register"): len(found.good) - found.found,
    }
    by_code: dict[tuple[str, str], int] = {}
    for fault in found.faults:
        by_code[fault.code, fault.level] = by_code.get((fault.code, fault.level), 0) + 1
    return figures | {fault_files.fault_of(code, level): count for (code, level), count in sorted(by_code.items())}
