"""Checkpoints outside the database: a file for each day of the office, a line for each seal (docs/rules/seals.md).

A file is written anew beside the old one and takes its place, so that it is always whole. What was not written because
the process died is written by the next run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from audit.models import SealingState
from audit.services.seal_keys import CannotSeal
from office.rules import days

FORMAT = 1
MODE = 0o640
AT_ONCE = 1_000

ASKED = """
SELECT s.number, s.sha256, s.at, s.total, k.fingerprint, k.algorithm, encode(k.public, 'hex')
FROM audit_seal s JOIN audit_sealkey k ON k.id = s.key_id WHERE s.number > %s ORDER BY s.number LIMIT %s
"""


def last() -> tuple[int, str] | None:
    """Number and hash of the newest checkpoint outside. Raises CannotSeal."""
    for file in reversed(_files()):
        lines = _read(file).splitlines()
        if lines:
            try:
                told = json.loads(lines[-1])
                return int(told["number"]), str(told["hash"])
            except (ValueError, KeyError, TypeError) as refusal:
                raise CannotSeal(SealingState.Reason.DISAGREE, str(file)) from refusal
    return None


def agree(connection: psycopg.Connection[Any]) -> int:
    """The number of the newest checkpoint outside, which must be one of this database. Raises CannotSeal."""
    newest = last()
    if newest is None:
        return 0
    number, told = newest
    row = connection.execute("SELECT sha256 FROM audit_seal WHERE number = %s", [number]).fetchone()
    if row is None or row[0] != told:
        raise CannotSeal(SealingState.Reason.DISAGREE, f"{_folder()}: {number}")
    return number


def write(connection: psycopg.Connection[Any], after: int) -> int:
    """Write the checkpoints of all seals after a number; how many. Raises CannotSeal."""
    written = 0
    while rows := connection.execute(ASKED, [after, AT_ONCE]).fetchall():
        for day, some in groupby(rows, key=lambda row: days.business_day(row[2])):
            _add(_file_of(day), list(_lines(some)))
        after = rows[-1][0]
        written += len(rows)
    return written


def _files() -> list[Path]:
    """The files, in the order of their seals."""
    return sorted(_folder().glob("checkpoints-*.jsonl"))


def _file_of(day: date) -> Path:
    """The file of a day; where the clock went back, the newest one, so that their order stays that of the seals."""
    return max([_folder() / f"checkpoints-{day:%Y%m%d}.jsonl", *_files()])


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    for number, sha256, at, total, fingerprint, algorithm, public in rows:
        told = {"format": FORMAT, "number": number, "hash": sha256, "at": _time(at), "rows": total}
        yield json.dumps(told | {"key": fingerprint, "algorithm": algorithm, "public": public}) + "\n"


def _time(at: datetime) -> str:
    return at.astimezone(days.SHANGHAI).isoformat()


def _add(file: Path, lines: Sequence[str]) -> None:
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        before = file.read_bytes() if file.exists() else b""
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as out:
            out.write(before + "".join(lines).encode())
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as refusal:
        raise CannotSeal(SealingState.Reason.NO_CHECKPOINTS, str(refusal)) from refusal


def _folder() -> Path:
    folder: Path = settings.SEAL_CHECKPOINTS
    if not folder.is_dir():  # made here, it would hide that the other disk is not there
        raise CannotSeal(SealingState.Reason.NO_CHECKPOINTS, str(folder))
    return folder


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as refusal:
        raise CannotSeal(SealingState.Reason.NO_CHECKPOINTS, str(refusal)) from refusal
