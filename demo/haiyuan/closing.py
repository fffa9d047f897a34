"""The end of each month of 2009: banks' statements taken in and matched, sheets agreed, the month closed; in December
the year. Each step is left out that was taken: begun again it goes on where it stopped.

The bank of the demo county says what the books say, on the same days: nobody made up what a bank gets wrong.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.haiyuan.desk import Day
from demo.haiyuan.figures import YEAR
from demo.haiyuan.year import DECEMBER
from funds.models import BankAccount, Book, Period, PostingKind, Reconciliation, Voucher
from funds.selectors import bank_statements as selectors
from funds.selectors import vouchers as known
from funds.services import bank_statements, months, reconciliations, told_by_banks, vouchers, years
from funds.services.vouchers import VoucherOf
from office import history
from office.rules.days import next_month

NONE: Final = Decimal(0)
CLOSED_ON: Final = 5  # day of the month after, before anything else of that month is paid
HEAD: Final = ("日期", "收入", "支出", "流水号", "业务编号", "摘要")


class MonthEnd:
    """The end of a month of books."""

    def __init__(self, book: Book, month: int) -> None:
        self.book, self.first = book, date(YEAR, month, 1)
        self.last = next_month(self.first) - timedelta(days=1)
        self.on = next_month(self.first).replace(day=CLOSED_ON)

    def close(self, day: Day) -> None:
        """All of it, from wherever it stands."""
        known_month = Period.objects.filter(book=self.book, month=self.first).first()
        if known_month is not None and known_month.state == Period.State.CLOSED:
            return
        accounts = BankAccount.objects.filter(account__book=self.book, state=BankAccount.State.CONFIRMED)
        for one in accounts.select_related("account__book").order_by("account__code"):
            self._reconcile(one, day)
        if self.first.month == DECEMBER:
            self._year(day)
        by = day.people["accountant"]
        if known_month is None or known_month.state == Period.State.OPEN:
            with history.acting(by=by):
                known_month = months.ask_to_close(book=self.book, month=self.first, by=by, at=day.at)
        day.agree(known_month, "accounting")

    def _reconcile(self, bank: BankAccount, day: Day) -> None:
        """The month's statement, what of it is certain, the sheet of the last day and the word of a second; nothing
        where no money ever lay."""
        account, by = bank.account, day.people["accountant"]
        if not selectors.entries(account, self.last).exists():
            return
        with history.acting(by=by):
            if not selectors.reaches(account, self.last):
                bank_statements.take_in(upload=self._statement(bank), by=by, at=day.at)
            told_by_banks.compare(account=account, by=by, at=day.at)
        sheets = Reconciliation.objects.filter(account=account, on=self.last, state__in=reconciliations.STANDING)
        sheet = sheets.first()
        if sheet is None:
            with history.acting(by=by):
                sheet = reconciliations.propose(account=account, on=self.last, by=by, at=day.at)
        if sheet.state == Reconciliation.State.PROPOSED:
            day.agree(sheet, "accounting")

    def _statement(self, bank: BankAccount) -> SimpleUploadedFile:
        """The bank's table of the month; the first says what lay there before."""
        account = bank.account
        before = self.first - timedelta(days=1)
        found = selectors.entries(account, self.last).filter(posting__on__gte=self.first).select_related("posting")
        entries = list(found.exclude(posting__kind=PostingKind.OPENING).order_by("posting__on", "pk"))
        brought = found.filter(posting__kind=PostingKind.OPENING)
        opening = selectors.balance_of_statements(account, before) + _sum(list(brought))
        table = io.StringIO()
        written = csv.writer(table)
        written.writerows([("账号", bank.number), ("起止日期", self.first, self.last), ("期初余额", opening)])
        written.writerows([("期末余额", opening + _sum(entries)), HEAD])
        written.writerows(_line(one) for one in entries)
        name = f"{self.first:%Y-%m} {account.code} 对账单（演示）.csv"
        return SimpleUploadedFile(name, table.getvalue().encode())

    def _year(self, day: Day) -> None:
        """Income and spending of the year to the funds."""
        closing = Voucher.objects.filter(book=self.book, kind=PostingKind.YEAR_CLOSED)
        if not closing.exists() and known.closing_lines(self.book, YEAR):
            by = day.people["accountant"]
            with history.acting(by=by):
                years.close_year(book=self.book, year=YEAR, by=by, at=day.at)
        checked(closing.filter(state=Voucher.State.NOTED).first(), day)


def opened(book: Book, stated: VoucherOf, day: Day) -> None:
    """The balances that books begin with: by the accountant, checked by the head of accounting."""
    if known.opening_of(book) is None:
        by = day.people["accountant"]
        with history.acting(by=by):
            vouchers.note(book=book, stated=stated, by=by, at=day.at)
    made = known.opening_of(book)
    checked(made if made and made.state == Voucher.State.NOTED else None, day)


def checked(voucher: Voucher | None, day: Day) -> None:
    """A voucher that waits is entered by somebody else than who made it."""
    by = day.people["accounting"]
    if voucher is not None:
        with history.acting(by=by):
            vouchers.enter(voucher=voucher, by=by, at=day.at)


def _sum(entries: Sequence[Any]) -> Decimal:
    return sum((one.signed for one in entries), NONE)


def _line(one: Any) -> tuple[object, ...]:
    came, went = max(one.signed, NONE), max(-one.signed, NONE)
    words = one.posting.summary[:60]
    return one.posting.on, came or "", went or "", f"YH{one.pk:010}", selectors.number_of(one.words), words
