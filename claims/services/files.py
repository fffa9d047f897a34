"""Tables that other offices send: opened, read, and refused in words where they are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from claims.rules import catalogues, columns, diseases
from enrollment.services import roster_files

#: The printed name of every column that such a table can have.
HEADINGS = {name: names[0] for table in (diseases.COLUMNS, catalogues.COLUMNS) for name, names in table.items()}

Found = TypeVar("Found")


class CannotReadHeader(Exception):
    """The first row names no such columns; the message is written for the person who sent the file."""


def read(path: Path, name: str, reading: Callable[[Iterator[Sequence[object]]], Found]) -> tuple[Found, str]:
    """What a reading makes of a file, with the file's SHA-256. Raises CannotReadHeader, CannotReadRoster."""
    file = roster_files.opened(path, name)
    try:
        return reading(file.table()), file.sha256
    except columns.CannotReadTable as refusal:
        raise CannotReadHeader(_words_of(refusal)) from refusal


def _words_of(refusal: columns.CannotReadTable) -> str:
    named = "、".join(HEADINGS[column] for column in refusal.columns)
    if refusal.code == "columns_twice":
        return _("The first row names columns twice: %(columns)s.") % {"columns": named}
    return _("The first row must name the columns; missing: %(columns)s.") % {"columns": named}
