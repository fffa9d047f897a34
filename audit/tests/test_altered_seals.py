"""Whoever owns the machine alters seals, cuts them off, or makes them anew: the chain or a checkpoint outside tells."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as given
from django.core.management import CommandError, call_command

from audit import verifier
from audit.models import Seal
from audit.services import sealing
from audit.tests.sealed import act, look, past_triggers, superuser, told
from audit.verifying import rows as verifying_rows
from audit.verifying.told import (
    ALTERED,
    BAD_BATCH,
    BAD_CHAIN,
    BAD_KEY,
    BAD_SEAL,
    BAD_SIGNATURE,
    CUT,
    GONE,
    INSERTED,
    MOST_FAULTS,
    NO_COLUMN,
    REWRITTEN,
    CannotVerify,
    read_checkpoints,
    read_codes,
)
from conftest import NOON
from office.models import Act
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sealed(county):
    """Three seals over some acts."""
    for _seal in range(3):
        for _act in range(3):
            act(county)
        sealing.run(at=NOON)
    return county


def outside():
    return read_checkpoints(given.SEAL_CHECKPOINTS)


class TestSeals:
    @pytest.mark.parametrize(
        ("column", "value", "reason"),
        [
            ("number", "number + 100", BAD_CHAIN),
            ("at", "at + interval '1 microsecond'", BAD_SIGNATURE),
            ("previous", "repeat('0', 64)", BAD_CHAIN),
            ("hash_name", "'sm3'", BAD_SEAL),
            ("hash_name", "'rot13'", BAD_SEAL),
            ("root", "repeat('0', 64)", BAD_SEAL),
            ("rows", "rows + 1", BAD_SEAL),
            ("total", "total + 1", BAD_SEAL),
            ("sha256", "repeat('0', 64)", BAD_SEAL),
            ("signature", "set_byte(signature, 5, 1 + get_byte(signature, 5) % 200)", BAD_SIGNATURE),
            ("key_id", "key_id + 1", BAD_SIGNATURE),
        ],
    )
    def test_an_altered_column_of_a_seal(self, sealed, column, value, reason):
        past_triggers(f'UPDATE audit_seal SET "{column}" = {value} WHERE number = 2')
        assert reason in {one.reason for one in look().faults if one.table == "audit_seal"}

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("numbers", "set_byte(numbers, 0, 1)"),
            ("leaves", "set_byte(leaves, 0, 1 + get_byte(leaves, 0) % 200)"),
            ("columns", "set_byte(columns, 0, 1 + get_byte(columns, 0) % 200)"),
            ("members", "repeat('0', 64)"),
            ("root", "repeat('0', 64)"),
            ("rows", "rows + 1"),
        ],
    )
    def test_an_altered_column_of_what_is_remembered(self, sealed, column, value):
        past_triggers(
            f'UPDATE audit_sealbatch SET "{column}" = {value}'
            " WHERE seal_id = (SELECT id FROM audit_seal WHERE number = 2)"
        )
        assert BAD_BATCH in {one.reason for one in look().faults}

    @pytest.mark.parametrize(("column", "value"), [("low", "low - 1"), ("high", "high + 100"), ("form_id", "1")])
    def test_an_altered_place_of_what_is_remembered(self, sealed, column, value):
        past_triggers(
            f'UPDATE audit_sealbatch SET "{column}" = {value} WHERE id = (SELECT max(id) FROM audit_sealbatch)'
        )
        assert BAD_SEAL in {one.reason for one in look().faults}

    def test_an_altered_form(self, sealed):
        past_triggers("""UPDATE audit_sealform SET columns = columns - 3 WHERE "table" = 'office_act'""")
        assert {BAD_SEAL, ALTERED} <= {one.reason for one in look().faults}

    def test_a_key_that_was_exchanged(self, sealed):
        past_triggers("UPDATE audit_sealkey SET public = set_byte(public, 0, 1 + get_byte(public, 0) % 200)")
        assert {BAD_KEY, BAD_SIGNATURE} == {one.reason for one in look().faults}
        past_triggers("UPDATE audit_sealkey SET algorithm = 'sm2'")
        assert BAD_SIGNATURE in {one.reason for one in look().faults}

    def test_a_seal_in_the_middle_is_taken_away(self, sealed):
        past_triggers(
            "DELETE FROM audit_sealbatch WHERE seal_id = (SELECT id FROM audit_seal WHERE number = 2)",
            "DELETE FROM audit_seal WHERE number = 2",
        )
        found = look()
        assert {BAD_CHAIN, INSERTED} <= {one.reason for one in found.faults}

    def test_what_is_remembered_of_a_seal_is_taken_away(self, sealed):
        past_triggers("DELETE FROM audit_sealbatch WHERE seal_id = (SELECT id FROM audit_seal WHERE number = 2)")
        assert BAD_SEAL in {one.reason for one in look().faults}


class TestOutside:
    def test_a_cut_tail_of_seals_and_rows(self, sealed):
        newest = Seal.objects.first()
        tail = newest.batches.get(form__table="office_act")
        past_triggers(
            f"DELETE FROM office_act WHERE id BETWEEN {tail.low} AND {tail.high}",
            f"DELETE FROM audit_sealbatch WHERE seal_id = {newest.pk}",
            f"DELETE FROM audit_seal WHERE id = {newest.pk}",
        )
        assert look().found == 0  # the database alone knows nothing of it any more
        assert told(look(checkpoints=outside())) == {("audit_seal", 3, (), CUT)}
        assert told(look(checkpoints=read_codes([f"3:{newest.code}"]))) == {("audit_seal", 3, (), CUT)}

    def test_everything_made_anew_with_the_key_itself(self, sealed, settings, tmp_path):
        """A row is altered, all seals are taken away and made again by the real sealer with the real key."""
        before, code = outside(), Seal.objects.get(number=1).code
        past_triggers(
            "UPDATE office_act SET name = 'body.renamed' WHERE id = (SELECT max(id) FROM office_act)",
            "TRUNCATE audit_sealbatch, audit_seal, audit_sealform, audit_sealkey, audit_sealprogress",
        )
        settings.SEAL_CHECKPOINTS = tmp_path / "others"
        settings.SEAL_CHECKPOINTS.mkdir()
        sealing.run(at=NOON)
        assert look().found == 0
        assert REWRITTEN in {one.reason for one in look(checkpoints=before).faults}
        assert told(look(checkpoints=read_codes([f"1:{code}"]))) == {("audit_seal", 1, ("sha256",), REWRITTEN)}

    def test_what_they_are_not(self, sealed, tmp_path):
        assert look(checkpoints=[*outside(), *read_codes([f"1:{Seal.objects.get(number=1).code.lower()}"])]).found == 0
        for wrong in ("1", "x:ABCD-ABCD-ABCD-ABCD", "1:ABCD"):
            with pytest.raises(CannotVerify):
                read_codes([wrong])
        with pytest.raises(CannotVerify):
            read_checkpoints(tmp_path / "nowhere")
        (given.SEAL_CHECKPOINTS / "checkpoints-20100302.jsonl").write_text("{}")
        with pytest.raises(CannotVerify):
            outside()


class TestRows:
    def test_many_faults_are_counted_and_the_first_thousand_named(self, county, monkeypatch):
        with superuser() as owner:
            owner.execute(
                "INSERT INTO office_act (kind, name, subject_type, subject_id, subject_hash, duty, second_factor,"
                " reason, facts)"
                " SELECT 'done', 'body.added', '', '', '', '', false, '', '{}' FROM generate_series(1, 1500)"
            )
        monkeypatch.setattr(verifying_rows, "AT_ONCE", 400)
        sealing.seal(at=NOON, most=300)
        assert look().found == 0
        past_triggers("UPDATE office_act SET reason = 'x'")
        report = look()
        assert (report.found, len(report.faults)) == (Act.objects.count(), MOST_FAULTS)

    def test_rows_that_came_late_are_looked_at_too(self, sealed):
        """What is sealed below a number that was sealed before."""
        with superuser() as owner:
            owner.execute("UPDATE audit_sealprogress SET gaps = %s WHERE \"table\" = 'office_act'",
                          ['[{"ranges": [[-9, -8]], "running": []}]'])  # fmt: skip
            for number in (-9, -8):
                owner.execute(
                    "INSERT INTO office_act (id, kind, name, subject_type, subject_id, subject_hash, duty,"
                    " second_factor, reason, facts) VALUES (%s, 'done', 'x', '', '', '', '', false, '', '{}')",
                    [number],
                )
        assert look().unsealed == 2
        assert sealing.seal(at=NOON, most=1).seals == 2
        assert (look().found, look().unsealed) == (0, 0)
        past_triggers("UPDATE office_act SET name = 'y' WHERE id = -9", "DELETE FROM office_act WHERE id = -8")
        assert told(look()) == {("office_act", -9, ("name",), ALTERED), ("office_act", -8, ("id",), GONE)}

    def test_a_later_column_breaks_no_seal_and_is_sealed_from_then_on(self, sealed):
        with psycopg.connect(servers.owner_dsn(given.DATABASES["default"]["NAME"])) as owner:
            owner.execute("ALTER TABLE office_act ADD COLUMN noted_later text NOT NULL DEFAULT ''")
        try:
            assert look().found == 0
            act(sealed)
            sealing.run(at=NOON)
            newest, first = Act.objects.latest("pk").pk, Act.objects.earliest("pk").pk
            assert look().found == 0
            past_triggers("UPDATE office_act SET noted_later = 'x'")
            assert told(look()) == {("office_act", newest, ("noted_later",), ALTERED)}
            past_triggers(f"UPDATE office_act SET reason = 'x' WHERE id = {first}")
            assert ("office_act", first, ("reason",), ALTERED) in told(look())
        finally:
            with psycopg.connect(servers.owner_dsn(given.DATABASES["default"]["NAME"])) as owner:
                owner.execute("ALTER TABLE office_act DROP COLUMN noted_later")
        assert ("office_act", None, ("noted_later",), NO_COLUMN) in told(look())

    def test_a_row_in_a_table_without_seals_is_no_fault(self, sealed):
        assert look(tables=["office_attachment"]).rows == 0


class TestCommands:
    def run(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        status = 0
        try:
            call_command("verify_trail", *words, stdout=out, stderr=out)
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, out.getvalue()

    def apart(self, *words: str) -> tuple[int, str]:
        """The separate verifier, without Django and without the project's surroundings."""
        dsn = servers.backup_dsn(given.DATABASES["default"]["NAME"])
        done = subprocess.run(
            [sys.executable, "audit/verifier.py", "--dsn", dsn, *words],
            cwd=CHECKOUT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def test_both_say_the_same_of_a_whole_trail(self, sealed):
        words = ("--json", "--checkpoints", str(given.SEAL_CHECKPOINTS))
        for status, out in (self.run(*words), self.apart(*words)):
            assert status == 0
            report = json.loads(out)
            assert report == {"ok": True, "rows": report["rows"], "unsealed": 0, "faults": []}
            assert report["rows"] > 9

    def test_both_say_the_same_of_an_altered_one(self, sealed):
        pk = Act.objects.latest("pk").pk
        past_triggers(f"UPDATE office_act SET facts = '{{}}', by_id = NULL, reason = '改' WHERE id = {pk}")
        for status, out in (self.run("--json"), self.apart("--json")):
            assert status == 1
            report = json.loads(out)
            assert not report["ok"]
            assert [one["table"] for one in report["faults"]] == ["office_act"]
            assert report["faults"][0]["pk"] == pk
            assert set(report["faults"][0]["columns"]) == {"facts", "reason"}
        for _status, out in (self.run(), self.apart()):
            assert f"office_act {pk}" in out
            assert "1 faults" in out

    def test_both_say_when_they_cannot_look(self, sealed, settings):
        for status, out in (self.run("--checkpoints", "/nowhere"), self.apart("--checkpoints", "/nowhere")):
            assert (status, "/nowhere is not a folder" in out) == (2, True)
        settings.BACKUP_URL = "postgresql://nobody@/none?host=/nonexistent"
        assert self.run()[0] == 2

    def test_the_verifier_imports_nothing_of_the_system(self):
        asked = (
            "import sys; import audit.verifier;"
            "print(sorted(n for n in sys.modules if n.split('.')[0] in {'django', 'celery', 'office', 'config'}"
            " or (n.startswith('audit.') and not n.startswith('audit.verif'))))"
        )
        done = subprocess.run([sys.executable, "-c", asked], cwd=CHECKOUT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    def test_it_writes_nothing(self, sealed):
        with psycopg.connect(given.BACKUP_URL) as reading, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reading.execute("DELETE FROM audit_seal")
        assert verifier.WELL == 0

    def test_sealing_by_hand(self, county, settings):
        out = io.StringIO()
        call_command("seal_trail", stdout=out)
        call_command("seal_trail", "--new-key", stdout=out)
        assert "rows in 1 seals" in out.getvalue()
        assert "key " in out.getvalue()
        with psycopg.connect(given.SEALER_URL) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [sealing.LOCK])
            with pytest.raises(CommandError, match="Another sealer"):
                call_command("seal_trail")
        settings.SEAL_KEY_FILE.unlink()
        with pytest.raises(CommandError):
            call_command("seal_trail")
