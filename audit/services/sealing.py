"""Sealing (封存): every minute the rows that no running transaction can touch any more are hashed, chained and signed.

Which rows: those whose transaction lies below the oldest one that runs, by the snapshot's horizon and never by the
highest number. A lower number may commit later: it stays noted as a gap until it came, or until every transaction that
could bring it has ended. Safe to run twice at once (an advisory lock) and to be killed anywhere: each seal is one
transaction, and the checkpoints outside are written from what the database has.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import transaction
from psycopg import sql

from audit.models import SealingState
from audit.rules import sealing as rules
from audit.rules import signing
from audit.services import checkpoints, seal_keys, sealed_rows
from audit.services.seal_keys import CannotSeal
from audit.services.sealed_rows import Taken

log = logging.getLogger(__name__)

LOCK: Final = 7_002_001  # the key of the advisory lock: one sealer at a time
MOST_ROWS: Final = 20_000  # of one seal
LONGEST_DETAIL: Final = 300


@dataclass(frozen=True)
class Sealed:
    """What a run did. `is_alone` is False where another sealer was at it, which did the work."""

    seals: int = 0
    rows: int = 0
    is_alone: bool = True
    held_by: str = ""  # rows wait for this transaction
    horizon: int = 0


def run(*, at: datetime) -> Sealed:
    """Seal what can be sealed and note what came of it. Raises CannotSeal after noting it."""
    _begin(at)
    try:
        done = seal(at=at)
    except CannotSeal as refusal:
        _note(at, reason=refusal.reason, detail=str(refusal))
        raise
    except Exception as fault:
        log.exception("Sealing failed")
        _note(at, reason=SealingState.Reason.FAILED, detail=f"{type(fault).__name__}: {fault}")
        raise CannotSeal(SealingState.Reason.FAILED, str(fault)) from fault
    if done.is_alone:
        _well(at, done)
    return done


def seal(*, at: datetime, most: int = MOST_ROWS) -> Sealed:
    """Seal all rows that can be sealed, in seals of at most so many, and write their checkpoints. Raises CannotSeal."""
    with _connected() as connection:
        if not connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:  # type: ignore[index]
            return Sealed(is_alone=False)
        key = seal_keys.load()
        outside = checkpoints.agree(connection)
        seals = rows = 0
        while True:
            made = _one(connection, key, at, most)
            seals, rows = seals + bool(made.rows), rows + made.rows
            if made.rows < most:
                break
        checkpoints.write(connection, outside)
        return Sealed(seals, rows, held_by=made.held_by, horizon=made.horizon)


@contextlib.contextmanager
def _connected() -> Iterator[psycopg.Connection[Any]]:
    try:
        connection = psycopg.connect(settings.SEALER_URL, autocommit=True, client_encoding="utf8", connect_timeout=10)
    except psycopg.OperationalError as refusal:
        raise CannotSeal(SealingState.Reason.NO_CONNECTION, str(refusal)) from refusal
    with connection:
        yield connection


@dataclass(frozen=True)
class _Made:
    """One seal, or none where nothing was left."""

    rows: int
    horizon: int
    held_by: str


def _one(connection: psycopg.Connection[Any], key: signing.Key, at: datetime, most: int) -> _Made:
    """One seal in one transaction: all of it, or nothing."""
    hashed = signing.hash_named(settings.SEAL_HASH)
    running = sealed_rows.running(connection)  # before the snapshot: whoever is not among them has ended for it
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader = sealed_rows.Reader(connection, hashed, running)
        taken: list[Taken] = []
        left = most
        for table in sealed_rows.tables():
            if left and (found := reader.take(table, left)):
                taken.append(found)
                left -= found.rows
        if taken:
            _write(connection, key, at, taken)
        reader.keep_progress()
    if taken:
        seal_keys.put_away()
    return _Made(most - left, reader.horizon, reader.held_by() if left else "")


def _write(connection: psycopg.Connection[Any], key: signing.Key, at: datetime, taken: list[Taken]) -> None:
    hashed = signing.hash_named(settings.SEAL_HASH)
    row = connection.execute("SELECT number, sha256, total FROM audit_seal ORDER BY number DESC LIMIT 1").fetchone()
    number, previous, total = row or (0, rules.NOTHING_BEFORE.hex(), 0)
    rows = sum(one.rows for one in taken)
    root = rules.merkle_root(hashed, b"".join(one.batch.leaf(hashed) for one in taken))
    body = rules.Body(
        hash_name=settings.SEAL_HASH,
        number=number + 1,
        previous=bytes.fromhex(previous),
        at=at,
        rows=rows,
        total=total + rows,
        root=root,
        key=key.fingerprint,
    )
    told = body.written()
    made = connection.execute(
        "INSERT INTO audit_seal (number, at, previous, hash_name, root, rows, total, key_id, sha256, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [body.number, at, previous, body.hash_name, root.hex(), rows, body.total,
         seal_keys.known(connection, key, at), hashed(told).hex(), key.sign(told)],
    ).fetchone()  # fmt: skip
    _write_batches(connection, int(made[0]), taken)  # type: ignore[index]  # an INSERT gives its row back


def _write_batches(connection: psycopg.Connection[Any], seal_id: int, taken: list[Taken]) -> None:
    columns = ("seal_id", "place", "form_id", "rows", "low", "high", "root", "members", "numbers", "leaves", "columns")
    into = sql.SQL("COPY audit_sealbatch ({}) FROM STDIN (FORMAT binary)").format(
        sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.set_types(["int8", "int2", "int8", "int4", "int8", "int8", "varchar", "varchar", *["bytea"] * 3])
        for place, one in enumerate(taken):
            of = one.batch
            copy.write_row(
                [seal_id, place, one.form_id, of.rows, of.low, of.high, of.root.hex(), of.members.hex(),
                 one.numbers, one.leaves, one.columns]
            )  # fmt: skip


# ------------------------------------------------------------------ what it came to


def _begin(at: datetime) -> None:
    """That somebody began: a clock that stands still shows in it."""
    SealingState.objects.update_or_create(only=True, defaults={"begun_at": at})


def _note(at: datetime, *, reason: SealingState.Reason, detail: str) -> None:
    SealingState.objects.filter(only=True).update(reason=reason, detail=" ".join(detail.split())[:LONGEST_DETAIL])


@transaction.atomic
def _well(at: datetime, done: Sealed) -> None:
    """It did what it is for; where rows wait for a transaction, since when it is the same one."""
    state = SealingState.objects.select_for_update().get(only=True)
    if not done.held_by:
        state.held_since = None
    elif state.held_since is None or state.horizon != done.horizon:
        state.held_since = at
    state.held_by, state.horizon = done.held_by[:120], done.horizon
    state.reason, state.detail, state.well_at = SealingState.Reason.WELL, "", at
    state.save(update_fields=["held_since", "held_by", "horizon", "reason", "detail", "well_at"])
