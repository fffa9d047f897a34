"""What stands on the accounts: trial balance of a month, sums by purpose, the identity that every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q, Sum

from funds.models import Account, Balance, Book

NOTHING: Final = Decimal(0)
#: Kinds whose balance stands on the left.
LEFT: Final = frozenset({Account.Kind.ASSET, Account.Kind.SPENDING})


@dataclass(frozen=True)
class Standing:
    """An account in a span of months, in yuan: what stood before, what was entered, what stands after. Balances are
    positive on the side where the account's kind has them."""

    account: Account
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        moved = self.debit - self.credit
        return self.opening + (moved if self.account.kind in LEFT else -moved)


@dataclass(frozen=True)
class Identity:
    """The two sides of the books on a day (平衡关系), in yuan: where the money is, and whose it is.

    `places` + `prepaid` + `risk_deposit` − `borrowed` − `received` = `funds` + `income` − `spending` (ledger.md).
    """

    places: Decimal
    prepaid: Decimal
    risk_deposit: Decimal
    borrowed: Decimal
    received: Decimal
    funds: Decimal
    income: Decimal
    spending: Decimal

    @property
    def held(self) -> Decimal:
        return self.places + self.prepaid + self.risk_deposit - self.borrowed - self.received

    @property
    def owned(self) -> Decimal:
        return self.funds + self.income - self.spending

    @property
    def holds(self) -> bool:
        return self.held == self.owned


def standings(book: Book, first: date, last: date, *known: str) -> list[Standing]:
    """Every account on which money is entered, over the months from `first` to `last`: one statement. `known` is
    fetched with each account."""
    before, within = Q(balances__month__lt=first), Q(balances__month__range=(first, last))
    found = Account.objects.filter(book=book, is_entered_on=True).annotate(
        debit_before=Sum("balances__debit", filter=before, default=NOTHING),
        credit_before=Sum("balances__credit", filter=before, default=NOTHING),
        debit=Sum("balances__debit", filter=within, default=NOTHING),
        credit=Sum("balances__credit", filter=within, default=NOTHING),
    )
    return [
        Standing(one, _on_its_side(one, one.debit_before, one.credit_before), one.debit, one.credit)
        for one in found.select_related("parent", "closes_to", *known).order_by("code")
    ]


def _on_its_side(account: Account, debit: Decimal, credit: Decimal) -> Decimal:
    return debit - credit if account.kind in LEFT else credit - debit


def stands(book: Book, purpose: str, month: date | None = None) -> Decimal:
    """What stands on an account at the end of a month, or by all that is entered."""
    account = Account.objects.get(book=book, purpose=purpose)
    found = Balance.objects.filter(account=account)
    if month is not None:
        found = found.filter(month__lte=month)
    sums = found.aggregate(debit=Sum("debit", default=NOTHING), credit=Sum("credit", default=NOTHING))
    return _on_its_side(account, sums["debit"], sums["credit"])


def identity(book: Book, month: date) -> Identity:
    """Both sides of the books at the end of a month."""
    rows = standings(book, book.begins_on, month)

    def over(kind: str, *purposes: str) -> Decimal:
        return sum((one.closing for one in rows if one.account.kind == kind and _is_of(one, purposes)), NOTHING)

    places = sum((one.closing for one in rows if one.account.place), NOTHING)
    borrowed = over(Account.Kind.LIABILITY, "borrowed")
    return Identity(
        places=places,
        prepaid=over(Account.Kind.ASSET, "prepaid"),
        risk_deposit=over(Account.Kind.ASSET, "risk_deposit"),
        borrowed=borrowed,
        received=over(Account.Kind.LIABILITY) - borrowed,
        funds=over(Account.Kind.FUND),
        income=over(Account.Kind.INCOME),
        spending=over(Account.Kind.SPENDING),
    )


def _is_of(one: Standing, purposes: tuple[str, ...]) -> bool:
    return not purposes or one.account.purpose in purposes


def of_year_accounts(book: Book, year: int) -> list[Standing]:
    """Accounts of income and spending as they stand at the end of a year, those with something on them."""
    first, last = date(year, 1, 1), date(year, 12, 1)
    kinds = {Account.Kind.INCOME, Account.Kind.SPENDING}
    found = standings(book, first, last, "closes_to")
    return [one for one in found if one.account.kind in kinds and one.closing]
