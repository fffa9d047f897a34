"""The end of a year (年终结转): one voucher brings income and spending to the funds they belong to, made by one and
checked by another; whatever is entered in December afterwards needs another one."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from funds.models import Book, Period, PostingKind, Voucher
from funds.selectors import vouchers as selectors
from funds.services import vouchers
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from office import trail
from office.models import Person


def close_year(*, book: Book, year: int, by: Person, at: datetime) -> Voucher:
    """Make the voucher that closes a year as the books stand; somebody else checks it. Raises CannotKeepVoucher."""
    if sentence := not_ready(book, year):
        trail.refused("voucher.noted", book, by=by, at=at, reason=sentence)
        raise CannotKeepVoucher(sentence)
    stated = VoucherOf(
        kind=PostingKind.YEAR_CLOSED,
        on=date(year, 12, 31),
        summary=_("Income and spending of %(year)s to the funds") % {"year": year},
        lines=selectors.closing_lines(book, year),
    )
    made: Voucher = vouchers.note(book=book, stated=stated, by=by, at=at)
    return made


def not_ready(book: Book, year: int) -> str:
    """Why a year cannot be closed now; nothing where it can. The last month before December is closed, because whatever
    comes into it would have to be closed too."""
    if year < book.begins_on.year:
        return _("These books are kept since %(day)s.") % {"day": book.begins_on}
    before = date(year, 11, 1)
    open_before = Period.objects.filter(book=book, month__lte=before).exclude(state=Period.State.CLOSED)
    if (first := open_before.order_by("month").first()) is not None:
        return _("Before the year its months are closed until November: first %(month)s.") % {
            "month": f"{first.month:%Y-%m}"
        }
    if Voucher.objects.filter(
        book=book, kind=PostingKind.YEAR_CLOSED, on__year=year, state__in=selectors.WAITING
    ).exists():
        return _("A voucher that closes this year waits already.")
    if not selectors.closing_lines(book, year):
        return _("Nothing stands on the accounts of income and spending of this year.")
    return ""
