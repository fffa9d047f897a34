"""R7: an office is backed up, restored on an empty server, and both verifiers find its trail as it was sealed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from audit.rules import signing
from audit.services import sealing
from config import database
from config.embedded import postgres
from config.management.commands import backup as making
from conftest import NOON
from office.models import Act
from tests import servers as own
from tests.test_backup import CHECKOUT, SECOND, empty, folder, manage, office, surroundings  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive(office, folder, settings, tmp_path):  # noqa: F811
    """Of an office whose trail was sealed; its checkpoints lie elsewhere."""
    settings.SEAL_KEY_FILE = tmp_path / "seal-key"
    settings.SEAL_KEY_FILE.touch(mode=0o600)
    settings.SEAL_KEY_FILE.write_text(signing.written(signing.made()))
    settings.SEAL_CHECKPOINTS = tmp_path / "checkpoints"
    settings.SEAL_CHECKPOINTS.mkdir()
    sealing.run(at=NOON)
    return making.make(folder, at=NOON).archive


def both(environment: dict[str, str], checkpoints: object) -> list[tuple[int, dict[str, Any]]]:
    """What the command and the verifier apart say of the restored database."""
    words = ("--json", "--checkpoints", str(checkpoints))
    dsn = postgres.dsn(own.place(), user=database.BACKUP, name=SECOND)
    apart = subprocess.run(
        [sys.executable, "audit/verifier.py", "--dsn", dsn, *words],
        cwd=CHECKOUT, env={"PATH": environment["PATH"]}, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    inside = manage(environment, "verify_trail", *words)
    return [(done.returncode, json.loads(done.stdout)) for done in (inside, apart)]


def test_both_verifiers_find_the_restored_trail_whole(archive, empty, settings):  # noqa: F811
    environment = surroundings(empty)
    assert manage(environment, "restore", archive).returncode == 0
    for status, told in both(environment, settings.SEAL_CHECKPOINTS):
        assert (status, told["ok"], told["faults"]) == (0, True, [])
        assert told["rows"] >= Act.objects.count()
    with psycopg.connect(postgres.dsn(own.place(), name=SECOND)) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE office_act SET reason = 'x'")
    for status, told in both(environment, settings.SEAL_CHECKPOINTS):
        assert (status, {one["table"] for one in told["faults"]}) == (1, {"office_act"})


def test_what_was_sealed_after_the_archive_is_told_as_cut_off(archive, empty, office, settings):  # noqa: F811
    office.name = "后来"
    office.save()
    sealing.run(at=NOON)
    environment = surroundings(empty)
    assert manage(environment, "restore", archive).returncode == 0
    for status, told in both(environment, settings.SEAL_CHECKPOINTS):
        assert (status, [one["pk"] for one in told["faults"]]) == (1, [2])


def test_the_archive_has_no_key_that_could_make_another_trail(archive):
    assert b"seal" not in subprocess.run(["tar", "-tf", archive], capture_output=True, check=True).stdout.lower()
