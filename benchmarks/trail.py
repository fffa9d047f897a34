"""The trail sealed and verified: acts and entries of five years in bulk, against bare reading and hashing of the same
rows in the same run (P8 of the trail)."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from psycopg import sql

from audit import verifier
from audit.models import SealBatch
from audit.rules import signing
from audit.selectors import completeness, seals
from audit.services import sealed_rows, sealing
from benchmarks.bulk import ledger
from tests import restore

AT: Final = datetime(2010, 12, 31, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
MOST: Final = 3.0  # times the bare reading and hashing
ACTS: Final = 2_000_000
ACT: Final = """
INSERT INTO office_act (kind, name, subject_type, subject_id, subject_hash, duty, second_factor, address, reason, facts)
SELECT 'done', 'posting.entered', 'funds.posting', n::text, md5(n::text) || md5(n::text), 'fund_accountant', true,
    '10.0.0.7', '', jsonb_build_object('given', '2010-03-01T12:00:00+08:00', 'amount', (n %% 10000)::text || '.00')
FROM generate_series(1, %s) n
"""


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    ledger.fill(scale, AT)
    with seals.reading() as connection, tempfile.TemporaryDirectory() as folder:
        _acts(int(ACTS * scale))
        _own_key(Path(folder))
        start = time.perf_counter()
        done = sealing.seal(at=AT)
        sealed = time.perf_counter() - start
        rows, bare = _bare(connection)
        start = time.perf_counter()
        report = verifier.verify(connection)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        missing = completeness.look(connection)
        looked = time.perf_counter() - start
    size = _size()
    restore.restore()
    what = f"trail of {done.rows:,} rows"
    yield f"{what}: faults, not sealed, rows apart", report.found + report.unsealed + abs(rows - report.rows), 0
    yield f"{what} verified ({ours:.1f} s), against bare reading and hashing ({bare:.1f} s)", ours / bare, MOST
    yield f"{what} sealed ({sealed:.1f} s, {size / done.rows:.0f} bytes a row), against the same", sealed / bare, 15.0
    yield f"completeness of {missing.rows:,} rows ({looked:.1f} s), against the same", looked / bare, 15.0


def _acts(many: int) -> None:
    with psycopg.connect(settings.OWNER_URL) as owner:
        owner.execute(ACT, [many])


def _own_key(folder: Path) -> None:
    settings.SEAL_KEY_FILE = folder / "key"
    settings.SEAL_KEY_FILE.touch(mode=0o600)
    settings.SEAL_KEY_FILE.write_text(signing.written(signing.made()))
    settings.SEAL_CHECKPOINTS = folder


def _bare(connection: psycopg.Connection) -> tuple[int, float]:
    """The least that reading and hashing the same rows takes: how many, and seconds."""
    start, rows = time.perf_counter(), 0
    for table in sealed_rows.tables():
        for row in sealed_rows.copied(connection, sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
            hashlib.sha256(row).digest()
            rows += 1
    return rows, time.perf_counter() - start


def _size() -> int:
    """Bytes that the seals take."""
    with psycopg.connect(settings.OWNER_URL) as owner:
        row = owner.execute("SELECT pg_total_relation_size(%s::regclass)", [SealBatch._meta.db_table]).fetchone()
        return int(row[0]) if row else 0
