"""Cash payouts (现金支付): fetched from the bank for a released batch, given to the payee or his proxy against a
signature, what nobody fetched brought back. The cashier does it; it is entered with what others released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from claims.models import ClaimPart
from claims.services.locks import refusing
from claims.services.settling import CannotSettle
from funds.models import CashMove, CashPayout, Payment, PaymentBatch, Place, Posting, PostingKind
from funds.rules.paying import PURPOSES
from funds.rules.postings import credit, debit
from funds.selectors import paying
from funds.services import batches, entering, postings, sending
from funds.services.batches import lock_batch, lock_parts, lock_payments
from funds.services.entering import Settled
from funds.services.postings import CannotPost, PostingOf
from office import trail
from office.models import Person
from office.rules import days

PAY_OUT: Final = "funds.send_paymentbatch"
State = Payment.State


class CannotPayOut(Exception):
    """Nothing moved; the message is written for the cashier."""


@dataclass(frozen=True)
class ReceiverOf:
    """Who took the money: his name, what he is to the payee (本人 for himself), which paper he showed."""

    name: str
    relation: str
    paper: str


@dataclass(frozen=True)
class _Moved:
    """Money between the bank and the cash box."""

    to: str
    came_from: str
    amount: Decimal
    on: date


def _cash_batch(batch: PaymentBatch) -> PaymentBatch:
    current = lock_batch(batch)
    if current.place != Place.CASH or current.state != PaymentBatch.State.RELEASED:
        raise CannotPayOut(_("Cash is paid out of a batch that is released for it."))
    return current


def _enter(batch: PaymentBatch, key: str, moved: _Moved, by: Person, at: datetime) -> Posting:
    checked = paying.released_by([batch.pk]).get(batch.pk)
    if checked is None or checked == by:
        raise CannotPayOut(_("Whoever released a batch does not handle its cash."))
    stated = PostingOf(
        book=batch.book,
        key=key,
        kind=PostingKind.PAID,
        on=moved.on,
        summary=_("Cash for batch %(batch)s") % {"batch": batch},
        lines=(
            debit(PURPOSES[moved.to], moved.amount, batch.number),
            credit(PURPOSES[moved.came_from], moved.amount, batch.number),
        ),
        attachments=1,
    )
    try:
        return postings.post(stated=stated, by=by, checked_by=checked, at=at)
    except CannotPost as refusal:
        raise CannotPayOut(str(refusal)) from refusal


@refusing("cash.fetched", CannotPayOut, about="batch")
def _fetch(*, batch: PaymentBatch, slip: str, on: date, by: Person, at: datetime) -> CashMove:
    current = _cash_batch(batch)
    _refuse_slip(slip, on, at)
    if CashMove.objects.filter(batch=current).exists():
        raise CannotPayOut(_("The cash of this batch was fetched already."))
    amount = paying.total_of(current)
    posting = _enter(current, f"cash:{current.number}", _Moved("cash", "spending", amount, on), by, at)
    moved = CashMove.objects.create(
        batch=current,
        kind=CashMove.Kind.FETCHED,
        amount=amount,
        on=on,
        slip=slip.strip(),
        posting=posting,
        by=by,
        at=at,
    )
    trail.record("cash.fetched", current, by=by, at=at, right=PAY_OUT, amount=amount)
    return moved


def fetch(*, batch: PaymentBatch, slip: str, on: date, by: Person, at: datetime) -> CashMove:
    """The cashier fetched a batch's cash from the bank. Raises CannotPayOut."""
    done: CashMove = _fetch(batch=batch, slip=slip, on=on, by=by, at=at)
    return done


@refusing("cash.paid-out", CannotPayOut, about="payment")
def _pay_out(*, payment: Payment, receiver: ReceiverOf, on: date, by: Person, at: datetime) -> CashPayout:
    current = _cash_batch(payment.batch)
    if not CashMove.objects.filter(batch=current, kind=CashMove.Kind.FETCHED, on__lte=on).exists():
        raise CannotPayOut(_("The cash of this batch is not fetched yet."))
    lock_parts(paying.parts_of([payment]))
    [locked] = lock_payments([payment.pk])
    if locked.state != State.WAITING:
        raise CannotPayOut(_("This payment is %(state)s.") % {"state": locked.get_state_display()})
    faults = batches.faults_of(current, [locked], part_state=ClaimPart.State.PAYING)
    if faults:
        raise CannotPayOut(_("Not paid out: %(reason)s.") % {"reason": faults[locked.number]})
    if not (receiver.name.strip() and receiver.relation.strip() and receiver.paper.strip()):
        raise CannotPayOut(_("Say who takes the money, what he is to the payee, and which paper he showed."))
    _refuse_day(on, at)
    made = CashPayout.objects.create(
        payment=locked,
        receiver=receiver.name.strip(),
        relation=receiver.relation.strip(),
        paper=receiver.paper.strip(),
        on=on,
        by=by,
        at=at,
    )
    settled = Settled(locked, on, receiver.name.strip()[:60])
    try:
        entering.enter_paid([settled], key=f"payout:{locked.number}", on=on, by=by, at=at)
    except (CannotPost, CannotSettle) as refusal:
        raise CannotPayOut(str(refusal)) from refusal
    trail.record("cash.paid-out", locked, by=by, at=at, right=PAY_OUT, amount=locked.amount)
    sending.finish([current], by=by, at=at)
    return made


def pay_out(*, payment: Payment, receiver: ReceiverOf, on: date, by: Person, at: datetime) -> CashPayout:
    """Give the payee, or who acts for him, his money against a signature. Raises CannotPayOut."""
    made: CashPayout = _pay_out(payment=payment, receiver=receiver, on=on, by=by, at=at)
    return made


@refusing("cash.brought-back", CannotPayOut, about="batch")
def _bring_back(*, batch: PaymentBatch, slip: str, on: date, by: Person, at: datetime) -> CashMove:
    current = _cash_batch(batch)
    _refuse_slip(slip, on, at)
    if not CashMove.objects.filter(batch=current, kind=CashMove.Kind.FETCHED, on__lte=on).exists():
        raise CannotPayOut(_("The cash of this batch is not fetched yet."))
    numbers = list(current.payments.filter(state=State.WAITING).values_list("pk", flat=True))
    lock_parts(paying.parts_of(list(Payment.objects.filter(pk__in=numbers))))
    left = lock_payments(numbers)
    if not left:
        raise CannotPayOut(_("Everything of this batch was fetched."))
    sending.free_parts(left, by=by, at=at)
    batches.stop(left, _("not fetched by the payee"), by=by, at=at)
    amount = sum((one.amount for one in left), Decimal(0))
    posting = _enter(current, f"cash-back:{current.number}", _Moved("spending", "cash", amount, on), by, at)
    moved = CashMove.objects.create(
        batch=current,
        kind=CashMove.Kind.BROUGHT_BACK,
        amount=amount,
        on=on,
        slip=slip.strip(),
        posting=posting,
        by=by,
        at=at,
    )
    trail.record("cash.brought-back", current, by=by, at=at, right=PAY_OUT, amount=amount)
    sending.finish([current], by=by, at=at)
    return moved


def bring_back(*, batch: PaymentBatch, slip: str, on: date, by: Person, at: datetime) -> CashMove:
    """Bring back to the bank what nobody fetched; it is payable again. Raises CannotPayOut."""
    done: CashMove = _bring_back(batch=batch, slip=slip, on=on, by=by, at=at)
    return done


def _refuse_slip(slip: str, on: date, at: datetime) -> None:
    if not slip.strip():
        raise CannotPayOut(_("Name the bank's slip."))
    _refuse_day(on, at)


def _refuse_day(on: date, at: datetime) -> None:
    if on > days.business_day(at):
        raise CannotPayOut(_("This day has not come yet."))
