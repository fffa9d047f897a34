"""The whole year, part after part; each is left out that was done before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.db import connection

from demo.haiyuan import inspected, money, register
from demo.haiyuan.claims import Month
from demo.haiyuan.year import Papers, months

SCALE: Final = 0.01  # what a machine makes in a minute or two
SEED: Final = 640522
YEARS: Final = (2009,)
PARTS: Final = 15  # the register, twelve months of claims, the books, the audit


def load(
    scale: float,
    seed: int = SEED,
    say: Callable[[str], object] = lambda words: None,
    step: Callable[[int, int], object] = lambda done, parts: None,
) -> None:
    """The year at a scale, to its end; `say` is told what was done, `step` how many parts of how many. Raises
    register.AnotherCounty."""
    began = time.monotonic()
    done = 0
    with connection.cursor() as cursor:  # what a crash of the machine takes along is made once more
        cursor.execute("SET synchronous_commit TO off")

    def tell(words: str) -> None:
        nonlocal done
        done += 1
        say(f"{time.monotonic() - began:8.1f} s  {words}")
        step(done, PARTS)

    register.begin(scale, seed)
    insured = register.patients()
    tell(f"register: {len(insured):,} people insured")
    papers = Papers(insured, scale, seed)
    for month in months(scale):
        work = Month(month)
        rows = 0
        for paper in papers.of_month(month):
            work.advance(paper)
            rows += len(paper.rows)
        tell(f"month {month}: {rows:,} visits and stays")
    book = money.keep(scale, seed)
    tell(f"books: {book.postings.count()} vouchers")
    tell(f"audit: {inspected.inspect()}")
