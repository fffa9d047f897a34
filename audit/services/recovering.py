"""Money of findings (追回): demanded by letter; what came back is a posting of the books that is linked, never a figure
that is typed in (docs/rules/engagements.md).

Order of locks: the engagement, the finding, the posting.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.models import BookedMoney, Demand, Finding
from audit.selectors import findings as selectors
from audit.services import auditing
from audit.services.auditing import DEMAND, CannotAudit
from claims.services import before
from claims.services.locks import refusing
from funds.models import Posting, PostingKind
from office import trail
from office.models import Person
from office.rules import days, money

PREFIX: Final = "ZK"
State = BookedMoney.State
Kind = BookedMoney.Kind
OVER: Final = (Finding.State.CLOSED, Finding.State.DROPPED)


@refusing("demand.made", CannotAudit, about="finding")
def _demand(*, finding: Finding, payer: str, amount: Decimal, pay_by: date, by: Person, at: datetime) -> Demand:
    auditing.refuse_without(by, DEMAND)
    auditing.hold_for(finding.engagement, by)
    current = _locked(finding)
    if current.state != Finding.State.FINAL:
        raise CannotAudit(_("Money is demanded when the finding is final."))
    owed = selectors.standing_of(current).owed
    if not 0 < amount <= owed:
        raise CannotAudit(
            _("%(amount)s yuan are still to come back: no more is demanded.") % {"amount": money.shown(owed)}, "amount"
        )
    today = days.business_day(at)
    if pay_by <= today:
        raise CannotAudit(_("Choose a day to come."), "pay_by")
    made = Demand.objects.create(
        finding=current,
        number=before.next_number(Demand, PREFIX, today),
        payer=auditing.said(payer, "payer"),
        amount=amount,
        pay_by=pay_by,
        made_on=today,
        made_by=by,
        made_at=at,
    )
    trail.record("demand.made", made, by=by, at=at, right=DEMAND, number=made.number, amount=amount, pay_by=pay_by)
    return made


def demand(*, finding: Finding, payer: str, amount: Decimal, pay_by: date, by: Person, at: datetime) -> Demand:
    """Write the letter that demands money back (追回通知书). Raises CannotAudit."""
    done: Demand = _demand(finding=finding, payer=payer, amount=amount, pay_by=pay_by, by=by, at=at)
    return done


@refusing("booked-money.linked", CannotAudit, about="finding")
def _link(*, finding: Finding, posting: Posting, by: Person, at: datetime) -> BookedMoney:
    auditing.refuse_without(by, DEMAND)
    auditing.hold_for(finding.engagement, by)
    current = _locked(finding)
    if current.state in OVER:
        raise CannotAudit(_("This finding is %(state)s.") % {"state": current.get_state_display()})
    if posting.reverses_id is not None or Posting.objects.filter(reverses=posting).exists():
        raise CannotAudit(_("This posting was taken back, or takes one back."), "posting")
    if posting.on < current.engagement.since:
        raise CannotAudit(_("This posting lies before the period that is audited."), "posting")
    kind = Kind.RECOVERED if posting.kind == PostingKind.RECOVERED else Kind.CORRECTED
    try:
        with transaction.atomic():
            made = BookedMoney.objects.create(finding=current, posting=posting, kind=kind, linked_by=by, linked_at=at)
    except IntegrityError as refusal:
        raise CannotAudit(_("This posting stands for a finding already."), "posting") from refusal
    recovered = kind == Kind.RECOVERED
    trail.record("booked-money.linked", current, by=by, at=at, right=DEMAND, posting=posting.pk, recovered=recovered)
    return made


def link(*, finding: Finding, posting: Posting, by: Person, at: datetime) -> BookedMoney:
    """Say that a posting stands for a finding: money that came back counts with the sum of its lines, another voucher
    puts the books right. Raises CannotAudit."""
    done: BookedMoney = _link(finding=finding, posting=posting, by=by, at=at)
    return done


@refusing("booked-money.taken-off", CannotAudit, about="link")
def _take_off(*, link: BookedMoney, reason: str, by: Person, at: datetime) -> BookedMoney:
    auditing.refuse_without(by, DEMAND)
    auditing.hold_for(link.finding.engagement, by)
    finding = _locked(link.finding)
    current = BookedMoney.objects.select_for_update(of=["self"]).get(pk=link.pk)
    if finding.state == Finding.State.CLOSED:
        raise CannotAudit(_("This finding is %(state)s.") % {"state": finding.get_state_display()})
    if current.state != State.STANDING:
        raise CannotAudit(_("This posting was taken off already."))
    current.state, current.reason = State.VOID, auditing.said(reason, "reason")
    current.save(update_fields=["state", "reason"])
    trail.record("booked-money.taken-off", finding, by=by, at=at, right=DEMAND, reason=current.reason)
    return current


def take_off(*, link: BookedMoney, reason: str, by: Person, at: datetime) -> BookedMoney:
    """Take a posting off a finding that it was linked to by mistake. Raises CannotAudit."""
    done: BookedMoney = _take_off(link=link, reason=reason, by=by, at=at)
    return done


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update(of=["self"], no_key=True).select_related("engagement").get(pk=finding.pk)
