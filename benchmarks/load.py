"""Fifty clerks at once before the demo county, with two web workers as production runs them (docs/production.md).

Each clerk has a session of his own and thinks for one to five seconds between two pages; one more client asks the
health page all the while. Whatever a clerk saw done must be in the trail and in its table afterwards. How long a page
takes is stated against the health page under the same load.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings
from django.utils import timezone

import tests.servers
from benchmarks.desks import people
from benchmarks.desks.browsing import Browser, NoPage
from benchmarks.desks.noted import Noted, quantile
from benchmarks.desks.work import Clerk
from demo import county

CHECKOUT: Final = Path(__file__).resolve().parents[1]
CLERKS: Final = 50
SECONDS, FEWEST_SECONDS = 300.0, 60.0
THINKS: Final = (1.0, 5.0)  # seconds between two pages
WARMS_UP: Final = 20.0  # seconds at the beginning in which the web workers read their templates: errors and acts count
HEALTH: Final = "/healthz"
HEALTH_EVERY: Final = 0.25  # seconds
STARTS_WITHIN: Final = 120  # seconds
RATIO: Final = 10
SLOWEST: Final = 0.95
SEED: Final = 2010


@dataclass(frozen=True)
class Day:
    """What came of a day at the desks."""

    clerks: int
    seconds: float
    noted: Noted
    coming_in: Noted
    health: Noted

    @property
    def errors(self) -> list[str]:
        return self.noted.errors + self.coming_in.errors + self.health.errors

    @property
    def lost(self) -> int:
        """Acts that clerks saw done and that are not there."""
        return sum(self.noted.lost().values())

    @property
    def ratio(self) -> float:
        """How long the slowest twentieth of all pages takes at least, against that of the health page."""
        return self.of(self.noted) / self.of(self.health)

    @staticmethod
    def of(noted: Noted, part: float = SLOWEST) -> float:
        return quantile(noted.seconds, part)


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    if not county.load(timezone.now()):
        raise AssertionError("the demo county is made in an empty database")
    with psycopg.connect(tests.servers.superuser_dsn(tests.servers.TEST_DATABASE), autocommit=True) as db:
        db.execute("ANALYZE")
    day = run(clerks=CLERKS, seconds=max(SECONDS * scale, FEWEST_SECONDS), thinks=THINKS, warm=WARMS_UP)
    told = f"{day.clerks} clerks for {day.seconds:.0f} s, thinking {THINKS[0]:.0f} to {THINKS[1]:.0f} s"
    _tell(day)
    yield f"{told}, {len(day.noted.asked):,} requests: errors", len(day.errors), 0
    yield f"the same: lost of {len(day.noted.promises):,} acts", day.lost, 0
    yield f"the same: p95 of all pages against the health page ({_times(day.noted)})", day.ratio, RATIO


def run(*, clerks: int, thinks: tuple[float, float], seconds: float = 0.0, warm: float = 0.0, pieces: int = 0) -> Day:
    """So many clerks work before the demo county that is loaded: for so long, or until each has done so many pieces of
    work. Times are looked at after `warm`."""
    desks = people.seat(clerks, timezone.now())
    noted, coming_in, health = Noted(), Noted(), Noted()
    evening = threading.Event()
    with serving() as port:
        at_work = [
            Clerk(desk, Browser(port, coming_in), noted, evening, thinks, random.Random(SEED + place), pieces)  # noqa: S311
            for place, desk in enumerate(desks)
        ]
        for one in at_work:
            _come_in(one, coming_in)
        watching = threading.Thread(target=_watch, args=(Browser(port, health), evening))
        working = [threading.Thread(target=_work, args=(one, noted)) for one in at_work]
        begin = time.monotonic()
        for thread in (watching, *working):
            thread.start()
        time.sleep(warm)
        noted.early, health.early = len(noted.asked), len(health.asked)
        if pieces:
            for thread in working:
                thread.join()
        time.sleep(seconds)
        evening.set()
        for thread in (watching, *working):
            thread.join()
        took = time.monotonic() - begin - warm
    return Day(clerks, took, noted, coming_in, health)


def _come_in(clerk: Clerk, coming_in: Noted) -> None:
    """One after the other, before the day begins: what passwords cost on purpose is no page of the day."""
    try:
        clerk.sign_in()
    except NoPage as fault:
        if not fault.is_noted:
            coming_in.broken.append(str(fault))


def _work(clerk: Clerk, noted: Noted) -> None:
    clerk.browser.noted = noted
    try:
        clerk.day()
    except Exception as fault:
        noted.broken.append(f"{clerk.name}: {fault!r}")
        raise


def _watch(browser: Browser, evening: threading.Event) -> None:
    while not evening.wait(HEALTH_EVERY):
        try:
            browser.get(HEALTH)
        except NoPage:
            continue


@contextmanager
def serving(web: int = 2) -> Iterator[int]:
    """The web processes as an office has them, before the servers of this run; gives their port."""
    log = tests.servers.place().logs / "load-web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    told = {
        **os.environ,
        "DATABASE_URL": tests.servers.app_dsn(settings.DATABASES["default"]["NAME"]),
        "ATTACHMENTS_DIR": str(settings.ATTACHMENTS_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "WEB_WORKERS": str(web),
    }
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("ab") as out:
        port = int(door.getsockname()[1])
        process = subprocess.Popen(  # noqa: S603  our own program
            [gunicorn, "-c", "config/gunicorn.py", "-b", f"fd://{door.fileno()}", "config.wsgi"],
            pass_fds=[door.fileno()], cwd=CHECKOUT, env=told,
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    trying = Noted()
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Browser(port, trying).get(HEALTH)
        except NoPage:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the web processes did not start; see load-web.log in their place")


def _tell(day: Day) -> None:
    """What the table of figures has no room for: every kind of request, the slowest first."""
    print(f"signing in: {_times(day.coming_in)}; health: {_times(day.health)}; {_load()}")  # noqa: T201
    for kind, seconds in day.noted.by_kind().items():
        print(f"  {kind:44} {len(seconds):6,} {_words(seconds)}")  # noqa: T201
    print(f"  told in a sentence that something is not done: {len(day.noted.told)}")  # noqa: T201
    for words in (*day.noted.told[:5], *day.errors[:20], *map(str, day.noted.lost())):
        print(f"  {words}")  # noqa: T201


def _times(noted: Noted) -> str:
    return _words(noted.seconds)


def _words(seconds: list[float]) -> str:
    """Half, nineteen of twenty and ninety-nine of a hundred took no longer than so many milliseconds."""
    return "p50 {:.0f}, p95 {:.0f}, p99 {:.0f} ms".format(
        *(quantile(seconds, part) * 1000 for part in (0.5, 0.95, 0.99))
    )


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
