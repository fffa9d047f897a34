"""What cash and bank accounts moved on a day (出纳日报), and what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from funds.models import Account, Book, CashCount, Entry
from funds.selectors.bank_statements import SIGNED

NOTHING = Decimal(0)


@dataclass(frozen=True)
class DayOf:
    """An account where money lies, on a day: what stood before, came in, went out, stands after it."""

    account: Account
    before: Decimal
    came_in: Decimal
    went_out: Decimal
    vouchers: int

    @property
    def after(self) -> Decimal:
        return self.before + self.came_in - self.went_out


@dataclass(frozen=True)
class DailySheet:
    """The daily cash sheet of a set of books."""

    book: Book
    on: date
    rows: Sequence[DayOf]
    count: CashCount | None

    @property
    def totals(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """What stood before, came in, went out and stands after over all."""
        return (
            sum((one.before for one in self.rows), NOTHING),
            sum((one.came_in for one in self.rows), NOTHING),
            sum((one.went_out for one in self.rows), NOTHING),
            sum((one.after for one in self.rows), NOTHING),
        )


def daily_sheet(book: Book, on: date) -> DailySheet:
    """The sheet of a day. A red entry lessens what it takes back, as in the accounts."""
    accounts = list(Account.objects.filter(book=book, is_entered_on=True).exclude(place="").order_by("code"))
    moved = {one["account"]: one for one in _moved(accounts, on)}
    rows = [_day_of(one, moved.get(one.pk, {})) for one in accounts]
    count = CashCount.objects.filter(account__book=book, on=on).exclude(state=CashCount.State.VOID)
    return DailySheet(book, on, rows, count.select_related("counted_by", "confirmed_by").first())


def _moved(accounts: Sequence[Account], on: date) -> Any:
    today, before = Q(posting__on=on), Q(posting__on__lt=on)
    came_in = Q(side=Entry.Side.DEBIT, is_red=False) | Q(side=Entry.Side.CREDIT, is_red=True)
    found = Entry.objects.filter(account__in=accounts, posting__on__lte=on).annotate(signed=SIGNED).order_by()
    return found.values("account").annotate(
        before=Sum("signed", filter=before, default=NOTHING),
        came_in=Sum("signed", filter=today & came_in, default=NOTHING),
        went_out=Sum("signed", filter=today & ~came_in, default=NOTHING),
        vouchers=Count("posting", filter=today, distinct=True),
    )


def _day_of(account: Account, moved: dict[str, Any]) -> DayOf:
    return DayOf(
        account,
        moved.get("before", NOTHING),
        moved.get("came_in", NOTHING),
        -moved.get("went_out", NOTHING),
        moved.get("vouchers", 0),
    )
