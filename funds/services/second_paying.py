"""Paying a list of second compensation that is decided: an order of payment for everybody whose household has a
confirmed account; the others wait until theirs is there.

Order of locks: the run, its lines by number, orders of payment.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.services.locks import refusing
from enrollment.models import PayeeAccount
from funds.models import FundsVote, PostingKind, SecondLine, SecondRun
from funds.rules.postings import debit
from funds.selectors import second as selectors
from funds.services import orders, second_runs
from funds.services.asking import CannotAsk
from funds.services.orders import CannotOrder, Payee
from funds.services.second_runs import MAKE, State
from office import deciding, trail
from office.models import Person

LABEL: Final = "funds.secondline"


@refusing("second-run.ordered", CannotAsk, CannotOrder, about="run")
def _order(*, run: SecondRun, by: Person, at: datetime) -> tuple[int, int]:
    current = second_runs.locked(run, by, MAKE, State.APPROVED)
    decided_by = _decided_by(current)
    if by == decided_by:
        raise CannotAsk(_("Whoever decided the list does not order its payments."))
    waiting = selectors.to_order(current)
    lines = list(selectors.with_account(waiting).select_for_update(of=["self"]).order_by("pk"))
    households = [one.member.household_id for one in lines]
    known = {
        one.household_id: one
        for one in PayeeAccount.objects.filter(household__in=households, state=PayeeAccount.State.CONFIRMED)
    }
    before = selectors.orders_before(lines)
    for one in lines:
        account = known[one.member.household_id]
        orders.order_payment(
            book=current.book,
            key=f"second:{one.pk}:{before.get(one.pk, 0) + 1}",
            kind=PostingKind.PAID,
            place="",
            payee=Payee(kind="household", name=account.holder, bank=account.bank, account=account.number),
            amount=one.granted,
            lines=[debit("pool_spending", one.granted, one.member.name)],
            summary=_("Second compensation of %(year)s: %(person)s")
            % {"year": current.year, "person": one.member.name},
            subject=one,
            by=by,
            checked_by=decided_by,
            at=at,
        )
    left = selectors.to_order(current).count()
    trail.record("second-run.ordered", current, by=by, at=at, right=MAKE, ordered=len(lines), waiting=left)
    return len(lines), left


def order(*, run: SecondRun, by: Person, at: datetime) -> tuple[int, int]:
    """Order what is not ordered yet; gives how many were, and how many wait for a confirmed account. Running it again
    orders nobody twice. Raises CannotAsk, CannotOrder."""
    done: tuple[int, int] = _order(run=run, by=by, at=at)
    return done


def _decided_by(run: SecondRun) -> Person:
    """Who voted for the list last."""
    votes = FundsVote.objects.filter(round__in=deciding.rounds_of(run), choice="approve").select_related("voter")
    return votes.latest("pk").voter


def follow(order: Any, event: str, on: date, by: Person, at: datetime) -> None:
    """A person is paid when his order is; the run is done when everybody is, and open again when one came back."""
    run = SecondRun.objects.select_for_update(of=["self"]).get(lines=order.subject_id)
    line = SecondLine.objects.select_for_update(of=["self"]).get(pk=order.subject_id)
    if run.state == State.DONE:
        second_runs.move(run, State.APPROVED)
    if line.is_paid != (event == "paid"):
        line.is_paid = event == "paid"
        line.save(update_fields=["is_paid"])
    if not run.lines.filter(granted__gt=0, is_paid=False).exists():
        second_runs.move(run, State.DONE)


def register() -> None:
    """Called once when the app is ready."""
    orders.told(LABEL, follow)
