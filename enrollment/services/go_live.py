"""The protocol of what an office brings along (初始化): brought by one person, signed by another, written as signed.

Order of locks: the rounds of the protocol, the protocol, then what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import ENROLLMENT
from enrollment.models import FundYear, GoLiveProtocol
from enrollment.services import rosters
from enrollment.services.go_live_balances import Balances
from enrollment.services.go_live_coverage import Coverages
from enrollment.services.go_live_files import Brought, CannotBring, Found, Reading, Step, brought, refuse_kind
from enrollment.services.go_live_register import Register
from office import attachments, deciding, jobs, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Attachment, Duty, Job, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.rounds import Required
from office.sentences import said
from office.services import rounds

RIGHT = "enrollment.add_goliveprotocol"
WRITE = "enrollment.tasks.write_go_live"
State = GoLiveProtocol.State
Kind = GoLiveProtocol.Kind

#: Who brought the file never signs it.
SIGNED_BY = Required(rule="enrollment.go-live", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD))
#: How each kind of file is read and written; those of reviewing come from there (go_live_jobs.register_kind).
READINGS: Final[MutableMapping[str, type[Reading]]] = {
    Kind.REGISTER: Register,
    Kind.COVERAGE: Coverages,
    Kind.BALANCES: Balances,
}


def check(*, kind: str, fund_year: FundYear, path: Path, name: str, as_of: date, at: datetime, step: Step) -> Found:
    """What would come of a file. Writes nothing. Raises CannotBring, CannotReadRoster."""
    refuse_kind(kind, fund_year.scheme)
    file = brought(path=path, name=name, fund_year=fund_year, as_of=as_of, at=at, step=step)
    with transaction.atomic():
        found = READINGS[kind](file).read()
        transaction.set_rollback(True)
    return found


@transaction.atomic
def propose(
    *,
    kind: str,
    fund_year: FundYear,
    as_of: date,
    file: Attachment,
    rows: int,
    total: Decimal,
    by: Person,
    at: datetime,
) -> GoLiveProtocol:
    """Bring a file that was checked without an error to those who sign. Raises CannotBring."""
    refuse_stranger(by)
    refuse_kind(kind, fund_year.scheme)
    if as_of > days.business_day(at):
        raise CannotBring(said("This day has not come yet."))
    try:
        with transaction.atomic():
            asked = GoLiveProtocol.objects.create(
                kind=kind,
                fund_year=fund_year,
                as_of=as_of,
                file=file,
                sha256=file.sha256,
                rows=rows,
                total=total,
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotBring(_refused(refusal)) from refusal
    content = file.path.read_bytes()
    attachments.keep_made(subject=asked, name=file.name, content=content, media_type=file.media_type, by=by, at=at)
    trail.record("go-live.proposed", asked, by=by, at=at, right=RIGHT, sha256=file.sha256, rows=rows, total=total)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


@transaction.atomic
def withdraw(*, protocol: GoLiveProtocol, by: Person, at: datetime) -> None:
    """Whoever brought a file takes it back, until it is written. Raises CannotWithdraw."""
    rounds.void(subject=protocol, by=by, at=at, reason=_("withdrawn"))
    current = GoLiveProtocol.objects.select_for_update(of=["self"]).get(pk=protocol.pk)
    if current.state not in {State.PROPOSED, State.SIGNED}:
        raise CannotWithdraw(_("This is over: %(state)s.") % {"state": current.get_state_display()})
    if current.proposed_by_id != by.pk:
        raise CannotWithdraw(_("Whoever brought it takes it back."))
    _move(current, State.WITHDRAWN)
    trail.record("go-live.withdrawn", current, by=by, at=at, right=RIGHT)


def write(*, protocol: GoLiveProtocol, by: Person, at: datetime, step: Step) -> Mapping[str, int] | None:
    """Write exactly the file that was signed, all of it or nothing; gives how many records of each kind came in, None
    where it was written before. Raises CannotBring, CannotReadRoster."""
    try:
        with transaction.atomic():
            current = GoLiveProtocol.objects.select_for_update(of=["self"]).get(pk=protocol.pk)
            if current.state == State.WRITTEN:
                return None
            if current.state != State.SIGNED:
                state = State(current.state).label
                raise CannotBring(said("Only a signed file is written: it is %(s)s.", s=state))
            return _write(current, by, at, step)
    except IntegrityError as refusal:
        raise CannotBring(
            said("Somebody changed the register at the same time. Nothing was written: start the work again.")
        ) from refusal


def refuse_stranger(by: Person) -> None:
    """What an office begins with is the whole county's. Raises CannotBring."""
    if by.bodies_in_sight(RIGHT) is not None:
        raise CannotBring(_("The county's office brings along what it begins with."))


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=GoLiveProtocol,
            family=ENROLLMENT,
            title=gettext_lazy("Go-live protocol"),
            content=content,
            rows=told,
            decided=_decided,
            required=lambda protocol: SIGNED_BY,
            page="enrollment:go_live_protocol",
            withdraw=lambda protocol, by, at: withdraw(protocol=protocol, by=by, at=at),
        )
    )
    attachments.register(
        "enrollment.goliveprotocol", lambda person, number: person.has_perm("enrollment.view_goliveprotocol")
    )


def content(protocol: GoLiveProtocol) -> Mapping[str, object]:
    """What a signature is about: the file to the byte, what it is, its rows and its sum."""
    return {
        "kind": protocol.kind,
        "fund-year": protocol.fund_year_id,
        "as-of": protocol.as_of,
        "sha256": protocol.sha256,
        "rows": protocol.rows,
        "total": protocol.total,
    }


def told(protocol: GoLiveProtocol) -> Sequence[tuple[str, str]]:
    """What whoever signs reads."""
    return [
        (_("what"), str(protocol.get_kind_display())),
        (_("fund year"), str(protocol.fund_year)),
        (_("as of"), protocol.as_of.isoformat()),
        (_("file"), protocol.file.name),
        (_("fingerprint of the file (SHA-256)"), protocol.sha256),
        (_("rows"), f"{protocol.rows:,}"),
        (_("sum, yuan"), f"{protocol.total:,.2f}"),
        (_("brought by"), str(protocol.proposed_by)),
    ]


def _decided(protocol: GoLiveProtocol, outcome: str, by: Person, at: datetime) -> str:
    if outcome == Outcome.APPROVED:
        _move(protocol, State.SIGNED)
        trail.record("go-live.signed", protocol, by=by, at=at, sha256=protocol.sha256)
        title = said("Go-live: write %(kind)s %(as_of)s", kind=Kind(protocol.kind).label, as_of=protocol.as_of)
        jobs.enqueue(WRITE, title=title, by=by, at=at, protocol=protocol.pk)
    elif outcome == Outcome.REFUSED:
        _move(protocol, State.REFUSED)
    return ""


def _write(protocol: GoLiveProtocol, by: Person, at: datetime, step: Step) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [rosters.LOCK_CLASS, protocol.fund_year_id])
        cursor.execute("SET LOCAL client_connection_check_interval = '2s'")
    file = _unaltered(protocol, at, step)
    reading = READINGS[protocol.kind](file)
    found = reading.read()
    if found.errors:
        raise CannotBring(
            said(
                "The register has changed since the file was checked: %(count)s rows do not fit. Nothing was written.",
                count=found.errors,
            )
        )
    wrote = reading.write(protocol, protocol.proposed_by)
    _move(protocol, State.WRITTEN)
    facts: dict[str, Any] = {"sha256": protocol.sha256, "rows": found.rows, **wrote}
    trail.record("go-live.written", protocol, by=by, at=at, **facts)
    return wrote


def _unaltered(protocol: GoLiveProtocol, at: datetime, step: Step) -> Brought:
    """The file, if it still is the one that was signed, to the byte."""
    file = brought(
        path=protocol.file.path,
        name=protocol.file.name,
        fund_year=protocol.fund_year,
        as_of=protocol.as_of,
        at=at,
        step=step,
    )
    if file.file.sha256 != protocol.sha256:
        raise CannotBring(said("The kept file is not the one that was signed. Tell the administrator."))
    return file


def _refused(refusal: IntegrityError) -> str:
    if "go_live_file_once" in str(refusal):
        return _("This file was brought already.")
    return _("Another file of this kind waits to be signed or written.")


def _move(protocol: GoLiveProtocol, state: str) -> None:
    protocol.state = state
    protocol.save(update_fields=["state"])


def write_jobs(protocol: GoLiveProtocol) -> list[Job]:
    """The work that writes a protocol, the newest first."""
    return list(Job.objects.filter(name=WRITE, arguments__protocol=protocol.pk).order_by("-pk"))
