"""Deciding a document of many claims in one round (docs/rules/bulk.md): its sample is answered before.

Order of locks: as in claims/services/documents.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.deciding import CLAIMS
from claims.models import BulkDocument, BulkRow
from claims.selectors import bulk
from claims.services import bulk_approving
from claims.services.document_locks import CannotKeepDocument, lock_document, makers_of
from claims.services.locks import MovedMeanwhile, refusing
from enrollment.services.accounts import CannotDebit
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.proof import Proof
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote, Voted

State = BulkDocument.State
BY_ONE: Final = Required(rule="claims.bulk-document", version="1", duties=(Duty.SECOND_CHECKER, Duty.OFFICE_HEAD))
CHOICES: Final = (Choice.APPROVE, Choice.REFUSE, Choice.RETURN)
LONGEST_REASON: Final = 200
STATES: Final = {
    Outcome.APPROVED: State.APPROVED,
    Outcome.RETURNED: State.RETURNED,
    Outcome.REFUSED: State.REFUSED,
}


@refusing("bulk-document.decided", CannotKeepDocument, CannotVote, about="document")
def _decide(
    *,
    document: BulkDocument,
    choice: str,
    hash_seen: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
    reason: str = "",
    for_whom: Person | None = None,
) -> Voted:
    current = lock_document(document)
    opened = bulk.round_of(current)
    if opened is None:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": current.get_state_display()})
    if choice not in CHOICES:
        raise CannotKeepDocument(_("Choose how you decide."), "choice")
    return rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=hash_seen,
        by=by,
        at=at,
        proof=proof,
        reason=reason,
        for_whom=for_whom,
    )


def decide(
    *,
    document: BulkDocument,
    choice: str,
    hash_seen: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
    reason: str = "",
    for_whom: Person | None = None,
) -> Voted:
    """Decide a document (approve, refuse, return) by a vote in its round; it is approved or refused never before its
    sample is drawn and answered. Approved, every good visit becomes a claim and is approved, all in one transaction; a
    row that does not stand any more is struck out and said so. `Voted.told` says what came of it. Raises
    CannotKeepDocument, CannotVote."""
    done: Voted = _decide(
        document=document,
        choice=choice,
        hash_seen=hash_seen,
        by=by,
        at=at,
        proof=proof,
        reason=reason,
        for_whom=for_whom,
    )
    return done


def strike_out(struck: Sequence[tuple[BulkRow, str]], *, by: Person, at: datetime) -> None:
    """Rows that stand on the list of deductions from now on; their document is locked."""
    for row, reason in struck:
        row.state, row.strike_reason = BulkRow.State.STRUCK, reason[:LONGEST_REASON]
        row.struck_by, row.struck_at = by, at
    BulkRow.objects.bulk_update([row for row, _ in struck], ["state", "strike_reason", "struck_by", "struck_at"])


def _decided(document: BulkDocument, outcome: str, by: Person, at: datetime) -> str:
    """What an outcome does to a document; one vote decides it and defers nothing (CHOICES). What keeps it from being
    approved takes the vote back (CannotVote)."""
    if outcome != Outcome.RETURNED and (sentence := bulk.not_ready(document)):
        raise CannotVote(sentence)
    told = _approved(document, by, at) if outcome == Outcome.APPROVED else ""
    document.state, document.state_since = STATES[Outcome(outcome)], days.business_day(at)
    document.save(update_fields=["state", "state_since"])
    trail.record("bulk-document.decided", document, by=by, at=at, outcome=outcome, total=document.total)
    return told


def _approved(document: BulkDocument, by: Person, at: datetime) -> str:
    try:
        came = bulk_approving.approve_visits(document, by=by, at=at)
    except (MovedMeanwhile, CannotDebit) as refusal:
        raise CannotVote(str(refusal)) from refusal
    strike_out(came.struck, by=by, at=at)
    for row, reason in came.struck:
        trail.record("bulk-row.struck", row, by=by, at=at, reason=reason)
    paid = sum(one.proposed or 0 for one in came.claims)
    told = [
        ngettext(
            "%(count)s visit approved: the funds pay %(amount)s yuan.",
            "%(count)s visits approved: the funds pay %(amount)s yuan.",
            len(came.claims),
        )
        % {"count": len(came.claims), "amount": shown(paid)}
    ]
    if came.struck:
        places = "、".join(f"{row.position} {reason}" for row, reason in came.struck[:5])
        told.append(
            _("Rows that do not stand any more were struck out: %(count)s (%(rows)s).")
            % {"count": len(came.struck), "rows": places}
        )
    return " ".join(told)


def content(document: BulkDocument) -> Mapping[str, object]:
    """What a vote on a document is about: every row of it, those that were struck out too."""
    rows = document.rows.filter(version=document.content_version).order_by("position")
    told = rows.values_list(
        "position",
        "kind",
        "member",
        "disease",
        "began_on",
        "ended_on",
        "receipt_type",
        "receipt_number",
        "total",
        "state",
    )
    return {
        "number": document.number,
        "kind": document.kind,
        "scheme": document.scheme_id,
        "provider": document.provider_id,
        "month": document.month,
        "version": document.content_version,
        "rows": "\n".join("\x1f".join(map(str, one)) for one in told),
    }


def rows(document: BulkDocument) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    figures = bulk.figures_of(document)
    return [
        (_("number"), document.number),
        (_("kind"), str(document.get_kind_display())),
        (_("provider"), document.provider.name),
        (_("month"), f"{document.month:%Y-%m}"),
        (_("visits"), f"{figures.visits:,}"),
        (_("stays"), f"{figures.stays:,}"),
        (_("struck out"), f"{figures.struck:,}"),
        (_("total cost"), shown(figures.total)),
        (_("proposed payment"), shown(figures.proposed)),
    ]


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=BulkDocument,
            family=CLAIMS,
            title=gettext_lazy("Document of many claims"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda document: BY_ONE,
            barred=makers_of,
            amount=lambda document: document.total,
            choices=(),  # a document is decided on its own page, beside its sample
            page="claims:bulk_document",
            known=("provider", "scheme", "entered_by"),
        )
    )
