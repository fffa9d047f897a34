"""Divisions from a file: the sound rows come in or get their new name, nothing is ever taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from enrollment.models import Division
from enrollment.rules import divisions
from enrollment.rules.faults import Fault
from enrollment.services.search_keys import search_keys_of
from office import trail
from office.models import Person

LOCK = 7_003  # one import at a time
WRITE = """
INSERT INTO enrollment_division (code, name, level, parent_id, search_keys)
    SELECT n.code, n.name, %(level)s, p.id, string_to_array(n.keys, ' ')
    FROM unnest(%(codes)s::text[], %(names)s::text[], %(parents)s::text[], %(keys)s::text[])
        AS n (code, name, parent, keys)
        LEFT JOIN enrollment_division p ON p.code = n.parent
    ORDER BY n.code
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, search_keys = excluded.search_keys
        WHERE enrollment_division.name <> excluded.name
"""


class CannotImportDivisions(Exception):
    """Nothing was written; the message is written for the person who sent the file."""


@dataclass(frozen=True)
class Imported:
    """What a file of divisions came to: its rows, the good ones, how many came in or changed, and every fault."""

    rows: int
    good: int
    written: int
    faults: tuple[Fault, ...]


@transaction.atomic
def import_divisions(*, table: Iterable[Sequence[object]], by: Person | None, at: datetime) -> Imported:
    """Write the sound rows of a table. The same file twice changes nothing. Raises CannotImportDivisions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        try:
            read = divisions.read(table, frozenset(Division.objects.values_list("code", flat=True)))
        except divisions.CannotReadDivisions as fault:
            raise CannotImportDivisions(
                _("The first row must name the columns; missing: %(columns)s.") % {"columns": ", ".join(fault.columns)}
            ) from fault
        written = sum(_write(cursor, level, read.sound) for level in divisions.DivisionLevel)
    if written:
        trail.record("divisions.imported", None, by=by, at=at, rows=read.rows, good=len(read.sound), written=written)
    return Imported(read.rows, len(read.sound), written, read.faults)


def _write(cursor: Any, level: divisions.DivisionLevel, sound: Iterable[divisions.Division]) -> int:
    of_level = [one for one in sound if one.level is level]
    cursor.execute(
        WRITE,
        {
            "level": level.value,
            "codes": [one.code for one in of_level],
            "names": [one.name for one in of_level],
            "parents": [one.parent for one in of_level],
            "keys": [" ".join(search_keys_of(one.name)) for one in of_level],
        },
    )
    return int(cursor.rowcount)
