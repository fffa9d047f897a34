"""Batches of payments (支付批次): made with their payees as they are now, struck, asked for, taken back.

Order of locks, everywhere in payments: the batch's rounds by number, the batch, claims by number, their parts, payments
by number, orders by number; then, with `postings.post`, books, month, balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import ClaimPart
from claims.services import settling
from claims.services.before import next_number
from claims.services.locks import hold_claims, refusing
from funds import paying_words
from funds.models import Book, Payment, PaymentBatch, PaymentItem, PaymentOrder, Place
from funds.rules.paying import IN_PAYMENT, AccountOf
from funds.selectors import paying
from funds.selectors.paying import OrderStanding, Standing
from office import deciding, trail
from office.models import Person
from office.rules import days, money
from office.services import rounds

MAKE: Final = "funds.add_paymentbatch"
PREFIX: Final = "ZF"
TOGETHER: Final = 1_000
State = PaymentBatch.State


class CannotPay(Exception):
    """Nothing moved; the message is written for whoever pays."""


@dataclass
class _Line:
    """One payment that a batch is to have: to whom, for what."""

    kind: str
    account: AccountOf
    again: bool
    summary: str
    items: list[PaymentItem] = field(default_factory=list)
    amount: Decimal = Decimal(0)


@refusing("batch.made", CannotPay, about="book")
def _make_batch(
    *,
    book: Book,
    place: str,
    words: str,
    by: Person,
    at: datetime,
    parts: Sequence[ClaimPart],
    orders: Sequence[PaymentOrder],
) -> PaymentBatch:
    if place not in Place.values or (place == Place.CASH and book.pays == Book.Pays.FINANCE):
        raise CannotPay(_("These books pay nothing from there."))
    if not words.strip():
        raise CannotPay(_("Say which payments these are."))
    if not parts and not orders:
        raise CannotPay(_("There is nothing to pay."))
    locked = lock_parts(parts)
    lines = _lines_of_parts(place, paying.standings(book, locked))
    lines += _lines_of_orders(book, place, lock_orders(orders))
    batch = PaymentBatch.objects.create(
        number=next_number(PaymentBatch, PREFIX, days.business_day(at)),
        book=book,
        place=place,
        words=words.strip()[:120],
        made_on=days.business_day(at),
        made_by=by,
        made_at=at,
    )
    _write(batch, lines)
    total = sum((one.amount for one in lines), Decimal(0))
    lock_book(book)
    refuse_beyond(book, place)
    trail.record("batch.made", batch, by=by, at=at, right=MAKE, payments=len(lines), amount=total)
    return batch


def make_batch(
    *,
    book: Book,
    place: str,
    words: str,
    by: Person,
    at: datetime,
    parts: Iterable[ClaimPart] = (),
    orders: Iterable[PaymentOrder] = (),
) -> PaymentBatch:
    """Put parts of claims and orders into a batch: what goes to one account is one payment, and its money is reserved.
    Raises CannotPay, with everything that stops one of them."""
    made: PaymentBatch = _make_batch(
        book=book, place=place, words=words, by=by, at=at, parts=list(parts), orders=list(orders)
    )
    return made


def lock_parts(parts: Iterable[ClaimPart]) -> QuerySet[ClaimPart]:
    """Their claims are locked by number, then they by theirs; gives them to be read as they are now."""
    numbers = settling.numbers_of(parts)
    hold_claims(set(ClaimPart.objects.filter(pk__in=numbers).values_list("approval__claim", flat=True)))
    found = ClaimPart.objects.filter(pk__in=numbers).order_by("pk")
    list(found.select_for_update(of=["self"]).values_list("pk"))
    return found.select_related("approval__claim__member__merged_into")


def lock_orders(orders: Iterable[PaymentOrder]) -> list[PaymentOrder]:
    """Orders as they are now, locked by number."""
    found = PaymentOrder.objects.select_for_update(of=["self"]).filter(pk__in=[one.pk for one in orders])
    return list(found.order_by("pk"))


def lock_batch(batch: PaymentBatch) -> PaymentBatch:
    """A batch as it is now, under the lock of its rounds and its own."""
    list(deciding.rounds_of(batch).select_for_update(no_key=True, of=["self"]).order_by("pk").values_list("pk"))
    found = PaymentBatch.objects.select_for_update(of=["self"])
    return found.select_related("book", "made_by").get(pk=batch.pk)


def lock_book(book: Book) -> None:
    """Whoever reserves money of books does so alone."""
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)


def lock_payments(numbers: Iterable[int]) -> list[Payment]:
    """Payments as they are now, locked by number."""
    found = Payment.objects.select_for_update(of=["self"]).filter(pk__in=list(numbers))
    return list(found.select_related("batch__book").order_by("pk"))


def refuse_beyond(book: Book, place: str) -> None:
    """No more is reserved than there is. Raises CannotPay."""
    left = paying.available(book, place)
    if left < 0:
        raise CannotPay(
            _("There is not so much: %(short)s more is reserved than lies there. Ask finance for money first.")
            % {"short": money.shown(-left)}
        )


def _lines_of_parts(place: str, standings: Sequence[Standing]) -> list[_Line]:
    stopped = [f"{one.claim}: {paying_words.stop(one.stop)}" for one in standings if one.stop]
    elsewhere = [str(one.claim) for one in standings if not one.stop and one.place != place]
    if stopped:
        raise CannotPay(_("Stopped: %(parts)s") % {"parts": "；".join(stopped[:10])})
    if elsewhere:
        raise CannotPay(_("These are not paid from there: %(parts)s") % {"parts": "、".join(elsewhere[:10])})
    lines: dict[tuple[object, ...], _Line] = {}
    for one in standings:
        account = one.account or AccountOf(one.claim.payee_name, "", "")
        own = one.claim.member_id if place == Place.CASH else 0
        key = (one.kind, account.holder, account.bank, account.number, one.again, own)
        line = lines.setdefault(key, _Line(one.kind, account, one.again, str(one.claim)))
        line.items.append(PaymentItem(part=one.part, amount=one.part.amount))
        line.amount += one.part.amount
    for line in lines.values():
        line.summary = summary_of(line.summary, len({item.part.approval_id for item in line.items if item.part}))
    return list(lines.values())


def summary_of(first: str, claims: int) -> str:
    """What a transfer says to its payee: his claim, or the first of them."""
    if claims == 1:
        return _("Reimbursement %(claim)s") % {"claim": first}
    return _("Reimbursement %(claim)s and %(more)s more") % {"claim": first, "more": claims - 1}


def _lines_of_orders(book: Book, place: str, orders: Sequence[PaymentOrder]) -> list[_Line]:
    lines = []
    for one in paying.order_standings(orders):
        _refuse_order(one, book, place)
        account = one.account or AccountOf(one.order.payee_name, "", "")
        line = _Line(one.order.payee_kind, account, one.again, one.order.summary, amount=one.order.amount)
        line.items.append(PaymentItem(order=one.order, amount=one.order.amount))
        taken_along = one.order.parts.select_related("part").order_by("part_id")
        line.items += [PaymentItem(order=one.order, part=each.part, amount=each.part.amount) for each in taken_along]
        lines.append(line)
    return lines


def _refuse_order(one: OrderStanding, book: Book, place: str) -> None:
    if one.order.state != PaymentOrder.State.ORDERED:
        raise CannotPay(_("This order is %(state)s.") % {"state": one.order.get_state_display()})
    if one.stop:
        raise CannotPay(_("Stopped: %(parts)s") % {"parts": f"{one.order.number}: {paying_words.stop(one.stop)}"})
    if one.order.book_id != book.pk or one.order.place != place:
        raise CannotPay(_("These are not paid from there: %(parts)s") % {"parts": one.order.number})


def _write(batch: PaymentBatch, lines: Sequence[_Line]) -> None:
    payments = [
        Payment(
            batch=batch,
            line=place,
            number=f"{batch.number}-{place:04d}",
            payee_kind=line.kind,
            payee_name=line.account.holder,
            payee_bank=line.account.bank,
            payee_account=line.account.number,
            amount=line.amount,
            summary=line.summary[:120],
            is_again=line.again,
        )
        for place, line in enumerate(lines, start=1)
    ]
    Payment.objects.bulk_create(payments, TOGETHER)
    items = []
    for payment, line in zip(payments, lines, strict=True):
        for item in line.items:
            item.payment = payment
            items.append(item)
    try:
        with transaction.atomic():
            PaymentItem.objects.bulk_create(items, TOGETHER)
    except IntegrityError as refusal:
        if "in_one_live_payment" not in str(refusal):
            raise
        raise CannotPay(_("Stopped: %(parts)s") % {"parts": paying_words.stop(IN_PAYMENT)}) from refusal


@refusing("payment.struck", CannotPay, about="payment")
def _strike(*, payment: Payment, reason: str, by: Person, at: datetime) -> Payment:
    batch = lock_batch(payment.batch)
    [current] = lock_payments([payment.pk])
    if batch.state != State.MADE or current.state != Payment.State.WAITING:
        told = {"state": batch.get_state_display()}
        raise CannotPay(_("This batch is %(state)s: nothing is taken out of it.") % told)
    if not reason.strip():
        raise CannotPay(_("Say why."))
    stop([current], reason.strip(), by=by, at=at)
    return current


def strike(*, payment: Payment, reason: str, by: Person, at: datetime) -> Payment:
    """Take a payment out of a batch that is being made; what it was to pay is free again. Raises CannotPay."""
    done: Payment = _strike(payment=payment, reason=reason, by=by, at=at)
    return done


def stop(payments: Iterable[Payment], reason: str, *, by: Person, at: datetime) -> None:
    """Locked payments that wait do not leave; the database frees what they were to pay."""
    for one in payments:
        one.state, one.reason = Payment.State.STOPPED, reason[:200]
        one.save(update_fields=["state", "reason"])
        trail.record("payment.stopped", one, by=by, at=at, reason=reason, amount=one.amount)


@refusing("batch.asked", CannotPay, about="batch")
def _ask_release(*, batch: PaymentBatch, by: Person, at: datetime) -> PaymentBatch:
    current = lock_batch(batch)
    if current.state != State.MADE:
        raise CannotPay(_("This batch is %(state)s.") % {"state": current.get_state_display()})
    waiting = list(current.payments.filter(state=Payment.State.WAITING).order_by("pk"))
    if not waiting:
        raise CannotPay(_("There is nothing to pay."))
    lock_parts(paying.parts_of(waiting))
    refuse_moved(current, waiting)
    lock_book(current.book)
    refuse_beyond(current.book, current.place)
    current.state = State.ASKED
    current.save(update_fields=["state"])
    rounds.open_locked(subject=current, by=by, at=at, step=first_step(current))
    trail.record("batch.asked", current, by=by, at=at, right=MAKE, amount=paying.total_of(current))
    return current


def ask_release(*, batch: PaymentBatch, by: Person, at: datetime) -> PaymentBatch:
    """Ask others to release a batch: what leaves the special account finance, the rest the accounting head and then
    the office head. Raises CannotPay."""
    done: PaymentBatch = _ask_release(batch=batch, by=by, at=at)
    return done


def first_step(batch: PaymentBatch) -> str:
    """Who looks first."""
    return "finance" if batch.place == Place.SPECIAL else "accounting"


def refuse_moved(batch: PaymentBatch, payments: Sequence[Payment]) -> None:
    """What a batch pays is still to be paid, and to the same account. The parts are locked. Raises CannotPay."""
    faults = faults_of(batch, payments)
    if faults:
        told = "；".join(f"{number}: {why}" for number, why in list(faults.items())[:10])
        raise CannotPay(_("Take these out first: %(payments)s") % {"payments": told})


def faults_of(
    batch: PaymentBatch, payments: Sequence[Payment], *, part_state: str = ClaimPart.State.PAYABLE
) -> dict[str, str]:
    """What keeps payments from leaving now, by their number."""
    items = list(PaymentItem.objects.filter(payment__in=[one.pk for one in payments]).select_related("order"))
    found = paying.parts_of(payments)
    parts = {one: (owner, state) for one, owner, state in found.values_list("pk", "approval__claim", "state")}
    own = found.filter(pk__in=[item.part_id for item in items if item.order_id is None])
    standing = {one.part.pk: one for one in paying.standings(batch.book, own, part_state=part_state)}
    orders = {
        one.order.pk: one
        for one in paying.order_standings({item.order.pk: item.order for item in items if item.order}.values())
    }
    held = paying.held_claims({owner for owner, _state in parts.values()})
    by_payment: dict[int, list[PaymentItem]] = {}
    for item in items:
        by_payment.setdefault(item.payment_id, []).append(item)
    faults = {}
    for payment in payments:
        for item in by_payment[payment.pk]:
            why = _fault(payment, item, standing, orders, parts, held, part_state)
            if why:
                faults[payment.number] = why
                break
    return faults


def _fault(
    payment: Payment,
    item: PaymentItem,
    standing: dict[int, Standing],
    orders: dict[int, OrderStanding],
    parts: dict[int, tuple[int, str]],
    held: set[int],
    part_state: str,
) -> str:
    if item.order_id is not None and item.part_id is not None:
        owner, state = parts[item.part_id]
        if state != part_state:
            return paying_words.stop("not_payable")
        return paying_words.stop("held") if owner in held else ""
    now: Standing | OrderStanding = orders[item.order_id] if item.order_id else standing[item.part_id or 0]
    if now.stop:
        return paying_words.stop(now.stop)
    account = now.account
    if account is not None and (account.holder, account.number) != (payment.payee_name, payment.payee_account):
        return paying_words.stop("changed")
    return ""


@refusing("batch.voided", CannotPay, about="batch")
def _void_batch(*, batch: PaymentBatch, reason: str, by: Person, at: datetime) -> PaymentBatch:
    current = lock_batch(batch)
    if current.state != State.MADE:
        raise CannotPay(_("This batch is %(state)s.") % {"state": current.get_state_display()})
    if not reason.strip():
        raise CannotPay(_("Say why."))
    current.state = State.VOID
    current.save(update_fields=["state"])
    waiting = current.payments.filter(state=Payment.State.WAITING).values_list("pk", flat=True)
    stop(lock_payments(waiting), reason.strip(), by=by, at=at)
    trail.record("batch.voided", current, by=by, at=at, right=MAKE, reason=reason.strip())
    return current


def void_batch(*, batch: PaymentBatch, reason: str, by: Person, at: datetime) -> PaymentBatch:
    """Give up a batch that nobody was asked to release; what it was to pay is free again. Raises CannotPay."""
    done: PaymentBatch = _void_batch(batch=batch, reason=reason, by=by, at=at)
    return done
