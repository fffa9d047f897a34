"""The rows of a document as they are stored: read, looked at, written anew or only looked at once more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from claims.models import BulkDocument, BulkRow
from claims.rules import registers
from claims.rules.registers import Line
from claims.selectors import bulk_looking
from claims.selectors.bulk_looking import Looked
from office.models import Person
from office.rules import days

State = BulkRow.State
TOGETHER: Final = 1_000  # rows written in one statement
#: What a look may find differently.
FOUND: Final = ("member", "disease", "proposed", "faults", "state")


def lines_given(document: BulkDocument, given: Sequence[Mapping[str, str]], at: datetime) -> list[Line]:
    """The rows as they were typed or sent, read."""
    return registers.read_rows(document.kind, document.month, given, days.business_day(at))


def lines_of(document: BulkDocument, rows: Iterable[BulkRow], at: datetime) -> list[Line]:
    """Stored rows read once more, each in its place."""
    placed = [(row.position, row.given) for row in rows]
    return registers.read_placed(document.kind, document.month, placed, days.business_day(at))


def present(document: BulkDocument) -> list[BulkRow]:
    """The rows of the present version, in their order."""
    found = document.rows.filter(version=document.content_version).order_by("position")
    return list(found.select_related("member__household", "member__merged_into__household"))


def written(document: BulkDocument, looks: Sequence[Looked], struck: Mapping[str, BulkRow]) -> list[BulkRow]:
    """Rows of the document's version, not saved. What was struck out before stays struck out: `struck` by what was
    given."""
    return [_row(document, place, one, struck.get(as_given(one.line.given))) for place, one in enumerate(looks, 1)]


def as_given(given: Mapping[str, str]) -> str:
    """What was given, so that it can be compared."""
    return json.dumps(dict(given), sort_keys=True, ensure_ascii=False)


def _row(document: BulkDocument, place: int, one: Looked, before: BulkRow | None) -> BulkRow:
    line = one.line
    row = BulkRow(
        document=document,
        version=document.content_version,
        position=place,
        given=dict(line.given),
        kind=line.kind,
        began_on=line.began_on,
        ended_on=line.ended_on,
        receipt_type=line.receipt_type[: registers.LONGEST_TYPE],
        receipt_number=line.receipt[: registers.LONGEST_NUMBER],
        total=line.total,
        lines=[[item.name, item.item_class, item.group, str(item.amount)] for item in line.items],
        **_found(one),
    )
    if before is not None:
        row.state = State.STRUCK
        row.strike_reason, row.struck_by_id, row.struck_at = before.strike_reason, before.struck_by_id, before.struck_at
    return row


def _found(one: Looked) -> dict[str, Any]:
    return {
        "member_id": one.member.pk if one.member else None,
        "disease_id": one.disease.pk if one.disease else None,
        "proposed": None if one.faults else one.proposed,
        "faults": [[fault.column, fault.code, fault.detail] for fault in one.faults],
        "state": State.FAULTY if one.faults else State.GOOD,
    }


def look_again(document: BulkDocument, *, by: Person, at: datetime) -> list[BulkRow]:
    """The rows that are not struck out, looked at once more; what is found differently now is written. Gives them all.
    The document is locked and being filled in."""
    rows = [row for row in present(document) if row.state != State.STRUCK and row.claim_id is None]
    looks = bulk_looking.look(document, lines_of(document, rows, at), by=by, at=at)
    changed = []
    for row, one in zip(rows, looks, strict=True):
        found = _found(one)
        if any(getattr(row, name) != value for name, value in found.items()):
            for name, value in found.items():
                setattr(row, name, value)
            changed.append(row)
    BulkRow.objects.bulk_update(changed, FOUND, TOGETHER)
    return rows
