"""Rows are sealed when no running transaction can touch them; a late row, a doubled or a killed sealer does no harm."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as given

from audit.models import Seal, SealBatch, SealForm, SealingState, SealProgress
from audit.services import checkpoints, sealed_rows, sealing
from audit.services.seal_keys import CannotSeal
from audit.tests.sealed import act, look, past_triggers, superuser, told
from audit.verifying.told import INSERTED
from conftest import NOON
from office.models import Act
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

ACT = (
    "INSERT INTO office_act (id, kind, name, subject_type, subject_id, subject_hash, duty, second_factor,"
    " reason, facts) VALUES ({}, 'done', 'body.added', '', '', '', '', false, '', '{{}}')"
)
NEXT = "nextval(pg_get_serial_sequence('office_act', 'id'))"


@pytest.fixture
def clerk():
    """Sessions of the run-time role beside the test's own: `clerk()`."""
    opened: list[psycopg.Connection] = []

    def session(**more) -> psycopg.Connection:
        dsn = servers.app_dsn(given.DATABASES["default"]["NAME"])
        opened.append(psycopg.connect(dsn, **more))
        return opened[-1]

    yield session
    for one in opened:
        one.close()


def acts_sealed() -> int:
    return sum(SealBatch.objects.filter(form__table="office_act").values_list("rows", flat=True))


def take_number(session: psycopg.Connection) -> int:
    """A number of the acts' sequence, taken by a transaction that has written nothing yet: only now and then does the
    sequence itself write."""
    while True:
        number: int = session.execute(f"SELECT {NEXT}").fetchone()[0]
        if session.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is None:
            return number
        session.rollback()


class TestSeal:
    def test_what_is_there_is_sealed_and_found_unaltered(self, county):
        act(county)
        done = sealing.run(at=NOON)
        report = look()
        assert (done.seals, report.found, report.unsealed) == (1, 0, 0)
        assert report.rows == done.rows > 1
        act(county)
        assert look().unsealed == 1
        assert sealing.run(at=NOON).rows == 1
        assert look().rows == done.rows + 1
        assert sealing.run(at=NOON).rows == 0
        assert Seal.objects.count() == 2
        assert str(Seal.objects.first()) == "2"
        assert "office_act" in str(SealBatch.objects.filter(form__table="office_act").first())
        assert str(SealForm.objects.get(table="office_act")) == "office_act 1"
        assert str(SealProgress.objects.get(table="office_act")).startswith("office_act ")

    def test_a_backlog_is_sealed_in_bounded_parts(self, county):
        for _one in range(25):
            act(county)
        done = sealing.seal(at=NOON, most=10)
        assert done.seals > 2
        assert all(seal.rows <= 10 for seal in Seal.objects.all())
        assert look(tell=lambda done, total: None).told() == {
            "ok": True, "rows": done.rows, "unsealed": 0, "faults": [],
        }  # fmt: skip

    def test_nothing_is_sealed_that_lies_above_a_running_transaction(self, county, clerk):
        sealing.run(at=NOON)
        slow, quick = clerk(), clerk()
        slow.execute(ACT.format("DEFAULT"))
        quick.execute(ACT.format("DEFAULT"))
        quick.commit()
        before = acts_sealed()
        done = sealing.run(at=NOON)
        assert acts_sealed() == before
        assert f"{slow.info.backend_pid} fund_app" in done.held_by
        slow.commit()
        assert sealing.run(at=NOON).held_by == ""
        assert acts_sealed() == before + 2

    def test_a_lower_number_that_commits_later_is_sealed(self, county, clerk):
        slow, quick = clerk(), clerk(autocommit=True)
        number = take_number(slow)
        quick.execute(ACT.format("DEFAULT"))
        sealing.run(at=NOON)
        assert SealProgress.objects.get(table="office_act").sealed_to > number
        slow.execute(ACT.format(number))
        slow.commit()
        assert look().unsealed == 1
        assert sealing.run(at=NOON).rows == 1
        report = look()
        assert (report.unsealed, report.found) == (0, 0)

    def test_without_the_note_of_gaps_it_never_is(self, county, clerk, monkeypatch):
        """The control: by the highest number alone."""
        slow, quick = clerk(), clerk(autocommit=True)
        number = take_number(slow)
        quick.execute(ACT.format("DEFAULT"))
        sealing.run(at=NOON)
        slow.execute(ACT.format(number))
        slow.commit()
        monkeypatch.setattr(sealed_rows.Progress, "ranges", property(lambda self: []))
        assert sealing.run(at=NOON).rows == 0
        assert look().unsealed == 1

    def test_a_number_that_never_comes_is_closed_and_nothing_can_be_put_there(self, county, clerk):
        broken, quick = clerk(), clerk(autocommit=True)
        number = take_number(broken)
        quick.execute(ACT.format("DEFAULT"))
        sealing.run(at=NOON)
        assert SealProgress.objects.get(table="office_act").gaps
        broken.rollback()
        sealing.run(at=NOON)
        assert SealProgress.objects.get(table="office_act").gaps == []
        past_triggers(ACT.format(number))
        assert told(look()) == {("office_act", number, ("id",), INSERTED)}
        assert sealing.run(at=NOON).rows == 0

    def test_a_row_that_waits_in_a_gap_for_the_horizon_keeps_its_place(self, county, clerk):
        slow, late, quick = clerk(), clerk(), clerk(autocommit=True)
        number = take_number(late)
        quick.execute(ACT.format("DEFAULT"))
        sealing.run(at=NOON)
        slow.execute(ACT.format("DEFAULT"))  # the oldest one that runs
        late.execute(ACT.format(number))
        late.commit()
        sealing.run(at=NOON)
        assert [one["ranges"] for one in SealProgress.objects.get(table="office_act").gaps] == [[[number, number]]]
        slow.commit()
        assert sealing.run(at=NOON).rows == 2
        assert (look().unsealed, look().found) == (0, 0)

    def test_progress_never_goes_back(self, county):
        act(county)
        sealing.run(at=NOON)
        with superuser() as owner:
            owner.execute("SET session_replication_role = origin")
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute("UPDATE audit_sealprogress SET sealed_to = 0")


class TestTwice:
    def test_a_second_sealer_leaves_it_to_the_first(self, county):
        act(county)
        with psycopg.connect(given.SEALER_URL) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [sealing.LOCK])
            assert not sealing.run(at=NOON).is_alone
        assert not Seal.objects.exists()
        assert sealing.run(at=NOON).is_alone

    def test_many_at_once_make_one_chain(self, county):
        for _one in range(30):
            act(county)
        together = threading.Barrier(4)

        def one() -> None:
            together.wait()
            for _time in range(3):
                sealing.seal(at=NOON, most=7)

        threads = [threading.Thread(target=one) for _one in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sealing.seal(at=NOON)
        assert sorted(Seal.objects.values_list("number", flat=True)) == list(range(1, Seal.objects.count() + 1))
        assert (look().found, look().unsealed) == (0, 0)

    def test_without_the_lock_two_make_the_same_number_and_the_database_refuses(self, county):
        """The control: what a second sealer would write under the same number."""
        act(county)
        sealing.run(at=NOON)
        with psycopg.connect(given.SEALER_URL) as sealer, pytest.raises(psycopg.errors.UniqueViolation):
            sealer.execute(
                "INSERT INTO audit_seal (number, at, previous, hash_name, root, rows, total, key_id, sha256, signature)"
                " SELECT number, at, previous, hash_name, root, rows, total, key_id, repeat('a', 64), signature"
                " FROM audit_seal"
            )


class TestKilled:
    @pytest.mark.parametrize("where", ["_write_batches", "_write"])
    def test_before_its_end_leaves_nothing(self, county, monkeypatch, where):
        act(county)
        with monkeypatch.context() as broken:
            broken.setattr(sealing, where, self.die)
            with pytest.raises(CannotSeal, match="gone"):
                sealing.run(at=NOON)
        assert SealingState.objects.get().reason == SealingState.Reason.FAILED
        assert not Seal.objects.exists()
        assert not SealProgress.objects.exists()
        sealing.run(at=NOON)
        assert look().found == 0
        assert SealingState.objects.get().reason == SealingState.Reason.WELL

    def test_before_the_checkpoint_is_written_the_next_run_writes_it(self, county, monkeypatch):
        act(county)
        with monkeypatch.context() as broken:
            broken.setattr(checkpoints, "write", self.die)
            with pytest.raises(CannotSeal):
                sealing.run(at=NOON)
        assert checkpoints.last() is None
        act(county)
        sealing.run(at=NOON)
        assert checkpoints.last() == (2, Seal.objects.get(number=2).sha256)

    def die(self, *args) -> None:
        raise RuntimeError("gone")


def write_and_seal(clerk, *, writers: int, seconds: float, sealed_every: float) -> tuple[int, int, float]:
    """Writers at work, some of whose transactions are rolled back, wait, or use savepoints, while another seals: acts
    written, seals made, and the longest that a seal took to come."""
    end = time.monotonic() + seconds
    written = [0] * writers

    def work(place: int) -> None:
        chance, session = random.Random(place), clerk()
        while time.monotonic() < end:
            for _row in range(chance.randint(1, 3)):
                with session.transaction():
                    session.execute(ACT.format("DEFAULT"))
                    time.sleep(chance.random() / 50)
            if chance.random() < 0.2:
                session.rollback()
            else:
                session.commit()
            written[place] += 1

    threads = [threading.Thread(target=work, args=[place]) for place in range(writers)]
    longest = 0.0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        begun = time.monotonic()
        sealing.seal(at=NOON)
        assert look().found == 0
        longest = max(longest, time.monotonic() - begun)
        time.sleep(sealed_every)
    sealing.seal(at=NOON)
    return sum(written), Seal.objects.count(), longest


def is_whole() -> None:
    sealing.seal(at=NOON)
    report = look()
    assert (report.found, report.unsealed) == (0, 0)
    assert acts_sealed() == Act.objects.count()
    assert sorted(Seal.objects.values_list("number", flat=True)) == list(range(1, Seal.objects.count() + 1))
    assert SealProgress.objects.get(table="office_act").gaps == []


def test_sixteen_writers_leave_no_gap_no_fork_and_no_false_alarm(county, clerk):
    transactions, seals, _longest = write_and_seal(clerk, writers=16, seconds=4, sealed_every=0.05)
    assert transactions > 16
    assert seals > 3
    is_whole()


@pytest.mark.soak
def test_sixteen_writers_for_ten_minutes(county, clerk):
    transactions, seals, longest = write_and_seal(clerk, writers=16, seconds=600, sealed_every=0.5)
    is_whole()
    print(f"{transactions} transactions, {Act.objects.count()} acts, {seals} seals, the longest run {longest:.1f} s")
    assert longest < timedelta(minutes=1).total_seconds()
