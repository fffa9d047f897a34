"""Every figure of the pages of a fund on the full county (P6): rows that the database reads for it, pinned; big
tables read from end to end. The time in SQL is told, and no limit: 100 ms are the guide on a machine that does nothing
else. From balances, months of claims and sums of fund years: nothing is prepared by
night, and it makes no difference how many lines, claims and people there are.

Not here: townships behind the participation rate, which are a page of the register (`enrolled.py`). The three books on
one page are a proof: they go over all entries, and are held against a bare scan of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.bulk import fund, pages, watcher
from funds import overview_blocks
from funds.models import Book
from funds.rules import indicators as rules
from funds.selectors import behind
from office.models import Person
from tests import restore

TIMES = 7
PROOF = 9.0  # times the bare scan of the entries
BARE = "SELECT sum(amount), count(words) FROM funds_entry"
#: The most rows read for a page, measured at the full size; pages behind indicators by what they rest on.
ROWS = {
    "money of the funds, on the head's page": 2_350,
    "outlook": 3_700,
    "indicators": 6_100,
    "indicators of the year before": 6_100,
    "indicators of all funds": 35_000,  # employees are counted: there are no contributions of theirs in the register
    "both sides": 1_750,
    "trial balance": 2_700,
    "general ledger of a year": 3_200,
    "statements": 9_000,  # vouchers of the months are counted
}
BEHIND = 10_000


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    try:
        kept = fund.fill(scale, timezone.now())
        client = watcher.client()
        big = pages.big_tables() if scale >= 1 else frozenset()  # of few rows reading all is quickest
        for name, act in _acts(client, kept.book).items():
            yield from _figure(name, act, big)
        yield _proof(client, kept.book)
    finally:
        restore.restore()


def _acts(client: Client, book: Book) -> dict[str, Callable[[], object]]:
    """By name, what asks for the figures of one page, as it opens."""
    year = timezone.now().year
    month = (timezone.now().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    watching = Person.objects.get(username="watcher")
    figures = reverse("funds:indicators")
    addresses = {
        "outlook": reverse("funds:outlook", args=[book.code]),
        "indicators": f"{figures}?scheme={book.scheme.code}&year={year}",
        "indicators of the year before": f"{figures}?scheme={book.scheme.code}&year={year - 1}",
        "indicators of all funds": f"{figures}?year={year}",
        "both sides": reverse("funds:identity", args=[book.code]),
        "trial balance": reverse("funds:trial", args=[book.code, month]),
        "general ledger of a year": reverse("funds:general", args=[book.code, year - 1]),
        "statements": reverse("funds:financial_statements", args=[book.code]),
    }
    for code in rules.CODES:
        if code not in behind.PEOPLE:
            addresses[f"behind {code}"] = reverse("funds:indicator", args=[book.scheme.code, year, code])
    found: dict[str, Callable[[], object]] = {
        "money of the funds, on the head's page": lambda: overview_blocks.funds(watching, timezone.now())
    }
    return found | {name: _opening(client, address) for name, address in addresses.items()}


def _opening(client: Client, address: str) -> Callable[[], object]:
    def opened() -> None:
        if client.get(address).status_code != 200:  # noqa: PLR2004
            raise LookupError(f"{address} does not open.")

    return opened


def _figure(name: str, act: Callable[[], object], big: frozenset[str]) -> Iterator[tuple[str, float, float]]:
    act()
    runs = [pages.run(act) for _time in range(TIMES)]
    asked = [(sql, params) for sql, params, _took in runs[-1] if sql.lstrip().startswith(pages.READS)]
    plans = [pages.plan_of(sql, params) for sql, params in asked]
    whole = sorted({table for plan in plans for table in pages.scans(plan)} & big)
    what = f"{name}: rows read ({len(runs[-1])} statements, {_least(runs) * 1000:.0f} ms of SQL)"
    yield what, sum(map(_rows, plans)), ROWS.get(name, BEHIND)
    yield f"the same: big tables read whole {' '.join(whole)}", len(whole), 0


def _least(runs: list[list[pages.Statement]]) -> float:
    """Seconds of SQL where each statement is taken as quick as it ever was: other work on the machine counts little.
    Now and then the session is written besides; such runs are left out."""
    shortest = min(map(len, runs))
    alike = [run for run in runs if len(run) == shortest]
    return sum((min(took for _sql, _params, took in same) for same in zip(*alike, strict=True)), 0.0)


def _rows(step: dict[str, Any]) -> float:
    """How many rows of tables a plan reads, with those it throws away."""
    inner: float = sum(map(_rows, step.get("Plans", ())))
    if "Relation Name" not in step:
        return inner
    thrown = step.get("Rows Removed by Filter", 0) + step.get("Rows Removed by Index Recheck", 0)
    return float(inner + (step["Actual Rows"] + thrown) * step["Actual Loops"])


def _proof(client: Client, book: Book) -> tuple[str, float, float]:
    address = f"{reverse('funds:three_books')}?book={book.code}"
    whole = _least([pages.run(_opening(client, address)) for _time in range(3)])
    bare = min(_scanned() for _time in range(3))
    what = f"three books: SQL time ({whole * 1000:.0f} ms) against a bare scan of the entries ({bare * 1000:.0f} ms)"
    return what, whole / bare, PROOF


def _scanned() -> float:
    """Seconds for the bare scan."""
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(BARE)
        cursor.fetchall()
        return time.perf_counter() - start
