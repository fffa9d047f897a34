"""What banks say of the demo county's money: the accounts of its books, a statement that is partly matched, a sheet
that waits to be confirmed, cash that waits to be counted along. Amounts are made up."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from demo.factors import show_factor
from funds.models import Account, BankAccount, Book
from funds.rules.reconciling import PIECES
from funds.rules.statements import StatementLineOf, StatementOf
from funds.selectors import bank_statements as selectors
from funds.services import bank_accounts, bank_statements, cash_counts, reconciliations, told_by_banks
from funds.services.bank_accounts import BankAccountOf
from office import deciding
from office.models import Person
from office.models.rounds import Choice
from office.proof import Proof
from office.rules import days
from office.services import rounds

PLACES: Final = {"special_account": "财政局专户（演示）", "spending_account": "合作医疗管理办公室（演示）"}
BANK: Final = "海原县农村信用社（演示）"
FIRST_NUMBER: Final = 6228_4500_0000_8001
FEE: Final = Decimal("-0.50")
HELD_BACK: Final = 1  # of the entries of the spending account: what the bank has not done yet


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind, where the rural scheme has books."""
    book = Book.objects.filter(scheme__code="ncms").first()
    if book is None:
        return
    proof = show_factor(people["accounting"], at)
    for place, (purpose, holder) in enumerate(PLACES.items()):
        asked = _bank_account(book, purpose, holder, str(FIRST_NUMBER + place), people, at)
        known = _confirmed(asked, people["accounting"], proof, at)
        _statement(known, people, at)
    cash = Account.objects.get(book=book, purpose="cash")
    stands = selectors.balance_of_books(cash, days.business_day(at))
    pieces = {}
    for one in PIECES:
        pieces[one], stands = int(stands // one), stands % one
    cash_counts.note(account=cash, on=days.business_day(at), pieces=pieces, explanation="", by=people["cashier"], at=at)


def _bank_account(
    book: Book, purpose: str, holder: str, number: str, people: dict[str, Person], at: datetime
) -> BankAccount:
    account = Account.objects.get(book=book, purpose=purpose)
    stated = BankAccountOf(account, holder, BANK, number, "开户许可证（演示）", book.begins_on)
    return bank_accounts.propose(stated=stated, by=people["accountant"], at=at)


def _confirmed(asked: BankAccount, by: Person, proof: Proof, at: datetime) -> BankAccount:
    opened = deciding.rounds_of(asked).get(state="open")
    rounds.vote(round=opened, choice=Choice.APPROVE, hash_seen=opened.subject_hash, by=by, at=at, proof=proof)
    asked.refresh_from_db()
    return asked


def _statement(known: BankAccount, people: dict[str, Person], at: datetime) -> None:
    """All that is in the books but the last, and what the bank alone knows of: a fee; matched as far as it is certain,
    with the sheet of the day."""
    account, last = known.account, days.business_day(at)
    entries = list(selectors.entries(account).select_related("posting").order_by("posting__on", "pk"))
    lines = [
        StatementLineOf(
            one.posting.on,
            one.signed,
            selectors.number_of(one.words),
            f"YH{one.pk:08}",
            words=one.posting.summary[:60],
        )
        for one in entries[:-HELD_BACK]
    ]
    lines.append(StatementLineOf(last, FEE, "", "YHSXF", words="手续费（演示）"))
    stated = _whole(known, account.book.begins_on, last, lines)
    digest = hashlib.sha256(f"demo {known.pk}".encode()).hexdigest()
    by = people["accountant"]
    bank_statements.keep(stated=stated, sha256=digest, by=by, at=at)
    told_by_banks.compare(account=account, by=by, at=at + timedelta(seconds=1))
    reconciliations.propose(account=account, on=last, by=by, at=at + timedelta(seconds=2))


def _whole(known: BankAccount, first: date, last: date, lines: list[StatementLineOf]) -> StatementOf:
    total = sum((one.amount for one in lines), Decimal(0))
    return StatementOf(known.number, first, last, Decimal(0), total, lines, count=len(lines))
