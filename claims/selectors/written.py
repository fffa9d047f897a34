"""Rows of another table in one field of one answer, so that a question about several tables is one statement."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Concat

APART: Final = "\x1f"  # a mark that no field has


def written(found: Any, *fields: str) -> ArraySubquery:
    """Rows as lines of text, each field followed by a mark that no field has; what is not known is empty."""
    parts: list[Any] = []
    for name in fields:
        parts += [Coalesce(Cast(F(name), CharField()), Value("")), Value(APART)]
    return ArraySubquery(found.annotate(written_down=Concat(*parts, Value(""))).values("written_down"))


def read(line: str) -> list[str]:
    """The fields of such a line."""
    return line.split(APART)[:-1]
