"""A pytest plugin: PostgreSQL and Valkey of the tests' own, gone when they end, whatever happens to the tests.

It runs before Django reads its settings (conftest.py would be too late). Workers of a parallel run share the servers.
`PG_BIN` chooses another PostgreSQL, such as Debian's.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config import database
from config.embedded import postgres, servers
from config.embedded.place import Place

MARK = "FUND_TEST_SERVERS"
TEST_DATABASE = "test_county_fund"


def place() -> Place:
    """Where this run's servers are."""
    return Place(Path(os.environ[MARK]))


def superuser_dsn() -> str:
    return postgres.dsn(place())


def owner_dsn(name: str) -> str:
    return postgres.dsn(place(), user=database.OWNER, name=name)


def _start() -> None:
    base = Path(tempfile.mkdtemp(prefix="fund-test-"))
    base.chmod(0o711)
    os.environ[MARK] = str(base)
    os.environ["FUND_DATA_DIR"] = str(base)
    here = place()
    servers.prepare(here)
    options = (*postgres.FASTER_UNSAFE, "max_connections=200")
    started = {
        "postgres": postgres.start(here, tied=True, options=options),
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


if MARK not in os.environ:
    _start()
