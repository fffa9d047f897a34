"""The proof of an export for the audit bureau (docs/audit-access.md): that the act which names its hash is in a signed
seal of the office's trail. It is made of what is sealed, without the key, and checked without the office's database."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from audit.models import Seal, SealBatch
from audit.rules import sealing, signing
from audit.rules.sealing import Form
from audit.selectors import exported
from audit.services import exporting, sealed_rows
from audit.services.exporting import CannotExport
from office.models import Act

FORMAT: Final = "county-fund proof 1"
NUMBER: Final = 8  # bytes of a row's number


def act_of(sha256: str) -> Act | None:
    """The act by which an export was made, by the hash of its list of hashes."""
    return exported.made().filter(facts__sha256=sha256).last()


def proof_of(act: Act) -> dict[str, Any] | None:
    """What proves an act to whoever knows the office's key or checkpoints; None as long as it is not sealed."""
    batch, place = _batch_of(act)
    if batch is None:
        return None
    hashed = signing.hash_named(batch.seal.hash_name)
    others = list(batch.seal.batches.select_related("form").defer("numbers", "leaves", "columns").order_by("place"))
    leaves = b"".join(_told(one, hashed).leaf(hashed) for one in others)
    return {
        "format": FORMAT,
        "table": batch.form.table,
        "columns": batch.form.columns,
        "row": _row(act, batch).hex(),
        "path": _path(sealing.merkle_path(hashed, bytes(batch.leaves), place)),
        "batch": {
            "rows": batch.rows,
            "low": batch.low,
            "high": batch.high,
            "root": batch.root,
            "members": batch.members,
        },
        "path_of_batch": _path(sealing.merkle_path(hashed, leaves, [one.pk for one in others].index(batch.pk))),
        "seal": _seal(batch.seal),
    }


def given(act: Act) -> dict[str, Any]:
    """The proof of an act that is sealed. Raises CannotExport."""
    found = proof_of(act)
    if found is None:
        raise CannotExport(_("This export is not sealed yet: ask again in a minute."))
    return found


def write(folder: Path) -> int:
    """Put the proof of an export beside its list of hashes; the number of its seal. Raises CannotExport, OSError."""
    made = act_of(exporting.sha256_of(folder / exporting.SUMS))
    if made is None:
        raise CannotExport(_("No export of this office has these hashes."))
    found = given(made)
    (folder / exporting.PROOF).write_text(written(found), encoding="utf-8")
    number: int = found["seal"]["number"]
    return number


def written(proof: dict[str, Any]) -> str:
    """A proof as its file holds it."""
    return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"


def _batch_of(act: Act) -> tuple[SealBatch | None, int]:
    """The batch that an act was sealed with, and its place there."""
    number = struct.pack(">q", act.pk)
    found = SealBatch.objects.filter(form__table=Act._meta.db_table, low__lte=act.pk, high__gte=act.pk)
    for one in found.select_related("form", "seal__key").defer("columns").order_by("pk"):
        numbers = bytes(one.numbers)
        for place in range(one.rows):
            if numbers[place * NUMBER : (place + 1) * NUMBER] == number:
                return one, place
    return None, 0


def _told(batch: SealBatch, hashed: sealing.Hash) -> sealing.Batch:
    return sealing.Batch(
        table=batch.form.table,
        form=_form(batch).digest(hashed),
        rows=batch.rows,
        low=batch.low,
        high=batch.high,
        root=bytes.fromhex(batch.root),
        members=bytes.fromhex(batch.members),
    )


def _form(batch: SealBatch) -> Form:
    return Form(batch.form.table, tuple((name, kind) for name, kind in batch.form.columns))


def _row(act: Act, batch: SealBatch) -> bytes:
    """The act as it was hashed."""
    names = [sql.Identifier(name) for name, _kind in batch.form.columns]
    asked = sql.SQL("SELECT {} FROM {} WHERE id = {}").format(
        sql.SQL(", ").join(names), sql.Identifier(batch.form.table), act.pk
    )
    with connection.cursor() as cursor:
        [row] = sealed_rows.copied(cursor.connection, asked)
    return row


def _path(path: list[tuple[str, bytes]]) -> list[list[str]]:
    return [[side, neighbour.hex()] for side, neighbour in path]


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "number": seal.number,
        "at": seal.at.isoformat(),
        "previous": seal.previous,
        "hash_name": seal.hash_name,
        "root": seal.root,
        "rows": seal.rows,
        "total": seal.total,
        "sha256": seal.sha256,
        "signature": bytes(seal.signature).hex(),
        "key": {
            "algorithm": seal.key.algorithm,
            "public": bytes(seal.key.public).hex(),
            "fingerprint": seal.key.fingerprint,
        },
    }
