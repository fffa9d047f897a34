"""P1: a county's roster checked and then written, against a bare COPY of the rows that came of it; and its memory.

The faults that were put in are found, all of them and no other, in both encodings and in a workbook.

The bare COPY fills tables of the same columns, indexes and checks, history included, without anybody looking at a row.
The import runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import transaction

import tests.servers
from demo.roster import files
from demo.roster.made import Roster
from demo.tests.test_roster_import import make_known as made_known
from enrollment.tests import factories, rosters
from office.models import Duty, Person
from office.tests.factories import give

SEED = 1
YEAR = 2010
TRACKED = ("household", "member", "collectionsheet", "contribution", "coverage", "receipt")
TABLES = [
    f"enrollment_{table}"
    for table in (
        *("household", "member", "collectionsheet", "sheetentry", "contribution", "coverage", "receipt"),
        *(f"{one}event" for one in TRACKED),
    )
]
MOST_MEMORY = 500  # MiB


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    roster = Roster(SEED, scale=scale, year=YEAR)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.csv"
        files.write_csv(roster, path)
        seeded = sorted(roster.seeded)
        _office(roster)
        others = [_import(file, "--dry-run") for file in _other_forms(roster, Path(place))]
        runs = [_import(path, "--dry-run"), _import(path, "--by", "bench-roster")]
        apart = sum(len(set(seeded) ^ set(run["faults"])) for run in (*others, runs[0]))
        ours = sum(run["seconds"] for run in runs)
        bare = _bare(Path(place))
    rows = f"{runs[1]['rows']:,}"
    yield f"roster of {rows} rows, checked and written, against bare COPY ({bare:.0f} s)", ours / bare, 4
    yield f"roster of {rows} rows, three forms: of {len(seeded):,} faults missed, or told of clean rows", apart, 0
    yield f"roster of {rows} rows: peak memory in MiB", max(run["memory"] for run in runs), MOST_MEMORY


@transaction.atomic
def _office(roster: Roster) -> None:
    """Divisions, a confirmed year, somebody who may import, and receipts in every township."""
    rosters.villages()
    made_known(roster, rosters.fund_year(YEAR))
    rosters.receipt_books(roster.stock)
    person = Person.objects.create_person(username="bench-roster", full_name="Bench", password="bench")  # noqa: S106
    give(person, Duty.TOWNSHIP_CLERK, factories.head().appointments.get().body)


def _other_forms(roster: Roster, place: Path) -> Iterator[Path]:
    """The same roster in the other encoding, and as a workbook."""
    files.write_csv(roster, place / "gb18030.csv", "gb18030")
    yield place / "gb18030.csv"
    files.write_xlsx(roster, place / "book.xlsx")
    yield place / "book.xlsx"


def _import(path: Path, *how: str) -> dict[str, Any]:
    """Run the command as an office would; its seconds from start to end, its rows, its faults and its peak memory in
    MiB."""
    words = [sys.executable, "-W", "ignore", "manage.py", "import_roster", str(path), "--scheme", "ncms"]
    start = time.perf_counter()
    with path.with_suffix(".json").open("w+b") as out:
        process = subprocess.Popen([*words, "--year", str(YEAR), "--json", *how], stdout=out)  # noqa: S603  our own words
        memory = 0.0
        while process.poll() is None:
            memory = max(memory, _peak(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        out.seek(0)
        said = json.load(out)
        faults = [(fault["row"], fault["column"], fault["code"]) for fault in said["faults"]]
        return {"seconds": seconds, "rows": said["rows"], "faults": faults, "memory": memory}


def _peak(pid: int) -> float:
    """The most memory that a process has had so far, in MiB; 0 once it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _bare(place: Path) -> float:
    """Seconds of COPY alone: the same rows into the same tables, emptied, without their triggers but foreign keys."""
    with psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True) as db:
        for table in TABLES:
            with (place / table).open("wb") as out, db.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for piece in copy:
                    out.write(piece)
        db.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        start = time.perf_counter()
        with db.transaction():
            for table in TABLES:
                with (place / table).open("rb") as rows, db.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    while piece := rows.read(1 << 20):
                        copy.write(piece)
        return time.perf_counter() - start
