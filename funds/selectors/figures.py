"""The money of a year from balances: what income and spending moved by month, what the funds and the accounts hold.

What closes a year (year_closed) is no income and no spending: it is taken off again, so that a year reads the same
before and after it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Case, F, Sum, When
from django.db.models.functions import TruncMonth

from funds.models import Account, Balance, Book, Entry, PostingKind
from funds.rules.indicators import NOT_OF_THE_POOL
from funds.selectors import balances, kinds
from funds.selectors.balances import Standing

NOTHING: Final = Decimal(0)
Kind = Account.Kind
OF_A_YEAR: Final = (Kind.INCOME, Kind.SPENDING)
#: What people contribute themselves, whichever fund it goes to.
OWN: Final = "own_income"
INCOME_ACCOUNT: Final = "income_account"


@dataclass(frozen=True)
class Moved:
    """What a month moved on an account of income or spending, on the account's own side, in yuan."""

    account: Account
    month: date
    amount: Decimal

    @property
    def is_of_the_pool(self) -> bool:
        """Whether it belongs to the pool, and not to the people's own accounts."""
        fund = self.account.closes_to
        return fund is not None and fund.purpose not in NOT_OF_THE_POOL

    @property
    def is_income(self) -> bool:
        return self.account.kind == Kind.INCOME


@dataclass(frozen=True)
class Held:
    """What stands at the end of a month: of the pool (risk fund and what is not yet closed included), of the people's
    own accounts, what lies in cash and banks less what is owed, and of that what lies in the income account; in yuan.
    """

    pool: Decimal
    own_funds: Decimal
    in_hand: Decimal
    income_account: Decimal = NOTHING


def by_month(book: Book, first: date, last: date) -> list[Moved]:
    """What every account of income and spending moved from one month to another: two statements."""
    accounts = {
        one.pk: one
        for one in Account.objects.filter(book=book, kind__in=OF_A_YEAR, is_entered_on=True).select_related(
            "closes_to", "parent"
        )
    }
    found = Balance.objects.filter(account__in=accounts, month__range=(first, last)).order_by("account__code", "month")
    closed = _closed(book, first, last)
    moved = []
    for one in found:
        account = accounts[one.account_id]
        amount = _own_side(account, one.debit, one.credit) - closed.get((account.pk, one.month), NOTHING)
        if amount:
            moved.append(Moved(account, one.month, amount))
    return moved


def _own_side(account: Account, debit: Decimal, credit: Decimal) -> Decimal:
    return debit - credit if account.kind in balances.LEFT else credit - debit


def _closed(book: Book, first: date, last: date) -> dict[tuple[int, date], Decimal]:
    """By account and month, what the closing of a year moved, on the account's own side."""
    signed = Case(When(side=Entry.Side.DEBIT, then=F("amount")), default=-F("amount"))
    found = (
        kinds.lines_of(book, PostingKind.YEAR_CLOSED)
        .filter(posting__period__month__range=(first, last))
        .annotate(month=TruncMonth("posting__on"))
        .values_list("account", "account__kind", "month")
        .annotate(moved=Sum(signed))
        .order_by()
    )
    return {(account, month): moved if kind in balances.LEFT else -moved for account, kind, month, moved in found}


def held(book: Book, last: date) -> Held:
    """What stands at the end of a month."""
    rows = balances.standings(book, book.begins_on, last)
    pool = [one for one in rows if _fund(one) not in NOT_OF_THE_POOL]
    own = [one for one in rows if _fund(one) in NOT_OF_THE_POOL]
    places = sum((one.closing for one in rows if one.account.place), NOTHING)
    owed = sum((one.closing for one in rows if one.account.kind == Kind.LIABILITY), NOTHING)
    income = sum((one.closing for one in rows if one.account.purpose == INCOME_ACCOUNT), NOTHING)
    return Held(_owned(pool), _owned(own), places - owed, income)


def _fund(one: Standing) -> str:
    """The purpose of the fund that an account is of, or will be closed to."""
    account = one.account
    if account.kind == Kind.FUND:
        return account.purpose
    return account.closes_to.purpose if account.closes_to else ""


def _owned(rows: Iterable[Standing]) -> Decimal:
    """Fund accounts with income less spending that no year has closed to them yet."""
    signs = {Kind.FUND: 1, Kind.INCOME: 1, Kind.SPENDING: -1}
    return sum((one.closing * signs[Kind(one.account.kind)] for one in rows if one.account.kind in signs), NOTHING)


def total(moved: Iterable[Moved], *, income: bool, pool: bool = True, own: bool = False) -> Decimal:
    """Income or spending: of the pool or of everything; what people contributed themselves alone."""
    return sum(
        (
            one.amount
            for one in moved
            if one.is_income == income and (one.is_of_the_pool or not pool) and (not own or is_own(one.account))
        ),
        NOTHING,
    )


def is_own(account: Account) -> bool:
    """Whether an account of income holds what people, or their employers for them, contribute."""
    return account.purpose.startswith(OWN)


def spent_by_month(moved: Sequence[Moved]) -> dict[date, Decimal]:
    """What the pool spent, month by month."""
    found: dict[date, Decimal] = {}
    for one in moved:
        if not one.is_income and one.is_of_the_pool:
            found[one.month] = found.get(one.month, NOTHING) + one.amount
    return found
