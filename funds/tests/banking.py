"""Bank accounts of books and what banks say of them, for whoever pays from them or compares them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from conftest import NOON, proof_of
from enrollment.models import Scheme
from funds.models import Account, BankAccount, Book, Match, Posting, Reconciliation, Statement
from funds.rules.postings import credit, debit
from funds.rules.statements import StatementLineOf, StatementOf
from funds.services import bank_accounts, bank_statements, matches, reconciliations
from funds.services.bank_accounts import BankAccountOf
from funds.tests.factories import JANUARY, Counter
from office import deciding
from office.models import Duty, Person
from office.services import rounds

LAST = date(2010, 1, 31)
#: The day on which January's statements are looked at.
FEBRUARY = datetime.fromisoformat("2010-02-02T09:00:00+08:00")


def stated(account: Account, number: str = "", **more: object) -> BankAccountOf:
    """As a bank's paper says it."""
    given: dict[str, object] = {
        "account": account, "holder": "海原县新型农村合作医疗管理办公室", "bank": "海原县农村信用社",
        "code": "402874300012", "number": number or f"62284500000{account.pk:05}", "document": "开户许可证 2010-01",
        "since": JANUARY,
    }  # fmt: skip
    return BankAccountOf(**(given | more))  # type: ignore[arg-type]


def vote(subject: Any, by: Person, choice: str = "approve", at: datetime = NOON) -> None:
    """Decide about what waits, by somebody with a second factor."""
    opened = deciding.rounds_of(subject).latest("pk")
    given = {"hash_seen": opened.subject_hash, "reason": "经复核", "proof": proof_of(by, at=at)}
    rounds.vote(round=opened, choice=choice, by=by, at=at, **given)
    subject.refresh_from_db()


def bank_account(book: Book, purpose: str, *, by: Person, confirmed_by: Person, number: str = "") -> BankAccount:
    """One that two people have put in force."""
    account = Account.objects.get(book=book, purpose=purpose)
    asked = bank_accounts.propose(stated=stated(account, number), by=by, at=NOON)
    vote(asked, confirmed_by)
    return asked


def line(on: int | date, amount: str, reference: str = "", **more: Any) -> StatementLineOf:
    """A line of January, or of a day."""
    day = on if isinstance(on, date) else date(2010, 1, on)
    return StatementLineOf(day, Decimal(amount), reference, **more)


@dataclass(frozen=True)
class Bank:
    """The special account at its bank, beside the books of the counter."""

    counter: Counter
    at: BankAccount

    @classmethod
    def of(cls, appoint: Any, purpose: str = "special_account", scheme: Scheme | None = None) -> Bank:
        counter = Counter.of(appoint, scheme)
        found = bank_account(counter.book, purpose, by=counter.acc, confirmed_by=counter.head)
        return cls(counter, found)

    @property
    def account(self) -> Account:
        return self.at.account

    def says(
        self, *lines: StatementLineOf, opening: str = "0.00", first: date = JANUARY, last: date = LAST, **more: Any
    ) -> StatementOf:
        """A statement that comes out at its totals."""
        begins = Decimal(opening)
        ends = begins + sum((one.amount for one in lines), Decimal(0))
        return StatementOf(self.at.number, first, last, begins, ends, lines, **more)

    def keep(self, *lines: StatementLineOf, **more: Any) -> Statement:
        """Kept by the accountant."""
        said = self.says(*lines, **more)
        digest = hashlib.sha256(repr(said).encode()).hexdigest()
        return bank_statements.keep(stated=said, sha256=digest, by=self.counter.acc, at=FEBRUARY)

    def paid_out(self, number: str, amount: str, on: int = 5) -> Posting:
        """A request paid out from the special account to the spending account, with its number."""
        sum_ = Decimal(amount)
        lines = (debit("spending_account", sum_), credit("special_account", sum_, number))
        return self.counter.enter(number, "requested", *lines, on=date(2010, 1, on))

    def certain(self, by: Person | None = None) -> list[Match]:
        return matches.match_certain(account=self.account, by=by or self.counter.acc, at=FEBRUARY)

    def match(self, lines: Sequence[Any], entries: Sequence[Any], by: Person | None = None) -> Match:
        return matches.match(
            account=self.account,
            lines=[one.pk for one in lines],
            entries=[one.pk for one in entries],
            by=by or self.counter.acc,
            at=FEBRUARY,
        )

    def sheet(self, on: date = LAST, *, confirmed: bool = True) -> Reconciliation:
        """The sheet of a day."""
        made = reconciliations.propose(account=self.account, on=on, by=self.counter.acc, at=FEBRUARY)
        if confirmed:
            vote(made, self.counter.head, at=FEBRUARY)
        return made


def cashier(appoint: Any) -> Person:
    """Who handles the money."""
    found: Person = appoint("cash", Duty.CASHIER)
    return found


def written(statement: str = "SELECT 1") -> None:
    """Past the services, as any SQL could; what waits for the end of a transaction is checked at once."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
