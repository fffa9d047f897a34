"""What is known of vouchers made by hand: the next number, what waits, whether one may still be entered."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from funds.models import Account, Book, CashCount, Posting, PostingKind, Voucher
from funds.rules import postings as posting_rules
from funds.rules import vouchers as rules
from funds.rules.postings import Line
from funds.selectors import balances

State = Voucher.State
WAITING = (State.NOTED, State.RETURNED)
#: How the events begin that vouchers made by hand are of; only these are taken back by a voucher.
OURS = ("voucher:", "opening:", "year:")


def last_number(book: Book) -> int:
    """The number of the newest voucher."""
    found: int | None = Voucher.objects.filter(book=book).aggregate(last=Max("number"))["last"]
    return found or 0


def waiting() -> QuerySet[Voucher]:
    """Vouchers that are not entered and not given up, the oldest first."""
    return Voucher.objects.filter(state__in=WAITING).select_related("book", "made_by").order_by("made_at", "pk")


def standing(book: Book, kind: str) -> QuerySet[Voucher]:
    """Vouchers of a kind that wait or stand in the books."""
    found = Voucher.objects.filter(book=book, kind=kind)
    return found.filter(state__in=[*WAITING, State.ENTERED]).exclude(posting__reversed_by__isnull=False)


def opening_of(book: Book) -> Voucher | None:
    """The opening balances of books, to be checked or entered."""
    return standing(book, PostingKind.OPENING).first()


def key_of(voucher: Voucher) -> str:
    """The event that a voucher is of: the opening of the books and the closing of a year are found by their names."""
    code = voucher.book.code
    if voucher.kind == PostingKind.OPENING:
        return f"opening:{code}:{voucher.number}"
    if voucher.kind == PostingKind.YEAR_CLOSED:
        return f"year:{code}:{voucher.on.year}:{voucher.number}"
    return f"voucher:{code}:{voucher.number}"


def not_taken_back(posting: Posting) -> str:
    """Why a posting is not taken back by a voucher; nothing where it may be."""
    if posting.reverses_id is not None:
        return _("A reversal is not taken back: enter anew what is right.")
    if not posting.key.startswith(OURS):
        return _("This came from a page of its own, not from a voucher made by hand: it is taken back there.")
    if Posting.objects.filter(reverses=posting).exists():
        return _("This was taken back already.")
    if Voucher.objects.filter(reverses=posting, state__in=WAITING).exists():
        return _("A voucher that takes this back waits already.")
    return ""


def lines_of(posting: Posting) -> list[Line]:
    """The lines of a posting as they were asked for."""
    entries = posting.entries.select_related("account").order_by("line")
    return [Line(one.account.purpose, one.side, one.amount, one.words) for one in entries]


def closing_lines(book: Book, year: int) -> list[Line]:
    """What closes a year as the books stand: every account of income and spending brought to nothing."""
    return posting_rules.closing_lines(
        {
            one.account.purpose: (one.account.closes_to.purpose, _on_the_right(one.account, one.closing))
            for one in balances.of_year_accounts(book, year)
            if one.account.closes_to is not None
        }
    )


def _on_the_right(account: Account, stands: Decimal) -> Decimal:
    return stands if account.kind == Account.Kind.INCOME else -stands


def of_count(count: CashCount) -> Voucher | None:
    """The voucher that enters, or is to enter, the difference of a count of cash."""
    found = Voucher.objects.filter(count=count).exclude(state=Voucher.State.WITHDRAWN)
    return found.select_related("posting").first()


def not_still_right(voucher: Voucher) -> str | None:
    """Why a voucher that closes a year is not right any more: something was entered since it was made."""
    if voucher.kind != PostingKind.YEAR_CLOSED:
        return None
    if rules.kept(closing_lines(voucher.book, voucher.on.year)) == voucher.lines:
        return None
    return _("Something was entered in the year since: send it back, so that it is made anew.")
