"""What screens read: the claims of some days laid out once in tables of the session's own.

`audit_screened` has the claims that were taken in from some time before the first day until the last, one narrow row
each with whose, where and when; `audit_voted` who voted what in their rounds; `audit_threshold` the amounts at which
something changes. So the large tables are read once, whatever number of screens looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from audit.selectors import thresholds
from audit.selectors.thresholds import Threshold

#: A claim may belong together with one that was taken in so long before.
LOOKBACK: Final = timedelta(days=400)

SCREENED: Final = """
CREATE TEMPORARY TABLE audit_screened AS
SELECT c.id, c.number, c.id::text AS subject, coalesce(m.merged_into_id, m.id) AS person, c.member_id, m.household_id,
    h.village_id, m.sex, m.birth_date,
    CASE WHEN coalesce(k.state, m.state) = 'dead' THEN coalesce(k.state_on, m.state_on) END AS died_on,
    c.scheme_id, c.provider_id, c.level, c.region, c.is_designated, c.kind,
    c.kind IN ('inpatient', 'delivery', 'injury') AS is_stay, c.disease_id, c.admission_id, c.referral_id,
        c.document_id,
    c.hospital_number, c.admitted_on, c.discharged_on, c.total, c.proposed, coalesce(c.proposed, c.total) AS asked,
    c.payee_kind, c.payee_account, c.state, c.state NOT IN ('refused', 'void', 'reversed') AS is_live,
    c.content_version, c.entered_on, c.entered_at, c.entered_by_id, c.entered_on >= %(first)s AS in_span
FROM claims_claim c
JOIN enrollment_member m ON m.id = c.member_id
JOIN enrollment_household h ON h.id = m.household_id
LEFT JOIN enrollment_member k ON k.id = m.merged_into_id
WHERE c.entered_on BETWEEN %(earliest)s AND %(last)s;
CREATE INDEX ON audit_screened (id);
ANALYZE audit_screened
"""
VOTED: Final = """
CREATE TEMPORARY TABLE audit_voted AS
SELECT s.id AS claim_id, r.step, r.opened_at, v.voter_id, v.choice, v.cast_at
FROM audit_screened s
JOIN claims_claimsround r ON r.subject_type = 'claims.claim' AND r.subject_id = s.subject
JOIN claims_claimsvote v ON v.round_id = r.id
WHERE s.in_span;
ANALYZE audit_voted
"""
THRESHOLDS: Final = """
CREATE TEMPORARY TABLE audit_threshold (
    scheme_id bigint, kind text, amount numeric, counter text, year integer, first date, last date
)
"""
KNOWN: Final = """
INSERT INTO audit_threshold
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::text[], %s::integer[], %s::date[], %s::date[])
"""
COLUMNS: Final = 7
GONE: Final = "DROP TABLE IF EXISTS audit_screened, audit_voted, audit_threshold, audit_hit"
MEMORY: Final = "256MB"  # for sorts and hashes while they are looked at


@dataclass(frozen=True)
class Span:
    """The days on which what is screened was taken in, both included."""

    first: date
    last: date

    def told(self) -> dict[str, Any]:
        """As statements take it."""
        return {"first": self.first, "last": self.last, "earliest": self.first - LOOKBACK}


@contextmanager
def laid_out(span: Span, *, votes: bool) -> Iterator[None]:
    """The tables, for as long as screens read them; `votes` whether any of them asks who voted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, false)", [MEMORY])
        cursor.execute(GONE)
        try:
            cursor.execute(SCREENED, span.told())
            if votes:
                cursor.execute(VOTED)
            cursor.execute(THRESHOLDS)
            cursor.execute(KNOWN, _columns(thresholds.between(span.first, span.last)))
            yield
        finally:
            _clear(cursor)


def _clear(cursor: Any) -> None:
    """What is left in the session; of a transaction that failed the database takes it away itself."""
    if not connection.needs_rollback:
        cursor.execute(GONE)
        cursor.execute("RESET work_mem")


def _columns(found: Iterable[Threshold]) -> list[list[Any]]:
    """Thresholds column by column."""
    rows = [(one.scheme, one.kind, one.amount, one.counter, one.year, one.first, one.last) for one in found]
    return [[row[place] for row in rows] for place in range(COLUMNS)]
