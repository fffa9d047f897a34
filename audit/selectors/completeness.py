"""What must be complete besides the seals (docs/rules/seals.md, "Completeness"): every tracked record is as its last
state says, every posting and approval has its decision, every decision its votes. Nothing trusts a trigger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, LiteralString

import psycopg
from django.db import models
from psycopg import sql

from audit.rules import complete
from audit.selectors import decided
from audit.verifying.told import Report
from office import deciding, history

#: What is wrong, by table: a query of the numbers of the rows for which something is missing.
PROMISES: Final[tuple[tuple[str, str, LiteralString], ...]] = (
    (
        "funds_posting",
        complete.NO_ACT,
        """
        SELECT p.id FROM funds_posting p WHERE NOT EXISTS (
            SELECT FROM office_act a WHERE a.subject_type = 'funds.posting' AND a.subject_id = p.id::text
                AND a.name IN ('posting.entered', 'posting.reversed') AND a.kind = 'done' AND a.by_id = p.made_by_id)
        """,
    ),
    (
        "funds_payment",
        complete.NOT_RELEASED,
        """
        SELECT p.id FROM funds_payment p WHERE p.posting_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM funds_fundsround r WHERE r.subject_type = 'funds.paymentbatch'
                AND r.subject_id = p.batch_id::text AND r.state = 'closed' AND r.outcome = 'approved')
        """,
    ),
    (
        "funds_paymentbatch",
        complete.PAID_MORE,
        """
        SELECT y.batch_id FROM funds_payment y WHERE y.posting_id IS NOT NULL GROUP BY y.batch_id
        HAVING sum(y.amount) > (SELECT max(r.amount) FROM funds_fundsround r
            WHERE r.subject_type = 'funds.paymentbatch' AND r.subject_id = y.batch_id::text
                AND r.state = 'closed' AND r.outcome = 'approved')
        """,
    ),
    (
        "funds_fundrequest",
        complete.NOT_APPROVED,
        """
        SELECT f.id FROM funds_fundrequest f WHERE f.posting_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM funds_fundsround r WHERE r.subject_type = 'funds.fundrequest'
                AND r.subject_id = f.id::text AND r.state = 'closed' AND r.outcome = 'approved')
        """,
    ),
    (
        "claims_approval",
        complete.NO_ROUND,
        """
        SELECT a.id FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id WHERE NOT EXISTS (
            SELECT FROM claims_claimsround r WHERE r.state = 'closed' AND r.outcome = 'approved' AND (
                (r.subject_type = 'claims.claim' AND r.subject_id = a.claim_id::text)
                OR (r.subject_type = 'claims.bulkdocument' AND r.subject_id = c.document_id::text)))
        """,
    ),
)

#: A round that is over says what its votes say: of those present, by its majority (office/migrations/0012).
VOTES: Final = """
SELECT r.id FROM {rounds} r LEFT JOIN LATERAL (
    SELECT count(*) AS given, count(*) FILTER (WHERE v.choice IN ('approve', 'cut')) AS agreeing,
        count(*) FILTER (WHERE v.choice = 'refuse') AS refusing,
        count(*) FILTER (WHERE v.choice = 'return') AS sent_back
    FROM {votes} v WHERE v.round_id = r.id) told ON true
    LEFT JOIN LATERAL (
    SELECT count(*) AS present FROM {seats} s WHERE s.round_id = r.id AND s.is_present AND s.recusal = '') there ON true
WHERE r.state = 'closed' AND (told.given < r.count OR there.present < r.quorum OR r.outcome <>
    office_outcome_of(there.present, told.agreeing, told.refusing, told.sent_back, r.majority))
"""

STATES: Final = """
SELECT l.{pk}, e.pgh_id IS NULL, array_remove(ARRAY[{apart}], NULL) FROM {live} l LEFT JOIN LATERAL (
    SELECT * FROM {event} e WHERE e.pgh_obj_id = l.{pk} ORDER BY e.pgh_id DESC LIMIT 1) e ON true
WHERE e.pgh_id IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})
"""

LEFT_OVER: Final = """
SELECT DISTINCT e.pgh_obj_id FROM {event} e
WHERE NOT EXISTS (SELECT FROM {live} l WHERE l.{pk} = e.pgh_obj_id)
"""


def look(connection: psycopg.Connection[Any], tell: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Look everything up in one snapshot; `rows` are those that were looked at."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return within(connection, tell)


def within(connection: psycopg.Connection[Any], tell: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """The same as the transaction sees it that the caller is in."""
    report = Report()
    steps = [*_histories(), *_promises()]
    for done, (table, step) in enumerate(steps, start=1):
        report.rows += _count(connection, table)
        for pk, columns, reason in step(connection):
            report.add(table, pk, columns, reason)
        tell(done, len(steps))
    return report


Found = Iterator[tuple[int, list[str], str]]
Step = Callable[[psycopg.Connection[Any]], Found]


def _histories() -> Iterator[tuple[str, Step]]:
    for _label, model in sorted(history.TRACKED.items()):
        yield model._meta.db_table, _history_of(model)


def _history_of(model: type[models.Model]) -> Step:
    event: type[models.Model] = model.pgh_event_model  # type: ignore[attr-defined]
    kept = {field.column for field in event._meta.concrete_fields}
    columns = [str(field.column) for field in model._meta.concrete_fields if field.column in kept]
    names = {
        "live": sql.Identifier(model._meta.db_table),
        "event": sql.Identifier(event._meta.db_table),
        "pk": sql.Identifier(str(model._meta.pk.column)),
        "ours": _list("l", columns),
        "theirs": _list("e", columns),
        "apart": sql.SQL(", ").join(map(_apart, columns)),
    }

    def find(connection: psycopg.Connection[Any]) -> Found:
        for pk, is_without, apart in connection.execute(sql.SQL(STATES).format(**names)):
            yield pk, [] if is_without else apart, complete.NO_STATE if is_without else complete.NOT_THE_LAST_STATE
        for (pk,) in connection.execute(sql.SQL(LEFT_OVER).format(**names)):
            yield pk, [], complete.NO_RECORD

    return find


def _list(alias: str, columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, one) for one in columns)


def _apart(column: str) -> sql.Composed:
    return sql.SQL("CASE WHEN {} IS DISTINCT FROM {} THEN {} END").format(
        sql.Identifier("l", column), sql.Identifier("e", column), column
    )


def _promises() -> Iterator[tuple[str, Step]]:
    for table, reason, query in PROMISES:
        yield table, _numbers(sql.SQL(query).format(), reason)
    for promise in decided.PROMISES:
        yield "funds_posting", _numbers(promise.query, promise.reason)
    for family in deciding.families():
        table = family.round._meta.db_table
        query_of_votes = sql.SQL(VOTES).format(
            rounds=sql.Identifier(table),
            seats=sql.Identifier(family.seat._meta.db_table),
            votes=sql.Identifier(family.vote._meta.db_table),
        )
        yield table, _numbers(query_of_votes, complete.NO_VOTES)


def _numbers(query: sql.Composed, reason: str) -> Step:
    def find(connection: psycopg.Connection[Any]) -> Found:
        for (pk,) in connection.execute(query):
            yield pk, [], reason

    return find


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
