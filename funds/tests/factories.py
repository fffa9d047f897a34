"""Books to enter in, and who enters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection

from conftest import NOON
from enrollment.models import Scheme
from enrollment.tests import factories as register
from funds.models import Book, Posting
from funds.rules.postings import Line, credit, debit
from funds.services import books, postings
from funds.services.postings import PostingOf
from office.models import Duty, Person
from tests import servers

JANUARY = date(2010, 1, 1)


@dataclass(frozen=True)
class Counter:
    """The accountant and who checks his vouchers, over the books of the rural scheme since January."""

    book: Book
    acc: Person
    head: Person

    @classmethod
    def of(cls, appoint: Any, scheme: Scheme | None = None) -> Counter:
        acc, head = appoint("acc", Duty.FUND_ACCOUNTANT), appoint("head", Duty.ACCOUNTING_HEAD)
        scheme = scheme or register.scheme()
        book = books.open_book(scheme=scheme, chart=books.shipped("ncms"), begins_on=JANUARY, by=acc, at=NOON)
        return cls(book, acc, head)

    def stated(self, key: str, kind: str, *lines: Line, on: date = JANUARY, summary: str = "测试") -> PostingOf:
        return PostingOf(self.book, key, kind, on, summary, lines)

    def enter(self, key: str, kind: str, *lines: Line, on: date = JANUARY) -> Posting:
        return postings.post(stated=self.stated(key, kind, *lines, on=on), by=self.acc, checked_by=self.head, at=NOON)

    def opened(self, amount: str = "1000.00") -> Posting:
        """So much lies in the special account."""
        return self.enter("opening", "opening", *pair("special_account", "general_pool", amount))

    def reverse(self, posting: Posting, on: date = JANUARY, reason: str = "错账") -> Posting:
        return postings.reverse(posting=posting, on=on, reason=reason, by=self.acc, checked_by=self.head, at=NOON)


def pair(left: str, right: str, amount: str) -> tuple[Line, Line]:
    """One debited, one credited."""
    return debit(left, Decimal(amount)), credit(right, Decimal(amount))


def past_triggers(*statements: str) -> None:
    """As whoever owns the machine could write: no trigger looks. For tests that commit."""
    with psycopg.connect(servers.superuser_dsn(), dbname=connection.settings_dict["NAME"]) as raw:
        raw.execute("SET session_replication_role = replica")
        for one in statements:
            raw.execute(one.encode())
