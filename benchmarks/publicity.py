"""A county's month of publicity lists: made for a scheme in one go, where all that was paid before is posted already.

The county is the one in bulk (benchmarks/bulk). Lists of earlier months go in past the services, as they would stand:
posted, back with their slip, over. Then the lists of the last whole month are made by the service, village by village,
and once more, which finds nothing to post.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from benchmarks.bulk import load, streams
from claims.models import PublicityEntry, PublicityList
from claims.selectors import publicity as selectors
from claims.services import publicity
from enrollment.models import Division, Scheme
from enrollment.services.keeping import CannotKeep
from office.models import Person
from office.rules import days

LOOKS_AT_THE_COUNTY = True
LONGEST: Final = 240.0  # seconds for the month, at full scale
A_CLAIM: Final = 8.0  # milliseconds, where a list has more than a few
A_FEW: Final = 5  # claims on a list, on average
A_LIST: Final = 5.0  # statements
#: Lists of the months before a day, of every village where something was paid, each over since its days have run.
EARLIER: Final = """
INSERT INTO claims_publicitylist (number, scheme_id, village_id, month, timing, days, made_on, made_by_id, made_at,
        state, posted_on, posted_until, place, posted_by, noted_by_id, slip_on, slip_by, slip_noted_by_id, void_reason)
    SELECT 'bulk-' || row_number() OVER (), p.scheme_id, p.village_id, p.month, 'after', 7, p.made_on, %(by)s,
        p.made_on, 'over', p.made_on, p.made_on + 7, '公开栏（编造）', '会计（编造）', %(by)s, p.made_on + 7,
        '主任（编造）', %(by)s, ''
    FROM (SELECT DISTINCT c.scheme_id, h.village_id, date_trunc('month', c.state_since)::date AS month,
            (date_trunc('month', c.state_since) + interval '1 month')::date AS made_on
        FROM claims_claim c JOIN claims_approval a ON a.claim_id = c.id JOIN enrollment_member m ON m.id = c.member_id
            JOIN enrollment_household h ON h.id = m.household_id
        WHERE c.state = 'paid' AND a.fund_pays > 0 AND c.state_since < %(first)s) p;
INSERT INTO claims_publicityentry (list_id, position, claim_id, head, patient, sex, age, provider, total, paid, "on")
    SELECT l.id, row_number() OVER (PARTITION BY l.id ORDER BY c.id), c.id, m.name, m.name, m.sex, 40, p.name, c.total,
        a.fund_pays, c.state_since
    FROM claims_claim c JOIN claims_approval a ON a.claim_id = c.id JOIN enrollment_member m ON m.id = c.member_id
        JOIN enrollment_household h ON h.id = m.household_id JOIN claims_provider p ON p.id = c.provider_id
        JOIN claims_publicitylist l ON l.scheme_id = c.scheme_id AND l.village_id = h.village_id
            AND l.month = date_trunc('month', c.state_since)::date
    WHERE c.state = 'paid' AND a.fund_pays > 0 AND c.state_since < %(first)s;
VACUUM (ANALYZE) claims_publicitylist;
VACUUM (ANALYZE) claims_publicityentry;
"""


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    month = _last_whole_month(days.business_day(timezone.now()))
    load.standing(scale, timezone.now())
    secretary = Person.objects.get(username="bulk-secretary")
    earlier = _post_earlier(month, secretary)
    given: dict[str, Any] = {
        "scheme": Scheme.objects.get(code="ncms"),
        "month": month,
        "area": Division.objects.get(level=Division.Level.COUNTY),
    }
    due = sum(selectors.due(timing=timing, **given).count() for timing in PublicityList.Timing.values)
    start = time.perf_counter()
    made, statements = _made(given, secretary)
    seconds = time.perf_counter() - start
    if PublicityEntry.objects.filter(list__in=made).count() != due:
        raise LookupError("A claim that is due stands on no list.")
    told = f"{due:,} claims of a month on {len(made):,} lists, {earlier:,} posted before"
    yield f"{told}: seconds", seconds, LONGEST * max(scale, 0.1)
    limit = A_CLAIM * (1 if due > A_FEW * len(made) else A_FEW)
    yield "the same: milliseconds a claim", seconds / due * 1000, limit
    yield "the same: SQL statements a list", statements / len(made), A_LIST
    yield "the same, made once more: lists", _again(given, secretary), 0


def _last_whole_month(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _post_earlier(month: date, by: Person) -> int:
    """How many claims were posted before the month."""
    facts = {"first": month, "by": by.pk}
    with streams.connected() as db:
        for statement in filter(str.strip, EARLIER.split(";")):
            db.execute(statement, facts if "%" in statement else None)
    return PublicityEntry.objects.count()


def _made(given: dict[str, Any], by: Person) -> tuple[list[PublicityList], int]:
    """The lists, and how many statements they took."""
    count = 0

    def counted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        return publicity.make(by=by, at=timezone.now(), **given), count


def _again(given: dict[str, Any], by: Person) -> int:
    try:
        return len(publicity.make(by=by, at=timezone.now(), **given))
    except CannotKeep:
        return 0
