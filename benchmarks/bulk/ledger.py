"""Five years of books in bulk: 5,000,000 lines, all made up, as the services would have left them.

Every voucher is made up of the same lines as `funds/services` would have entered, hashed by the same rule and counted
by month; only the rows go in by COPY, past the triggers, and the balances are summed up afterwards. `manage.py
verify_books` says whether anything in them breaks a promise.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from benchmarks.bulk import streams
from enrollment.tests import factories as register
from funds.models import Account, Book, Period, PostingKind
from funds.rules import postings as rules
from funds.rules.postings import Line, credit, debit
from funds.services import books, postings
from funds.services.postings import PostingOf
from office.models import Person
from office.rules import days
from office.rules.money import from_fen

LINES: Final = 5_000_000
YEARS: Final = 5
DECEMBER: Final = 12
SEED: Final = 9
PAYMENTS: Final = 50  # of one voucher: a line each, as a batch is paid
LEVELS: Final = ("subsidy_central", "subsidy_province", "subsidy_county")
EACH_LEVEL: Final = Decimal("9000000.00")
TABLES: Final = ("funds_posting", "funds_entry", "funds_balance")
POSTING: Final = (
    'id, book_id, period_id, number, key, sha256, kind, "on", summary, attachments, made_by_id, checked_by_id, made_at,'
    " entered_at, transaction"
)
ENTRY: Final = "posting_id, line, account_id, side, amount, is_red, words"
COLUMNS: Final = {"funds_posting": POSTING, "funds_entry": ENTRY}
BALANCES: Final = """
INSERT INTO funds_balance (account_id, month, debit, credit)
SELECT e.account_id, date_trunc('month', p."on")::date,
    coalesce(sum(e.amount) FILTER (WHERE e.side = 'debit'), 0),
    coalesce(sum(e.amount) FILTER (WHERE e.side = 'credit'), 0)
FROM funds_entry e JOIN funds_posting p ON p.id = e.posting_id GROUP BY 1, 2
ON CONFLICT (account_id, month) DO UPDATE SET debit = excluded.debit, credit = excluded.credit
"""


@dataclass(frozen=True)
class Kept:
    """The books that were made, and who keeps them."""

    book: Book
    by: Person
    checked_by: Person
    lines: int


def opened(at: datetime) -> Kept:
    """The books of the rural fund, with nothing in them."""
    by, other = (
        Person.objects.create_person(username=name, full_name=name, password=None) for name in ("books", "checks")
    )
    begin = date(days.business_day(at).year - YEARS + 1, 1, 1)
    book = books.open_book(scheme=register.scheme(), chart=books.shipped("ncms"), begins_on=begin, by=by, at=at)
    return Kept(book, by, other, 0)


def fill(scale: float, at: datetime) -> Kept:
    """Five years of vouchers in books of their own; 1 is the whole county."""
    kept = opened(at)
    start = [
        *(debit("special_account", Decimal("99000000.00")), debit("spending_account", Decimal("50000000.00"))),
        *(credit("general_pool", Decimal("99000000.00")), credit("household_fund", Decimal("50000000.00"))),
    ]
    stated = PostingOf(kept.book, "opening", PostingKind.OPENING, kept.book.begins_on, "上年结转", start)
    first = postings.post(stated=stated, by=kept.by, checked_by=kept.checked_by, at=at)
    accounts = {one.purpose: one.pk for one in Account.objects.filter(book=kept.book)}
    months = {first.period.month: first.period_id}
    lines = 0
    with ExitStack() as stack:
        vouchers, entries = (_copy(stack, table, columns) for table, columns in COLUMNS.items())
        for number, (place, stated) in enumerate(_vouchers(kept.book, scale), start=first.pk + 1):
            month = stated.on.replace(day=1)
            if month not in months:
                months[month] = Period.objects.create(book=kept.book, month=month).pk
            vouchers.write_row(
                (
                    *(number, kept.book.pk, months[month], place, stated.key, stated.sha256, stated.kind),
                    *(stated.on, stated.summary, 0, kept.by.pk, kept.checked_by.pk, at, at, 1),
                )
            )
            for line, told in enumerate(stated.lines, start=1):
                entries.write_row((number, line, accounts[told.account], told.side, told.amount, False, told.words))
            lines += len(stated.lines)
    with streams.connected() as db:
        db.execute(BALANCES)
        for table in TABLES:
            db.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            db.execute(f"VACUUM (ANALYZE) {table}")
    return Kept(kept.book, kept.by, kept.checked_by, lines)


def _copy(stack: ExitStack, table: str, columns: str) -> Any:
    db = stack.enter_context(streams.connected())
    return stack.enter_context(db.cursor().copy(f"COPY {table} ({columns}) FROM STDIN"))


def _vouchers(book: Book, scale: float) -> Iterator[tuple[int, PostingOf]]:
    """The vouchers of the years with their numbers within the month, in the order of their days."""
    drawn = random.Random(SEED)  # noqa: S311  nothing secret
    of_month = max(1, round(LINES * scale / (YEARS * 12) / (PAYMENTS + 2)))
    closed = book.accounts.filter(closes_to__isnull=False)
    funds: dict[str, str] = dict(closed.values_list("purpose", "closes_to__purpose"))
    moved: defaultdict[str, Decimal] = defaultdict(Decimal)
    month = book.begins_on
    for place in range(YEARS * 12):
        number = 1 if place == 0 else 0  # the opening is the first of its month
        for stated in _month(book, month, of_month, drawn):
            number += 1
            yield number, stated
            for line in stated.lines:
                moved[line.account] += line.amount if line.side == "credit" else -line.amount
        if month.month == DECEMBER:
            yield number + 1, _closing(book, month.year, {one: (fund, moved[one]) for one, fund in funds.items()})
            moved.clear()
        month = days.next_month(month)


def _closing(book: Book, year: int, moved: dict[str, tuple[str, Decimal]]) -> PostingOf:
    """The voucher that brings income and spending of a year to the funds."""
    kind = PostingKind.YEAR_CLOSED
    return PostingOf(book, f"{kind}:{year}", kind, date(year, 12, 31), str(kind.label), rules.closing_lines(moved))


def _month(book: Book, month: date, batches: int, drawn: random.Random) -> Iterator[PostingOf]:
    def told(kind: str, on: date, key: str, *lines: Line) -> PostingOf:
        return PostingOf(book, f"{kind}:{month:%Y-%m}:{key}", kind, on, str(PostingKind(kind).label), lines)

    for level in LEVELS:
        yield told(
            PostingKind.SUBSIDISED, month, level, debit("special_account", EACH_LEVEL), credit(level, EACH_LEVEL)
        )
    paid = [[from_fen(drawn.randrange(500, 60_000)) for _payment in range(PAYMENTS)] for _batch in range(batches)]
    asked = sum((sum(batch, Decimal(0)) for batch in paid), Decimal(0))
    yield told(PostingKind.REQUESTED, month, "1", debit("spending_account", asked), credit("special_account", asked))
    for place, batch in enumerate(paid):
        whole = sum(batch, Decimal(0))
        at_home = batch[0]
        lines = [
            debit("pool_spending", whole - at_home),
            debit("household_spending", at_home),
            *(credit("spending_account", amount, f"{month:%Y%m}-{place}-{line}") for line, amount in enumerate(batch)),
        ]
        yield told(PostingKind.PAID, month + timedelta(days=place % 28), str(place), *lines)


def bare() -> tuple[int, float]:
    """The least that reading and hashing the same rows takes: how many, and seconds."""
    with streams.connected() as db:
        start, rows = time.perf_counter(), 0
        with db.transaction(), db.cursor(name="bare") as read:
            read.itersize = 20_000
            read.execute('SELECT id, sha256, kind, "on", summary FROM funds_posting ORDER BY id')
            for row in read:
                hashlib.sha256(str(row).encode()).hexdigest()
                rows += 1
        with db.transaction(), db.cursor(name="bare") as read:
            read.itersize = 20_000
            read.execute("SELECT posting_id, line, account_id, side, amount, is_red, words FROM funds_entry")
            for row in read:
                hashlib.sha256(str(row).encode()).hexdigest()
                rows += 1
        return rows, time.perf_counter() - start
