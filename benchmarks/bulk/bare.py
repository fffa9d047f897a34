"""What a bare COPY of the same rows takes: some rows of each table, into a table like it with all its indexes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.bulk import streams

SAMPLED: Final = 0.05  # of the whole county
PIECE: Final = 1 << 20


def seconds(scale: float) -> float:
    """How long it would take for all rows."""
    each = max(round(scale / SAMPLED), 1)
    took = 0.0
    with tempfile.TemporaryDirectory() as place, streams.connected() as db:
        for table in streams.TABLES:
            path = Path(place) / table
            rows = f"SELECT * FROM {table} WHERE id % {each} = 0"  # noqa: S608  a name of ours
            with path.open("wb") as out, db.cursor().copy(f"COPY ({rows}) TO STDOUT") as copy:
                for piece in copy:
                    out.write(piece)
            db.execute(f"CREATE TABLE bulk_bare (LIKE {table} INCLUDING ALL)")
            start = time.perf_counter()
            with path.open("rb") as read, db.cursor().copy("COPY bulk_bare FROM STDIN") as copy:
                while piece := read.read(PIECE):
                    copy.write(piece)
            took += time.perf_counter() - start
            db.execute("DROP TABLE bulk_bare")
            path.unlink()
    return took * each
