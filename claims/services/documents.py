"""Documents of many claims: begun, filled in, handed in, decided in one round (docs/rules/bulk.md).

Order of locks: the document's rounds, the document, its rows by number, then the people as in claims/services/locks.py,
and intake's own lock last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.models import BulkDocument, BulkRow, Claim, Provider
from claims.rules import registers
from claims.rules.registers import VISITS
from claims.selectors import bulk_looking, paying_to
from claims.services import before, bulk_claims, bulk_rows, document_deciding
from claims.services.document_deciding import decide
from claims.services.document_locks import CannotKeepDocument, lock_document, refuse_maker, refuse_unseen
from claims.services.locks import refusing
from enrollment.models import Division, Scheme
from office import access, trail
from office.models import Attachment, Body, Person
from office.rules import days
from office.services import rounds

__all__ = ["CannotKeepDocument", "HandedIn", "Written", "begin", "decide", "hand_in", "strike", "void", "write_rows"]

ADD: Final = "claims.add_bulkdocument"  # enters and hands in: clinics, hospitals, stations, intake
CHECK: Final = "claims.check_bulkdocument"  # strikes rows, draws and answers the sample
VIEW: Final = "claims.view_bulkdocument"
PREFIXES: Final = {BulkDocument.Kind.VILLAGE_REGISTER: "DJ", BulkDocument.Kind.HOSPITAL_LIST: "SB"}
ONE_FILE: Final = "bulk_document_of_a_file_once"
State = BulkDocument.State


@dataclass(frozen=True)
class Written:
    """What came of writing rows: the document as it is now, rows good and faulty, stays left out because this document
    made claims of them already; `is_new` is False where the very same rows stood there."""

    document: BulkDocument
    good: int
    faulty: int
    left_out: int
    is_new: bool


@dataclass(frozen=True)
class HandedIn:
    """What came of handing in: the round that decides the visits and the document, and the claims of its stays, each on
    its own route; those without all papers wait at intake."""

    document: BulkDocument
    round: Any
    stays: int
    waiting: int


@transaction.atomic
def begin(
    *,
    kind: str,
    scheme: Scheme,
    provider: Provider,
    month: date,
    by: Person,
    at: datetime,
    note: str = "",
    file: Attachment | None = None,
) -> BulkDocument:
    """Begin a register or a list of a provider and month (its first day), at the desk at which `by` works. Raises
    CannotKeepDocument."""
    if kind not in BulkDocument.Kind.values:
        raise CannotKeepDocument(_("Choose a village register or a hospital's list."), "kind")
    today = days.business_day(at)
    if month.day != 1 or month > today:
        raise CannotKeepDocument(_("Choose a month that has begun."), "month")
    body = desk_for(provider, by)
    begun = BulkDocument(
        number=before.next_number(BulkDocument, PREFIXES[BulkDocument.Kind(kind)], today),
        kind=kind,
        scheme=scheme,
        provider=provider,
        month=month,
        body=body,
        file=file,
        note=note.strip(),
        state_since=today,
        entered_on=today,
        entered_by=by,
        entered_at=at,
    )
    try:
        with transaction.atomic():
            begun.save(force_insert=True)
    except IntegrityError as refusal:
        if ONE_FILE not in str(refusal):
            raise
        raise CannotKeepDocument(_("This file was taken in already."), "file") from refusal
    trail.record("bulk-document.begun", begun, by=by, at=at, right=ADD, number=begun.number, provider=provider.pk)
    return begun


def desk_for(provider: Provider, by: Person) -> Body:
    """Where somebody enters a provider's documents: a clinic or hospital its own, a station those of its townships, the
    county all. Raises CannotKeepDocument."""
    desks = [one.body for one in access.duties_of(by) if access.grants(one.duty, ADD)]
    if not desks:
        raise CannotKeepDocument(_("None of your duties allows this."))
    own = next((one for one in desks if one.pk == provider.body_id), None)
    whole = next((one for one in desks if one.kind in access.WHOLE_COUNTY), None)
    if found := own or whole:
        return found
    served = Division.objects.filter(station__in=desks)
    place = provider.division
    if place is not None and served.filter(pk__in=[place.pk, place.parent_id]).exists():
        return next(one for one in desks if served.filter(station=one).exists())
    raise CannotKeepDocument(_("This provider's documents are entered at another desk."), "provider")


@refusing("bulk-document.written", CannotKeepDocument, about="document")
def _write_rows(
    *, document: BulkDocument, given: Sequence[Mapping[str, str]], seen: int, by: Person, at: datetime
) -> Written:
    current = _to_fill_in(document, seen, by)
    lines = bulk_rows.lines_given(current, given, at)
    if len(lines) > registers.MOST_ROWS:
        raise CannotKeepDocument(_("A document has %(most)s rows at most.") % {"most": f"{registers.MOST_ROWS:,}"})
    looks = bulk_looking.look(current, lines, by=by, at=at)
    kept = [one for one in looks if not one.is_own]
    stood = bulk_rows.present(current)
    is_new = [row.given for row in stood] != [dict(one.line.given) for one in kept]
    if is_new:
        struck = {bulk_rows.as_given(row.given): row for row in stood if row.state == BulkRow.State.STRUCK}
        current.content_version += 1
        stood = bulk_rows.written(current, kept, struck)
        _sum_up(current, stood)
        BulkRow.objects.bulk_create(stood, bulk_rows.TOGETHER)
        trail.record(
            "bulk-document.written", current, by=by, at=at, right=ADD, version=current.content_version, rows=len(stood)
        )
    else:
        bulk_rows.look_again(current, by=by, at=at)
        stood = bulk_rows.present(current)
        _sum_up(current, stood)
    states = [row.state for row in stood]
    return Written(
        current,
        good=states.count(BulkRow.State.GOOD),
        faulty=states.count(BulkRow.State.FAULTY),
        left_out=len(looks) - len(kept),
        is_new=is_new,
    )


def write_rows(
    *, document: BulkDocument, given: Sequence[Mapping[str, str]], seen: int, by: Person, at: datetime
) -> Written:
    """All rows of a document as they were typed or sent, by column (claims/rules/registers.py COLUMNS); each is read,
    checked and valued, and stored with its faults under a new content version. Empty rows are left out. `seen` is the
    content version that the writer saw; another refuses. The very same rows change nothing but what is found of them
    now. Raises CannotKeepDocument."""
    done: Written = _write_rows(document=document, given=given, seen=seen, by=by, at=at)
    return done


@refusing("bulk-row.struck", CannotKeepDocument, about="row")
def _strike(*, row: BulkRow, reason: str, by: Person, at: datetime) -> BulkRow:
    document = lock_document(row.document)
    is_filled_in = document.state in BulkDocument.EDITABLE
    refuse_unseen(document, by, ADD if is_filled_in else CHECK)
    if not is_filled_in:
        refuse_maker(document, by)
    if not is_filled_in and document.state != State.HANDED_IN:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": document.get_state_display()})
    current = BulkRow.objects.select_for_update(of=["self"]).get(pk=row.pk)
    if current.version != document.content_version:
        raise CannotKeepDocument(_("Somebody changed this document meanwhile. Open it again."))
    if current.claim_id is not None:
        raise CannotKeepDocument(_("This stay is a claim already: it is decided on its own."))
    if current.state == BulkRow.State.STRUCK:
        raise CannotKeepDocument(_("This row is struck out already."))
    if not reason.strip():
        raise CannotKeepDocument(_("Say why."), "reason")
    document_deciding.strike_out([(current, reason.strip())], by=by, at=at)
    trail.record("bulk-row.struck", current, by=by, at=at, right=ADD if is_filled_in else CHECK, reason=reason.strip())
    if is_filled_in:
        _sum_up(document, bulk_rows.present(document))
    else:
        rounds.void(subject=document, by=by, at=at, reason=_("A row was struck out."))
        rounds.open_round(subject=document, by=document.entered_by, at=at)
    return current


def strike(*, row: BulkRow, reason: str, by: Person, at: datetime) -> BulkRow:
    """Strike a row out (剔除), with the reason that stands on the list of deductions: whoever enters while it is filled
    in, whoever checks once it is handed in; its round then begins anew. Raises CannotKeepDocument."""
    done: BulkRow = _strike(row=row, reason=reason, by=by, at=at)
    return done


def hand_in(*, document: BulkDocument, seen: int, by: Person, at: datetime) -> HandedIn:
    """Give a document to those who decide it. Every row is checked and valued once more; with a faulty one nothing is
    handed in (its faults stand on the rows then). Stays become claims now. Raises CannotKeepDocument."""
    with transaction.atomic():  # what is found now stands on the rows, also where nothing is handed in
        current = _to_fill_in(document, seen, by)
        bulk_rows.look_again(current, by=by, at=at)
        _sum_up(current, bulk_rows.present(current))
    done: HandedIn = _hand_in(document=document, seen=seen, by=by, at=at)
    return done


@refusing("bulk-document.handed-in", CannotKeepDocument, about="document")
def _hand_in(*, document: BulkDocument, seen: int, by: Person, at: datetime) -> HandedIn:
    current = _to_fill_in(document, seen, by)
    rows = [row for row in bulk_rows.present(current) if row.state != BulkRow.State.STRUCK]
    faulty = [str(row.position) for row in rows if row.state == BulkRow.State.FAULTY]
    if faulty:
        raise CannotKeepDocument(
            _("Rows have faults: %(rows)s. Mend them or strike them out.") % {"rows": "、".join(faulty[:10])}
        )
    if not rows and not current.claims.live().exists():
        raise CannotKeepDocument(_("There is no row to hand in."))
    if paying_to.account_of(current.provider) is None:
        raise CannotKeepDocument(
            _("%(provider)s has no confirmed account to which it is paid: it is entered first.")
            % {"provider": current.provider}
        )
    stays = bulk_claims.begin_stays(current, [row for row in rows if row.kind not in VISITS], by=by, at=at)
    current.state, current.state_since = State.HANDED_IN, days.business_day(at)
    current.save(update_fields=["state", "state_since"])
    opened = rounds.open_round(subject=current, by=current.entered_by, at=at)
    trail.record(
        "bulk-document.handed-in",
        current,
        by=by,
        at=at,
        right=ADD,
        subject_hash=opened.subject_hash,
        rows=len(rows),
        total=current.total,
        stays=len(stays),
    )
    waiting = sum(one.state == Claim.State.ENTERED for one in stays)
    return HandedIn(current, opened, len(stays), waiting)


@refusing("bulk-document.voided", CannotKeepDocument, about="document")
def _void(*, document: BulkDocument, reason: str, by: Person, at: datetime) -> BulkDocument:
    current = lock_document(document)
    refuse_unseen(current, by, ADD)
    if current.state not in BulkDocument.EDITABLE:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": current.get_state_display()})
    if not reason.strip():
        raise CannotKeepDocument(_("Say why."), "reason")
    if (claim := current.claims.live().first()) is not None:
        raise CannotKeepDocument(_("Its stays are claims already, such as %(claim)s.") % {"claim": claim})
    current.state, current.state_since = State.VOID, days.business_day(at)
    current.save(update_fields=["state", "state_since"])
    trail.record("bulk-document.voided", current, by=by, at=at, right=ADD, reason=reason.strip())
    return current


def void(*, document: BulkDocument, reason: str, by: Person, at: datetime) -> BulkDocument:
    """A document that is a draft or came back is given up, as long as none of its stays is a living claim. Raises
    CannotKeepDocument."""
    done: BulkDocument = _void(document=document, reason=reason, by=by, at=at)
    return done


def _to_fill_in(document: BulkDocument, seen: int, by: Person) -> BulkDocument:
    """A document that is being filled in, locked, as the writer saw it."""
    current = lock_document(document)
    refuse_unseen(current, by, ADD)
    if current.state not in BulkDocument.EDITABLE:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": current.get_state_display()})
    if current.content_version != seen:
        raise CannotKeepDocument(_("Somebody changed this document meanwhile. Open it again."))
    return current


def _sum_up(document: BulkDocument, rows: Sequence[BulkRow]) -> None:
    """Rows, cost and proposed payment of what is not struck out, on the document."""
    counted = [row for row in rows if row.state != BulkRow.State.STRUCK]
    document.row_count = len(rows)
    document.total = sum((row.total for row in counted if row.total), Decimal(0))
    document.proposed = sum((row.proposed for row in counted if row.proposed), Decimal(0))
    document.save(update_fields=["row_count", "total", "proposed", "content_version"])
