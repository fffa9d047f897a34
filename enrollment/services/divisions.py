"""Divisions: brought in from the county's list, and which station serves which township."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from enrollment.models import Division
from enrollment.rules import divisions
from enrollment.rules.faults import Fault
from enrollment.services.search_keys import search_keys_of
from office import trail
from office.models import Body, Person
from office.proof import Proof

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('enrollment.divisions', 0))"


class CannotStation(Exception):
    """The township is served as before; the message is written for the administrator."""


@dataclass(frozen=True)
class Imported:
    """What came of a list: its rows, the sound ones, how many divisions are new or have another name, the faults."""

    rows: int
    good: int
    added: int
    renamed: int
    faults: Sequence[Fault]

    @property
    def written(self) -> int:
        """How many divisions differ from what the office had."""
        return self.added + self.renamed


@transaction.atomic
def import_divisions(*, table: Iterable[Sequence[object]], by: Person | None, at: datetime) -> Imported:
    """Bring in the sound rows of a list (code, name, level, parent): new divisions are added, known ones get its name.

    None is taken away; the same list twice changes nothing. Raises CannotReadDivisions where it is no such list.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    known = {one.code: one for one in Division.objects.select_for_update(of=["self"])}
    read = divisions.read(table, known=known.keys())
    added = _add([one for one in read.sound if one.code not in known])
    renamed = _rename([(known[one.code], one.name) for one in read.sound if one.code in known])
    if added or renamed:
        trail.record(
            "divisions.imported",
            None,
            by=by,
            at=at,
            right="enrollment.add_division",
            rows=read.rows,
            added=added,
            renamed=renamed,
            faults=len(read.faults),
        )
    return Imported(read.rows, len(read.sound), added, renamed, read.faults)


@transaction.atomic
def station_serves(
    *, township: Division, body: Body | None, seen: Body | None, by: Person, at: datetime, proof: Proof | None
) -> None:
    """Say which station serves a township and the villages in it, or that none does. `seen` is the one that the
    administrator saw there. Raises CannotStation."""
    if proof is None or not proof.is_of(by, at=at):
        raise CannotStation(_("Show your second factor first."))
    current = Division.objects.select_for_update(of=["self"]).get(pk=township.pk)
    if current.level != Division.Level.TOWNSHIP:
        raise CannotStation(_("A station serves a township; the villages in it come with it."))
    if body is not None and body.kind != Body.Kind.TOWNSHIP_STATION:
        raise CannotStation(_("Choose a township station."))
    if current.station != seen:
        now = current.station.name if current.station else _("no station")
        raise CannotStation(_("Somebody changed this meanwhile: it is served by %(station)s.") % {"station": now})
    if current.station == body:
        return
    before, current.station = current.station, body
    current.save(update_fields=["station"])
    trail.record(
        "division.stationed",
        current,
        by=by,
        at=at,
        right="enrollment.change_division",
        proof=proof,
        before=before.code if before else "",
        after=body.code if body else "",
    )


def _add(fresh: Sequence[divisions.Division]) -> int:
    """Level by level from above, so that each finds what it lies in."""
    for level in divisions.DivisionLevel:
        of_level = [one for one in fresh if one.level is level]
        above = dict(Division.objects.filter(code__in={one.parent for one in of_level}).values_list("code", "pk"))
        Division.objects.bulk_create(
            Division(
                code=one.code,
                name=one.name,
                level=one.level.value,
                parent_id=above[one.parent] if one.parent else None,
                search_keys=search_keys_of(one.name),
            )
            for one in of_level
        )
    return len(fresh)


def _rename(said: Sequence[tuple[Division, str]]) -> int:
    changed = [(one, name) for one, name in said if one.name != name]
    for one, name in changed:
        one.name, one.search_keys = name, search_keys_of(name)
    Division.objects.bulk_update([one for one, _name in changed], ["name", "search_keys"])
    return len(changed)
