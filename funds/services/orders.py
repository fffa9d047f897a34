"""Orders of payment (付款单): what is to be paid that is no part of a claim by itself, put into batches like those.

Whoever decided the event orders its payment in the same transaction; an order that is told twice is one order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from claims.models import ClaimPart
from claims.services.before import next_number
from claims.services.locks import refusing
from funds.models import Account, Book, Flow, OrderLine, OrderPart, PayeeKind, PaymentItem, PaymentOrder, Place
from funds.rules import paying
from funds.rules.postings import CREDIT, Line
from funds.selectors import paying as selectors
from office import trail
from office.models import Person
from office.rules import days, money
from office.subjects import name_of

RIGHT: Final = "funds.add_paymentorder"
PREFIX: Final = "FK"
TOGETHER: Final = 1_000

PAID, RETURNED, CANCELLED = "paid", "returned", "cancelled"

Told = Callable[[PaymentOrder, str, date, Person, datetime], None]
_told: dict[str, Told] = {}


class CannotOrder(Exception):
    """Nothing was ordered or cancelled; the message is written for whoever asked."""


@dataclass(frozen=True)
class Payee:
    """To whom an order is paid, as its paper says."""

    kind: str
    name: str
    bank: str = ""
    account: str = ""


def told(label: str, function: Told) -> None:
    """Say who is told what became of orders of one kind of subject (`app.model`), in the same transaction."""
    _told[label] = function


def tell(order: PaymentOrder, event: str, on: date, *, by: Person, at: datetime) -> None:
    """Tell whoever ordered what became of it."""
    function = _told.get(order.subject_type)
    if function is not None:
        function(order, event, on, by, at)


@refusing("order.made", CannotOrder, about="book")
def _order_payment(
    *,
    book: Book,
    key: str,
    kind: str,
    place: str,
    payee: Payee,
    amount: Decimal,
    lines: Sequence[Line],
    summary: str,
    subject: models.Model,
    parts: Sequence[ClaimPart],
    by: Person,
    checked_by: Person,
    at: datetime,
) -> PaymentOrder:
    known = PaymentOrder.objects.filter(key=key).first()
    subject_type, subject_id = name_of(subject)
    asked = PaymentOrder(
        book=book,
        key=key,
        kind=kind,
        place=place or selectors.place_of(book),
        payee_kind=payee.kind,
        payee_name=payee.name.strip(),
        payee_bank=payee.bank.strip(),
        payee_account=payee.account,
        amount=amount,
        summary=summary.strip()[:120],
        subject_type=subject_type,
        subject_id=subject_id,
        ordered_on=days.business_day(at),
        ordered_by=by,
        checked_by=checked_by,
        ordered_at=at,
    )
    if known is not None:
        if _figures(known) != _figures(asked):
            raise CannotOrder(_("This was ordered before with other figures: %(order)s.") % {"order": known})
        return known
    _refuse(asked, lines, parts)
    asked.number = next_number(PaymentOrder, PREFIX, asked.ordered_on)
    asked.save(force_insert=True)
    accounts = {one.purpose: one for one in Account.objects.filter(book=book)}
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=asked,
                line=line,
                account=accounts[one.account],
                side=one.side,
                amount=one.amount,
                words=one.words[:120],
            )
            for line, one in enumerate(lines, start=1)
        ],
        TOGETHER,
    )
    OrderPart.objects.bulk_create([OrderPart(order=asked, part=one) for one in parts], TOGETHER)
    trail.record(
        "order.made", asked, by=by, at=at, kind=kind, amount=amount, checked_by=checked_by, of=subject, key=key
    )
    return asked


def order_payment(
    *,
    book: Book,
    key: str,
    kind: str,
    payee: Payee,
    amount: Decimal,
    lines: Sequence[Line],
    summary: str,
    subject: models.Model,
    by: Person,
    checked_by: Person,
    at: datetime,
    place: str = "",
    parts: Sequence[ClaimPart] = (),
) -> PaymentOrder:
    """Order a payment: `lines` are everything that is entered but the bank's own line, which takes what they leave.
    `checked_by` decided the event, or checked its papers. The same event again gives the order that is there. Raises
    CannotOrder."""
    made: PaymentOrder = _order_payment(
        book=book,
        key=key,
        kind=kind,
        place=place,
        payee=payee,
        amount=amount,
        lines=lines,
        summary=summary,
        subject=subject,
        parts=parts,
        by=by,
        checked_by=checked_by,
        at=at,
    )
    return made


def _figures(order: PaymentOrder) -> tuple[object, ...]:
    """By what the same event is known again."""
    return (
        order.book_id,
        order.kind,
        order.place,
        order.payee_name,
        order.payee_account,
        order.amount,
        order.subject_type,
        order.subject_id,
    )


def _refuse(order: PaymentOrder, lines: Sequence[Line], parts: Sequence[ClaimPart]) -> None:
    if order.ordered_by == order.checked_by:
        raise CannotOrder(_("Whoever orders a payment does not check it."))
    if order.payee_kind not in PayeeKind.values or not order.payee_name or not order.summary or not order.key:
        raise CannotOrder(_("Say to whom, and for what."))
    if order.place != Place.CASH and not (order.payee_bank and is_account(order.payee_account)):
        raise CannotOrder(_("Name the payee's bank and account: 8 to 32 digits."))
    if order.place == Place.CASH and order.book.pays == Book.Pays.FINANCE:
        raise CannotOrder(_("Finance pays for these books: there is no cash."))
    if any(one.amount <= 0 or one.amount != round(one.amount, 2) for one in lines):
        raise CannotOrder(_("Every line is of a sum above nothing, in whole fen."))
    if order.amount <= 0 or paying.remaining(lines) != order.amount:
        raise CannotOrder(
            _("The lines leave %(left)s for the bank, not %(amount)s.")
            % {"left": money.shown(paying.remaining(lines)), "amount": money.shown(order.amount)}
        )
    _refuse_accounts(order, lines)
    if any(one.state != ClaimPart.State.PAYABLE for one in parts):
        raise CannotOrder(_("Only parts that are payable are ordered to be paid."))


def _refuse_accounts(order: PaymentOrder, lines: Sequence[Line]) -> None:
    bank = paying.PURPOSES[order.place]
    named = {one.account for one in lines} | {bank}
    missing = named - set(Account.objects.filter(book=order.book, is_entered_on=True).values_list("purpose", flat=True))
    if missing:
        raise CannotOrder(
            _("These books have no account for this: %(accounts)s") % {"accounts": ", ".join(sorted(missing))}
        )
    flows = Flow.objects.filter(book=order.book, kind=order.kind).values_list("debit__purpose", "credit__purpose")
    wanted = [(one.account, one.side) for one in lines] + [(bank, CREDIT)]
    if paying.unmatched(wanted, set(flows)):
        raise CannotOrder(_("No such event moves these accounts."))


def is_account(number: str) -> bool:
    """Whether this can be an account's number."""
    return number.isascii() and number.isdigit() and 8 <= len(number) <= 32  # noqa: PLR2004  as a passbook has them


@refusing("order.cancelled", CannotOrder, about="order")
def _cancel_order(*, order: PaymentOrder, reason: str, by: Person, at: datetime) -> PaymentOrder:
    current = PaymentOrder.objects.select_for_update(of=["self"]).get(pk=order.pk)
    if not reason.strip():
        raise CannotOrder(_("Say why."))
    if current.state != PaymentOrder.State.ORDERED:
        raise CannotOrder(_("This order is %(state)s.") % {"state": current.get_state_display()})
    if PaymentItem.objects.filter(order=current, is_live=True).exists():
        raise CannotOrder(_("This order is in a payment: take that out of its batch first."))
    current.state, current.cancelled_because = PaymentOrder.State.CANCELLED, reason.strip()[:200]
    current.save(update_fields=["state", "cancelled_because"])
    trail.record("order.cancelled", current, by=by, at=at, right=RIGHT, reason=reason.strip(), amount=current.amount)
    tell(current, CANCELLED, days.business_day(at), by=by, at=at)
    return current


def cancel_order(*, order: PaymentOrder, reason: str, by: Person, at: datetime) -> PaymentOrder:
    """Take an order back that is in no payment. Raises CannotOrder."""
    done: PaymentOrder = _cancel_order(order=order, reason=reason, by=by, at=at)
    return done
