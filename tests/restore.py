"""After a test that committed: the owner empties every table and puts back what migrations had written there."""

from __future__ import annotations

import psycopg
from django.conf import settings
from psycopg import sql

from tests import servers

_seeded: dict[str, bytes] = {}


def _owner() -> psycopg.Connection:
    return psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]), autocommit=True)


def _tables(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in rows if name != "django_migrations"]


def remember() -> None:
    """Right after the migrations: keep the rows that every database has."""
    with _owner() as owner:
        for table in _tables(owner):
            with owner.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out:
                content = b"".join(bytes(block) for block in out)
            if content:
                _seeded[table] = content


def restore() -> None:
    """The database as it was right after the migrations."""
    with _owner() as owner, owner.transaction():
        tables = sql.SQL(", ").join(map(sql.Identifier, _tables(owner)))
        owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))
        owner.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, content in _seeded.items():
            with owner.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as into:
                into.write(content)


def keep_vacuum_away() -> None:
    """No vacuum by itself: it sees nothing of a test's own rows, tells the planner of empty tables in the middle of the
    test, and a search through thousands of people then takes minutes."""
    with _owner() as owner:
        for table in _tables(owner):
            owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(table)))
