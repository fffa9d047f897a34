"""Vouchers made by hand (手工凭证): somebody makes one, another checks it, then and not before it is entered.

What has a door of its own (slips, payments, settlements) is never a voucher made by hand; the opening of the books and
the closing of a year are, and so is what takes one of these back. Order of locks: the books, then the voucher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.services.locks import refusing
from funds.models import Account, Book, CashCount, Posting, PostingKind, Voucher
from funds.rules import postings as posting_rules
from funds.rules import vouchers as rules
from funds.rules.postings import Line
from funds.selectors import vouchers as selectors
from funds.services import postings
from funds.services.postings import CannotPost, PostingOf
from office import trail
from office.models import Person
from office.rules import days, money

MAKE: Final = "funds.add_voucher"
CHECK: Final = "funds.check_voucher"
VIEW: Final = "funds.view_voucher"
State = Voucher.State


class CannotKeepVoucher(Exception):
    """The voucher stays as it was; the message is for whoever asked, `field` is what of his form it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class VoucherOf:
    """What somebody wants entered: of which event, on which day, in which words, with how many papers."""

    kind: str
    on: date
    summary: str
    lines: Sequence[Line]
    attachments: int = 0
    count: CashCount | None = None  # of whose difference it is


@refusing("voucher.noted", CannotKeepVoucher, about="book")
def note(*, book: Book, stated: VoucherOf, by: Person, at: datetime) -> Voucher:
    """Make a voucher of an event that has no door of its own, of the opening of the books, or of the closing of a year
    (funds/services/years.py). Raises CannotKeepVoucher."""
    _lock(book)
    _refuse(book, stated, at)
    if stated.kind == PostingKind.OPENING:
        _refuse_opening(book, stated)
    if stated.count is not None:
        _refuse_count(book, stated, stated.count)
    return _noted(book, stated, by, at)


@refusing("voucher.noted", CannotKeepVoucher, about="posting")
def note_reversal(*, posting: Posting, on: date, reason: str, by: Person, at: datetime) -> Voucher:
    """Make a voucher that takes one back that was made by hand (红字冲销). Raises CannotKeepVoucher."""
    if on < posting.on:
        raise CannotKeepVoucher(_("What was entered on %(day)s is not taken back before.") % {"day": posting.on}, "on")
    _lock(posting.book)
    if sentence := selectors.not_taken_back(posting):
        raise CannotKeepVoucher(sentence)
    stated = VoucherOf(PostingKind.REVERSAL, on, _said(reason), posting_rules.mirrored(selectors.lines_of(posting)))
    _refuse(posting.book, stated, at)
    return _noted(posting.book, stated, by, at, posting)


def _noted(book: Book, stated: VoucherOf, by: Person, at: datetime, reverses: Posting | None = None) -> Voucher:
    noted = Voucher.objects.create(
        book=book,
        number=selectors.last_number(book) + 1,
        kind=stated.kind,
        on=stated.on,
        summary=stated.summary.strip(),
        attachments=stated.attachments,
        lines=rules.kept(stated.lines),
        reverses=reverses,
        count=stated.count,
        made_by=by,
        made_at=at,
    )
    _record("voucher.noted", noted, by, at, MAKE)
    return noted


@refusing("voucher.noted", CannotKeepVoucher, about="voucher")
def mend(*, voucher: Voucher, stated: VoucherOf, by: Person, at: datetime) -> Voucher:
    """Change a voucher that was sent back, and give it to be checked once more. Raises CannotKeepVoucher."""
    current = _locked(voucher)
    _refuse_another(current, by)
    if current.state != State.RETURNED or current.reverses_id is not None:
        raise CannotKeepVoucher(_("This voucher is %(state)s.") % {"state": current.get_state_display()})
    if stated.kind != current.kind:
        raise CannotKeepVoucher(_("A voucher stays one of its event."), "kind")
    _refuse(current.book, stated, at)
    if current.count is not None:
        _refuse_difference(replace(stated, count=current.count), current.count)
    current.on, current.summary, current.attachments = stated.on, stated.summary.strip(), stated.attachments
    current.lines, current.made_at = rules.kept(stated.lines), at
    current.state, current.reason = State.NOTED, ""
    current.checked_by = current.checked_at = None
    current.save()
    _record("voucher.noted", current, by, at, MAKE)
    return current


@refusing("voucher.entered", CannotKeepVoucher, CannotPost, about="voucher")
def enter(*, voucher: Voucher, by: Person, at: datetime) -> Voucher:
    """Check a voucher that somebody else made: it is entered. Raises CannotKeepVoucher, CannotPost."""
    current = _locked(voucher)
    _refuse_not_to_check(current, by)
    if (sentence := selectors.not_still_right(current)) is not None:
        raise CannotKeepVoucher(sentence)
    if current.reverses is not None:
        posting = postings.reverse(
            posting=current.reverses, on=current.on, reason=current.summary, by=current.made_by, checked_by=by, at=at
        )
    else:
        stated = PostingOf(
            book=current.book,
            key=selectors.key_of(current),
            kind=current.kind,
            on=current.on,
            summary=current.summary,
            lines=rules.lines_of(current.lines),
            attachments=current.attachments,
        )
        posting = postings.post(stated=stated, by=current.made_by, checked_by=by, at=at)
    current.state, current.posting = State.ENTERED, posting
    current.checked_by, current.checked_at = by, at
    current.save(update_fields=["state", "posting", "checked_by", "checked_at"])
    _record("voucher.entered", current, by, at, CHECK, posting=posting.pk)
    return current


@refusing("voucher.sent-back", CannotKeepVoucher, about="voucher")
def send_back(*, voucher: Voucher, reason: str, by: Person, at: datetime) -> Voucher:
    """Send a voucher back to whoever made it, with the reason. Raises CannotKeepVoucher."""
    current = _locked(voucher)
    _refuse_not_to_check(current, by)
    current.state, current.reason = State.RETURNED, _said(reason)
    current.checked_by, current.checked_at = by, at
    current.save(update_fields=["state", "reason", "checked_by", "checked_at"])
    _record("voucher.sent-back", current, by, at, CHECK, reason=current.reason)
    return current


@refusing("voucher.withdrawn", CannotKeepVoucher, about="voucher")
def withdraw(*, voucher: Voucher, reason: str, by: Person, at: datetime) -> Voucher:
    """Take one's own voucher back before it is entered. Raises CannotKeepVoucher."""
    current = _locked(voucher)
    _refuse_another(current, by)
    if current.state not in {State.NOTED, State.RETURNED}:
        raise CannotKeepVoucher(_("This voucher is %(state)s.") % {"state": current.get_state_display()})
    current.state, current.reason = State.WITHDRAWN, _said(reason)
    current.save(update_fields=["state", "reason"])
    _record("voucher.withdrawn", current, by, at, MAKE, reason=current.reason)
    return current


def _lock(book: Book) -> None:
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)


def _locked(voucher: Voucher) -> Voucher:
    """A voucher as it is now, under the lock of its books and its own."""
    _lock(voucher.book)
    found = Voucher.objects.select_for_update(of=["self"])
    return found.select_related("book", "made_by", "reverses__book", "count__account").get(pk=voucher.pk)


def _refuse(book: Book, stated: VoucherOf, at: datetime) -> None:
    """What a voucher has to be before anybody looks at it."""
    if not stated.summary.strip():
        raise CannotKeepVoucher(_("A voucher says in words what happened."), "summary")
    if stated.on > days.business_day(at):
        raise CannotKeepVoucher(_("This day has not come yet."), "on")
    if stated.on < book.begins_on:
        raise CannotKeepVoucher(_("These books are kept since %(day)s.") % {"day": book.begins_on}, "on")
    _refuse_lines(book, stated.lines)
    own_way = {PostingKind.OPENING, PostingKind.YEAR_CLOSED, PostingKind.REVERSAL}
    if stated.kind not in own_way | set(rules.BY_HAND):
        raise CannotKeepVoucher(_("This event has a page of its own: it is entered there."), "kind")


def _refuse_lines(book: Book, lines: Sequence[Line]) -> None:
    if len(lines) < 2:  # noqa: PLR2004  one debited, one credited
        raise CannotKeepVoucher(_("A voucher has two lines at least."))
    if any(one.amount <= 0 or one.amount != round(one.amount, 2) for one in lines):
        raise CannotKeepVoucher(_("Every line is of a sum above nothing, in whole fen."))
    if apart := posting_rules.difference(lines):
        raise CannotKeepVoucher(_("Debit and credit are %(apart)s apart.") % {"apart": money.shown(apart)})
    known = set(Account.objects.filter(book=book, is_entered_on=True).values_list("purpose", flat=True))
    if unknown := sorted({one.account for one in lines} - known):
        raise CannotKeepVoucher(
            _("These books have no account for this: %(accounts)s") % {"accounts": ", ".join(unknown)}
        )


def _refuse_opening(book: Book, stated: VoucherOf) -> None:
    if selectors.opening_of(book) is not None:
        raise CannotKeepVoucher(_("The opening balances of these books are there already."))
    if stated.on != book.begins_on:
        raise CannotKeepVoucher(
            _("Opening balances are those of the first day, %(day)s.") % {"day": book.begins_on}, "on"
        )


def _refuse_count(book: Book, stated: VoucherOf, count: CashCount) -> None:
    """Which count of cash a voucher may be of: one that two confirmed, with a difference that no voucher is of yet."""
    current = CashCount.objects.select_related("account").get(pk=count.pk)
    if current.account.book_id != book.pk or current.state != CashCount.State.CONFIRMED or not current.difference:
        raise CannotKeepVoucher(_("This is no confirmed count of these books with a difference."), "kind")
    if (known := selectors.of_count(current)) is not None:
        raise CannotKeepVoucher(_("Voucher %(voucher)s is of this count already.") % {"voucher": known})
    _refuse_difference(stated, current)


def _refuse_difference(stated: VoucherOf, count: CashCount) -> None:
    """A voucher of a count enters its difference, to the fen, on the day of the count or later."""
    moved = rules.moved(stated.lines, count.account.purpose)
    if stated.kind != PostingKind.CASH_DIFFERENCE or moved != count.difference:
        raise CannotKeepVoucher(
            _("The count differs by %(difference)s; these lines move the cash by %(moved)s.")
            % {"difference": money.shown(count.difference), "moved": money.shown(moved)}
        )
    if stated.on < count.on:
        raise CannotKeepVoucher(_("The cash was counted on %(day)s.") % {"day": count.on}, "on")


def _refuse_not_to_check(current: Voucher, by: Person) -> None:
    if current.state != State.NOTED:
        raise CannotKeepVoucher(_("This voucher is %(state)s.") % {"state": current.get_state_display()})
    if current.made_by_id == by.pk:
        raise CannotKeepVoucher(_("Whoever makes a voucher does not check it."))


def _refuse_another(current: Voucher, by: Person) -> None:
    if current.made_by_id != by.pk:
        raise CannotKeepVoucher(_("Whoever made a voucher changes it, nobody else."))


def _said(reason: str) -> str:
    if not reason.strip():
        raise CannotKeepVoucher(_("Say why."), "reason")
    return reason.strip()[:200]


def _record(name: str, voucher: Voucher, by: Person, at: datetime, right: str, **facts: Any) -> None:
    total, _credits = rules.totals(rules.lines_of(voucher.lines))
    trail.record(name, voucher, by=by, at=at, right=right, kind=voucher.kind, on=voucher.on, amount=total, **facts)
