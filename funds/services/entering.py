"""What payments that left, or came back, are in the books: one voucher for a batch and a day, one line for a payment.

Whoever brings the answer makes it, whoever released the batch at last has checked it. The caller has locked batches,
parts and payments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from claims.services import settling
from funds.models import (
    Account,
    Entry,
    Paying,
    Payment,
    PaymentBatch,
    PaymentItem,
    PaymentOrder,
    Posting,
    PostingKind,
)
from funds.rules.paying import PURPOSES
from funds.rules.postings import Line, credit, debit
from funds.selectors import paying
from funds.services import orders, postings
from funds.services.batches import lock_orders
from funds.services.postings import CannotPost, PostingOf
from office import trail
from office.models import Person

TOGETHER: Final = 1_000
State = Payment.State


@dataclass(frozen=True)
class Settled:
    """A payment of which it is known now what became of it."""

    payment: Payment
    on: date
    reference: str = ""
    reason: str = ""


def enter_paid(settled: Iterable[Settled], *, key: str, on: date, by: Person, at: datetime) -> None:
    """Payments have left: books, payments, claims and orders say so. Raises CannotPost, CannotSettle."""
    told = list(settled)
    payments = [one.payment for one in told]
    items = _items(payments)
    ordered = _orders(items)
    settling.mark_paid(parts=paying.parts_of(payments), by=by, at=at)
    checked = paying.released_by({one.batch_id for one in payments})
    for batch, some in _by_batch(payments):
        whose = _Whose(batch, f"{key}:{batch.number}", on, by, checked.get(batch.pk), at)
        again = [one for one in some if one.is_again]
        first = [one for one in some if not one.is_again and one.pk not in ordered]
        _post(whose, PostingKind.PAID, first, _spending(batch, first, items))
        _post(whose, PostingKind.PAID_AGAIN, again, [debit("returned", _sum(again))] if again else [])
        for one in some:
            if one.pk in ordered and not one.is_again:
                _post_order(whose, one, ordered[one.pk])
    for each in told:
        payment = each.payment
        payment.state, payment.settled_on, payment.reference = State.PAID, each.on, each.reference
    Payment.objects.bulk_update(payments, ["state", "settled_on", "reference", "posting"], TOGETHER)
    for order in ordered.values():
        _move_order(order, PaymentOrder.State.PAID)
        orders.tell(order, orders.PAID, on, by=by, at=at)


def enter_returned(settled: Iterable[Settled], *, key: str, on: date, by: Person, at: datetime) -> None:
    """Payments came back: before they left, with nothing in the books, or after, with the money held for whoever is
    paid again (退票). What they were to pay is payable again. Raises CannotPost, CannotSettle."""
    told = list(settled)
    payments = [one.payment for one in told]
    ordered = _orders(_items(payments))
    settling.mark_returned(parts=paying.parts_of(payments), by=by, at=at)
    left = [one for one in payments if one.state == State.PAID]
    checked = paying.released_by({one.batch_id for one in left})
    for batch, some in _by_batch(left):
        whose = _Whose(batch, f"{key}:{batch.number}", on, by, checked.get(batch.pk), at)
        lines = [debit(PURPOSES[batch.place], one.amount, one.number) for one in some]
        lines.append(credit("returned", _sum(some)))
        posting = whose.post(PostingKind.RETURNED, lines, len(some))
        for one in some:
            one.return_posting = posting
    for each in told:
        one = each.payment
        one.state, one.settled_on, one.reason = State.RETURNED, each.on, each.reason[:200]
        trail.record("payment.returned", one, by=by, at=at, reason=one.reason, amount=one.amount)
    Payment.objects.bulk_update(payments, ["state", "settled_on", "reason", "return_posting"], TOGETHER)
    for order in ordered.values():
        _move_order(order, PaymentOrder.State.ORDERED)
        orders.tell(order, orders.RETURNED, on, by=by, at=at)


@dataclass(frozen=True)
class _Whose:
    """Of which batch and day the vouchers are, who makes them and who has checked them."""

    batch: PaymentBatch
    key: str
    on: date
    by: Person
    checked_by: Person | None
    at: datetime

    def post(self, kind: str, lines: Sequence[Line], papers: int, key: str = "", summary: str = "") -> Posting:
        """Enter one of them. Raises CannotPost."""
        if self.checked_by is None or self.checked_by == self.by:
            raise CannotPost(_("Whoever released a batch does not enter what became of it."))
        stated = PostingOf(
            book=self.batch.book,
            key=key or f"{self.key}:{kind}",
            kind=kind,
            on=self.on,
            summary=summary or _("%(kind)s, batch %(batch)s") % {"kind": PostingKind(kind).label, "batch": self.batch},
            lines=lines,
            attachments=min(papers, 32_000),
        )
        return postings.post(stated=stated, by=self.by, checked_by=self.checked_by, at=self.at)


def _post(whose: _Whose, kind: str, payments: Sequence[Payment], debits: Sequence[Line]) -> None:
    """One voucher for many payments: what they are debited to together, and a line of its own for each that left."""
    if not payments:
        return
    bank = PURPOSES[whose.batch.place]
    lines = [*debits, *(credit(bank, one.amount, one.number) for one in payments)]
    posting = whose.post(kind, lines, len(payments))
    for one in payments:
        one.posting = posting


def _post_order(whose: _Whose, payment: Payment, order: PaymentOrder) -> None:
    told = order.lines.select_related("account").order_by("line")
    lines = [
        (debit if one.side == Entry.Side.DEBIT else credit)(one.account.purpose, one.amount, one.words) for one in told
    ]
    lines.append(credit(PURPOSES[whose.batch.place], payment.amount, payment.number))
    payment.posting = whose.post(
        order.kind, lines, 1, key=f"order:{order.number}:{payment.number}", summary=f"{order.summary} {order.number}"
    )


def _spending(
    batch: PaymentBatch, payments: Sequence[Payment], items: Mapping[int, Sequence[PaymentItem]]
) -> list[Line]:
    """What parts of claims are debited to, by the fund that pays them."""
    purposes = dict(Paying.objects.filter(book=batch.book).values_list("fund", "account__purpose"))
    sums: dict[str, Decimal] = {}
    parts = [(item.part.fund, item.amount) for one in payments for item in items[one.pk] if item.part]
    for fund, amount in parts:
        sums[purposes[fund]] = sums.get(purposes[fund], Decimal(0)) + amount
    codes = dict(Account.objects.filter(book=batch.book, purpose__in=sums).values_list("purpose", "code"))
    return [debit(purpose, sums[purpose]) for purpose in sorted(sums, key=lambda one: codes[one])]


def _items(payments: Sequence[Payment]) -> dict[int, list[PaymentItem]]:
    found: dict[int, list[PaymentItem]] = {one.pk: [] for one in payments}
    for item in PaymentItem.objects.filter(payment__in=found).select_related("part").order_by("pk"):
        found[item.payment_id].append(item)
    return found


def _orders(items: Mapping[int, Sequence[PaymentItem]]) -> dict[int, PaymentOrder]:
    """The order that a payment pays, by payment; locked by number."""
    wanted = {
        payment: item.order_id
        for payment, some in items.items()
        for item in some
        if item.order_id is not None and item.part_id is None
    }
    locked = {
        one.pk: one for one in lock_orders(PaymentOrder.objects.filter(pk__in=[one for one in wanted.values() if one]))
    }
    return {payment: locked[order] for payment, order in wanted.items()}


def _move_order(order: PaymentOrder, state: str) -> None:
    if order.state != state:
        order.state = state
        order.save(update_fields=["state"])


def _by_batch(payments: Sequence[Payment]) -> list[tuple[PaymentBatch, list[Payment]]]:
    found: dict[int, list[Payment]] = {}
    for one in payments:
        found.setdefault(one.batch_id, []).append(one)
    return [(some[0].batch, some) for _number, some in sorted(found.items())]


def _sum(payments: Sequence[Payment]) -> Decimal:
    return sum((one.amount for one in payments), Decimal(0))
