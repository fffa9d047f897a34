"""Entering by eight at once on one pair of accounts, with every guard of the database, held against the same rows
written into bare copies of the tables (indexes and foreign keys, no guards); a voucher of 5,000 lines; and the whole
service with its act on the trail (P5)."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection, connections

import tests.servers
from benchmarks.bulk import ledger
from funds.models import Account, Period
from funds.rules.postings import credit, debit
from funds.services import postings
from funds.services.postings import PostingOf
from tests import restore

AT = datetime(2010, 12, 31, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
CLIENTS = 8
EACH = 60  # vouchers of a client in a run
RUNS = 5
LINES = 5_000
SLOWEST = 4.0  # times the bare inserts: a quarter of their rate
LONGEST = 3.0  # times the bare voucher of many lines
THROUGH = 20.0  # times the bare inserts, with all that the service looks at, hashes and records
COPIES = """
CREATE TABLE bare_posting (LIKE funds_posting INCLUDING ALL);
CREATE TABLE bare_entry (LIKE funds_entry INCLUDING ALL);
ALTER TABLE bare_posting ADD FOREIGN KEY (book_id) REFERENCES funds_book, ADD FOREIGN KEY (period_id)
    REFERENCES funds_period, ADD FOREIGN KEY (made_by_id) REFERENCES office_person,
    ADD FOREIGN KEY (checked_by_id) REFERENCES office_person;
ALTER TABLE bare_entry ADD FOREIGN KEY (posting_id) REFERENCES bare_posting, ADD FOREIGN KEY (account_id)
    REFERENCES funds_account;
GRANT SELECT, INSERT ON bare_posting, bare_entry TO PUBLIC;
"""
VOUCHER = """
INSERT INTO {posting} (book_id, period_id, number, key, sha256, kind, "on", summary, attachments, made_by_id,
    checked_by_id, made_at) VALUES (%(book)s, %(period)s, %(number)s, %(key)s, repeat('0', 64), 'requested',
    '2010-12-01', 'x', 0, %(by)s, %(other)s, now()) RETURNING id"""
PAIR = """
INSERT INTO {entry} (posting_id, line, account_id, side, amount, is_red, words)
VALUES (%(id)s, 1, %(debit)s, 'debit', 1, false, ''), (%(id)s, 2, %(credit)s, 'credit', 1, false, '')"""
MANY = """
INSERT INTO {entry} (posting_id, line, account_id, side, amount, is_red, words)
SELECT %(id)s, n, CASE WHEN n %% 2 = 0 THEN %(debit)s ELSE %(credit)s END,
    CASE WHEN n %% 2 = 0 THEN 'debit' ELSE 'credit' END, 1, false, '' FROM generate_series(1, %(lines)s) n"""
GUARDED = {"posting": "funds_posting", "entry": "funds_entry"}
BARE = {"posting": "bare_posting", "entry": "bare_entry"}


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit; at every scale the same work."""
    restore.remember()
    kept = _books()
    given = _given(kept)
    guarded, bare, through = [], [], []
    with _bare_tables():
        for _run in range(RUNS):
            bare.append(_rush(lambda number: _pair(BARE, given, number)))
            guarded.append(_rush(lambda number: _pair(GUARDED, given, number)))
            through.append(_rush(lambda number: _service(kept, number)))
        many = [(_many(GUARDED, given), _many(BARE, given)) for _run in range(RUNS)]
    restore.restore()
    what = f"eight at one pair of accounts, all guards ({_rate(guarded):.0f} a second), against bare inserts"
    yield what, _ratio(guarded, bare), SLOWEST
    yield f"the same through the service with its act ({_rate(through):.0f} a second)", _ratio(through, bare), THROUGH
    ours, others = zip(*many, strict=True)
    what = f"a voucher of {LINES:,} lines, all guards ({statistics.median(ours):.2f} s), against bare inserts"
    yield what, _ratio(ours, others), LONGEST


def _rate(seconds: Sequence[float]) -> float:
    """Vouchers a second."""
    return CLIENTS * EACH / statistics.median(seconds)


def _ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """How many times longer, in the middle of the runs."""
    return statistics.median(one / other for one, other in zip(ours, others, strict=True))


def _books() -> ledger.Kept:
    """Books with money to be moved."""
    kept = ledger.opened(AT)
    start = [debit("special_account", Decimal("9000000.00")), credit("general_pool", Decimal("9000000.00"))]
    stated = PostingOf(kept.book, "opening", "opening", AT.date(), "x", start)
    postings.post(stated=stated, by=kept.by, checked_by=kept.checked_by, at=AT)
    return kept


def _given(kept: ledger.Kept) -> dict[str, object]:
    accounts = {one.purpose: one.pk for one in Account.objects.filter(book=kept.book)}
    return {
        "book": kept.book.pk,
        "period": Period.objects.get(book=kept.book, month=AT.date().replace(day=1)).pk,
        "by": kept.by.pk,
        "other": kept.checked_by.pk,
        "debit": accounts["spending_account"],
        "credit": accounts["special_account"],
        "lines": LINES,
    }


@contextmanager
def _bare_tables() -> Iterator[None]:
    """The same tables without a guard, gone at the end."""
    with psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True) as db:
        db.execute(COPIES)
        try:
            yield
        finally:
            db.execute("DROP TABLE bare_entry, bare_posting")


_numbers = count(1_000)


def _rush(enter: Callable[[int], None]) -> float:
    """Seconds in which every client enters his vouchers, all begun at once."""
    begin = threading.Barrier(CLIENTS + 1)

    def client() -> None:
        begin.wait()
        try:
            for _voucher in range(EACH):
                enter(next(_numbers))
        finally:
            connections.close_all()

    clients = [threading.Thread(target=client) for _client in range(CLIENTS)]
    for one in clients:
        one.start()
    begin.wait()
    start = time.perf_counter()
    for one in clients:
        one.join()
    return time.perf_counter() - start


def _pair(names: dict[str, str], given: dict[str, object], number: int) -> None:
    _written(names, given | {"number": number, "key": f"{names['posting']}:{number}"}, PAIR)


def _many(names: dict[str, str], given: dict[str, object]) -> float:
    number = next(_numbers)
    start = time.perf_counter()
    _written(names, given | {"number": number, "key": f"{names['posting']}:{number}"}, MANY)
    return time.perf_counter() - start


def _written(names: dict[str, str], told: dict[str, object], lines: str) -> None:
    """One voucher in a transaction of its own, as the run-time role."""
    connection.ensure_connection()
    raw = connection.connection
    raw.autocommit = True
    with raw.transaction(), raw.cursor() as cursor:
        cursor.execute(VOUCHER.format(**names), told)
        told["id"] = cursor.fetchone()[0]
        cursor.execute(lines.format(**names), told)


def _service(kept: ledger.Kept, number: int) -> None:
    lines = [debit("spending_account", Decimal(1)), credit("special_account", Decimal(1))]
    stated = PostingOf(kept.book, f"service:{number}", "requested", AT.date(), "x", lines)
    postings.post(stated=stated, by=kept.by, checked_by=kept.checked_by, at=AT)
