"""Many new rows of one table at once, by COPY: the same triggers, constraints and defaults as INSERT.

For tables without row history of their own, whose rows nobody needs by number afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql


def copy_in(rows: Sequence[models.Model]) -> None:
    """Write rows that were not saved before, all of one model; what one leaves to the database all of them leave."""
    first = rows[0]
    fields = [
        one
        for one in first._meta.concrete_fields
        if not one.primary_key and not isinstance(getattr(first, one.attname), DatabaseDefault)
    ]
    columns = sql.SQL(", ").join([sql.Identifier(str(one.column)) for one in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(first._meta.db_table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_prepared(one, row) for one in fields])


def _prepared(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
