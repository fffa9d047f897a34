"""Sealing and looking, and what whoever owns the machine could do: shared by the tests of seals."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from audit import verifier
from audit.selectors import seals
from audit.verifying.told import Report
from conftest import NOON
from office import trail
from office.models import Act, Body
from tests import servers


def act(body: Body) -> Act:
    """One more act in the trail."""
    return trail.record("body.added", body, by=None, at=NOON)


def look(**more: Any) -> Report:
    """What the verifier finds."""
    with seals.reading() as connection:
        return verifier.verify(connection, **more)


def told(report: Report) -> set[tuple[str, int | None, tuple[str, ...], str]]:
    """What was found, to be compared."""
    return {(one.table, one.pk, tuple(one.columns), one.reason) for one in report.faults}


@contextlib.contextmanager
def superuser(name: str = "") -> Iterator[psycopg.Connection[Any]]:
    """As whoever owns the machine, with all triggers off."""
    with psycopg.connect(servers.superuser_dsn(name or settings.DATABASES["default"]["NAME"])) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def past_triggers(*statements: str) -> None:
    """Statements that no trigger looks at."""
    with superuser() as connection:
        for one in statements:
            connection.execute(one.encode())


#: By a type's name: a value that no row of the tests has, and one more.
VALUES: dict[str, tuple[str, str]] = {
    "bigint": ("987654301", "987654302"),
    "integer": ("98765431", "98765432"),
    "smallint": ("31001", "31002"),
    "boolean": ("false", "true"),
    "character varying": ("'a'", "'b'"),
    "text": ("'一'", "'二'"),
    "date": ("'2010-03-01'", "'2010-03-02'"),
    "time without time zone": ("'08:00'", "'08:01'"),
    "timestamp with time zone": ("'2010-03-01 12:00:00.000001+08'", "'2010-03-01 12:00:00.000002+08'"),
    "numeric": ("1", "2"),
    "jsonb": ("""'{"a": 1}'""", """'{"a": 2}'"""),
    "uuid": ("'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
    "daterange": ("'[2010-01-01,2011-01-01)'", "'[2010-01-01,2011-01-02)'"),
    "inet": ("'10.0.0.1'", "'10.0.0.2'"),
    "bigint[]": ("'{1}'", "'{2}'"),
    "integer[]": ("'{1}'", "'{2}'"),
    "date[]": ("'{2010-03-01}'", "'{2010-03-02}'"),
    "character varying[]": ("'{a}'", "'{b}'"),
    "text[]": ("'{a}'", "'{b}'"),
    "bytea": ("'\\x01'", "'\\x02'"),
}


def free_of_rules(connection: psycopg.Connection[Any], tables: list[str]) -> None:
    """Take every rule but the primary key from some tables, as whoever owns the machine could for a moment."""
    named = connection.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'u', 'x', 'f')"
        " AND conrelid = ANY (%s::regclass[])",
        [tables],
    ).fetchall()
    for table, name in sorted(named, key=lambda one: one[1]):
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE").format(
                sql.Identifier(table), sql.Identifier(name)
            )
        )
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND NOT indisprimary"
        " AND indrelid = ANY (%s::regclass[])",
        [tables],
    ).fetchall()
    for (name,) in indexes:
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(name)))
    for table in tables:
        for (column,) in connection.execute(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull"
            " AND NOT attisdropped AND attidentity = ''",
            [table],
        ).fetchall():
            with contextlib.suppress(psycopg.errors.InvalidTableDefinition), connection.transaction():
                connection.execute(
                    sql.SQL("ALTER TABLE {} ALTER {} DROP NOT NULL").format(
                        sql.Identifier(table), sql.Identifier(column)
                    )
                )
