"""What a year of the pool fund left (统筹基金结余), from balances; and what the risk fund is measured by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Case, F, Q, Sum, When

from funds.models import Account, Balance, Book, Entry, PostingKind, RiskMove
from funds.models.asked import Asked
from funds.rules.reserves import Reserve
from funds.rules.second import Surplus
from funds.selectors import kinds

NOTHING: Final = Decimal(0)
POOL: Final = ("general_pool", "risk_fund")


def of_year(book: Book, year: int) -> Surplus:
    """The pool fund's year: income and spending as entered, without closing entries; what is gathered by its end."""
    last = date(year, 12, 1)
    return Surplus(
        income=_entered(book, year, Account.Kind.INCOME),
        spending=-_entered(book, year, Account.Kind.SPENDING),
        cumulative=_gathered(book, last),
    )


def reserve(book: Book, year: int, raised: Decimal) -> Reserve:
    """What a move of the risk fund is measured by."""
    extracted = RiskMove.objects.filter(
        book=book, year=year, kind=RiskMove.Kind.EXTRACTED, state__in=Asked.DECIDED
    ).aggregate(sum=Sum("amount", default=NOTHING))["sum"]
    held = _stands(Q(account__purpose="risk_fund"), book)
    return Reserve(
        raised=raised,
        held=held,
        deposited=-_stands(Q(account__purpose="risk_deposit"), book),
        extracted=extracted,
        deficit=max(held - _gathered(book, None), NOTHING),
    )


def _entered(book: Book, year: int, kind: str) -> Decimal:
    """Credit less debit of a year on the accounts of a kind that are closed to the pool, without what closes them."""
    whose = Q(account__kind=kind, account__closes_to__purpose__in=POOL)
    moved: Decimal = Balance.objects.filter(whose, account__book=book, month__year=year).aggregate(
        sum=Sum(F("credit") - F("debit"), default=NOTHING)
    )["sum"]
    signed = Case(When(side=Entry.Side.CREDIT, then=F("amount")), default=-F("amount"))
    closing = kinds.lines_of(book, PostingKind.YEAR_CLOSED).filter(whose, posting__on__year=year)
    closed: Decimal = closing.aggregate(sum=Sum(signed, default=NOTHING))["sum"]
    return moved - closed


def _gathered(book: Book, until: date | None) -> Decimal:
    """What stands on the pool fund, risk fund included, with income and spending that are not closed to it yet."""
    whose = Q(account__purpose__in=POOL) | Q(account__closes_to__purpose__in=POOL)
    return _stands(whose, book, until)


def _stands(whose: Q, book: Book, until: date | None = None) -> Decimal:
    """Credit less debit on some accounts."""
    found = Balance.objects.filter(whose, account__book=book)
    if until is not None:
        found = found.filter(month__lte=until)
    told: Decimal = found.aggregate(sum=Sum(F("credit") - F("debit"), default=NOTHING))["sum"]
    return told
