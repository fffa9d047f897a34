"""What banks and books say of an account, and what of it is open: on one side and not yet on the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DateField, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from funds.models import Account, Balance, BankAccount, Entry, MatchedEntry, MatchedLine, Statement, StatementLine
from funds.rules.matching import Item
from funds.rules.reconciling import Open, Sheet

NOTHING = Value(Decimal(0), output_field=DecimalField(max_digits=16, decimal_places=2))
ONE_DAY = timedelta(days=1)
SIGNED = Case(When(side=Entry.Side.DEBIT, then=F("amount")), default=-F("amount"))


def kept(account: Account) -> QuerySet[Statement]:
    """The statements of an account that stand."""
    return Statement.objects.filter(bank_account__account=account, state=Statement.State.KEPT)


def newest(bank_account: BankAccount) -> Statement | None:
    """The one that ends last."""
    found = Statement.objects.filter(bank_account=bank_account, state=Statement.State.KEPT)
    return found.order_by("-period").first()


def lines(account: Account, until: date | None = None) -> QuerySet[StatementLine]:
    """Lines of standing statements of an account, up to a day."""
    found = StatementLine.objects.filter(
        statement__bank_account__account=account, statement__state=Statement.State.KEPT
    )
    return found if until is None else found.filter(on__lte=until)


def entries(account: Account, until: date | None = None) -> QuerySet[Any]:
    """Entries on an account with their sum as it moves it (`signed`), up to a day."""
    found = Entry.objects.filter(account=account).annotate(signed=SIGNED)
    return found if until is None else found.filter(posting__on__lte=until)


def open_lines(account: Account, until: date | None = None) -> QuerySet[StatementLine]:
    """Lines that are no entry yet; with a day, as it was known of what had happened by then."""
    live = MatchedLine.objects.filter(line=OuterRef("pk"), is_live=True)
    if until is not None:
        live = live.filter(match__last_on__lte=until)
    return lines(account, until).filter(~Exists(live)).order_by("on", "pk")


def open_entries(account: Account, until: date | None = None) -> QuerySet[Any]:
    """Entries that are no line of the bank yet; with a day, as it was known of what had happened by then."""
    live = MatchedEntry.objects.filter(entry=OuterRef("pk"), is_live=True)
    if until is not None:
        live = live.filter(match__last_on__lte=until)
    found = entries(account, until).filter(~Exists(live))
    return found.select_related("posting__period").order_by("posting__on", "pk")


def line_items(found: QuerySet[StatementLine]) -> list[Item]:
    """Lines as they are matched."""
    rows = found.values_list("pk", "on", "amount", "reference")
    return [Item(pk, on, amount, number_of(reference)) for pk, on, amount, reference in rows]


def entry_items(found: QuerySet[Any]) -> list[Item]:
    """Entries as they are matched; those of a posting and of what takes it back belong together."""
    rows = found.values_list("pk", "posting__on", "signed", "words", Coalesce("posting__reverses_id", "posting_id"))
    return [Item(pk, on, amount, number_of(words), group) for pk, on, amount, words, group in rows]


def number_of(words: str) -> str:
    """The number at the beginning of what the books or the bank say: up to the first blank."""
    return words.split(maxsplit=1)[0] if words.strip() else ""


def balance_of_statements(account: Account, on: date) -> Decimal:
    """What the bank says stood on an account at the end of a day."""
    total: Decimal = lines(account, on).aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    return total


def balance_of_books(account: Account, on: date) -> Decimal:
    """What the books say stood on an account at the end of a day: by the balances of months that are over by then, and
    by the entries of its own month."""
    within = entries(account, on).filter(posting__on__gte=_begun({account: on})[account])
    moved: Decimal = within.aggregate(sum=Coalesce(Sum("signed"), NOTHING))["sum"]
    return _before({account: on}).get(account.pk, Decimal(0)) + moved


def _until(path: str, days_of: Mapping[Account, date]) -> Case:
    """The day that is asked of each account."""
    whens = [When(**{path: account.pk}, then=Value(day)) for account, day in days_of.items()]
    return Case(*whens, output_field=DateField())


def _said(days_of: Mapping[Account, date]) -> QuerySet[Any]:
    """Lines of standing statements of some accounts, of each up to its day."""
    path = "statement__bank_account__account"
    found = StatementLine.objects.filter(statement__state=Statement.State.KEPT, **{f"{path}__in": list(days_of)})
    return found.annotate(whose=F(path), until=_until(path, days_of)).filter(on__lte=F("until"))


def _entered(days_of: Mapping[Account, date]) -> QuerySet[Any]:
    """Entries on some accounts, of each up to its day."""
    found = Entry.objects.filter(account__in=list(days_of)).annotate(signed=SIGNED, until=_until("account", days_of))
    return found.filter(posting__on__lte=F("until"))


@dataclass(frozen=True)
class Balances:
    """What stood on an account at the end of a day, in the books and at the bank; whether anything moved since a day
    before."""

    books: Decimal = Decimal(0)
    statements: Decimal = Decimal(0)
    moved: bool = False


def balances(days_of: Mapping[Account, date], since: Mapping[Account, date]) -> dict[int, Balances]:
    """Both sides of some accounts, each on its day and moved or not since another: three statements for all."""
    before = _before(days_of)
    late_since = _until("account", since)
    moved = _entered(days_of).annotate(first=_until("account", _begun(days_of)), since=late_since)
    books = {
        row["account"]: row
        for row in moved.filter(Q(posting__on__gte=F("first")) | Q(posting__on__gte=F("since")))
        .order_by()
        .values("account")
        .annotate(
            sum=Coalesce(Sum("signed", filter=Q(posting__on__gte=F("first"))), NOTHING),
            late=Count("pk", filter=Q(posting__on__gte=F("since"))),
        )
    }
    said = _said(days_of).annotate(since=_until("statement__bank_account__account", since)).order_by().values("whose")
    bank = {
        row["whose"]: row for row in said.annotate(sum=Sum("amount"), late=Count("pk", filter=Q(on__gte=F("since"))))
    }
    none = {"sum": Decimal(0), "late": 0}
    return {
        one.pk: Balances(
            before.get(one.pk, Decimal(0)) + books.get(one.pk, none)["sum"],
            bank.get(one.pk, none)["sum"],
            bool(books.get(one.pk, none)["late"] or bank.get(one.pk, none)["late"]),
        )
        for one in days_of
    }


def _begun(days_of: Mapping[Account, date]) -> dict[Account, date]:
    """The first day that no month's balance tells of yet: of the month that goes on at the end of each day."""
    return {account: (day + ONE_DAY).replace(day=1) for account, day in days_of.items()}


def _before(days_of: Mapping[Account, date]) -> dict[int, Decimal]:
    """What stood on some accounts when the month began that goes on at the end of each day, by the balances."""
    months = Balance.objects.filter(account__in=list(days_of)).annotate(until=_until("account", _begun(days_of)))
    told = months.filter(month__lt=F("until")).order_by().values("account").annotate(sum=Sum(F("debit") - F("credit")))
    return dict(told.values_list("account", "sum"))


def sheet(account: Account, on: date) -> Sheet:
    """Both sides of an account on a day with everything that hangs between them: four statements."""
    return sheets({account: on})[account.pk]


def sheets(days_of: Mapping[Account, date]) -> dict[int, Sheet]:
    """The same for some accounts, each on its day, by number: four statements for all."""
    live = {"is_live": True, "match__last_on__lte": OuterRef("until")}
    waiting = _said(days_of).filter(~Exists(MatchedLine.objects.filter(line=OuterRef("pk"), **live)))
    left = _entered(days_of).filter(~Exists(MatchedEntry.objects.filter(entry=OuterRef("pk"), **live)))
    of_bank: dict[int, list[Open]] = {}
    for one in waiting.order_by("on", "pk"):
        told = Open(one.pk, one.on, one.amount, one.reference or one.bank_id, one.words or one.party)
        of_bank.setdefault(one.whose, []).append(told)
    of_books: dict[int, list[Open]] = {}
    for one in left.select_related("posting__period").order_by("posting__on", "pk"):
        told = Open(one.pk, one.posting.on, one.signed, str(one.posting), one.words or one.posting.summary)
        of_books.setdefault(one.account_id, []).append(told)
    stood = balances(days_of, days_of)
    return {
        account.pk: Sheet(
            on=on,
            book_balance=stood[account.pk].books,
            statement_balance=stood[account.pk].statements,
            lines=of_bank.get(account.pk, []),
            entries=of_books.get(account.pk, []),
        )
        for account, on in days_of.items()
    }


def reaches(account: Account, on: date) -> bool:
    """Whether a statement says what stood on an account at the end of a day."""
    return kept(account).filter(period__contains=on).exists()


def accounts_at_banks() -> QuerySet[Account]:
    """Accounts of all books whose money lies at a bank."""
    places = (Account.Place.INCOME, Account.Place.SPECIAL, Account.Place.SPENDING)
    return Account.objects.filter(place__in=places, is_entered_on=True).select_related("book").order_by("book", "code")
