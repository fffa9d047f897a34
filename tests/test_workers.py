"""R4 on this floor: a real worker is killed, Valkey is emptied, the database goes: nothing is lost or done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from config.embedded import valkey
from office import jobs
from office.models import Body, Job
from office.sentences import Sentence
from tests import servers
from tests.worker import SLOW

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.enable_socket,
]

CHECKOUT = Path(__file__).resolve().parent.parent
KILLS, SOAK_KILLS = 5, 200
STEPS = 20


class Worker:
    """A Celery worker that can be killed like a machine that loses power."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.worker", "worker", "-c", "1", "--without-mingle",
                 "--without-gossip", "--without-heartbeat"],
                cwd=CHECKOUT, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env={**os.environ, "ATTACHMENTS_DIR": str(settings.ATTACHMENTS_DIR)},
            )  # fmt: skip

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def worker(tmp_path) -> Iterator[Worker]:
    valkey.client(servers.place()).flushall()
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.kill()


def ask(ada, steps: int = STEPS, pause: float = 0.02) -> Job:
    return jobs.enqueue(SLOW, title=Sentence("慢"), by=ada, at=timezone.now(), steps=steps, pause=pause)


def wait(true, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def state(asked: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=asked.pk)


def rows(asked: Job) -> int:
    return Body.objects.filter(code__startswith=f"{asked.pk}-").count()


def swept_until_done(asked: Job) -> None:
    """The sweeper looks, as it does every few seconds, until the job has ended."""

    def done() -> bool:
        jobs.sweep(timezone.now())
        return state(asked) == Job.State.DONE

    wait(done)


def test_a_worker_does_what_was_asked(worker, ada):
    asked = ask(ada)
    wait(lambda: state(asked) == Job.State.DONE)
    assert rows(asked) == STEPS


def test_an_emptied_valkey_loses_nothing(worker, ada, monkeypatch):
    worker.kill()
    asked = ask(ada)
    valkey.client(servers.place()).flushall()
    worker.start()
    monkeypatch.setattr(jobs, "RESEND_AFTER", jobs.RESEND_AFTER * 0)
    swept_until_done(asked)
    assert (rows(asked), Job.objects.get(pk=asked.pk).attempts) == (STEPS, 1)


def kill_in_the_middle(worker: Worker, ada, chance: random.Random) -> None:
    """Ask, kill the worker at a random moment of the work, start another, and count what is there."""
    asked = ask(ada)
    moment = chance.randrange(1, STEPS)
    wait(lambda: Job.objects.values_list("done_steps", flat=True).get(pk=asked.pk) >= min(moment, 1))
    time.sleep(moment * 0.02)
    worker.kill()
    worker.start()
    swept_until_done(asked)
    assert rows(asked) == STEPS
    assert Job.objects.get(pk=asked.pk).figure("rows") == STEPS


def test_killed_workers_lose_nothing_and_do_nothing_twice(worker, ada):
    chance = random.Random(2010)
    for _kill in range(KILLS):
        kill_in_the_middle(worker, ada, chance)


@pytest.mark.soak
def test_two_hundred_killed_workers(worker, ada):
    chance = random.Random(2011)
    for _kill in range(SOAK_KILLS):
        kill_in_the_middle(worker, ada, chance)


def test_without_the_sweeper_a_killed_worker_leaves_it_undone(worker, ada):
    """The negative control: what the sweeper is for."""
    asked = ask(ada, pause=0.1)
    wait(lambda: state(asked) == Job.State.RUNNING)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    worker.start()
    time.sleep(4)
    assert (state(asked), rows(asked)) == (Job.State.RUNNING, 0)
