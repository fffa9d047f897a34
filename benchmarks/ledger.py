"""Verifying the books of five years (5,000,000 lines): every promise of `manage.py verify_books` over all rows, held
against bare reading and hashing of the same rows in the same run (P8 of the books)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.bulk import ledger
from funds.selectors import verifying
from tests import restore

AT = datetime(2010, 12, 31, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
MOST = 3.0  # times the bare reading and hashing


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    kept = ledger.fill(scale, AT)
    rows, bare = ledger.bare()
    start = time.perf_counter()
    broken = list(verifying.broken())
    ours = time.perf_counter() - start
    restore.restore()
    what = f"books of {kept.lines:,} lines"
    yield f"{what}: rows that break a promise", len(broken), 0
    yield f"{what} verified ({ours:.1f} s), against reading {rows:,} rows ({bare:.1f} s)", ours / bare, MOST
