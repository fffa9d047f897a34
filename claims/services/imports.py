"""Catalogues and diseases from the pages: a file is sent and checked as a job, then taken in as another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Catalogue
from claims.services import catalogues, diseases, files
from claims.services.catalogues import CannotTakeIn, Edition
from claims.services.diseases import CannotBringIn
from enrollment.models import Scheme
from enrollment.rules.faults import Fault
from enrollment.services import fault_files
from enrollment.services.roster_files import CannotReadRoster
from office import attachments, jobs, sentences
from office.models import Attachment, Job, Person
from office.sentences import Figure, Sentence, said

RIGHT = catalogues.RIGHT
CHECK_CATALOGUE, TAKE_CATALOGUE = "claims.tasks.check_catalogue", "claims.tasks.take_in_catalogue"
CHECK_DISEASES, TAKE_DISEASES = "claims.tasks.check_diseases", "claims.tasks.bring_in_diseases"
TAKES = {CHECK_CATALOGUE: TAKE_CATALOGUE, CHECK_DISEASES: TAKE_DISEASES}
GOOD = gettext_noop("Good rows")
WRONG = gettext_noop("Rows with an error")


class CannotImport(Exception):
    """Nothing is taken in; the message is written for who sent the file."""


def register() -> None:
    """Called once when the app is ready: these jobs have a page of their own."""
    for name in (*TAKES, *TAKES.values()):
        jobs.register_page(name, "claims:import_job")


def ask_for_catalogue(*, edition: Edition, upload: UploadedFile[Any], by: Person, at: datetime) -> Job:
    """Have an edition checked, as a job. Raises CannotTakeIn, CannotAttach."""
    catalogues.refuse_edition(edition)
    return jobs.enqueue(
        CHECK_CATALOGUE,
        title=said("Catalogue %(file)s: check", file=str(upload.name)[:150]),
        by=by,
        at=at,
        upload=upload,
        scheme=edition.scheme.pk,
        kind=edition.kind,
        first=edition.first.isoformat(),
        document=edition.document,
    )


def ask_for_diseases(*, upload: UploadedFile[Any], by: Person, at: datetime) -> Job:
    """Have a file of diseases checked, as a job. Raises CannotAttach."""
    title = said("Diseases %(file)s: check", file=str(upload.name)[:150])
    return jobs.enqueue(CHECK_DISEASES, title=title, by=by, at=at, upload=upload)


def ask_for_taking(*, check: Job, by: Person, at: datetime) -> Job:
    """Have a checked file taken in, as a job; asked twice it is the same job. Raises CannotImport."""
    if not can_be_taken(check):
        raise CannotImport(_("Only a file that was checked and has rows to take can be taken in."))
    jobs.mark_seen(job=check, at=at)
    title = said("%(file)s: take in", file=sent_with(check).name[:150])
    return taking_of(check) or jobs.enqueue(TAKES[check.name], title=title, by=by, at=at, check=check.pk)


def can_be_taken(check: Job) -> bool:
    """Whether a check ended with rows that can be taken in; an edition is taken in whole or not at all."""
    if check.name not in TAKES or check.state != Job.State.DONE:
        return False
    return bool(check.figure(GOOD)) and not (check.name == CHECK_CATALOGUE and check.figure(WRONG))


def taking_of(check: Job) -> Job | None:
    """The job that takes in what a job checked."""
    if check.name not in TAKES:
        return None
    return Job.objects.filter(name=TAKES[check.name], asked_by=check.asked_by, arguments__check=check.pk).last()


def edition_of(job: Job) -> Catalogue | None:
    """The edition that came of a check or of taking it in."""
    taking = job if job.name == TAKE_CATALOGUE else taking_of(job)
    if taking is None or taking.name != TAKE_CATALOGUE:
        return None
    return _made_of(Job.objects.get(pk=taking.arguments["check"]))


def sent_with(check: Job) -> Attachment:
    """The file that was sent with a check."""
    return attachments.of(check).order_by("pk")[0]


def first_faults(job: Job) -> list[list[str]]:
    """The first faulty rows as a page shows them."""
    return fault_files.first(job, "")


def check_catalogue(run: jobs.Run, *, kind: str) -> None:
    """What would come of an edition, and its faulty rows as files."""
    sent = run.sent()
    found, _sha256 = _refusing(lambda: catalogues.read_edition(path=sent.path, name=sent.name, kind=kind))
    _tell(run, found.rows, len(found.good), found.faults)


def take_in_catalogue(run: jobs.Run, *, check: int) -> None:
    """The second job's work. Begun again after a crash it finds what is there already."""
    checked = Job.objects.get(pk=check, asked_by=run.by)
    made = _made_of(checked)
    if made is None:
        sent, asked = sent_with(checked), checked.arguments
        scheme = Scheme.objects.get(pk=asked["scheme"])
        edition = Edition(scheme, asked["kind"], date.fromisoformat(asked["first"]), asked["document"])
        made = _refusing(lambda: catalogues.take_in_edition(edition=edition, file=sent, by=run.by, at=run.at))
    run.step(100, 100)
    run.say({said("Rows taken in"): made.entries_count})


def check_diseases(run: jobs.Run) -> None:
    """What would come of a file of diseases, and its faulty rows as files."""
    sent = run.sent()
    found = _refusing(lambda: diseases.read_diseases(path=sent.path, name=sent.name))
    _tell(run, found.rows, len(found.good), found.faults)


def bring_in_diseases(run: jobs.Run, *, check: int) -> None:
    """The second job's work; done twice it changes nothing more."""
    sent = sent_with(Job.objects.get(pk=check, asked_by=run.by))
    found = _refusing(lambda: diseases.import_diseases(file=sent, by=run.by, at=run.at))
    run.step(100, 100)
    run.say({said("New diseases"): found.added, said("Changed diseases"): found.changed})


def _made_of(check: Job) -> Catalogue | None:
    """The edition that a check's file became."""
    asked = check.arguments
    editions = Catalogue.objects.filter(scheme=asked["scheme"], kind=asked["kind"], sha256=sent_with(check).sha256)
    return editions.filter(period__startswith=date.fromisoformat(asked["first"])).first()


def _tell(run: jobs.Run, rows: int, good: int, faults: Sequence[Fault]) -> None:
    run.step(100, 100)
    fault_files.keep(run, faults, files.HEADINGS)
    figures: dict[Sentence, Figure] = {said("Rows"): rows, said(GOOD): good, said(WRONG): rows - good}
    by_code: dict[tuple[str, str], int] = {}
    for fault in faults:
        by_code[fault.code, fault.level] = by_code.get((fault.code, fault.level), 0) + 1
    run.say(figures | {fault_files.fault_of(code, level): count for (code, level), count in sorted(by_code.items())})


def _refusing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except (CannotTakeIn, CannotBringIn, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
