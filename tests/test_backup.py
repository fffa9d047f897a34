"""An archive holds the whole office, restores to the same office, and anything doubtful is refused before a write."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as office_settings
from django.core.management import CommandError, call_command

from config import backup, database
from config.embedded import postgres, servers
from config.management.commands import backup as making
from config.management.commands import restore as restoring
from conftest import NOON
from office import attachments
from office.models import Attachment, Job, Person
from tests import servers as own

pytestmark = pytest.mark.django_db(transaction=True)

CHECKOUT = Path(__file__).resolve().parent.parent
SECOND = "test_county_fund_restored"
PAPERS = {"马小明身份证.pdf": b"%PDF-1.4\n" + "住院发票".encode(), "名单.csv": "姓名\n马小明\n".encode("gb18030")}


@pytest.fixture
def office(county, ada, ben):
    """A small office at work: people with duties, a job, papers with Chinese names."""
    for name, content in PAPERS.items():
        attachments.keep_made(subject=county, name=name, content=content, media_type="text/plain", by=ada, at=NOON)
    Job.objects.create(name="office.tasks.x", title="导入参合名单", asked_by=ben, asked_at=NOON, sent_at=NOON)
    return county


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def archive(office, folder):
    return making.make(folder, at=NOON).archive


@pytest.fixture
def empty(settings, tmp_path, archive):
    """A second, empty database and attachments folder; restores in this process go there."""
    drop = f"DROP DATABASE IF EXISTS {SECOND} WITH (FORCE)"
    with psycopg.connect(own.superuser_dsn(), autocommit=True) as superuser:
        superuser.execute(drop)
        database.create_database(superuser, SECOND)
    settings.OWNER_URL = own.owner_dsn(SECOND)
    settings.ATTACHMENTS_DIR = tmp_path / "restored"
    yield settings.ATTACHMENTS_DIR
    with psycopg.connect(own.superuser_dsn(), autocommit=True) as superuser:
        superuser.execute(drop)


def surroundings(attachments_dir: Path, **more: str) -> dict[str, str]:
    """The environment of the office that is restored into, on a machine of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PG_BIN") if name in os.environ}
    told = servers.environment(own.place(), name=SECOND)
    return {**kept, **told, "ATTACHMENTS_DIR": str(attachments_dir), "HOME": "/nonexistent", **more}


def manage(environment: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=CHECKOUT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def contents(name: str) -> dict[str, str]:
    """The hash of every table's rows, whatever their order on the disk."""
    asked = "SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} t"
    with psycopg.connect(postgres.dsn(own.place(), name=name)) as connection:
        return {table: backup.column(connection, asked, table)[0] for table in backup.count_rows(connection)}


def rights(name: str) -> list[str]:
    """Every right that a role of the office has on a table."""
    asked = (
        "SELECT concat_ws(' ', grantee, table_name, privilege_type) FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND grantee LIKE 'fund%' ORDER BY 1"
    )
    with psycopg.connect(postgres.dsn(own.place(), name=name)) as connection:
        return backup.column(connection, asked)


def is_untouched(attachments_dir: Path) -> bool:
    """Whether nothing at all was written to the second database and its folder."""
    with psycopg.connect(own.owner_dsn(SECOND)) as connection:
        things = backup.column(connection, restoring.THINGS)[0]
    return things == 0 and not list(attachments_dir.glob("*"))


def rewritten(archive: Path, change) -> Path:
    """The archive with its members changed and honestly sealed again: what a mistaken program could make."""
    with archive.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        members = {one.name: tar.extractfile(one).read() for one in tar if one.name != backup.SEAL}
    manifest = json.loads(members[backup.MANIFEST])
    change(members, manifest)
    members[backup.MANIFEST] = json.dumps(manifest).encode()
    changed = archive.with_name("changed.tar")
    return sealed(changed, [(backup._header(name, len(content)), content) for name, content in members.items()])


def sealed(target: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for header, content in members:
            tar.addfile(header, io.BytesIO(content))
        end = tar.offset
    whole = out.getvalue()[:end]
    target.write_bytes(whole + backup._seal(hashlib.sha256(whole).hexdigest()))
    return target


class TestBackup:
    def test_the_archive_holds_database_attachments_and_keys(self, archive):
        with archive.open("rb") as file:
            found = backup.read(file)
        listed = subprocess.run(["tar", "-tf", archive], capture_output=True, text=True, check=True)
        assert archive.name == "county-fund-20100301-040000.tar"
        assert archive.stat().st_mode & 0o777 == 0o600
        kept = {f"attachments/{a.sha256[:2]}/{a.sha256}" for a in Attachment.objects.all()}
        fixed = {"database.dump", "keys/SECRET_KEY", "manifest.json", "archive.sha256"}
        assert set(listed.stdout.split()) == kept | fixed
        assert listed.stderr == ""
        assert found.keys == {"SECRET_KEY": office_settings.SECRET_KEY.encode()}
        assert found.manifest["rows"]["office_person"] == Person.objects.count() > 0
        assert found.manifest["rows"]["office_job"] == 1
        assert found.manifest["attachments"] == len(PAPERS)
        assert found.manifest["migrations"]["office"].startswith("0")

    def test_what_a_killed_backup_left_is_cleared_away(self, office, folder):
        left = folder / ".county-fund-left"
        left.mkdir()
        (left / "database.dump").write_bytes(b"secret")
        made = making.make(folder, at=NOON)
        assert os.listdir(folder) == [made.archive.name]

    def test_as_many_are_kept_as_asked_and_other_files_stay(self, office, folder):
        (folder / "notes.tar").touch()
        for hour in range(3):
            made = making.make(folder, at=NOON + timedelta(hours=hour), keep=2)
        assert made.removed == ["county-fund-20100301-040000.tar"]
        assert sorted(os.listdir(folder)) == [
            "county-fund-20100301-050000.tar", "county-fund-20100301-060000.tar", "notes.tar",
        ]  # fmt: skip

    def test_the_command_says_what_it_made(self, office, folder, capsys):
        call_command("backup", str(folder), "--json", "--keep", "3")
        told = json.loads(capsys.readouterr().out)
        assert Path(told["archive"]).stat().st_size == told["bytes"]
        assert told["attachments"] == len(PAPERS)
        assert office_settings.SECRET_KEY not in json.dumps(told)

    def test_an_attachment_that_is_away_or_damaged_is_said_and_nothing_older_goes(self, archive, folder, settings):
        away, damaged = Attachment.objects.all()
        away.path.unlink()
        damaged.path.write_bytes(b"bit rot")
        with pytest.raises(CommandError, match="1 missing, 1 damaged"):
            call_command("backup", str(folder), "--keep", "1")
        assert archive.exists()
        assert len(os.listdir(folder)) == 2

    def test_a_file_that_is_just_being_written_is_no_attachment(self, office, folder, settings):
        whole = Attachment.objects.first().path
        whole.with_name(f".{whole.name}.17").write_bytes(b"half")
        assert making.make(folder, at=NOON).manifest["attachments"] == len(PAPERS)

    def test_the_password_is_in_no_command_line(self):
        address, environment = backup.connect_words(
            "postgresql://fund_backup:s3cret@db.county:5433/fund?sslmode=require"
        )
        assert "s3cret" not in address
        assert "sslmode=require" in address
        assert environment["PGPASSWORD"] == "s3cret"

    def test_rows_are_counted_in_the_snapshot_of_the_dump(self, office, folder, ada, monkeypatch):
        original = making._pg_dump

        def late(target, snapshot, server):
            Job.objects.create(name="x", title="后来", asked_by=ada, asked_at=NOON, sent_at=NOON)
            original(target, snapshot, server)

        monkeypatch.setattr(making, "_pg_dump", late)
        made = making.make(folder, at=NOON)
        program = backup.find_program("pg_restore", made.manifest["server"])
        with tarfile.open(made.archive) as tar:
            dump = tar.extractfile(backup.DUMP).read()
        command = [program, "--data-only", "--table=office_job", "-f", "-"]
        listed = subprocess.run(command, input=dump, capture_output=True, check=True)
        assert made.manifest["rows"]["office_job"] == 1
        assert "后来" not in listed.stdout.decode()
        assert "导入参合名单" in listed.stdout.decode()


class TestBackupRefuses:
    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match="is the backup disk there"):
            call_command("backup", str(tmp_path / "disk"))

    def test_a_second_at_the_same_time(self, office, folder):
        with making._alone_in(folder), pytest.raises(CommandError, match="Another backup"):
            call_command("backup", str(folder))

    def test_to_overwrite(self, archive, folder):
        with pytest.raises(backup.Refused, match="is there already"):
            making.make(folder, at=NOON)

    def test_to_keep_none(self, folder):
        with pytest.raises(CommandError, match="at least 1"):
            call_command("backup", str(folder), "--keep", "0")

    def test_an_older_client(self, office, folder, tmp_path, monkeypatch):
        old = tmp_path / "bin/pg_dump"
        old.parent.mkdir()
        old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        old.chmod(0o755)
        monkeypatch.setenv("PG_BIN", str(old.parent))
        with pytest.raises(CommandError, match=r"version 9.*Install postgresql-client-"):
            call_command("backup", str(folder))
        assert os.listdir(folder) == []

    def test_an_empty_database(self, empty, folder, settings):
        settings.BACKUP_URL = postgres.dsn(own.place(), user=database.BACKUP, name=SECOND)
        with pytest.raises(CommandError, match="nothing was migrated"):
            call_command("backup", str(folder))

    def test_a_server_that_is_away(self, folder, settings):
        settings.BACKUP_URL = "postgresql://nobody@/none?host=/nonexistent"
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("backup", str(folder))

    def test_what_pg_dump_refuses(self, office, folder, monkeypatch):
        monkeypatch.setattr(backup, "connect_words", lambda url: ("host=/nonexistent", dict(os.environ)))
        with pytest.raises(CommandError, match="pg_dump did not succeed"):
            call_command("backup", str(folder))
        assert os.listdir(folder) == []


class TestRestore:
    def test_the_restored_office_is_the_same(self, archive, empty):
        environment = surroundings(empty, SECRET_KEY="another-secret-key-of-another-machine-that-is-long-enough")
        done = manage(environment, "restore", archive)
        assert done.returncode == 0, done.stderr
        assert contents(SECOND) == contents(office_settings.DATABASES["default"]["NAME"])
        for kept in Attachment.objects.all():
            assert (empty / kept.sha256[:2] / kept.sha256).read_bytes() == PAPERS[kept.name]
        key = archive.with_name("county-fund-20100301-040000.SECRET_KEY")
        assert f"SECRET_KEY must be set to what stands in {key}" in done.stdout
        assert key.read_text() == office_settings.SECRET_KEY
        assert key.stat().st_mode & 0o777 == 0o600
        assert office_settings.SECRET_KEY not in done.stdout + done.stderr
        assert rights(SECOND) == rights(office_settings.DATABASES["default"]["NAME"])
        assert manage(environment, "migrate", "--check").returncode == 0

    def test_the_run_time_role_works_there_and_no_more(self, archive, empty):
        call_command("restore", str(archive))
        address = postgres.dsn(own.place(), user=database.RUN_TIME, name=SECOND)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("INSERT INTO office_body (code, name, kind) VALUES ('1', '站', 'clinic')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM office_body")

    def test_it_says_what_it_did(self, archive, empty, capsys):
        call_command("restore", str(archive), "--json")
        told = json.loads(capsys.readouterr().out)
        assert told["rows"]["office_attachment"] == told["attachments"] == len(PAPERS)
        assert told["keys"] == {}  # the environment has the same
        assert not told["migrate"]
        assert not list(empty.glob(".*"))

    def test_an_older_archive_asks_for_migrate(self, archive, empty, capsys):
        def older(members, manifest):
            del manifest["migrations"]["demo"]

        call_command("restore", str(rewritten(archive, older)))
        assert "run manage.py migrate" in capsys.readouterr().out

    def test_attachments_that_lacked_are_said_again(self, office, folder, empty, own_attachments, settings, capsys):
        settings.ATTACHMENTS_DIR = own_attachments
        Attachment.objects.first().path.unlink()
        made = making.make(folder, at=NOON + timedelta(hours=1))
        settings.ATTACHMENTS_DIR = empty
        call_command("restore", str(made.archive))
        assert "1 attachments were missing" in capsys.readouterr().out


class TestRestoreRefuses:
    def refused(self, archive: Path, empty: Path, reason: str) -> None:
        with pytest.raises(CommandError, match=reason):
            call_command("restore", str(archive))
        assert is_untouched(empty)

    def test_in_a_shell_it_is_a_sentence_and_status_1(self, archive, empty):
        cut = archive.with_name("cut.tar")
        cut.write_bytes(archive.read_bytes()[:-1])
        done = manage(surroundings(empty), "restore", cut)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "was not restored. It is damaged" in done.stderr
        assert is_untouched(empty)

    def test_one_altered_byte_anywhere(self, archive, empty):
        whole = archive.read_bytes()
        header_seal_and_end = range(len(whole) - backup.SEAL_BYTES, len(whole), 97)
        for place in [*range(0, len(whole), len(whole) // 50), *header_seal_and_end, len(whole) - 1]:
            altered = bytearray(whole)
            altered[place] ^= 1
            with pytest.raises(backup.Damaged):
                backup.read(io.BytesIO(altered))
        archive.write_bytes(altered)
        self.refused(archive, empty, "damaged")

    @pytest.mark.parametrize("left", [0, 1, 2047, 2048, 5000, -1, -512, -1024, -2048])
    def test_a_cut_archive(self, archive, empty, left):
        archive.write_bytes(archive.read_bytes()[:left])
        self.refused(archive, empty, "damaged, cut short")

    @pytest.mark.parametrize(
        "name", ["../outside", "/etc/cron.d/x", "attachments/../../x", "keys/../x", f"attachments/aa/{'b' * 64}"]
    )
    def test_a_name_that_no_backup_gives(self, archive, empty, name):
        self.refused(rewritten(archive, lambda members, manifest: members.update({name: b"x"})), empty, "It holds")

    def test_a_link(self, archive, empty):
        link = tarfile.TarInfo(backup.DUMP)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        self.refused(sealed(archive, [(link, b"")]), empty, "is not a plain file")

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda members, manifest: manifest.update(format=2), "Its format is 2"),
            (lambda members, manifest: manifest.update(application="other"), "another application"),
            (lambda members, manifest: manifest["files"].popitem(), "not those that its manifest lists"),
            (lambda members, manifest: members.update({"keys/SECRET_KEY": b"x" * 50}), "manifest lists"),
            (lambda members, manifest: members.pop(backup.DUMP), "manifest lists"),
            (lambda members, manifest: manifest["migrations"].update(office="0999_later"), "no migration office 0999"),
            (lambda members, manifest: manifest.update(server=99), "older"),
        ],
        ids=["newer-format", "other-application", "not-listed", "changed", "no-dump", "newer-version", "older-server"],
    )
    def test_what_does_not_fit(self, archive, empty, change, reason):
        self.refused(rewritten(archive, change), empty, reason)

    def test_a_database_with_a_table(self, archive, empty):
        with psycopg.connect(own.owner_dsn(SECOND)) as owner:
            owner.execute("CREATE TABLE notes (text text); INSERT INTO notes VALUES ('重要')")
        with pytest.raises(CommandError, match=f"{SECOND} is not empty"):
            call_command("restore", str(archive))
        with psycopg.connect(own.owner_dsn(SECOND)) as owner:
            assert backup.count_rows(owner) == {"notes": 1}
        assert not empty.exists()

    def test_an_attachments_folder_with_a_file(self, archive, empty):
        (empty / "ab").mkdir(parents=True)
        (empty / "ab/file").write_bytes(b"kept")
        with pytest.raises(CommandError, match="name a new one in ATTACHMENTS_DIR"):
            call_command("restore", str(archive))
        assert [path.name for path in empty.rglob("*")] == ["ab", "file"]

    def test_to_overwrite_a_key(self, archive, empty, settings):
        settings.SECRET_KEY = "another-secret-key-of-another-machine-that-is-long-enough"
        archive.with_name(f"{archive.stem}.SECRET_KEY").write_text("kept")
        self.refused(archive, empty, "is not overwritten")

    def test_a_file_that_is_not_there(self, archive, empty, tmp_path):
        self.refused(tmp_path / "none.tar", empty, "could not be read")

    def test_a_dump_that_the_database_refuses_leaves_nothing(self, archive, empty):
        def broken(members, manifest):
            half = members[backup.DUMP][:-4000]
            members[backup.DUMP] = half
            digest = hashlib.sha256(half).hexdigest()
            manifest["files"][backup.DUMP] = {"size": len(half), "sha256": digest}

        self.refused(rewritten(archive, broken), empty, "pg_restore did not succeed, nothing was kept")

    def test_to_call_it_done_when_rows_lack(self, archive, empty):
        def more(members, manifest):
            manifest["rows"]["office_job"] += 1

        with pytest.raises(CommandError, match=r"not as many rows.*office_job"):
            call_command("restore", str(rewritten(archive, more)))
