"""Registers and lists sent as a file: checked as a job that writes nothing, then taken in as another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import BulkDocument, Provider
from claims.rules import columns, registers
from claims.selectors import bulk, bulk_looking
from claims.selectors.bulk_looking import Looked
from claims.services import bulk_rows, documents
from claims.services.document_locks import CannotKeepDocument
from claims.services.imports import GOOD, WRONG
from enrollment.models import Scheme
from enrollment.rules.faults import Fault
from enrollment.services import fault_files, roster_files
from enrollment.services.roster_files import CannotReadRoster
from office import attachments, jobs, sentences
from office.models import Attachment, Job, Person
from office.rules import money
from office.sentences import Figure, Sentence, said

CHECK_DOCUMENT, TAKE_DOCUMENT = "claims.tasks.check_document", "claims.tasks.take_document"
PAGE: Final = "claims:document_job"
Done = TypeVar("Done")


def register() -> None:
    """Called once when the app is ready: these jobs have a page of their own, and whoever sees a document may read the
    files that its rows came from."""
    for name in (CHECK_DOCUMENT, TAKE_DOCUMENT):
        jobs.register_page(name, PAGE)
    attachments.register(
        "claims.bulkdocument", lambda person, number: BulkDocument.objects.visible_to(person).filter(pk=number).exists()
    )


def ask_for_check(
    *,
    kind: str,
    scheme: Scheme,
    provider: Provider,
    month: date,
    upload: UploadedFile[Any],
    by: Person,
    at: datetime,
    document: BulkDocument | None = None,
) -> Job:
    """Have a file checked, as a job; nothing is written. `document` is the one that the rows are for, where there is
    one already (it came back). The job's page is `claims:document_job`. Raises CannotKeepDocument, CannotAttach."""
    documents.desk_for(provider, by)
    if kind not in BulkDocument.Kind.values:
        raise CannotKeepDocument(_("Choose a village register or a hospital's list."), "kind")
    return jobs.enqueue(
        CHECK_DOCUMENT,
        title=said("%(file)s: check", file=str(upload.name)[:150]),
        by=by,
        at=at,
        upload=upload,
        kind=kind,
        scheme=scheme.pk,
        provider=provider.pk,
        month=month.isoformat(),
        document=document.pk if document else None,
        seen=document.content_version if document else 1,
    )


def ask_for_taking(*, check: Job, by: Person, at: datetime) -> Job:
    """Have a checked file taken in, faulty rows too (they are mended or struck out in the grid); asked twice it is the
    same job. Raises CannotKeepDocument."""
    if not can_be_taken(check):
        raise CannotKeepDocument(_("Only a file that was checked and has rows can be taken in."))
    jobs.mark_seen(job=check, at=at)
    title = said("%(file)s: take in", file=sent_with(check).name[:150])
    return taking_of(check) or jobs.enqueue(TAKE_DOCUMENT, title=title, by=by, at=at, check=check.pk)


def can_be_taken(check: Job) -> bool:
    """Whether a check ended with rows that can be taken in."""
    if check.name != CHECK_DOCUMENT or check.state != Job.State.DONE:
        return False
    return bool(check.figure(GOOD) or check.figure(WRONG))


def taking_of(check: Job) -> Job | None:
    """The job that takes in what a check found."""
    return Job.objects.filter(name=TAKE_DOCUMENT, asked_by=check.asked_by, arguments__check=check.pk).last()


def document_of(job: Job) -> BulkDocument | None:
    """The document that a job (a check or a taking) is for or made."""
    check = job if job.name == CHECK_DOCUMENT else Job.objects.get(pk=job.arguments["check"])
    if check.arguments["document"] is not None:
        return BulkDocument.objects.filter(pk=check.arguments["document"]).first()
    return _made_of(sent_with(check), check.arguments)


def first_faults(job: Job) -> list[list[str]]:
    """The first faulty rows as a page shows them: row, column, value, reason, level, code."""
    return fault_files.first(job, headings()[registers.ID_NUMBER])


def sent_with(check: Job) -> Attachment:
    """The file that was sent with a check."""
    return attachments.of(check).order_by("pk")[0]


def headings() -> dict[str, str]:
    """The printed name of every column."""
    return {column: names[0] for column, names in registers.COLUMNS.items()}


def empty_form(kind: str) -> list[str]:
    """The headings of an empty table, for a workbook that a clinic or hospital fills in."""
    printed = headings()
    return [printed[column] for column in registers.SHOWN[kind]]


def read(kind: str, path: Path, name: str) -> list[Mapping[str, str]]:
    """The rows of a file by column. Raises CannotKeepDocument, CannotReadRoster."""
    try:
        return registers.read_table(kind, roster_files.opened(path, name).table())
    except columns.CannotReadTable as refusal:
        raise CannotKeepDocument(_words_of(refusal)) from refusal


def look(document: BulkDocument, given: Sequence[Mapping[str, str]], *, by: Person, at: datetime) -> list[Looked]:
    """What rows would be found to be, of a document that need not be saved; nothing is written."""
    return bulk_looking.look(document, bulk_rows.lines_given(document, given, at), by=by, at=at)


def faults_of(looks: Sequence[Looked]) -> list[Fault]:
    """The faults of rows as files and commands tell them: row 1 of a file is its header."""
    return [
        Fault(
            one.line.position + 1,
            fault.column,
            fault.code,
            value=one.line.given.get(fault.column, ""),
            detail=fault.detail,
        )
        for one in looks
        for fault in one.faults
        if not one.is_own
    ]


def check(run: jobs.Run, *, kind: str, scheme: int, provider: int, month: str, document: int | None) -> None:
    """The check's work: figures and the faulty rows as files."""
    sent = run.sent()
    given = _refusing(lambda: read(kind, sent.path, sent.name))
    asked = _asked(kind, scheme, provider, month, document)
    looks = look(asked, given, by=run.by, at=run.at)
    own = sum(one.is_own for one in looks)
    wrong = sum(bool(one.faults) and not one.is_own for one in looks)
    run.step(100, 100)
    faults = faults_of(looks)
    fault_files.keep(run, faults, headings())
    figures: dict[Sentence, Figure] = {
        said("Rows"): len(looks),
        said(GOOD): len(looks) - wrong - own,
        said(WRONG): wrong,
        said("Total cost, yuan"): _shown(one.line.total for one in looks if one.line.total and not one.is_own),
        said("Proposed payment, yuan"): _shown(one.proposed for one in looks if one.proposed and not one.faults),
    }
    if own:
        figures[said("Stays that are claims already")] = own
    by_code = Counter((one.code, one.level) for one in faults)
    run.say(figures | {fault_files.fault_of(code, level): count for (code, level), count in sorted(by_code.items())})


def take(run: jobs.Run, *, check: int) -> None:
    """The taking's work; begun again after a crash, or with the same file, it finds what is there."""
    checked = Job.objects.get(pk=check, asked_by=run.by)
    sent, asked = sent_with(checked), checked.arguments
    given = _refusing(lambda: read(asked["kind"], sent.path, sent.name))
    made = _refusing(lambda: take_in(sent, given, asked, by=run.by, at=run.at))
    run.step(100, 100)
    run.say({said("Rows taken in"): made.good + made.faulty, said(WRONG): made.faulty})


def take_in(
    sent: Attachment, given: Sequence[Mapping[str, str]], asked: Mapping[str, Any], *, by: Person, at: datetime
) -> documents.Written:
    """A file's rows in their document, which is begun where there is none yet. Where they stand there already nothing
    changes. Raises CannotKeepDocument."""
    number, seen = asked["document"], asked["seen"]
    with transaction.atomic():
        document = BulkDocument.objects.get(pk=number) if number else _made_of(sent, asked)
        if document is not None and _stand(document, given, at):
            return _as_it_is(document)
        if document is None:
            document = documents.begin(
                kind=asked["kind"],
                scheme=Scheme.objects.get(pk=asked["scheme"]),
                provider=Provider.objects.get(pk=asked["provider"]),
                month=date.fromisoformat(asked["month"]),
                file=sent,
                by=by,
                at=at,
            )
            seen = document.content_version
        attachments.keep_made(
            subject=document, name=sent.name, content=sent.path.read_bytes(), media_type=sent.media_type, by=by, at=at
        )
        return documents.write_rows(document=document, given=given, seen=seen, by=by, at=at)


def _stand(document: BulkDocument, given: Sequence[Mapping[str, str]], at: datetime) -> bool:
    lines = bulk_rows.lines_given(document, given, at)
    return [row.given for row in bulk_rows.present(document)] == [dict(one.given) for one in lines]


def _as_it_is(document: BulkDocument) -> documents.Written:
    figures = bulk.figures_of(document)
    return documents.Written(document, figures.good, figures.faulty, left_out=0, is_new=False)


def _shown(amounts: Iterable[Decimal]) -> str:
    return money.shown(sum(amounts, Decimal(0)))


def _asked(kind: str, scheme: int, provider: int, month: str, document: int | None) -> BulkDocument:
    """The document that a check is for; not saved where there is none yet."""
    if document is not None:
        return BulkDocument.objects.select_related("provider", "scheme").get(pk=document)
    return BulkDocument(
        kind=kind,
        scheme=Scheme.objects.get(pk=scheme),
        provider=Provider.objects.get(pk=provider),
        month=date.fromisoformat(month),
    )


def _made_of(sent: Attachment, asked: Mapping[str, Any]) -> BulkDocument | None:
    """The document that the same file became already, for the same provider, scheme and month."""
    found = BulkDocument.objects.filter(
        file__sha256=sent.sha256, kind=asked["kind"], scheme=asked["scheme"], provider=asked["provider"]
    )
    ended = [BulkDocument.State.REFUSED, BulkDocument.State.VOID]
    return found.filter(month=date.fromisoformat(asked["month"])).exclude(state__in=ended).order_by("pk").first()


def _words_of(refusal: columns.CannotReadTable) -> str:
    named = "、".join(headings()[column] for column in refusal.columns)
    if refusal.code == "columns_twice":
        return _("The first row names columns twice: %(columns)s.") % {"columns": named}
    return _("The first row must name the columns; missing: %(columns)s.") % {"columns": named}


def _refusing(act: Callable[[], Done]) -> Done:
    try:
        return act()
    except (CannotKeepDocument, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
