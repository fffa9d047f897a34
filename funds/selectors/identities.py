"""The two sides of all books at once, for the line that every page of the funds shows: one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from funds.models import Account, Balance, Book
from funds.selectors.balances import LEFT, NOTHING, Identity


@dataclass(frozen=True)
class OfBook:
    """A set of books with its two sides."""

    book: Book
    identity: Identity


@dataclass(frozen=True)
class Term:
    """One term of a side: its sign, its name, what stands there."""

    sign: str
    name: str
    amount: Decimal


def held_terms(one: Identity) -> list[Term]:
    """Where the money is."""
    return [
        Term("+", _("cash and bank accounts"), one.places),
        Term("+", _("prepaid"), one.prepaid),
        Term("+", _("risk fund with the province"), one.risk_deposit),
        Term("−", _("borrowed"), one.borrowed),
        Term("−", _("received for others or ahead"), one.received),
    ]


def owned_terms(one: Identity) -> list[Term]:
    """Whose it is."""
    return [
        Term("+", _("funds"), one.funds),
        Term("+", _("income not closed yet"), one.income),
        Term("−", _("spending not closed yet"), one.spending),
    ]


def identities(book: Book | None = None, until: date | None = None) -> list[OfBook]:
    """Both sides of one set of books, or of all, at the end of a month or by all that is entered."""
    within = Q() if until is None else Q(balances__month__lte=until)
    found = Account.objects.filter(is_entered_on=True).order_by("book_id", "code").select_related("book")
    if book is not None:
        found = found.filter(book=book)
    stated = found.annotate(
        left=Sum("balances__debit", filter=within, default=NOTHING),
        right=Sum("balances__credit", filter=within, default=NOTHING),
    )
    of: dict[int, list[tuple[Account, Decimal]]] = {}
    books: dict[int, Book] = {}
    for one in stated:
        books[one.book_id] = one.book
        apart = one.left - one.right
        of.setdefault(one.book_id, []).append((one, apart if one.kind in LEFT else -apart))
    return [OfBook(books[number], of_rows(rows)) for number, rows in of.items()]


def of_rows(rows: Sequence[tuple[Account, Decimal]]) -> Identity:
    """The two sides out of what stands on each account."""

    def over(kind: str, *purposes: str) -> Decimal:
        return sum(
            (amount for one, amount in rows if one.kind == kind and (not purposes or one.purpose in purposes)), NOTHING
        )

    borrowed = over(Account.Kind.LIABILITY, "borrowed")
    places = sum((amount for one, amount in rows if one.place), NOTHING)
    risk_deposit = over(Account.Kind.ASSET, "risk_deposit")
    return Identity(
        places=places,
        prepaid=over(Account.Kind.ASSET) - places - risk_deposit,
        risk_deposit=risk_deposit,
        borrowed=borrowed,
        received=over(Account.Kind.LIABILITY) - borrowed,
        funds=over(Account.Kind.FUND),
        income=over(Account.Kind.INCOME),
        spending=over(Account.Kind.SPENDING),
    )


def last_month(book: Book) -> date:
    """The last month in which anything was entered, or the first of these books."""
    found = Balance.objects.filter(account__book=book).order_by("-month").values_list("month", flat=True).first()
    return found or book.begins_on
