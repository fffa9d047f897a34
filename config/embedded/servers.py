"""Both servers together: up, down, reset, and the environment that makes them this checkout's own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator

import psycopg

from audit.rules import signing
from config import database
from config.embedded import postgres, processes, valkey
from config.embedded.place import CannotStart, Place


def environment(place: Place, *, name: str = database.NAME) -> dict[str, str]:
    """The variables that a real office sets by hand, for this place's servers (config/settings.py reads them)."""

    def url(role: str) -> str:
        return postgres.dsn(place, user=role, name=name)

    return {
        "DATABASE_URL": url(database.RUN_TIME),
        "DATABASE_URL_OWNER": url(database.OWNER),
        "DATABASE_URL_SEALER": url(database.SEALER),
        "DATABASE_URL_AUDITOR": url(database.AUDITOR),
        "DATABASE_URL_BACKUP": url(database.BACKUP),
        "REDIS_URL": f"unix://{place.valkey_socket}",
        "SECRET_KEY": place.secret("secret_key"),
        "ATTACHMENTS_DIR": str(place.attachments),
        "SEAL_KEY_FILE": str(place.seal_key),
        "SEAL_CHECKPOINTS": str(place.checkpoints),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "PLAIN_HTTP": "1",
    }


def prepare(place: Place) -> None:
    """Make the folders, each closed to others; the sockets' folder belongs to the servers' account."""
    try:
        place.base.mkdir(parents=True, exist_ok=True)
        place.base.chmod(0o711)
    except PermissionError as refusal:
        raise CannotStart(
            f"The data folder {place.base} belongs to somebody else; run as that person, or set FUND_DATA_DIR."
        ) from refusal
    for folder in (place.sockets, place.attachments, place.checkpoints, place.logs):
        folder.mkdir(exist_ok=True, mode=0o700)
    place.secret("seal_key", made=lambda: signing.written(signing.made()))
    owner = place.sockets.stat().st_uid
    processes.give_to_server(place.sockets)
    if os.getuid() != processes.ROOT and owner != os.getuid():
        raise CannotStart(f"The folder {place.sockets} belongs to somebody else.")


def start(place: Place, *, tied: bool) -> dict[str, subprocess.Popen[bytes]]:
    """Start what is not up yet, see to roles and database, and give back what was started here."""
    prepare(place)
    started = {}
    with _starting(place):
        if not postgres.is_up(place):
            started["postgres"] = postgres.start(place, tied=tied)
        if not valkey.is_up(place):
            started["valkey"] = valkey.start(place, tied=tied)
        with psycopg.connect(postgres.dsn(place), autocommit=True) as connection:
            database.create_roles(connection, {role: place.secret(role) for role in database.ROLES})
            database.create_database(connection)
    return started


def stop(place: Place) -> None:
    """Stop both servers, wherever they were started from."""
    valkey.stop(place)
    postgres.stop(place)


def are_up(place: Place) -> bool:
    return postgres.is_up(place) or valkey.is_up(place)


def reset(place: Place) -> None:
    """Take away all data of this place; refused while anything runs on it."""
    with holding(place):
        if are_up(place):
            raise CannotStart("The servers are up on this data: `make down` first.")
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.base)


@contextlib.contextmanager
def holding(place: Place) -> Iterator[None]:
    """The whole office runs at most once on a place; the lock goes with the process that holds it."""
    place.base.mkdir(parents=True, exist_ok=True)
    with (place.base / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refusal:
            raise CannotStart("`make run` is running in this checkout; end it there with Ctrl-C first.") from refusal
        yield


@contextlib.contextmanager
def _starting(place: Place) -> Iterator[None]:
    with (place.base / "starting.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second starter waits and then finds the servers up
        yield
