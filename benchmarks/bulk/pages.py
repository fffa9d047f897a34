"""Every list page of the house over a full county: statements, time against the plain page query, tables read whole.

A page is asked for as it opens, sorted by each of its columns both ways, and narrowed by each choice of each filter.
The plain query is the one that reads the page's rows, run by itself. Times are the least of some, statement by
statement; other work on the machine disturbs them all the same. The blocks that a page reads, set against those of its
plain query, are the same at any time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import django_filters
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.models import Claim
from office.pages.lists import ROWS_ON_A_PAGE, ListPage

BIG: Final = 10_000  # rows of a table that is not read whole
UNNOTICED: Final = 0.010  # seconds; a page query that is faster is taken for this long
A_FEW: Final = 300  # blocks; a page query that reads fewer is taken for this many
QUICK: Final = 0.030  # seconds; a page that takes no longer is within its limit whatever its query takes
TIMES, MOST_TIMES = 3, 12
LIMIT: Final = f"LIMIT {ROWS_ON_A_PAGE + 1}"
CHOICES: Final = 8  # of a filter that are tried


@dataclass
class Asked:
    """What came of one page: the worst of all ways to ask for it, each with how it was asked."""

    address: str
    ways: int = 0
    statements: int = 0
    ratio: tuple[float, str] = (0.0, "")
    blocks: tuple[float, str] = (0.0, "")
    slowest: tuple[float, str] = (0.0, "")
    scanned: dict[str, list[str]] = field(default_factory=dict)  # by table, how it was asked


#: What the address of a page needs.
ARGUMENTS: Final[dict[str, list[object]]] = {"office:decisions_of": ["claims"]}
#: Lists of one record of which the county in bulk has none; what they ask is pinned in the apps' page costs.
OF_ONE: Final = frozenset(
    {
        "claims:catalogue",
        "enrollment:account",
        "enrollment:assistance_compared",
        "enrollment:assistance_unlisted",
        "enrollment:receipt_book",
        "funds:chart",
        "funds:payable",
    }
)
#: Lists that hold everybody against everybody: their limits are those of benchmarks/enrolled.py.
OF_EVERYBODY: Final = frozenset({"enrollment:double_enrollment", "enrollment:not_whole"})
#: Statements of each page, however it is asked for; of lists that are narrowed by a scheme one more reads that scheme.
STATEMENTS: Final[dict[str, int]] = {
    "audit:complaints": 5,
    "audit:engagements": 5,
    "audit:findings": 5,
    "audit:leads": 5,
    "audit:populations": 6,
    "audit:rectifications": 5,
    "audit:report_texts": 5,
    "audit:reports": 5,
    "audit:samples": 6,
    "audit:screenings": 5,
    "audit:seals": 5,
    "audit:trail_checks": 5,
    "claims:admissions": 6,
    "claims:appeals": 5,
    "claims:applications": 7,
    "claims:catalogues": 7,
    "claims:certificates": 7,
    "claims:claims": 7,
    "claims:diseases": 5,
    "claims:documents": 7,
    "claims:door_tokens": 6,
    "claims:injuries": 5,
    "claims:late_allowances": 5,
    "claims:limits": 7,
    "claims:listings": 7,
    "claims:meetings": 5,
    "claims:notices": 5,
    "claims:objections": 5,
    "claims:outside_stays": 5,
    "claims:panels": 7,
    "claims:plans": 7,
    "claims:providers": 7,
    "claims:publicity": 7,
    "claims:referrals": 5,
    "claims:settlements": 7,
    "claims:statistics": 7,
    "claims:time_limits": 7,
    "enrollment:accounts": 6,
    "enrollment:assistance_lists": 6,
    "enrollment:bulletins": 6,
    "enrollment:collection_costs": 7,
    "enrollment:divisions": 8,
    "enrollment:double_enrollment": 8,
    "enrollment:exceptions": 7,
    "enrollment:fund_years": 7,
    "enrollment:go_live": 5,
    "enrollment:households": 6,
    "enrollment:members": 6,
    "enrollment:not_whole": 11,
    "enrollment:receipt_books": 6,
    "enrollment:refunds": 8,
    "enrollment:reminders": 9,
    "enrollment:roster_imports": 6,
    "enrollment:schemes": 5,
    "enrollment:sheets": 11,
    "funds:assessments": 7,
    "funds:bank_accounts": 7,
    "funds:bank_answers": 7,
    "funds:batches": 7,
    "funds:books": 6,
    "funds:budgets": 7,
    "funds:cash_counts": 7,
    "funds:final_accounts": 7,
    "funds:fund_requests": 7,
    "funds:matches": 8,
    "funds:payment_orders": 7,
    "funds:payments": 6,
    "funds:premiums": 7,
    "funds:prepayments": 7,
    "funds:provider_payments": 7,
    "funds:reconciliations": 7,
    "funds:recoveries": 7,
    "funds:retention_terms": 7,
    "funds:risk_moves": 7,
    "funds:second_runs": 7,
    "funds:slips": 8,
    "funds:statements": 7,
    "funds:subsidy_letters": 7,
    "funds:vouchers": 8,
    "funds:warning_levels": 7,
    "office:acts": 7,
    "office:bodies": 5,
    "office:decisions": 6,
    "office:decisions_of": 8,
    "office:jobs": 5,
    "office:looks": 7,
    "office:people": 8,
    "office:printers": 7,
    "office:refused_acts": 7,
    "office:working_days": 5,
}
#: The same of pages that are no lists. Home and what waits ask four more of the whole county than of a tenth: as many
#: more worklists are longer than what is shown of them, and counted. A claim in a check asks besides for the rounds and
#: seats of its step, and for whom else this person decides.
STATEMENTS_OF_OTHERS: Final[dict[str, int]] = {
    "office:home": 87,
    "office:work": 86,
    "office:worklist claims.intake": 8,
    "office:worklist claims.checks": 11,
    "office:worklist claims.verification": 7,
    "office:worklist claims.notices-to-issue": 7,
    "office:worklist claims.notices-to-serve": 7,
    "office:worklist claims.appeals-to-answer": 7,
    "claims:claim": 23,
    "claims:claim, in a check": 27,
    "enrollment:member": 11,
    "claims:claims, found by name": 6,
    "claims:claims, found by number": 6,
    "claims:claims, found by invoice": 6,
}

WORKLISTS: Final = (
    *("claims.intake", "claims.checks", "claims.verification"),
    *("claims.notices-to-issue", "claims.notices-to-serve", "claims.appeals-to-answer"),
)
READS: Final = ("SELECT", "(SELECT", "WITH")
Statement = tuple[str, Any, float]


def list_pages() -> dict[str, type[ListPage]]:
    """All list pages of the house by the name of their address, but those of one record."""
    found = {name: view for name, view in _views(get_resolver().url_patterns, ()) if issubclass(view, ListPage)}
    if gone := OF_ONE - set(found):
        raise LookupError(f"No list page is called {', '.join(sorted(gone))}.")
    return {name: view for name, view in found.items() if name not in OF_ONE}


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
    big = big_tables()
    for way in _ways(client, address, view):
        _note(found, client, f"{address}{way}", big)
    return found


def others() -> dict[str, str]:
    """By name, the addresses of pages that are no lists but look at everything: what waits, one claim, one person."""
    found = {"office:home": reverse("office:home"), "office:work": reverse("office:work")}
    for name in WORKLISTS:
        found[f"office:worklist {name}"] = reverse("office:worklist", args=[name])
    busiest = Claim.objects.values("member").annotate(times=Count("pk")).order_by("-times", "member")[:1].get()
    newest = Claim.objects.filter(member=busiest["member"], state="paid").latest("pk")
    found["claims:claim"] = reverse("claims:claim", args=[newest.pk])
    checked = Claim.objects.filter(state="second_check").latest("pk")
    found["claims:claim, in a check"] = reverse("claims:claim", args=[checked.pk])
    found["enrollment:member"] = reverse("enrollment:member", args=[newest.member_id])
    found["claims:claims, found by name"] = f"{reverse('claims:claims')}?find={newest.member.name}"
    found["claims:claims, found by number"] = f"{reverse('claims:claims')}?find={newest.number}"
    found["claims:claims, found by invoice"] = f"{reverse('claims:claims')}?find={newest.invoices.get().number}"
    return found


def ask_one(client: Client, address: str) -> Asked:
    """One page as it opens."""
    found = Asked(address)
    if client.get(address).status_code != 200:  # noqa: PLR2004
        raise LookupError(f"{address} does not open.")
    _note(found, client, address, big_tables())
    return found


def _ways(client: Client, address: str, view: type[ListPage]) -> Iterator[str]:
    """As it opens; sorted; narrowed."""
    yield ""
    response = client.get(address)
    if response.status_code != 200:  # noqa: PLR2004
        raise LookupError(f"{address} answers {response.status_code}.")
    for column in view.table_class([]).columns:
        if column.orderable:
            yield f"?{urlencode({'sort': column.name})}"
            yield f"?{urlencode({'sort': f'-{column.name}'})}"
    for filter_name, one in view.filterset_class.base_filters.items():
        yield from (f"?{urlencode({filter_name: value})}" for value in _values(one))


def _values(one: Any) -> list[object]:
    """Some of what a filter can be set to."""
    if isinstance(one, django_filters.ModelChoiceFilter):
        found = one.extra.get("queryset")
        return [] if found is None or callable(found) else [record.pk for record in found.all()[:2]]
    if not isinstance(one, django_filters.ChoiceFilter):
        return []
    choices = one.extra.get("choices", ())
    return [value for value, _label in (choices() if callable(choices) else choices)][:CHOICES]


def _note(found: Asked, client: Client, address: str, big: frozenset[str]) -> None:
    """Ask for a page a few times, then for its rows alone."""
    statements, whole = _quickest(client, address)
    found.ways += 1
    found.statements = max(found.statements, len(statements))
    plain = max((_alone(one) for one in statements if LIMIT in one[0]), default=0.0)
    found.ratio = max(found.ratio, (whole / max(plain, UNNOTICED), address))
    found.slowest = max(found.slowest, (whole, address))
    plans = [
        (LIMIT in sql, plan_of(sql, params)) for sql, params, _took in statements if sql.lstrip().startswith(READS)
    ]
    read = sum(_blocks(plan) for _is_page, plan in plans)
    of_page = max((_blocks(plan) for is_page, plan in plans if is_page), default=0)
    found.blocks = max(found.blocks, (read / max(of_page, A_FEW), address))
    for _is_page, plan in plans:
        for table in set(scans(plan)) & big:
            found.scanned.setdefault(table, []).append(address)


def _quickest(client: Client, address: str) -> tuple[list[Statement], float]:
    """What a page asks, and for how long, each statement at its quickest: other work delays one or another. What takes
    long is asked for some times more."""
    same: list[list[Statement]] = []
    whole = 0.0
    for time_ in range(1, MOST_TIMES + 1):
        asked = run(lambda: client.get(address))
        if same and len(asked) < len(same[0]):  # once a minute a session notes besides that somebody is there
            same = []
        if not same or len(asked) == len(same[0]):
            same.append(asked)
        whole = sum(min(one[2] for one in each) for each in zip(*same, strict=True))
        if time_ >= TIMES and whole <= QUICK:
            break
    return same[0], whole


def run(act: Callable[[], object]) -> list[Statement]:
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


def plan_of(sql: str, params: Any) -> dict[str, Any]:
    """How the database answered a statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
        plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
        return plan


def _blocks(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def scans(step: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads from end to end."""
    if step["Node Type"] == "Seq Scan":
        yield step["Relation Name"]
    for inner in step.get("Plans", ()):
        yield from scans(inner)


def big_tables() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
        return frozenset(name for (name,) in cursor.fetchall())
