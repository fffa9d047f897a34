"""A worker killed in the middle of an import leaves nothing half-written; two imports at once come one by one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from config.embedded import valkey
from conftest import NOON
from demo.roster import files
from demo.roster.made import Roster
from enrollment.models import Contribution, Coverage, Household, Member, RosterImport
from enrollment.services import roster_jobs, rosters
from enrollment.tests.rosters import fund_year, villages
from office.models import Job
from tests import servers
from tests.test_workers import Worker, state, swept_until_done, wait

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]

SCALE = 0.02


@pytest.fixture
def roster(tmp_path, county):
    """A clean roster as a file, and the year that it is for."""
    villages()
    path = tmp_path / "roster.csv"
    files.write_csv(Roster(11, scale=SCALE, faulty=0), path)
    return fund_year(2009), path


@pytest.fixture
def worker(tmp_path):
    valkey.client(servers.place()).flushall()
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.kill()


def counts() -> list[int]:
    return [model.objects.count() for model in (Household, Member, Contribution, Coverage, RosterImport)]


@pytest.mark.parametrize("moment", [10, 55, 70])
def test_a_killed_import_is_done_whole_by_the_next_worker(moment, roster, worker, ada):
    year, path = roster
    upload = SimpleUploadedFile("a.csv", path.read_bytes())
    check = roster_jobs.ask_for_check(fund_year=year, upload=upload, by=ada, at=timezone.now())
    wait(lambda: state(check) == Job.State.DONE)
    check.refresh_from_db()
    rows = check.outcome[0][1]
    writing = roster_jobs.ask_for_writing(check=check, by=ada, at=timezone.now())
    wait(lambda: Job.objects.values_list("done_steps", flat=True).get(pk=writing.pk) >= moment)
    worker.kill()
    assert counts() == [0] * 5 or state(writing) == Job.State.DONE
    worker.start()
    swept_until_done(writing)
    assert [Member.objects.count(), RosterImport.objects.get().written] == [rows, rows]
    assert Member.pgh_event_model.objects.count() == rows
    assert Contribution.objects.count() == Coverage.objects.count()


@pytest.mark.parametrize("same", [True, False])
def test_two_imports_at_the_same_moment(same, roster, ada, tmp_path):
    """The second waits for the first; of the same file it then finds nothing to do."""
    year, path = roster
    other = tmp_path / "other.csv"
    other.write_bytes(path.read_bytes() + (b"" if same else b"\r\n"))
    barrier = threading.Barrier(2)
    written: list[int] = []

    def write(file: Path) -> None:
        try:
            barrier.wait()
            report = rosters.import_roster(fund_year=year, path=file, name=file.name, by=ada, at=NOON)
            written.append(report.written)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[file]) for file in (path, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Member.objects.count()
    assert sorted(written) == ([0, rows] if same else [rows, rows])
    assert Member.pgh_event_model.objects.count() == rows
    assert RosterImport.objects.count() == (1 if same else 2)
