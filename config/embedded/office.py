"""The whole office in the foreground: servers, migrations, demo, web, workers, beat. What `make run` runs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from config.embedded import postgres, processes, servers, valkey
from config.embedded.place import CHECKOUT, CannotStart, Place

FIRST_PORT = 8000
PORTS_TRIED = 50
HIGHEST_PORT = 65535
BACKLOG = 2048  # gunicorn's own; it leaves an open door as it finds it
MINUTE = 60
READY_SECONDS = 60
RESTARTS_A_MINUTE = 5
STOP_SECONDS = 15


@dataclass
class Child:
    """One program of the office: how it is started, and when it was."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def again(self) -> None:
        """Start it (once more); too many starts in a minute mean that it cannot live."""
        now = time.monotonic()
        self.starts = [one for one in self.starts if now - one < MINUTE] + [now]
        if len(self.starts) > RESTARTS_A_MINUTE:
            raise CannotStart(f"The {self.name} process ended {RESTARTS_A_MINUTE} times within a minute; see its log.")
        self.process = self.start()


class Stop(Exception):
    """Somebody asked the office to end."""


def run(place: Place) -> None:
    """Run until asked to end; a program that dies is started again, and all end with this process."""
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked, _stop)
    with servers.holding(place):
        children: list[Child] = []
        owned: dict[str, subprocess.Popen[bytes]] = {}
        try:
            _listen().close()  # a port that is taken is said at once, not after the minutes that the demo takes
            owned = servers.start(place, tied=True)
            environment = {**_inherited(), **servers.environment(place)}
            _say(f"Data in {place.base}, logs in {place.logs}.")
            _make_ready(environment)
            with _listen() as door:
                children += _servers(place, owned) + _programs(place, environment, door)
                for child in children:
                    if child.process is None:
                        child.again()
                address = "http://{}:{}/".format(*door.getsockname())
                _wait_for(f"{address}healthz", children)
                print(f"READY {address}", flush=True)  # noqa: T201  the promise of make run
                _watch(children)
        except Stop:
            _say("Stopping.")
        finally:
            _end(children)
            _end_servers(place, owned)


def _servers(place: Place, owned: Mapping[str, subprocess.Popen[bytes]]) -> list[Child]:
    def again(name: str) -> Callable[[], subprocess.Popen[bytes]]:
        return lambda: servers.start(place, tied=True)[name]

    return [Child(name, again(name), process) for name, process in owned.items()]


def _programs(place: Place, environment: Mapping[str, str], door: socket.socket) -> list[Child]:
    """The web answers at a door that is open already: whoever answers there is our own."""
    inside = Path(sys.executable).parent

    def program(name: str, ends: signal.Signals, *words: str, keeps: tuple[int, ...] = ()) -> Child:
        return Child(
            name,
            lambda: processes.start(
                [inside / words[0], *words[1:]],
                log=place.logs / f"{name}.log",
                ends=ends,
                environment=environment,
                folder=CHECKOUT,
                keeps=keeps,
            ),
        )

    schedule = place.base / "beat-schedule"
    return [
        program(
            "web",
            signal.SIGTERM,
            "gunicorn",
            "-c",
            "config/gunicorn.py",
            "-b",
            f"fd://{door.fileno()}",
            "config.wsgi",
            keeps=(door.fileno(),),
        ),
        program(
            "worker",
            signal.SIGKILL,  # asked to end while its servers go, it may wait for ever; its jobs are found again
            "celery",
            "-A",
            "config",
            "worker",
            "-c",
            "2",
            "--without-mingle",
            "--without-gossip",
        ),
        program(
            "sealer",  # a worker of its own: long work never keeps the trail from being sealed
            signal.SIGKILL,
            "celery",
            "-A",
            "config",
            "worker",
            "-Q",
            "seals",
            "-P",
            "solo",
            "-n",
            "sealer@%h",
            "--without-mingle",
            "--without-gossip",
        ),
        program(
            "beat",
            signal.SIGTERM,
            "celery",
            "-A",
            "config",
            "beat",
            "--pidfile=",
            "-s",
            str(schedule),
        ),
    ]


def _inherited() -> dict[str, str]:
    """This process's environment; Django's settings in it come from the place, not from the shell."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}


def _make_ready(environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "make_ready"],
        cwd=CHECKOUT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise CannotStart("The database could not be made ready; the reason stands above.")


def _listen() -> socket.socket:
    """At `PORT`, or at the first free port from 8000 on. Nobody else can answer there as long as this is open."""
    wanted = os.environ.get("PORT", "")
    if not wanted:
        for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
            with contextlib.suppress(OSError):
                return _listen_at(port)
        raise CannotStart("No free port from 8000 on; choose one with PORT=… make run.")
    if not wanted.isdecimal() or not 0 < int(wanted) <= HIGHEST_PORT:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    try:
        return _listen_at(int(wanted))
    except OSError as refusal:
        raise CannotStart(f"Port {wanted} is in use; choose another with PORT=… make run.") from refusal


def _listen_at(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)


def _wait_for(address: str, children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                raise CannotStart(f"The {child.name} process ended while starting; see its log.")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own loopback address
                if answer.status == HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.1)
    raise CannotStart(f"The office did not answer within {READY_SECONDS} seconds; see the logs.")


def _watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                _say(f"The {child.name} process ended; it is started again.")
                child.again()
        time.sleep(0.3)


def _end(children: list[Child]) -> None:
    """Ask web, workers and beat to end, then insist."""
    mine = [child.process for child in children if child.name in {"web", "worker", "sealer", "beat"} and child.process]
    for process in mine:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in mine:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_servers(place: Place, owned: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Stop what this run started; servers that were up before stay up."""
    if "valkey" in owned:
        valkey.stop(place)
    if "postgres" in owned:
        postgres.stop(place)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201  the person at the keyboard
