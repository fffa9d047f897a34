"""The sealer is killed with SIGKILL in the middle of a backlog: what it had sealed stays, the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as given

from audit.models import Seal
from audit.services import checkpoints, sealing
from audit.tests.sealed import look, superuser
from audit.verifying.told import read_checkpoints
from conftest import NOON

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

CHECKOUT = Path(__file__).resolve().parents[2]
BACKLOG = 3 * sealing.MOST_ROWS


def test_nothing_is_half_sealed_nothing_is_sealed_twice(county):
    with superuser() as owner:
        owner.execute(
            "INSERT INTO office_act (kind, name, subject_type, subject_id, subject_hash, duty, second_factor, reason,"
            " facts) SELECT 'done', 'body.added', '', '', '', '', false, '', '{}' FROM generate_series(1, %s)",
            [BACKLOG],
        )
    told = {"SEAL_KEY_FILE": str(given.SEAL_KEY_FILE), "SEAL_CHECKPOINTS": str(given.SEAL_CHECKPOINTS)}
    sealer = subprocess.Popen(
        [sys.executable, "manage.py", "seal_trail"],
        cwd=CHECKOUT, env={**os.environ, **told}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not Seal.objects.exists():
        assert sealer.poll() is None
        time.sleep(0.02)
    sealer.send_signal(signal.SIGKILL)
    sealer.wait()
    assert checkpoints.last() is None  # it died before it came to them
    found = look()
    assert found.found == 0
    assert found.unsealed > 0
    deadline = time.monotonic() + 30
    while not sealing.run(at=NOON).is_alone:  # a dead session's lock goes when the server sees that it is dead
        assert time.monotonic() < deadline
        time.sleep(0.1)
    found = look(checkpoints=read_checkpoints(given.SEAL_CHECKPOINTS))
    assert (found.found, found.unsealed) == (0, 0)
    assert checkpoints.last()[0] == Seal.objects.count() >= BACKLOG // sealing.MOST_ROWS
