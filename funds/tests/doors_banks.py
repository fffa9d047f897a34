"""The doors of banks and cash, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from claims.tests.doors_documents import appoint
from conftest import NOON
from funds.models import Account, BankAccount, CashCount, Match, Reconciliation, Statement
from funds.services import cash_counts
from funds.tests import doors_books
from funds.tests.banking import Bank, bank_account
from funds.tests.doors_books import ACCOUNTANT, WATCHERS
from funds.tests.factories import JANUARY, Counter, pair
from office.models import Duty, Job, Person

HEAD = frozenset({Duty.ACCOUNTING_HEAD})
CASHIER = frozenset({Duty.CASHIER})

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "funds:bank_accounts",
            "funds:bank_account",
            "funds:statements",
            "funds:statement",
            "funds:matching",
            "funds:matches",
            "funds:match",
            "funds:reconciliations",
            "funds:reconciliation",
            "funds:reconciliation_print",
            "funds:cash_counts",
            "funds:cash_count",
            "funds:cash_count_print",
            "funds:daily_cash",
            "funds:daily_cash_print",
            "funds:three_books",
            "funds:three_books_behind",
        ),
        WATCHERS,
    ),
    **dict.fromkeys(
        (
            "funds:bank_account_new",
            "funds:statement_new",
            "funds:statement_void",
            "funds:compare",
            "funds:match_chosen",
            "funds:match_undo",
            "funds:reconciliation_new",
        ),
        ACCOUNTANT,
    ),
    "funds:reconciliation_withdraw": HEAD,
    "funds:cash_count_new": CASHIER,
    "funds:cash_count_void": CASHIER,
    "funds:cash_count_confirm": ACCOUNTANT | HEAD,
}
POST_ONLY = {"funds:cash_count_confirm", "funds:compare", "funds:match_chosen"}


def bank() -> Bank:
    """An account at a bank with a statement, a match, a sheet and a count of cash, by people who knock at no door."""
    book = doors_books.book()
    known = BankAccount.objects.filter(account__book=book, account__purpose="special_account").first()
    people = Person.objects.in_bulk(["bankacc", "bankhead"], field_name="username")
    acc = people.get("bankacc") or appoint("bankacc", Duty.FUND_ACCOUNTANT)
    head = people.get("bankhead") or appoint("bankhead", Duty.ACCOUNTING_HEAD)
    counter = Counter(book, acc, head)
    at = known or bank_account(book, "special_account", by=acc, confirmed_by=head, number="6228450000990001")
    found = Bank(counter, at)
    if not Statement.objects.filter(bank_account=at).exists():
        counter.enter("doors:bank", "opening", *pair("special_account", "general_pool", "1000.00"))
        found.keep(opening="1000.00")
        found.certain()
        found.sheet()
        cash = Account.objects.get(book=book, purpose="cash")
        cash_counts.note(account=cash, on=JANUARY, pieces={Decimal(1): 0}, explanation="", by=acc, at=NOON)
    return found


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""

    def of(model: type, *names: str) -> dict[str, Callable[[str], list[object]]]:
        def number(duty: str) -> list[object]:
            bank()
            return [model.objects.latest("pk").pk]

        return {f"funds:{name}": number for name in names}

    return {
        **of(BankAccount, "bank_account"),
        **of(Statement, "statement", "statement_void"),
        **of(Match, "match", "match_undo"),
        **of(Reconciliation, "reconciliation", "reconciliation_print", "reconciliation_withdraw"),
        **of(CashCount, "cash_count", "cash_count_print", "cash_count_confirm", "cash_count_void"),
        **{f"funds:{name}": lambda duty: [bank().account.pk] for name in ("matching", "compare", "match_chosen")},
        "funds:three_books_behind": lambda duty: [doors_books.book().code, "sheets"],
    }
