"""The key of seals and the checkpoints outside: what keeps sealing from going on, and how a key is replaced."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from audit.models import Seal, SealingState, SealKey
from audit.rules import signing
from audit.services import checkpoints, seal_keys, sealing
from audit.services.seal_keys import CannotSeal
from audit.tests.sealed import act, look, told
from audit.verifying.told import BAD_KEY, read_checkpoints
from conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)

Reason = SealingState.Reason


def refused(reason: Reason) -> None:
    """Sealing is refused for this reason, and it is noted."""
    with pytest.raises(CannotSeal) as refusal:
        sealing.run(at=NOON)
    assert refusal.value.reason == reason
    state = SealingState.objects.get()
    assert state.reason == reason
    assert state.detail
    assert str(state) == str(reason.label)


class TestKey:
    def test_a_missing_one(self, county, settings):
        settings.SEAL_KEY_FILE.unlink()
        refused(Reason.NO_KEY)

    def test_one_that_others_can_read(self, county, settings):
        settings.SEAL_KEY_FILE.chmod(0o644)
        refused(Reason.BAD_KEY)

    @pytest.mark.parametrize("text", ["", "ed25519:zz", "ed25519:00", "rot13:00", "\udce4"])
    def test_one_that_is_none(self, county, settings, text):
        settings.SEAL_KEY_FILE.write_bytes(text.encode(errors="surrogateescape"))
        refused(Reason.BAD_KEY)

    def test_a_folder_in_its_place(self, county, settings):
        settings.SEAL_KEY_FILE.unlink()
        settings.SEAL_KEY_FILE.mkdir(mode=0o700)
        refused(Reason.BAD_KEY)

    def test_a_sealer_that_cannot_connect(self, county, settings):
        settings.SEALER_URL = "postgresql://nobody@/none?host=/nonexistent"
        refused(Reason.NO_CONNECTION)


class TestNewKey:
    def test_it_is_introduced_by_the_one_before(self, county, settings):
        sealing.run(at=NOON)
        first = seal_keys.load()
        second = seal_keys.renew()
        assert seal_keys.before() == first
        with pytest.raises(CannotSeal, match="has not introduced"):
            seal_keys.renew()
        act(county)
        sealing.run(at=NOON)
        kept = SealKey.objects.get(fingerprint=second.fingerprint)
        assert kept.introduced_by.fingerprint == first.fingerprint
        assert str(kept) == second.fingerprint[:16]
        assert seal_keys.before() is None
        assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600
        assert look().found == 0

    def test_the_first_one_is_made_where_there_is_none(self, county, settings):
        settings.SEAL_KEY_FILE.unlink()
        seal_keys.renew()
        sealing.run(at=NOON)
        assert look().found == 0

    def test_one_that_never_signed_introduces_nobody(self, county):
        seal_keys.renew()
        sealing.run(at=NOON)
        assert SealKey.objects.get().introduced_by is None
        assert look().found == 0

    def test_where_it_cannot_be_written_it_is_said(self, settings, tmp_path):
        settings.SEAL_KEY_FILE = tmp_path / "nowhere" / "key"
        with pytest.raises(CannotSeal):
            seal_keys.renew()

    def test_one_that_nobody_introduced_is_a_fault_unless_a_checkpoint_outside_names_it(self, county, settings):
        sealing.run(at=NOON)
        settings.SEAL_KEY_FILE.write_text(signing.written(signing.made()))  # the one before was lost
        act(county)
        sealing.run(at=NOON)
        pk = SealKey.objects.latest("pk").pk
        assert told(look()) == {("audit_sealkey", pk, ("introduced_by_id", "introduction"), BAD_KEY)}
        assert look(checkpoints=read_checkpoints(settings.SEAL_CHECKPOINTS)).found == 0


class TestCheckpoints:
    def lines(self, settings) -> list[dict[str, object]]:
        files = sorted(settings.SEAL_CHECKPOINTS.iterdir())
        assert [file.name for file in files] == ["checkpoints-20100301.jsonl"]
        assert files[0].stat().st_mode & 0o777 == 0o640
        return [json.loads(line) for line in files[0].read_text().splitlines()]

    def test_each_seal_is_a_line_outside(self, county, settings):
        for _time in range(2):
            act(county)
            sealing.run(at=NOON)
        told = self.lines(settings)
        assert [one["number"] for one in told] == [1, 2]
        newest = Seal.objects.get(number=2)
        assert told[1] == {
            "format": 1, "number": 2, "hash": newest.sha256, "at": "2010-03-01T12:00:00+08:00", "rows": newest.total,
            "key": newest.key.fingerprint, "algorithm": "ed25519", "public": bytes(newest.key.public).hex(),
        }  # fmt: skip

    def test_a_folder_that_is_not_there(self, county, settings):
        settings.SEAL_CHECKPOINTS = settings.SEAL_CHECKPOINTS / "unmounted"
        refused(Reason.NO_CHECKPOINTS)
        assert not Seal.objects.exists()

    def test_a_folder_that_cannot_be_written(self, county, settings, monkeypatch):
        monkeypatch.setattr("pathlib.Path.rename", lambda *args: (_ for _ in ()).throw(OSError("full")))
        refused(Reason.NO_CHECKPOINTS)
        assert Seal.objects.exists()  # they are in the database, and are written later
        monkeypatch.undo()

    def test_a_file_that_cannot_be_read(self, county, settings):
        (settings.SEAL_CHECKPOINTS / "checkpoints-20100228.jsonl").write_bytes(b"\xff")
        refused(Reason.NO_CHECKPOINTS)

    @pytest.mark.parametrize("line", ['{"number": 1, "hash": "x"}', '{"number": 9, "hash": "x"}', "{}", "broken"])
    def test_those_of_another_database(self, county, settings, line):
        sealing.run(at=NOON)
        (settings.SEAL_CHECKPOINTS / "checkpoints-20991231.jsonl").write_text(line + "\n")
        act(county)
        refused(Reason.DISAGREE)
        assert Seal.objects.count() == 1

    def test_a_clock_that_went_back_breaks_no_order(self, county, settings):
        sealing.run(at=NOON + timedelta(days=2))
        for _time in range(2):
            act(county)
            sealing.run(at=NOON)
        files = [file.name for file in settings.SEAL_CHECKPOINTS.iterdir()]
        assert files == ["checkpoints-20100303.jsonl"]
        assert checkpoints.last() == (3, Seal.objects.get(number=3).sha256)
        assert [one.number for one in read_checkpoints(settings.SEAL_CHECKPOINTS)] == [1, 2, 3]

    def test_an_empty_file_says_nothing(self, county, settings):
        sealing.run(at=NOON)
        (settings.SEAL_CHECKPOINTS / "checkpoints-20991231.jsonl").write_text("")
        assert checkpoints.last()[0] == 1
