"""The key that signs seals: one file of the sealer's own, closed to others, replaced by another in its time."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from audit.models import SealingState
from audit.rules import sealing, signing
from audit.rules.signing import Key

OPEN_TO_OTHERS = stat.S_IRWXO | stat.S_IWGRP
CLOSED = 0o600
BEFORE = ".before"


class CannotSeal(Exception):
    """Nothing was sealed; `reason` says why, as it is shown, the message says more."""

    def __init__(self, reason: SealingState.Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def load() -> Key:
    """The key in force. Raises CannotSeal."""
    return _read(settings.SEAL_KEY_FILE)


def before() -> Key | None:
    """The key before it, as long as it lies beside the new one and has not introduced it."""
    file = _beside(settings.SEAL_KEY_FILE)
    return _read(file) if file.exists() else None


def renew(algorithm: str = "ed25519") -> Key:
    """Put a new key in the place of the one in force, which stays beside it until it has introduced the new one; where
    there is none yet, make the first. Raises CannotSeal."""
    file: Path = settings.SEAL_KEY_FILE
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    key = signing.made(algorithm)
    try:
        if _beside(file).exists():
            raise CannotSeal(SealingState.Reason.BAD_KEY, f"{_beside(file)}: the key before has not introduced its own")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, CLOSED), "w") as out:
            out.write(signing.written(key))
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            load()
            os.link(file, _beside(file))
        fresh.rename(file)
    except OSError as refusal:
        raise CannotSeal(SealingState.Reason.BAD_KEY, str(refusal)) from refusal
    return key


def known(connection: psycopg.Connection[Any], key: Key, at: Any) -> int:
    """The number of the key in the table of keys; a new one is entered, introduced by the one before it where that one
    is at hand. Called under the lock of the sealing, in its transaction."""
    row = connection.execute("SELECT id FROM audit_sealkey WHERE fingerprint = %s", [key.fingerprint]).fetchone()
    if row is None:
        by, introduction = _introduced(connection, key)
        row = connection.execute(
            "INSERT INTO audit_sealkey (fingerprint, algorithm, public, introduced_by_id, introduction, since)"
            " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [key.fingerprint, key.algorithm, key.public, by, introduction, at],
        ).fetchone()
    return int(row[0])  # type: ignore[index]  # an INSERT gives its row back


def put_away() -> None:
    """The key before has introduced the one in force and is of no use any more: its file goes."""
    _beside(settings.SEAL_KEY_FILE).unlink(missing_ok=True)


def _introduced(connection: psycopg.Connection[Any], key: Key) -> tuple[int | None, bytes | None]:
    earlier = before()
    if earlier is None:
        return None, None
    row = connection.execute("SELECT id FROM audit_sealkey WHERE fingerprint = %s", [earlier.fingerprint]).fetchone()
    if row is None:  # it never signed anything
        return None, None
    return int(row[0]), earlier.sign(sealing.introduction(key.fingerprint))


def _beside(file: Path) -> Path:
    return file.with_name(file.name + BEFORE)


def _read(file: Path) -> Key:
    try:
        mode = file.stat().st_mode
        text = file.read_text()
    except FileNotFoundError as refusal:
        raise CannotSeal(SealingState.Reason.NO_KEY, str(file)) from refusal
    except (OSError, UnicodeDecodeError) as refusal:
        raise CannotSeal(SealingState.Reason.BAD_KEY, str(refusal)) from refusal
    if mode & OPEN_TO_OTHERS:
        raise CannotSeal(SealingState.Reason.BAD_KEY, f"{file}: mode {stat.S_IMODE(mode):o}")
    try:
        return signing.read(text)
    except (signing.BadKey, signing.UnknownAlgorithm) as refusal:
        raise CannotSeal(SealingState.Reason.BAD_KEY, f"{file}: {type(refusal).__name__}") from refusal
