"""Official receipts (专用收据): issued to townships, received, used in order, spoiled, written again, counted back.

Who writes a receipt holds the lock of its book, so that two clerks at one book use one number after the other. Locks:
the sheet, households, members, then the book.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.models import Division, Receipt, ReceiptBook, SheetEntry
from enrollment.rules import receipts as rules
from enrollment.selectors import receipts as selectors
from enrollment.services import keeping
from office import trail
from office.models import Person
from office.rules import days
from office.services import work

ISSUE = "enrollment.add_receiptbook"
RECEIVE = "enrollment.change_receiptbook"
WRITE = "enrollment.add_receipt"


class CannotKeepReceipts(Exception):
    """Receipts stay as they were; the message is written for the clerk, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def issue(*, township: Division, first: str, last: str, on: date, by: Person, at: datetime) -> ReceiptBook:
    """The county gives a township the receipts from one number to another. Raises CannotKeepReceipts."""
    begin, end = rules.read(first), rules.read(last)
    if begin is None:
        raise CannotKeepReceipts(_("This is no receipt number."), "first")
    if end is None or (end.series, end.digits) != (begin.series, begin.digits) or end.serial < begin.serial:
        raise CannotKeepReceipts(
            _("The last number is of the same series and as long, and not below the first."), "last"
        )
    if on > days.business_day(at):
        raise CannotKeepReceipts(_("This day has not come yet."), "on")
    if township.level != Division.Level.TOWNSHIP:
        raise CannotKeepReceipts(_("Receipts are issued to a township."), "township")
    try:
        with transaction.atomic():
            book = ReceiptBook.objects.create(
                township=township,
                series=begin.series,
                digits=begin.digits,
                first=begin.serial,
                last=end.serial,
                kept_last=end.serial,
                issued_on=on,
                issued_by=by,
                issued_at=at,
            )
    except IntegrityError as refusal:
        raise CannotKeepReceipts(_("Some of these numbers are issued already."), "first") from refusal
    trail.record("receipt-book.issued", book, by=by, at=at, right=ISSUE, township=township, first=begin, last=end)
    return book


@keeping.in_sight("receipt-book.received", "book", CannotKeepReceipts)
def receive(*, book: ReceiptBook, by: Person, at: datetime) -> None:
    """The township has counted the receipts that it was issued: from now on they can be used."""
    current = _locked(book, by=by, right=RECEIVE)
    if current.state != ReceiptBook.State.ISSUED:
        raise CannotKeepReceipts(_("These receipts were received already."))
    if current.issued_by_id == by.pk:
        raise CannotKeepReceipts(_("Somebody else receives what you issued."))
    current.state = ReceiptBook.State.IN_USE
    current.received_by, current.received_at = by, at
    current.save(update_fields=["state", "received_by", "received_at"])
    trail.record("receipt-book.received", current, by=by, at=at, right=RECEIVE)
    work.finish(subject=current, by=by, at=at)


@keeping.in_sight("receipt-book.closed", "book", CannotKeepReceipts)
def close(*, book: ReceiptBook, counted: int, by: Person, at: datetime) -> int:
    """The book is counted back, so many unused receipts came in: they can be issued again. Gives how many.

    Raises CannotKeepReceipts where another number of them is left by the book, or while a number below the highest
    used one is not accounted for.
    """
    current = _locked(book, by=by, right=ISSUE)
    if current.state == ReceiptBook.State.CLOSED:
        raise CannotKeepReceipts(_("This book is closed already."))
    if missing := selectors.missing_of(current):
        raise CannotKeepReceipts(
            _("Not accounted for: %(numbers)s. Note each as used or as spoiled.")
            % {"numbers": selectors.words_of(current, missing)}
        )
    following = selectors.next_of(current)
    left = 0 if following is None else current.last - following + 1
    if counted != left:
        raise CannotKeepReceipts(
            _("By the book %(left)d are left, counted were %(counted)d.") % {"left": left, "counted": counted},
            "counted",
        )
    current.state = ReceiptBook.State.CLOSED
    current.kept_last = current.last - left
    current.closed_by, current.closed_at = by, at
    current.save(update_fields=["state", "kept_last", "closed_by", "closed_at"])
    trail.record("receipt-book.closed", current, by=by, at=at, right=ISSUE, left=left)
    return left


@transaction.atomic
def write(
    *,
    book: ReceiptBook,
    entry: SheetEntry,
    amount: Decimal,
    people: int,
    dated: date,
    number: str = "",
    replaces: Receipt | None = None,
    by: Person,
    at: datetime,
) -> Receipt:
    """A receipt for what a household paid itself, in yuan: the book's next number, or the one that is on the paper.

    Inside the transaction and under the locks of what it is written for. Raises CannotKeepReceipts where that number
    is not the next one (or a missing one), the book is used up, or not in use.
    """
    current = _locked(book, by=by, right=WRITE)
    serial = _serial(current, number)
    written = Receipt.objects.create(
        book=current,
        serial=serial,
        number=current.number_of(serial),
        entry=entry,
        amount=amount,
        people=people,
        dated=dated,
        replaces=replaces,
        written_by=by,
        written_at=at,
    )
    trail.record(
        "receipt.written", written, by=by, at=at, right=WRITE, number=written.number, amount=amount, replaces=replaces
    )
    return written


@keeping.in_sight("receipt.spoiled", "book", CannotKeepReceipts)
def spoil(*, book: ReceiptBook, number: str = "", reason: str, by: Person, at: datetime) -> Receipt:
    """A receipt was spoiled, torn or lost before it was used: its number is accounted for as void."""
    current = _locked(book, by=by, right=WRITE)
    _need(reason)
    serial = _serial(current, number)
    spoiled = Receipt.objects.create(
        book=current,
        serial=serial,
        number=current.number_of(serial),
        amount=Decimal(0),
        people=0,
        dated=days.business_day(at),
        state=Receipt.State.VOID,
        void_reason=reason,
        written_by=by,
        written_at=at,
    )
    trail.record("receipt.spoiled", spoiled, by=by, at=at, right=WRITE, reason=reason, number=spoiled.number)
    return spoiled


@keeping.in_sight("receipt.written", "receipt", CannotKeepReceipts)
def reissue(*, receipt: Receipt, book: ReceiptBook, number: str = "", reason: str, by: Person, at: datetime) -> Receipt:
    """A receipt becomes void and the same is written on another one: misprinted, damaged, lost by the household."""
    old = void(receipt=receipt, reason=reason, by=by, at=at)
    return write(
        book=book,
        entry=cast("SheetEntry", old.entry),  # one that was used has an entry
        amount=old.amount,
        people=old.people,
        dated=old.dated,
        number=number,
        replaces=old,
        by=by,
        at=at,
    )


@keeping.in_sight("receipt.printed", "receipt", CannotKeepReceipts)
def note_printed(*, receipt: Receipt, printer: str = "", by: Person, at: datetime) -> Receipt:
    """A receipt goes to the printer, inside the transaction that makes its page: each print is counted.

    Raises CannotKeepReceipts where it is void.
    """
    current = _receipt(receipt, by=by)
    if current.state == Receipt.State.VOID:
        raise CannotKeepReceipts(_("A void receipt is not printed."))
    current.printed += 1
    current.save(update_fields=["printed"])
    trail.record(
        "receipt.printed",
        current,
        by=by,
        at=at,
        right=WRITE,
        number=current.number,
        printed=current.printed,
        printer=printer,
    )
    return current


@transaction.atomic
def note_each_printed(*, receipts: Iterable[Receipt], printer: str = "", by: Person, at: datetime) -> dict[int, int]:
    """Receipts go to the printer together, all or none: how often each has been printed by now, by its number here.

    Raises CannotKeepReceipts where one of them is void.
    """
    return {one.pk: note_printed(receipt=one, printer=printer, by=by, at=at).printed for one in receipts}


def void(*, receipt: Receipt, reason: str, by: Person, at: datetime) -> Receipt:
    """A used receipt becomes void, inside the transaction that writes another one or takes the payment back."""
    _need(reason)
    current = _receipt(receipt, by=by)
    if current.state == Receipt.State.VOID:
        raise CannotKeepReceipts(_("This receipt is void already."))
    current.state, current.void_reason = Receipt.State.VOID, reason
    current.save(update_fields=["state", "void_reason"])
    trail.record("receipt.voided", current, by=by, at=at, right=WRITE, reason=reason, number=current.number)
    return current


def _serial(book: ReceiptBook, number: str) -> int:
    """Which number is used now: the next one, or the one that was named if that leaves no gap."""
    if book.state != ReceiptBook.State.IN_USE:
        raise CannotKeepReceipts(_("This book is not in use: the township receives it first."), "book")
    following = selectors.next_of(book)
    if not number.strip():
        if following is None:
            raise CannotKeepReceipts(_("This book is used up."), "book")
        return following
    named = rules.read(number)
    if named is None or (named.series, named.digits) != (book.series, book.digits):
        raise CannotKeepReceipts(_("%(number)s is not in this book.") % {"number": number}, "receipt")
    if named.serial == following or any(run.first == named.serial for run in selectors.missing_of(book)):
        return named.serial
    if book.receipts.filter(serial=named.serial).exists():
        raise CannotKeepReceipts(_("Receipt %(number)s is used already.") % {"number": number}, "receipt")
    if following is None:
        raise CannotKeepReceipts(_("This book is used up."), "book")
    raise CannotKeepReceipts(
        _("The next number of this book is %(next)s. Note what became of the receipts before %(number)s first.")
        % {"next": book.number_of(following), "number": number},
        "receipt",
    )


def _locked(book: ReceiptBook, *, by: Person, right: str) -> ReceiptBook:
    """The book as it is now, under its lock, if the person sees its township."""
    found = ReceiptBook.objects.select_for_update(of=["self"]).select_related("township")
    current = found.visible_to(by, right).filter(pk=book.pk).first()
    if current is None:
        raise keeping.OutOfSight(_("This township is not among those that your office serves."))
    return current


def _receipt(receipt: Receipt, *, by: Person) -> Receipt:
    """The receipt as it is now, under its lock, if the person sees its township."""
    found = Receipt.objects.select_for_update(of=["self"]).select_related("entry", "book__township")
    current = found.visible_to(by, WRITE).filter(pk=receipt.pk).first()
    if current is None:
        raise keeping.OutOfSight(_("This township is not among those that your office serves."))
    return current


def _need(reason: str) -> None:
    if not reason.strip():
        raise CannotKeepReceipts(_("Say why."), "reason")
