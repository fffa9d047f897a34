"""Tables of docs/rules as rows of tests: the page and the test cannot disagree."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs/rules"


def rows(page: str, *columns: str) -> list[dict[str, str]]:
    """The rows of the one table of a page that has these columns, in this order."""
    found = [table for table in _tables(page) if table[0] == list(columns)]
    if len(found) != 1:
        raise LookupError(f"{page} has {len(found)} tables of the columns {columns}.")
    return [dict(zip(columns, row, strict=True)) for row in found[0][2:]]


def _tables(page: str) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = [[]]
    for line in (PAGES / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif tables[-1]:
            tables.append([])
    return [table for table in tables if table]
