"""What was written in the database since a moment, as the database itself counts it."""

from __future__ import annotations

from django.db import connection

#: What reading a page may write: that somebody is still at his desk, and in the trail what he read or was refused.
READING_WRITES = {"django_session", "office_signin", "office_act"}


def written() -> dict[str, int]:
    """How many rows of each table were added, changed or taken away so far, in this test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def written_since(before: dict[str, int]) -> set[str]:
    """The tables that were written since, but for what belongs to being signed in and to the trail of readings."""
    return {table for table, count in written().items() if count != before.get(table, 0)} - READING_WRITES
