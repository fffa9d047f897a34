"""Sending released payments (支付发送): that they are being sent is committed before anything leaves.

A payment that is found being sent after a crash is unknown. It is never sent again by itself: the bank's answer or the
statement settles it. A file is either carried to the bank by the cashier, who then notes that, or handed over by a
connection that the caller gives.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import ClaimPart
from claims.services import settling
from claims.services.locks import refusing
from funds.models import BankFile, FundRequest, Payment, PaymentBatch, Period, Place
from funds.rules import bank_files, iso20022
from funds.rules import paying as rules
from funds.rules.bank_files import FileOf, InstructionOf
from funds.selectors import bank_accounts, paying
from funds.services import batches, closing_checks
from funds.services.batches import CannotPay, lock_batch, lock_parts, lock_payments
from office import attachments, trail
from office.models import Person
from office.rules import days

SEND: Final = "funds.send_paymentbatch"
LOCK_CLASS: Final = 7_002  # first half of the advisory lock's key; the second is the batch's number
State = Payment.State

#: How a file for the bank is written, by its format: what writes it, the end of its name, its kind.
DOORS: Final = {
    BankFile.Format.CSV: (bank_files.write, "csv", "text/csv"),
    BankFile.Format.PAIN: (iso20022.write, "xml", "application/xml"),
}

Deliver = Callable[[BankFile, bytes], None]


class NotTaken(Exception):
    """The bank says for certain that it took nothing of a file; the message is its reason."""


class BankAway(Exception):
    """Nobody knows whether the bank took the file."""


def send(
    *, batch: PaymentBatch, door: str, by: Person, at: datetime, deliver: Deliver | None = None
) -> BankFile | None:
    """Send what waits in a released batch, once. Without `deliver` the file lies there to be carried to the bank.
    Gives the file, or nothing where nothing waits. Raises CannotPay."""
    with _alone(batch) as is_alone:
        if not is_alone:
            raise CannotPay(_("This batch is being sent at this moment."))
        leave_unknown(batch=batch, by=by, at=at)
        made: tuple[BankFile, bytes] | None = _claim(batch=batch, door=door, is_carried=deliver is None, by=by, at=at)
        if made is None or deliver is None:
            return made and made[0]
        file, content = made
        try:
            deliver(file, content)
        except NotTaken as refusal:
            _not_taken(batch=batch, reason=str(refusal), by=by, at=at)
            raise CannotPay(_("The bank took nothing: %(reason)s") % {"reason": refusal}) from refusal
        except BankAway as fault:
            leave_unknown(batch=batch, by=by, at=at)
            raise CannotPay(
                _("Nobody knows whether the bank took this: its answer will say. Nothing is sent again.")
            ) from fault
        _sent(batch=batch, by=by, at=at)
        return file


@contextlib.contextmanager
def _alone(batch: PaymentBatch) -> Iterator[bool]:
    """Whether nobody else is sending this batch; the lock goes with the connection, however that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, batch.pk])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, batch.pk])


@refusing("batch.sent", CannotPay, about="batch")
def _claim(
    *, batch: PaymentBatch, door: str, is_carried: bool, by: Person, at: datetime
) -> tuple[BankFile, bytes] | None:
    current = lock_batch(batch)
    if door not in DOORS:
        raise CannotPay(_("Choose how the bank is told."))
    if current.state != PaymentBatch.State.RELEASED or current.place == Place.CASH:
        raise CannotPay(_("This batch is %(state)s: nothing is sent of it.") % {"state": current.get_state_display()})
    waiting = list(current.payments.filter(state=State.WAITING).order_by("pk"))
    if not waiting:
        return None
    going = _still_to_pay(current, waiting, by, at)
    if not going:
        finish([current], by=by, at=at)
        return None
    Payment.objects.filter(pk__in=[one.pk for one in going]).update(state=State.CLAIMED, claimed_at=at)
    file = _file_of(current, going, at)
    writes, ending, media_type = DOORS[BankFile.Format(door)]
    content = writes(file)
    made = BankFile.objects.create(
        batch=current,
        format=door,
        name=f"{current.number}.{ending}",
        lines=len(going),
        total=file.total,
        sha256=hashlib.sha256(content).hexdigest(),
        is_carried=is_carried,
        made_by=by,
        made_at=at,
    )
    attachments.keep_made(subject=made, name=made.name, content=content, media_type=media_type, by=by, at=at)
    trail.record(
        "batch.claimed",
        current,
        by=by,
        at=at,
        right=SEND,
        subject_hash=made.sha256,
        payments=made.lines,
        amount=made.total,
    )
    return made, content


def _still_to_pay(batch: PaymentBatch, waiting: Sequence[Payment], by: Person, at: datetime) -> list[Payment]:
    """What still stands of what was released: a payment whose claim is held now, or whose payee changed, is stopped."""
    lock_parts(paying.parts_of(waiting))
    payments = lock_payments([one.pk for one in waiting])
    faults = batches.faults_of(batch, payments, part_state=ClaimPart.State.PAYING)
    stopped = [one for one in payments if one.number in faults]
    free_parts(stopped, by=by, at=at)
    for one in stopped:
        batches.stop([one], faults[one.number], by=by, at=at)
    return [one for one in payments if one.number not in faults]


def free_parts(payments: Sequence[Payment], *, by: Person, at: datetime) -> None:
    """What payments were to pay is payable again, as far as it was being paid. The parts are locked."""
    parts = paying.parts_of(payments).filter(state__in=[ClaimPart.State.PAYING, ClaimPart.State.PAID])
    if payments:
        settling.mark_returned(parts=parts, by=by, at=at)


def _file_of(batch: PaymentBatch, payments: Sequence[Payment], at: datetime) -> FileOf:
    account = bank_accounts.of_purpose(batch.book_id, rules.PURPOSES[batch.place])
    return FileOf(
        number=batch.number,
        on=days.business_day(at),
        debtor=account.holder if account else batch.book.name,
        debtor_account=account.number if account else "",
        lines=[
            InstructionOf(one.number, one.payee_name, one.payee_bank, one.payee_account, one.amount, one.summary)
            for one in payments
        ],
        made_at=at.isoformat(timespec="seconds"),
    )


@transaction.atomic
def _sent(*, batch: PaymentBatch, by: Person, at: datetime) -> int:
    """The bank has the file; what was called unknown meanwhile stays so until the bank answers."""
    current = lock_batch(batch)
    numbers = [
        one.pk for one in lock_payments(current.payments.filter(state=State.CLAIMED).values_list("pk", flat=True))
    ]
    Payment.objects.filter(pk__in=numbers).update(state=State.SENT, sent_at=at)
    if numbers:
        trail.record("batch.sent", current, by=by, at=at, right=SEND, payments=len(numbers))
    return len(numbers)


@refusing("batch.handed-over", CannotPay, about="batch")
def _hand_over(*, batch: PaymentBatch, by: Person, at: datetime) -> int:
    done = _sent(batch=batch, by=by, at=at)
    if not done:
        raise CannotPay(_("Nothing of this batch waits to be carried to the bank."))
    return done


def note_handed_over(*, batch: PaymentBatch, by: Person, at: datetime) -> int:
    """The cashier has given the file to the bank. Raises CannotPay."""
    done: int = _hand_over(batch=batch, by=by, at=at)
    return done


@transaction.atomic
def leave_unknown(*, batch: PaymentBatch, by: Person, at: datetime) -> int:
    """What an earlier sender left behind half sent is unknown from now on. Gives how many payments."""
    current = lock_batch(batch)
    if not BankFile.objects.filter(batch=current, is_carried=False).exists():
        return 0
    left = lock_payments(current.payments.filter(state=State.CLAIMED).values_list("pk", flat=True))
    Payment.objects.filter(pk__in=[one.pk for one in left]).update(state=State.UNKNOWN)
    if left:
        trail.record("batch.unknown", current, by=by, at=at, payments=len(left))
    return len(left)


@transaction.atomic
def _not_taken(*, batch: PaymentBatch, reason: str, by: Person, at: datetime) -> None:
    """The bank took nothing: what was being sent is payable again."""
    current = lock_batch(batch)
    numbers = list(current.payments.filter(state=State.CLAIMED).values_list("pk", flat=True))
    lock_parts(paying.parts_of(list(Payment.objects.filter(pk__in=numbers))))
    payments = lock_payments(numbers)
    free_parts(payments, by=by, at=at)
    for one in payments:
        one.state, one.reason, one.settled_on = State.RETURNED, reason[:200], days.business_day(at)
        one.save(update_fields=["state", "reason", "settled_on"])
    trail.record("batch.not-taken", current, by=by, at=at, reason=reason, payments=len(payments))
    finish([current], by=by, at=at)


def finish(found: Sequence[PaymentBatch], *, by: Person, at: datetime) -> None:
    """Locked batches of which no payment can still leave are over."""
    for batch in found:
        going = batch.payments.filter(state__in=Payment.RESERVING)
        if batch.state == PaymentBatch.State.RELEASED and not going.exists():
            batch.state = PaymentBatch.State.OVER
            batch.save(update_fields=["state"])
            trail.record("batch.over", batch, by=by, at=at)


def may_read(person: Person, number: str) -> bool:
    """Whether somebody reads a file for the bank."""
    return person.has_perm("funds.view_bankfile") and BankFile.objects.filter(pk=number).exists()


def unsettled(period: Period) -> list[str]:
    """What keeps a month from being closed: payments of which only the bank knows what became, batches half done."""
    last = days.next_month(period.month) - days.ONE_DAY
    found = paying.unsettled(period.book).filter(batch__made_on__lte=last).select_related("batch").order_by("pk")
    told = [_("%(number)s is %(state)s.") % {"number": one, "state": one.get_state_display()} for one in found[:20]]
    half = paying.half_done(period.book, last).order_by("pk")
    told += [
        _("Batch %(number)s is %(state)s.") % {"number": one, "state": one.get_state_display()} for one in half[:20]
    ]
    asked = FundRequest.objects.filter(book=period.book, made_on__lte=last, state__in=["proposed", "approved"])
    return told + [
        _("Fund request %(number)s is %(state)s.") % {"number": one, "state": one.get_state_display()}
        for one in asked[:20]
    ]


def register() -> None:
    """Called once when the app is ready."""
    attachments.register("funds.bankfile", may_read)
    closing_checks.register("payments", gettext_lazy("Every payment, batch and fund request is settled"), unsettled)
