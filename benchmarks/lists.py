"""List pages over the county in bulk: how many statements they take, and their SQL time against the bare page query.

First the county itself (benchmarks/bulk): how long it takes against a bare COPY of the same rows, how many rows break a
rule; then every list page of the house on it, as it opens, sorted and narrowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from benchmarks.bulk import bare, checks, load, pages, watcher

LOOKS_AT_THE_COUNTY = True
MAKING = 6  # times the bare COPY


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    made = load.standing(scale, timezone.now())
    rows = " ".join(f"{table} {count:,}" for table, count in made.rows.items())
    yield f"{rows}; {made.bytes / 1e9:.1f} GB; time against a bare COPY", made.seconds / bare.seconds(scale), MAKING
    yield "the same: rows that break a rule", sum(checks.violations().values()), 0
    client = watcher.client()
    for name, view in sorted(pages.list_pages().items()):
        asked = pages.ask(client, name, view, pages.ARGUMENTS.get(name, []))
        slowest = f"{asked.slowest[0] * 1000:.0f} ms: {asked.slowest[1]}"
        yield f"{name}, asked for in {asked.ways} ways: SQL statements", asked.statements, pages.STATEMENTS[name]
        if name in pages.OF_EVERYBODY:
            continue
        yield f"the same: SQL time against the bare page query ({slowest})", asked.ratio[0], 3
        yield "the same: blocks read against those of the bare page query", asked.blocks[0], 3
        yield "the same: big tables read whole", len(asked.scanned), 0 if scale >= 1 else len(asked.scanned)
    for name, address in pages.others().items():
        asked = pages.ask_one(client, address)
        took = f"{asked.slowest[0] * 1000:.0f} ms"
        yield f"{name}: SQL statements ({took})", asked.statements, pages.STATEMENTS_OF_OTHERS[name]
        yield "the same: big tables read whole", len(asked.scanned), 0 if scale >= 1 else len(asked.scanned)
