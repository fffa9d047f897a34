"""Bank accounts of books, for whoever pays from them or compares them."""

from __future__ import annotations

from conftest import NOON
from funds.models import Account, BankAccount, Book
from funds.services import bank_accounts
from funds.services.bank_accounts import BankAccountOf
from funds.tests.factories import JANUARY
from office import deciding
from office.models import Person


def stated(account: Account, number: str = "", **more: object) -> BankAccountOf:
    """As a bank's paper says it."""
    given: dict[str, object] = {
        "account": account, "holder": "海原县新型农村合作医疗管理办公室", "bank": "海原县农村信用社",
        "code": "402874300012", "number": number or f"62284500000{account.pk:05}", "document": "开户许可证 2010-01", "since": JANUARY,
    }  # fmt: skip
    return BankAccountOf(**(given | more))  # type: ignore[arg-type]


def bank_account(book: Book, purpose: str, *, by: Person, confirmed_by: Person, vote, number: str = "") -> BankAccount:
    """One that two people have put in force; `vote(round, person)` decides."""
    account = Account.objects.get(book=book, purpose=purpose)
    asked = bank_accounts.propose(stated=stated(account, number), by=by, at=NOON)
    vote(deciding.rounds_of(asked).get(), confirmed_by)
    asked.refresh_from_db()
    return asked
