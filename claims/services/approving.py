"""Approving: the amount is fixed under the lock of the person's year, and frozen with its calculation.

The plan is applied in the order of approval. What is granted stands in parts, one for each layer that pays; counters
and accounts move with it. Claims of the kinds that are publicised first wait for that, others can be paid at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from claims.models import Approval, BenefitCounter, BenefitPlan, Claim, ClaimPart, CounterMove
from claims.rules import cases
from claims.rules.evaluation import Answer, CannotAssess
from claims.rules.standing import ACCOUNT
from claims.selectors import plans as plan_selectors
from claims.selectors import valuing
from claims.services.locks import Counted
from enrollment.models import Account, Member
from enrollment.services import accounts
from office import trail
from office.models import Person
from office.rules import days

if TYPE_CHECKING:
    from claims.rules.layers import Plan

COMMITTEE: Final = Claim.State.COMMITTEE
ACCOUNTS: Final = f"{ACCOUNT}."


class CannotApprove(Exception):
    """Nothing is granted; the message is written for whoever decides."""


@dataclass(frozen=True)
class Valued:
    """What a claim comes to, and by what: documents, person, cuts, plan year."""

    answer: Answer
    plans: tuple[BenefitPlan, ...]
    year: int
    cut: Decimal
    counted: Counted | None = None


def value(claim: Claim, counted: Counted | None = None) -> Valued:
    """What the plans of its day give for a claim as it stands. With `counted` nobody else moves the person's year.
    Raises CannotAssess."""
    applying = tuple(plan_selectors.applying_on(claim.scheme, claim.discharged_on))
    if not applying:
        raise CannotAssess("claim.discharged", "no_plan_at_all", day=claim.discharged_on)
    documents: Sequence[Plan] = [plan_selectors.read_of(one) for one in applying]
    lines = valuing.lines_of(claim)
    answer = valuing.assessed(claim, documents, lines)
    cut = sum((line.cut for line in lines), Decimal(0))
    return Valued(answer, applying, valuing.year_of(claim, documents), cut, counted)


def approve(claim: Claim, valued: Valued | None, *, by: Person, at: datetime) -> Approval:
    """Fix what is paid. The claim was decided by its last step, and its person is locked; inside that transaction.
    Raises CannotApprove."""
    if valued is None or valued.counted is None:
        raise AssertionError("nothing is granted without the lock of the person's year")
    came_from = claim.state
    approval = _write(claim, valued, valued.counted.person, by, at)
    _move_counters(approval, claim, valued, at)
    _debit(claim, valued, by, at)
    _to(claim, Claim.State.APPROVED, at, proposed=approval.fund_pays)
    trail.record(
        "claim.approved",
        claim,
        by=by,
        at=at,
        subject_hash=approval.sha256,
        fund_pays=approval.fund_pays,
        patient_pays=approval.patient_pays,
        person=approval.person_id,
        year=approval.year,
    )
    if not is_publicised_first(claim, came_from):
        let_pay(claim, approval, at)
    return approval


def is_publicised_first(claim: Claim, decided_in: str) -> bool:
    """Whether a claim waits for its publicity before it can be paid."""
    return claim.kind in settings.PUBLICISED_FIRST or decided_in in settings.PUBLICISED_FIRST


def let_pay(claim: Claim, approval: Approval, at: datetime) -> None:
    """From now on the claim can be paid. Where nothing is to be paid it is settled with that. The claim is locked."""
    _to(claim, Claim.State.PAYABLE, at)
    if not ClaimPart.objects.filter(approval=approval).update(state=ClaimPart.State.PAYABLE):
        _to(claim, Claim.State.PAYING, at)
        _to(claim, Claim.State.PAID, at)


def _write(claim: Claim, valued: Valued, person: Member, by: Person, at: datetime) -> Approval:
    answer = valued.answer
    told = cases.told_of(answer, trace=True) | {"moves": {name: str(by_) for name, by_ in sorted(answer.moves.items())}}
    approval = Approval.objects.create(
        claim=claim,
        person=person,
        year=valued.year,
        plans=[
            {"plan": one.pk, "code": one.code, "version": one.version, "sha256": one.sha256} for one in valued.plans
        ],
        total=answer.total,
        cut=valued.cut,
        eligible=answer.eligible,
        own_items=answer.own_items,
        first_share=answer.first_share,
        deductible=sum((layer.deductible for layer in answer.layers), Decimal(0)),
        fund_pays=answer.fund_pays,
        hospital_bears=answer.hospital_bears,
        other_payers=answer.other_payers,
        patient_pays=answer.patient_pays,
        answer=told,
        sha256=sha256_of(told),
        approved_on=days.business_day(at),
        approved_by=by,
        approved_at=at,
    )
    ClaimPart.objects.bulk_create(
        ClaimPart(approval=approval, layer=layer.code, fund=layer.fund, amount=layer.pays)
        for layer in answer.layers
        if layer.pays > 0
    )
    return approval


def sha256_of(answer: Mapping[str, Any]) -> str:
    """The hash of a calculation, the same however the database keeps it."""
    written = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _move_counters(approval: Approval, claim: Claim, valued: Valued, at: datetime) -> None:
    """What is moved, on the counters as they were locked; the first move of a year makes them."""
    own = {name: by for name, by in valued.answer.moves.items() if by and not name.startswith(ACCOUNTS)}
    key = {"member_id": approval.person_id, "year": approval.year}
    known = {
        one.name: one
        for one in valued.counted.counters  # type: ignore[union-attr]
        if all(getattr(one, name) == given for name, given in key.items())
    }
    missing = [
        BenefitCounter(name=name, value=0, scheme_id=claim.scheme_id, **key) for name in sorted(set(own) - set(known))
    ]
    counters = [*known.values(), *BenefitCounter.objects.bulk_create(missing)]
    CounterMove.objects.bulk_create(
        CounterMove(counter=one, approval=approval, amount=own[one.name], at=at)
        for one in sorted(counters, key=lambda one: one.pk)
        if one.name in own
    )


def _debit(claim: Claim, valued: Valued, by: Person, at: datetime) -> None:
    """What the household's or the person's own account pays. Raises CannotApprove."""
    for name, moved in sorted(valued.answer.moves.items()):
        if not name.startswith(ACCOUNTS) or not moved:
            continue
        try:
            accounts.debit(
                account=account_called(name, valued.counted),
                amount=-moved,
                on=days.business_day(at),
                reference=reference(claim),
                by=by,
                at=at,
            )
        except accounts.CannotDebit as refusal:
            raise CannotApprove(str(refusal)) from refusal


def account_called(name: str, counted: Counted | None) -> Account:
    """The locked account of the person or household that a plan's name means."""
    is_household = name == f"{ACCOUNTS}household"
    held = counted.accounts if counted else ()
    found = next((one for one in held if (one.household_id is not None) == is_household), None)
    if found is None:
        raise AssertionError("the plan takes from an account that there is")
    return found


def reference_of_appeal(claim: Claim) -> str:
    """Under what an account's entries name what a won appeal added to a claim."""
    return f"{reference(claim)} appeal"


def reference(claim: Claim) -> str:
    """Under what an account's entries name a claim."""
    return f"claim {claim.number}"


def _to(claim: Claim, state: str, at: datetime, **more: Any) -> None:
    claim.state, claim.state_since = state, days.business_day(at)
    for name, given in more.items():
        setattr(claim, name, given)
    claim.save(update_fields=["state", "state_since", *more])
