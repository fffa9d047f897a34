"""What a won appeal brings (复议): a further part of the claim, or the claim once more before intake.

Order of locks: as in claims/services/locks.py; the appeal's own round and row before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from claims.models import (
    Appeal,
    AppealGrant,
    Approval,
    BenefitCounter,
    Claim,
    ClaimPart,
    CounterMove,
    Flag,
    RestoredCut,
)
from claims.rules import cases, evaluation
from claims.rules.further import Further, further
from claims.rules.standing import ACCOUNT
from claims.selectors import plans as plan_selectors
from claims.selectors import valuing
from claims.services import approving
from claims.services.locks import Counted, lock_person
from enrollment.services import accounts
from office.models import Person
from office.rules import days

if TYPE_CHECKING:
    from claims.rules.layers import Plan

State = Claim.State
NONE = Decimal(0)


class CannotGrant(Exception):
    """Nothing is added; the message is written for whoever decides the appeal."""


@dataclass(frozen=True)
class Weighed:
    """What an appeal comes to now: the calculation with and without the cuts, and the difference."""

    cut: evaluation.Answer
    restored: evaluation.Answer
    adds: Further
    taken_back: Decimal


def weigh(claim: Claim, approval: Approval, restored: Mapping[int, Decimal]) -> Weighed:
    """What taking back so much of the cuts of some lines adds, with the counters as they stand without the claim's own
    moves. Raises CannotAssess."""
    documents: Sequence[Plan] = [
        plan_selectors.read_of(one) for one in plan_selectors.applying_on(claim.scheme, claim.discharged_on)
    ]
    person, stands = valuing.patient_of(claim, valuing.year_of(claim, documents))
    used = evaluation.reverse(stands, _own(approval))
    lines = valuing.lines_of(claim)
    cut = evaluation.assess(documents, person, valuing.bill_of(claim, lines), used, trace=True)
    for line in lines:
        line.cut -= restored.get(line.pk, NONE)
    without = evaluation.assess(documents, person, valuing.bill_of(claim, lines), used, trace=True)
    granted = {part.layer: part.amount for part in approval.parts.filter(appeal__isnull=True)}
    adds = further(cut, without, granted, approval.patient_pays)
    return Weighed(cut, without, adds, sum(restored.values(), NONE))


def restored_of(appeal: Appeal) -> dict[int, Decimal]:
    """How much of each line's cuts is asked back, by the line's number."""
    sums: dict[int, Decimal] = {}
    for line, amount in RestoredCut.objects.filter(appeal=appeal).values_list("cut__line", "amount"):
        sums[line] = sums.get(line, NONE) + amount
    return sums


def grant(appeal: Appeal, claim: Claim, *, by: Person, at: datetime) -> AppealGrant:
    """The further part of a locked claim whose appeal is won. Raises CannotGrant, CannotAssess, MovedMeanwhile."""
    approval = Approval.objects.get(claim=claim)
    _refuse(claim)
    counted = lock_person(claim)
    weighed = weigh(claim, approval, restored_of(appeal))
    given = _write(appeal, approval, weighed, by, at)
    _move_counters(given, claim, weighed.adds.moves, at)
    _debit(claim, counted, weighed.adds.moves, by, at)
    _let_pay(claim, appeal, at)
    return given


def bring_back(claim: Claim, *, at: datetime) -> None:
    """A locked claim that was refused is with intake again; its whole route follows, with others."""
    claim.state, claim.state_since = State.RETURNED, days.business_day(at)
    claim.save(update_fields=["state", "state_since"])


def _own(approval: Approval) -> dict[str, Decimal]:
    """By how much the approval itself moved counters and accounts."""
    moves: Mapping[str, str] = approval.answer["moves"]
    return {name: Decimal(by) for name, by in moves.items()}


def _refuse(claim: Claim) -> None:
    """No approval is taken back while an appeal is open; a claim can be held meanwhile. Raises CannotGrant."""
    if (held := Flag.objects.holding().filter(claim=claim).first()) is not None:
        raise CannotGrant(_("This claim is held: %(reason)s") % {"reason": held.reason})


def _write(appeal: Appeal, approval: Approval, weighed: Weighed, by: Person, at: datetime) -> AppealGrant:
    adds = weighed.adds
    told: dict[str, Any] = cases.told_of(weighed.restored, trace=True) | {
        "before": cases.told_of(weighed.cut, trace=False),
        "adds": {code: str(amount) for code, amount in adds.layers.items() if amount},
        "moves": {name: str(amount) for name, amount in adds.moves.items()},
    }
    given = AppealGrant.objects.create(
        appeal=appeal,
        approval=approval,
        restored=weighed.taken_back,
        fund_adds=adds.funds,
        hospital_adds=adds.hospital,
        patient_saves=adds.patient_saves,
        answer=told,
        sha256=approving.sha256_of(told),
        granted_on=days.business_day(at),
        granted_by=by,
        granted_at=at,
    )
    funds = {layer.code: layer.fund for layer in weighed.restored.layers}
    ClaimPart.objects.bulk_create(
        ClaimPart(approval=approval, appeal=appeal, layer=code, fund=funds[code], amount=amount)
        for code, amount in adds.layers.items()
        if amount
    )
    return given


def _move_counters(given: AppealGrant, claim: Claim, moves: Mapping[str, Decimal], at: datetime) -> None:
    own = {name: by for name, by in moves.items() if not name.startswith(f"{ACCOUNT}.")}
    key = {"member": given.approval.person, "scheme": claim.scheme, "year": given.approval.year}
    BenefitCounter.objects.bulk_create(
        (BenefitCounter(name=name, value=0, **key) for name in sorted(own)), ignore_conflicts=True
    )
    counters = BenefitCounter.objects.filter(name__in=own, **key).order_by("pk")
    CounterMove.objects.bulk_create(
        CounterMove(counter=one, approval=given.approval, appeal=given.appeal, amount=own[one.name], at=at)
        for one in counters
    )


def _debit(claim: Claim, counted: Counted, moves: Mapping[str, Decimal], by: Person, at: datetime) -> None:
    for name, moved in moves.items():
        if not name.startswith(f"{ACCOUNT}."):
            continue
        try:
            accounts.debit(
                account=approving.account_called(name, counted),
                amount=-moved,
                on=days.business_day(at),
                reference=approving.reference_of_appeal(claim),
                by=by,
                at=at,
            )
        except accounts.CannotDebit as refusal:
            raise CannotGrant(str(refusal)) from refusal


def _let_pay(claim: Claim, appeal: Appeal, at: datetime) -> None:
    """The further part is paid like the others: with them where they wait, at once where they can be paid."""
    further_parts = ClaimPart.objects.filter(appeal=appeal)
    if claim.state == State.APPROVED or not further_parts.update(state=ClaimPart.State.PAYABLE):
        return
    if claim.state == State.PAID:
        claim.state, claim.state_since = State.PAYING, days.business_day(at)
        claim.save(update_fields=["state", "state_since"])
