"""Every list page of the house over a full county: statements, time against the plain page query, tables read whole.

A page is asked for as it opens, sorted by each of its columns both ways, and narrowed by each choice of each filter.
The plain query is the one that reads the page's rows, run by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import django_filters
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from office.pages.lists import ROWS_ON_A_PAGE, ListPage

BIG: Final = 10_000  # rows of a table that is not read whole
UNNOTICED: Final = 0.010  # seconds; a page query that is faster is taken for this long
TIMES: Final = 3
LIMIT: Final = f"LIMIT {ROWS_ON_A_PAGE + 1}"
CHOICES: Final = 8  # of a filter that are tried


@dataclass
class Asked:
    """What came of one page: the worst of all ways to ask for it, each with how it was asked."""

    address: str
    ways: int = 0
    statements: int = 0
    ratio: tuple[float, str] = (0.0, "")
    slowest: tuple[float, str] = (0.0, "")
    scanned: dict[str, str] = field(default_factory=dict)  # by table, how it was asked


#: What the address of a page needs.
ARGUMENTS: Final[dict[str, list[object]]] = {"office:decisions_of": ["claims"]}
#: Statements of each page, however it is asked for.
STATEMENTS: Final[dict[str, int]] = {}

Statement = tuple[str, Any, float]


def list_pages() -> dict[str, type[ListPage]]:
    """All list pages of the house by the name of their address."""
    return {name: view for name, view in _views(get_resolver().url_patterns, ()) if issubclass(view, ListPage)}


def _views(patterns: Any, spaces: tuple[str, ...]) -> Iterator[tuple[str, type[Any]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _views(one.url_patterns, inner)
        elif isinstance(one, URLPattern) and hasattr(one.callback, "view_class"):
            yield ":".join((*spaces, str(one.name))), one.callback.view_class


def ask(client: Client, name: str, view: type[ListPage], arguments: list[object]) -> Asked:
    """One page in all its ways."""
    address = reverse(name, args=arguments)
    found = Asked(address)
    big = _big_tables()
    for way in _ways(client, address, view):
        _note(found, client, f"{address}{way}", big)
    return found


def _ways(client: Client, address: str, view: type[ListPage]) -> Iterator[str]:
    """As it opens; sorted; narrowed."""
    yield ""
    response = client.get(address)
    if response.status_code != 200:  # noqa: PLR2004
        raise LookupError(f"{address} answers {response.status_code}.")
    table, filterset = response.context["table"], response.context["filter"]
    for column in table.columns:
        if column.orderable:
            yield f"?{urlencode({'sort': column.name})}"
            yield f"?{urlencode({'sort': f'-{column.name}'})}"
    for filter_name, one in filterset.filters.items():
        yield from (f"?{urlencode({filter_name: value})}" for value in _values(one))


def _values(one: Any) -> list[object]:
    """Some of what a filter can be set to."""
    if isinstance(one, django_filters.ModelChoiceFilter):
        return [record.pk for record in one.queryset.all()[:2]]
    if not isinstance(one, django_filters.ChoiceFilter):
        return []
    choices = one.extra["choices"]
    return [value for value, _label in (choices() if callable(choices) else choices)][:CHOICES]


def _note(found: Asked, client: Client, address: str, big: frozenset[str]) -> None:
    """Ask for a page a few times, then for its rows alone."""
    runs = [_run(lambda: client.get(address)) for _time in range(TIMES)]
    whole = min(sum(one[2] for one in run) for run in runs)
    statements = runs[-1]
    found.ways += 1
    found.statements = max(found.statements, len(statements))
    plain = max((_alone(one) for one in statements if LIMIT in one[0]), default=0.0)
    found.ratio = max(found.ratio, (whole / max(plain, UNNOTICED), address))
    found.slowest = max(found.slowest, (whole, address))
    for sql, params, _took in statements:
        for table in _read_whole(sql, params) & big:
            found.scanned.setdefault(table, address)


def _run(act: Callable[[], object]) -> list[Statement]:
    asked: list[Statement] = []

    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append((sql, params, time.perf_counter() - start))

    with connection.execute_wrapper(timed):
        act()
    return asked


def _alone(statement: Statement) -> float:
    took = []
    for _time in range(TIMES):
        with connection.cursor() as cursor:
            start = time.perf_counter()
            cursor.execute(statement[0], statement[1])
            cursor.fetchall()
            took.append(time.perf_counter() - start)
    return min(took)


def _read_whole(sql: str, params: Any) -> set[str]:
    """The tables that a statement reads from end to end."""
    if not sql.lstrip().startswith(("SELECT", "(SELECT", "WITH")):
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return set(_scans(cursor.fetchone()[0][0]["Plan"]))


def _scans(step: dict[str, Any]) -> Iterator[str]:
    if step["Node Type"] == "Seq Scan":
        yield step["Relation Name"]
    for inner in step.get("Plans", ()):
        yield from _scans(inner)


def _big_tables() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
        return frozenset(name for (name,) in cursor.fetchall())
