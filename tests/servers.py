"""A pytest plugin: PostgreSQL and Valkey of the tests' own, gone when they end, whatever happens to the tests.

It runs before Django reads its settings (conftest.py would be too late). Each worker of a parallel run has servers of
its own, because roles and queues belong to a server; what a test starts as a process of its own uses its worker's.
The migrated database is made once for each state of the migrations (var/test-cluster) and copied for each run; where
the one before it knows no other migrations, it is that one, migrated further.
`PG_BIN` chooses another PostgreSQL, such as Debian's.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from config import database
from config.embedded import postgres, servers
from config.embedded.place import Place

MARK = "FUND_TEST_SERVERS"
WHOSE = "FUND_TEST_SERVERS_OF"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
TEST_DATABASE = "test_county_fund"
CHECKOUT = Path(__file__).resolve().parents[1]
CLUSTERS = CHECKOUT / "var" / "test-cluster"
KEPT = ("postgres", "secrets")  # of a place: its data and its roles' passwords
APPLIED = "applied.json"  # of a kept cluster: which migrations made it, by their content
MIGRATIONS = "*/migrations/*.py"
MAKES_THE_DATABASE = (
    MIGRATIONS,
    "*/models.py",
    "*/models/*.py",
    "*/apps.py",
    "config/**/*.py",
    "requirements.txt",
)
OPTIONS = (*postgres.FASTER_UNSAFE, "max_connections=200", "min_wal_size=32MB", "max_wal_size=256MB")


def place() -> Place:
    """Where this run's servers are."""
    return Place(Path(os.environ[MARK]))


def superuser_dsn(name: str = "postgres") -> str:
    return postgres.dsn(place(), name=name)


def owner_dsn(name: str) -> str:
    return postgres.dsn(place(), user=database.OWNER, name=name)


def app_dsn(name: str) -> str:
    return postgres.dsn(place(), user=database.RUN_TIME, name=name)


def sealer_dsn(name: str) -> str:
    return postgres.dsn(place(), user=database.SEALER, name=name)


def backup_dsn(name: str) -> str:
    return postgres.dsn(place(), user=database.BACKUP, name=name)


def _start() -> None:
    base = Path(tempfile.mkdtemp(prefix="fund-test-"))
    base.chmod(0o711)
    os.environ[MARK] = str(base)
    os.environ[WHOSE] = WORKER
    os.environ["FUND_DATA_DIR"] = str(base)
    here = place()
    servers.prepare(here)
    _copy(_migrated_cluster(), here.base)
    started = {
        "postgres": postgres.start(here, tied=True, options=OPTIONS),
        **servers.start(here, tied=True),
    }
    os.environ.update(servers.environment(here, name=TEST_DATABASE))

    def end(starter: int = os.getpid()) -> None:
        if os.getpid() != starter:  # a forked child of the tests
            return
        servers.stop(here)
        for process in started.values():
            process.wait(30)
        shutil.rmtree(base, ignore_errors=True)

    atexit.register(end)


def _migrated_cluster() -> Path:
    """The folder of the cluster that today's migrations make; made if there is none."""
    digest = hashlib.sha256(os.environ.get("PG_BIN", "").encode())
    for file in sorted({file for pattern in MAKES_THE_DATABASE for file in CHECKOUT.glob(pattern)}):
        digest.update(f"{file.relative_to(CHECKOUT)}\n".encode() + file.read_bytes())
    kept = CLUSTERS / digest.hexdigest()[:16]
    CLUSTERS.mkdir(parents=True, exist_ok=True)
    with (CLUSTERS / "making.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            begun = _begun()
            _make(kept, begun)
            for former in CLUSTERS.glob("[0-9a-f]*"):
                if former not in {kept, begun}:
                    shutil.rmtree(former)
    return kept


def _applied() -> dict[str, str]:
    """Today's migrations by their content, and the server that they are for."""
    files = {
        str(file.relative_to(CHECKOUT)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in CHECKOUT.glob(MIGRATIONS)
    }
    return files | {"PG_BIN": os.environ.get("PG_BIN", "")}


def _begun() -> Path | None:
    """The kept cluster that is furthest on the way to today's; it stays, for the next change on this way."""
    today = _applied().items()
    stages = {}
    for former in CLUSTERS.glob("[0-9a-f]*"):
        told = former / APPLIED
        applied = json.loads(told.read_text()) if told.is_file() else None
        if applied and applied.items() <= today:
            stages[former] = len(applied)
    return max(stages, key=lambda stage: stages[stage], default=None)


def _make(kept: Path, begun: Path | None) -> None:
    base = Path(tempfile.mkdtemp(prefix="fund-test-"))
    base.chmod(0o711)
    there = Place(base)
    servers.prepare(there)
    if begun is not None:
        _copy(begun, base)
    server = postgres.start(there, tied=True, options=OPTIONS)
    try:
        with psycopg.connect(postgres.dsn(there), autocommit=True) as superuser:
            database.create_roles(superuser, {role: there.secret(role) for role in database.ROLES})
            database.create_database(superuser, TEST_DATABASE)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            env={**os.environ, **servers.environment(there, name=TEST_DATABASE)},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            check=True,
        )
        postgres.stop(there)
        server.wait(30)
        fresh = kept.with_name(f".{kept.name}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        _copy(base, fresh)
        (fresh / APPLIED).write_text(json.dumps(_applied()))
        fresh.replace(kept)
    finally:
        server.terminate()
        shutil.rmtree(base, ignore_errors=True)


def prepared_office(base: Path) -> None:
    """A stopped place as `up` leaves it, made of the migrated cluster: what an office finds at its second start."""
    there = Place(base)
    servers.prepare(there)
    _copy(_migrated_cluster(), base)
    server = postgres.start(there, tied=True)
    try:
        with psycopg.connect(postgres.dsn(there), autocommit=True) as superuser:
            superuser.execute(f'ALTER DATABASE "{TEST_DATABASE}" RENAME TO county_fund')
    finally:
        postgres.stop(there)
        server.wait(30)


def copy_office(prepared: Path, base: Path) -> None:
    """The same in another folder."""
    servers.prepare(Place(base))
    _copy(prepared, base)


def _copy(one: Path, other: Path) -> None:
    """With owners and rights: the data are the server account's."""
    subprocess.run(["cp", "-a", *(str(one / name) for name in KEPT), str(other)], check=True)


if os.environ.get(WHOSE) != WORKER:
    _start()
