"""Rows of another table in one field of one answer, so that a question about several tables is one statement."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Func

APART: Final = "\x1f"  # a mark that no field has


class _Line(Func):
    """The columns of a row as one line of text. PostgreSQL's function takes what is not known for empty; Django's own
    would nest a function for each column and each mark."""

    template = f"CONCAT(%(expressions)s::varchar, '{APART}')"
    arg_joiner = f"::varchar, '{APART}', "
    output_field = CharField()


def written(found: Any, *fields: str) -> ArraySubquery:
    """Rows as lines of text, each field followed by a mark that no field has; what is not known is empty."""
    return ArraySubquery(found.annotate(written_down=_Line(*fields)).values("written_down"))


def read(line: str) -> list[str]:
    """The fields of such a line."""
    return line.split(APART)[:-1]
