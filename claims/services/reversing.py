"""Taking an approval back: void before payment, reversed after it (作废、冲销).

It gives back exactly its own moves of counters and accounts, and those of a won appeal. Later payments stand; which of
them would come out differently now is listed with the reversal. Order of locks: as in claims/services/locks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from claims.models import Appeal, Approval, Claim, ClaimPart, CounterMove, CounterOpening, Invoice, Reversal
from claims.rules import evaluation
from claims.rules.evaluation import CannotAssess
from claims.rules.standing import ACCOUNT
from claims.selectors import valuing
from claims.services import approving
from claims.services.locks import MovedMeanwhile, lock_claim, lock_person, refusing
from enrollment.models import AccountEntry, Member
from enrollment.services import accounts
from office import trail
from office.models import Person
from office.proof import Proof
from office.rules import days

RIGHT: Final = "claims.add_reversal"
BEFORE_PAYMENT: Final = (Claim.State.APPROVED, Claim.State.PAYABLE)


class CannotReverse(Exception):
    """The approval stands; the message is written for whoever wanted to take it back."""


@dataclass(frozen=True)
class Later:
    """A claim approved later that would be paid differently now, in yuan; `now` is nothing where no plan values it."""

    claim: str
    paid: str
    now: str


@refusing("claim.voided", CannotReverse)
def void(*, claim: Claim, reason: str, by: Person, at: datetime, proof: Proof | None) -> Reversal:
    """Take an approval back before anything is paid. Raises CannotReverse."""
    current = lock_claim(claim)
    if current.state not in BEFORE_PAYMENT:
        raise CannotReverse(
            _("A claim is made void between approval and payment: this one is %(state)s.")
            % {"state": current.get_state_display()}
        )
    return _take_back(current, Claim.State.VOID, reason, by, at, proof)


@refusing("claim.reversed", CannotReverse)
def reverse(*, claim: Claim, reason: str, by: Person, at: datetime, proof: Proof | None) -> Reversal:
    """Take an approval back that was paid. The money is asked for elsewhere. Raises CannotReverse."""
    current = lock_claim(claim)
    if current.state != Claim.State.PAID:
        raise CannotReverse(
            _("A claim is reversed once it is paid: this one is %(state)s.") % {"state": current.get_state_display()}
        )
    return _take_back(current, Claim.State.REVERSED, reason, by, at, proof)


def _take_back(claim: Claim, state: str, reason: str, by: Person, at: datetime, proof: Proof | None) -> Reversal:
    if proof is None or not proof.is_of(by, at=at):
        raise CannotReverse(_("Show your second factor for this decision."))
    if not reason.strip():
        raise CannotReverse(_("Say why."))
    if by.pk == claim.entered_by_id:
        raise CannotReverse(_("Nobody decides what he made himself."))
    if Appeal.objects.filter(claim=claim, state=Appeal.State.RECEIVED).exists():
        raise CannotReverse(_("An appeal against this claim is not decided: decide it first."))
    try:
        counted = lock_person(claim)
    except MovedMeanwhile as refusal:
        raise CannotReverse(str(refusal)) from refusal
    approval = Approval.objects.get(claim=claim)
    taken_back = Reversal.objects.create(
        approval=approval,
        reason=reason.strip(),
        later=[asdict(one) for one in later_than(approval, counted.person)],
        by=by,
        on=days.business_day(at),
        at=at,
    )
    _give_back(claim, approval, by, at)
    _end(claim, approval, state, at)
    trail.record(
        "claim.voided" if state == Claim.State.VOID else "claim.reversed",
        claim,
        by=by,
        at=at,
        right=RIGHT,
        proof=proof,
        reason=reason.strip(),
        subject_hash=approval.sha256,
        fund_pays=approval.fund_pays,
        later=len(taken_back.later),
    )
    return taken_back


def _give_back(claim: Claim, approval: Approval, by: Person, at: datetime) -> None:
    moves = CounterMove.objects.filter(approval=approval, is_reversal=False).order_by("counter", "pk")
    CounterMove.objects.bulk_create(
        CounterMove(
            counter_id=one.counter_id,
            approval=approval,
            appeal_id=one.appeal_id,
            is_reversal=True,
            amount=-one.amount,
            at=at,
        )
        for one in moves
    )
    references = [approving.reference(claim), approving.reference_of_appeal(claim)]
    used = AccountEntry.objects.filter(reference__in=references, kind=AccountEntry.Kind.DEBIT)
    for entry in used.filter(account__scheme=claim.scheme_id).select_related("account").order_by("account", "pk"):
        accounts.give_back(entry=entry, on=days.business_day(at), by=by, at=at)


def _end(claim: Claim, approval: Approval, state: str, at: datetime) -> None:
    """Claim and parts end, and the invoices may come again."""
    ended = ClaimPart.State.VOID if state == Claim.State.VOID else ClaimPart.State.REVERSED
    approval.parts.update(state=ended)
    claim.state, claim.state_since = state, days.business_day(at)
    claim.save(update_fields=["state", "state_since"])
    Invoice.objects.filter(claim=claim, is_live=True).update(is_live=False)


def later_than(approval: Approval, person: Member) -> list[Later]:
    """The person's claims of the year that were approved after one, and that would be paid differently without it, each
    valued in the order of approval."""
    records = Member.objects.records_of([person.pk])
    year = Approval.objects.filter(
        person__in=records, claim__scheme=approval.claim.scheme_id, year=approval.year, reversal__isnull=True
    )
    counters = _moved_by(year.filter(pk__lt=approval.pk), _brought_along(approval, records))
    found: list[Later] = []
    following = year.filter(pk__gt=approval.pk).select_related("claim__scheme", "claim__member", "claim__disease")
    for one in following.order_by("pk"):
        try:
            now = valuing.valued(one.claim, {**counters, **_held_then(one)})
        except CannotAssess:
            found.append(Later(one.claim.number, str(one.fund_pays), ""))
            continue
        counters = evaluation.after(counters, now.moves)
        if now.fund_pays != one.fund_pays:
            found.append(Later(one.claim.number, str(one.fund_pays), str(now.fund_pays)))
    return found


def _brought_along(approval: Approval, records: Iterable[Member]) -> dict[str, Decimal]:
    """What the person had used of the year before this system began."""
    opened = CounterOpening.objects.filter(
        counter__member__in=records, counter__scheme=approval.claim.scheme_id, counter__year=approval.year
    )
    return dict(opened.values("counter__name").annotate(used=Sum("amount")).values_list("counter__name", "used"))


def _moved_by(approvals: Iterable[Approval], counters: dict[str, Decimal]) -> dict[str, Decimal]:
    moves = CounterMove.objects.filter(approval__in=approvals, is_reversal=False).select_related("counter")
    for one in moves:
        counters[one.counter.name] = counters.get(one.counter.name, Decimal(0)) + one.amount
    return counters


def _held_then(approval: Approval) -> dict[str, Decimal]:
    """What the accounts would hold for a claim: what is there now, and what the claim itself took."""
    own = {name: Decimal(by) for name, by in approval.answer["moves"].items() if name.startswith(f"{ACCOUNT}.")}
    held = valuing.accounts_of(approval.claim)
    return {name: amount - own.get(name, Decimal(0)) for name, amount in held.items()}
