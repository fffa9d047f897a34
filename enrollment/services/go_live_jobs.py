"""Go-live from the pages: a file is sent and checked as a job, proposed as a protocol, written when it is signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from enrollment import fault_words
from enrollment.models import FundYear, GoLiveProtocol
from enrollment.rules import go_live as rule
from enrollment.rules import roster_columns
from enrollment.rules.faults import Level
from enrollment.services import go_live
from enrollment.services.go_live_files import CannotBring, Found, Reading, refuse_kind
from enrollment.services.roster_files import CannotReadRoster
from office import attachments, jobs, sentences
from office.models import Job, Person
from office.sentences import Figure, Sentence, said

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CHECK = "enrollment.tasks.check_go_live"
ROWS, ERRORS, TOTAL = gettext_noop("Rows"), gettext_noop("Rows with an error"), gettext_noop("Sum, yuan")


def register() -> None:
    """Called once when the app is ready: these jobs have a page of their own."""
    jobs.register_page(CHECK, "enrollment:go_live_job")


def register_kind(
    kind: str, reading: type[Reading], *, columns: Mapping[str, str], records: Mapping[str, str], hint: StrPromise
) -> None:
    """What another app brings along: how it is read, its columns' printed names, what comes in, what the page says of
    the columns."""
    go_live.READINGS[kind] = reading
    COLUMNS.update(columns)
    RECORDS.update(records)
    HINTS[kind] = hint


def ask_for_check(
    *, kind: str, fund_year: FundYear, as_of: date, upload: UploadedFile[Any], by: Person, at: datetime
) -> Job:
    """Have a file checked, as a job. Raises CannotBring, CannotAttach."""
    go_live.refuse_stranger(by)
    refuse_kind(kind, fund_year.scheme)
    title = said("Go-live: check %(file)s", file=upload.name)
    return jobs.enqueue(
        CHECK,
        title=title,
        by=by,
        at=at,
        upload=upload,
        kind=kind,
        fund_year=fund_year.pk,
        as_of=as_of.isoformat(),
    )


def check(run: jobs.Run, *, kind: str, fund_year: int, as_of: str) -> None:
    """The first job's work: what would come of the file, and its faulty rows as a workbook."""
    sent = run.sent()
    year = FundYear.objects.select_related("scheme").get(pk=fund_year)
    day = date.fromisoformat(as_of)
    try:
        found = go_live.check(
            kind=kind, fund_year=year, path=sent.path, name=sent.name, as_of=day, at=run.at, step=run.step
        )
    except (CannotBring, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
    run.step(100, 100)
    if found.faults:
        run.keep_faults(f"faults-{run.job.pk}.xlsx", _columns(), _lines(found.faults))
    run.say(_figures(found))


def can_be_proposed(checked: Job) -> bool:
    """Whether a check found rows and no error: exactly this file can be signed."""
    return checked.name == CHECK and checked.state == Job.State.DONE and not checked.figure(ERRORS)


def propose(*, checked: Job, by: Person, at: datetime) -> GoLiveProtocol:
    """Make the protocol of a checked file, for somebody else to sign. Raises CannotBring."""
    sent = attachments.of(checked).first()
    if sent is None or not can_be_proposed(checked):
        raise CannotBring(
            said("Only a file that was checked without an error can be signed. Mend it and send it again.")
        )
    jobs.mark_seen(job=checked, at=at)
    asked = checked.arguments
    return go_live.propose(
        kind=asked["kind"],
        fund_year=FundYear.objects.select_related("scheme").get(pk=asked["fund_year"]),
        as_of=date.fromisoformat(asked["as_of"]),
        file=sent,
        rows=int(str(checked.figure(ROWS))),
        total=Decimal(str(checked.figure(TOTAL)).replace(",", "")),
        by=by,
        at=at,
    )


def protocol_of(checked: Job) -> GoLiveProtocol | None:
    """The protocol that was made of a checked file, the newest."""
    return GoLiveProtocol.objects.filter(file__in=attachments.of(checked)).first()


def write(run: jobs.Run, *, protocol: int) -> None:
    """The second job's work. Begun again after a crash it writes what is not written."""
    signed = GoLiveProtocol.objects.get(pk=protocol)
    try:
        wrote = go_live.write(protocol=signed, by=run.by, at=run.at, step=run.step)
    except (CannotBring, CannotReadRoster) as refusal:
        raise jobs.CannotFinish(sentences.of(refusal)) from refusal
    if wrote is None:
        run.say({said("Written before, nothing was changed"): signed.rows})
    else:
        run.say({said("Rows written"): signed.rows} | {said(RECORDS[name]): count for name, count in wrote.items()})


RECORDS = {
    "households": gettext_noop("New households"),
    "members": gettext_noop("New members"),
    "changed_members": gettext_noop("Members changed"),
    "coverages": gettext_noop("Coverages begun"),
    "contributions": gettext_noop("Contributions noted"),
    "accounts": gettext_noop("Accounts with a balance"),
}
#: The printed names of the columns that a fault can be about, and what the page says of each kind's columns.
COLUMNS: dict[str, str] = {one.value: words[0] for one, words in rule.CHINESE.items()}
COLUMNS |= {one.value: words[0] for one, words in roster_columns.CHINESE.items()}
HINTS: dict[str, StrPromise] = {}


def _figures(found: Found) -> dict[Sentence, Figure]:
    figures: dict[Sentence, Figure] = {
        said(ROWS): found.rows,
        said(ERRORS): found.errors,
        said("Warnings"): sum(fault.level is Level.WARNING for fault in found.faults),
        said(TOTAL): f"{found.total:,.2f}",
    }
    by_code: dict[str, int] = {}
    for fault in found.faults:
        by_code[fault.code] = by_code.get(fault.code, 0) + 1
    return figures | {said(fault_words.CODES[code]): count for code, count in sorted(by_code.items())}


def _columns() -> list[str]:
    return [_("Row"), _("Column"), _("Value"), _("Reason"), _("Level"), _("Code")]


def _lines(faults: Any) -> Iterator[list[object]]:
    levels = {Level.ERROR: _("error"), Level.WARNING: _("warning")}
    for fault in faults:
        yield [
            fault.row,
            COLUMNS[fault.column],
            fault.value,
            fault_words.reason(fault),
            levels[fault.level],
            fault.code,
        ]
