"""After a test that committed: every table is emptied, and what migrations had written there is put back."""

from __future__ import annotations

import psycopg
from django.conf import settings
from psycopg import sql

from tests import servers

#: Bytes of a table up to which its rows are deleted. TRUNCATE makes new files for two hundred tables and all their
#: indexes, for which every connection then looks again: ten times the work where a test wrote little.
LARGEST_SWEPT = 512 * 1024

_seeded: dict[str, bytes] = {}


def _owner() -> psycopg.Connection:
    return psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]), autocommit=True)


def _tables(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in rows if name != "django_migrations"]


def _named(tables: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))


def _content(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out:
        return b"".join(bytes(block) for block in out)


def remember() -> None:
    """Right after the migrations: keep the rows that every database has."""
    with _owner() as owner:
        for table in _tables(owner):
            if content := _content(owner, table):
                _seeded[table] = content


def restore() -> None:
    """The database as it was right after the migrations: what still writes is waited for, as by TRUNCATE."""
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(servers.superuser_dsn(name)) as superuser:
        tables = _tables(superuser)
        superuser.execute(sql.SQL("LOCK TABLE {}").format(_named(tables)))
        written = _written(superuser)
        if max(written.values(), default=0) > LARGEST_SWEPT:
            superuser.execute(sql.SQL("TRUNCATE {} CASCADE").format(_named(tables)))
            changed = list(_seeded)
        else:
            changed = [table for table in _seeded if _content(superuser, table) != _seeded[table]]
            _sweep(superuser, [table for table in written if table in changed or table not in _seeded])
        superuser.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in changed:
            with superuser.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as into:
                into.write(_seeded[table])


def _written(superuser: psycopg.Connection) -> dict[str, int]:
    """The tables in whose files anything stands, with their sizes."""
    return dict(
        superuser.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND relname <> 'django_migrations' AND pg_relation_size(oid) > 0"
        ).fetchall()
    )


def _sweep(superuser: psycopg.Connection, tables: list[str]) -> None:
    """Take all rows out of some tables; no guard and no key is asked, for nothing that they know stays."""
    superuser.execute("SET LOCAL session_replication_role = replica")
    for table in tables:
        superuser.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    superuser.execute("SET LOCAL session_replication_role = origin")


def keep_vacuum_away() -> None:
    """No vacuum by itself: it sees nothing of a test's own rows, tells the planner of empty tables in the middle of the
    test, and a search through thousands of people then takes minutes."""
    with _owner() as owner:
        for table in _tables(owner):
            owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(table)))
