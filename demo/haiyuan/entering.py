"""What all books of the county are kept with: opened, bank accounts, slips noted by one and checked by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from demo.haiyuan.desk import Day
from demo.haiyuan.figures import YEAR
from enrollment.models import FundYear, Scheme
from funds.models import BankAccount, Book, Slip
from funds.services import bank_accounts, books, noting, slips
from funds.services.bank_accounts import BankAccountOf
from funds.services.noting import SlipOf
from office import history
from office.rules import money

ACCOUNTS_SINCE: Final = date(2008, 1, 1)
BANK: Final = "海原县农村信用社（演示）"
PAPER: Final = "海合管函〔2009〕1号（演示）"

Act = Callable[[Day], object]


@dataclass(frozen=True)
class Entering:
    """One fund's books."""

    book: Book

    @classmethod
    def of(cls, scheme: Scheme, begins_on: date, day: Day) -> Entering:
        """The books of a scheme, opened where they are not."""
        known = Book.objects.filter(scheme=scheme).first()
        if known is not None:
            return cls(known)
        by = day.people["accountant"]
        with history.acting(by=by):
            chart = books.shipped(scheme.code)
            return cls(books.open_book(scheme=scheme, chart=chart, begins_on=begins_on, by=by, at=day.at))

    def accounts(self, day: Day) -> None:
        """Which bank account each account of the books is."""
        by = day.people["accountant"]
        places = self.book.accounts.filter(place__in=["income", "special", "spending"], is_entered_on=True)
        for account in places.exclude(pk__in=BankAccount.objects.values("account")).order_by("code"):
            number = f"640522{self.book.pk:03d}{account.code}"
            stated = BankAccountOf(account, self.book.name, BANK, number, PAPER, since=ACCOUNTS_SINCE)
            with history.acting(by=by):
                asked = bank_accounts.propose(stated=stated, by=by, at=day.at)
            day.agree(asked, "accounting")

    def turn(self, year: FundYear, day: Day) -> None:
        """What was received ahead is income of the year; nothing where nothing was."""
        turned = Slip.objects.filter(book=self.book, kind=Slip.Kind.TURN)
        if not turned.exists():
            by = day.people["accountant"]
            with history.acting(by=by):
                noting.turn(book=self.book, fund_year=year, by=by, at=day.at)
        self.check(day, turned)

    def slip(self, kind: str, number: str, day: Day, amount: Decimal, **more: Any) -> SlipOf:
        """What a paper of the day says: on the special account, where nothing else is said."""
        return replace(SlipOf(self.book, kind, f"演示{YEAR}-{number}", day.on, "special_account", amount), **more)

    def note(self, day: Day, told: SlipOf) -> None:
        """A slip: noted by the accountant, checked by the head of accounting."""
        found = Slip.objects.filter(book=self.book, kind=told.kind, number=told.number)
        if not found.exists():
            with history.acting(by=day.people["accountant"]):
                noting.note(book=self.book, told=told, by=day.people["accountant"], at=day.at)
        self.check(day, found)

    def check(self, day: Day, found: Any) -> None:
        """Slips that wait are checked by somebody else."""
        by = day.people["accounting"]
        for slip in found.filter(state=Slip.State.NOTED):
            with history.acting(by=by):
                slips.check(slip=slip, by=by, at=day.at)


def scaled(amount: Decimal, scale: float) -> Decimal:
    """The report's figure times the scale, to the fen."""
    return money.yuan(amount * Decimal(str(scale)))


def parts(amount: Decimal, count: int) -> list[Decimal]:
    """So many parts that come to the whole, the last takes what is left over."""
    each = money.yuan(amount / count)
    return [*([each] * (count - 1)), amount - each * (count - 1)]
