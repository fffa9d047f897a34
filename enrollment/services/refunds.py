"""Contributions given back before their year starts (退费): asked for by one, decided by another, paid by funds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import ENROLLMENT
from enrollment.models import CollectionSheet, Contribution, Refund, RefundPayment
from enrollment.services import contributions, keeping
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "enrollment.add_refund"

#: Money leaves: one of those who watch the collection says yes, never who asked.
BY_A_SECOND = Required(
    rule="enrollment.refund-by-a-second", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD)
)


@keeping.in_sight("refund.proposed", "contribution", CannotKeep)
def propose(*, contribution: Contribution, reason: str, by: Person, at: datetime) -> Refund:
    """A household wants back what it paid for somebody, before the year starts. Raises CannotKeep."""
    member = contribution.member
    keeping.lock_home(member)
    found = Contribution.objects.select_for_update(of=["self"]).select_related("fund_year", "entry__sheet")
    current = found.get(pk=contribution.pk)
    keeping.refuse_unseen([member.household.village_id], by=by, right=RIGHT)
    _refuse(current, days.business_day(at))
    if not reason.strip():
        raise CannotKeep(_("Say why."), "reason")
    waiting = _("A refund of this contribution is asked for already.")
    with keeping.refusing("refund_once_for_a_contribution", lambda: waiting, "reason"):
        asked = Refund.objects.create(
            contribution=current, amount=current.own, reason=reason.strip(), proposed_by=by, proposed_at=at
        )
    trail.record("refund.proposed", asked, by=by, at=at, right=RIGHT, reason=reason, member=member, amount=asked.amount)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


@transaction.atomic
def mark_paid(*, refund: Refund, on: date, reference: str, by: Person, at: datetime) -> RefundPayment:
    """The refund was paid, as who keeps the books says it. Raises CannotKeep."""
    current = Refund.objects.select_for_update(of=["self"]).get(pk=refund.pk)
    if current.state != Refund.State.APPROVED:
        raise CannotKeep(_("Only an approved refund is paid."))
    if not reference.strip():
        raise CannotKeep(_("Say with which payment."), "reference")
    payment = RefundPayment.objects.create(refund=current, on=on, reference=reference.strip(), noted_by=by, noted_at=at)
    _move(current, Refund.State.PAID)
    trail.record("refund.paid", current, by=by, at=at, amount=current.amount, reference=reference)
    return payment


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Refund,
            family=ENROLLMENT,
            title=gettext_lazy("Refund of a contribution"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: Refund) -> Mapping[str, object]:
    """What a vote on a refund is about."""
    return {"contribution": asked.contribution_id, "amount": asked.amount, "reason": asked.reason}


def rows(asked: Refund) -> Sequence[tuple[str, str]]:
    """What a voter reads: who paid, when, on what receipt, and why it is to be given back."""
    paid = asked.contribution
    member = paid.member
    entry = paid.entry
    return [
        (_("insured person"), f"{member.name} · {member.household.village} {member.household.number}"),
        (_("fund year"), str(paid.fund_year)),
        (_("paid on"), entry.paid_on.isoformat() if entry else "—"),
        (_("sheet"), f"{entry.sheet} · {entry.sheet.get_state_display()}" if entry else "—"),
        (_("receipt"), paid.receipt or "—"),
        (_("amount, yuan"), shown(asked.amount)),
        (_("reason"), asked.reason),
    ]


def _decided(asked: Refund, outcome: str, by: Person, at: datetime) -> str:
    """Approved, the contribution and its coverage are void; the receipt stays, for the money did come in."""
    if outcome == Outcome.APPROVED:
        keeping.lock_home(asked.contribution.member)
        found = Contribution.objects.select_for_update(of=["self"]).select_related("fund_year", "entry__sheet")
        current = found.get(pk=asked.contribution_id)
        try:
            _refuse(current, days.business_day(at))
        except CannotKeep as refusal:
            raise rounds.CannotVote(str(refusal)) from refusal
        _move(asked, Refund.State.APPROVED)
        contributions.take_back(contributions=[current], reason=asked.reason)
        trail.record("refund.approved", asked, by=by, at=at, member=current.member, amount=asked.amount)
    else:
        _move(asked, Refund.State.REFUSED)
    return ""


def _refuse(paid: Contribution, today: date) -> None:
    """What is given back: what the household itself paid, handed in, of a year that has not begun."""
    if paid.void_reason or not paid.own:
        raise CannotKeep(_("The household paid nothing for this person that could be given back."))
    if paid.entry is None:
        raise CannotKeep(_("This was paid without a sheet: it is made void, not given back."))
    if paid.entry.sheet.state == CollectionSheet.State.OPEN:
        raise CannotKeep(
            _("The money is still on sheet %(sheet)s: take the entry back there.") % {"sheet": paid.entry.sheet}
        )
    if today >= paid.fund_year.period.lower:
        raise CannotKeep(_("The year has begun: nothing is given back any more."))


def _move(refund: Refund, state: str) -> None:
    refund.state = state
    refund.save(update_fields=["state"])
