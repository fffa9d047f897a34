"""`manage.py restore FILE`: an archive of `manage.py backup` onto an empty database (docs/backup.md)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from config import backup, database
from config.embedded import processes

#: What makes a database not empty: any table, sequence or view outside PostgreSQL's own schemas.
THINGS = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
"""


@dataclass
class Restored:
    """What was restored. `keys` are the files with those keys that are not the environment's own."""

    manifest: dict[str, Any]
    keys: dict[str, Path] = field(default_factory=dict)
    is_behind: bool = False

    def told(self) -> dict[str, Any]:
        """The same for a program to read."""
        shown = {name: value for name, value in self.manifest.items() if name != "files"}
        return {**shown, "keys": {name: str(file) for name, file in self.keys.items()}, "migrate": self.is_behind}

    def sentences(self) -> list[str]:
        """What was done, and what is left for a person to do."""
        rows = sum(self.manifest["rows"].values())
        said = [f"Restored {self.manifest['database']} as of {self.manifest['made_at']}."]
        said.append(
            f"{len(self.manifest['rows'])} tables with {rows} rows, as many in each as when it was backed up;"
            f" {self.manifest['attachments']} attachments."
        )
        for name, file in self.keys.items():
            said.append(f"{name} must be set to what stands in {file}; the environment has another. Then remove it.")
        if lacking := len(self.manifest["missing"]) + len(self.manifest["damaged"]):
            said.append(f"{lacking} attachments were missing or damaged already when the archive was made.")
        if self.is_behind:
            said.append("The archive is older than this version of the system: run manage.py migrate.")
        return said


class Command(BaseCommand):
    help = "Restore an archive onto an empty database and an empty attachments folder. Never overwrites anything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="a file that `manage.py backup` made")
        parser.add_argument("--keys", type=Path, metavar="FOLDER", help="where keys go; else beside the archive")
        parser.add_argument("--json", action="store_true", help="print what was restored as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["archive"].absolute()
        try:
            restored = restore(file, keys_to=options["keys"] or file.parent)
        except backup.Damaged as refusal:
            raise CommandError(f"{file} was not restored. {refusal}") from refusal
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except psycopg.Error as refusal:
            raise CommandError(f"The database refused: {refusal}") from refusal
        except OSError as refusal:
            raise CommandError(f"A file could not be read or written: {refusal}") from refusal
        told = restored.told() if options["json"] else None
        self.stdout.write(json.dumps(told, ensure_ascii=False) if told else "\n".join(restored.sentences()))


def restore(file: Path, *, keys_to: Path) -> Restored:
    """Check everything, then write: attachments aside, database in one transaction, attachments to their place."""
    with file.open("rb") as opened, psycopg.connect(settings.OWNER_URL, autocommit=True) as owner:
        archive = backup.read(opened)
        keys = _keys_to_write(archive, file, keys_to)
        is_behind = _is_behind(archive.manifest["migrations"])
        program = _program(archive.manifest, owner)
        _refuse_unless_empty(owner)
        settings.ATTACHMENTS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        staged = Path(tempfile.mkdtemp(prefix=".restoring-", dir=settings.ATTACHMENTS_DIR))
        try:
            _write(archive, staged, program)
            for folder in staged.iterdir():
                folder.rename(settings.ATTACHMENTS_DIR / folder.name)
        finally:
            shutil.rmtree(staged)
        for name, target in keys.items():
            _write_closed(target, archive.keys[name])
        database.grant_rights(owner)
        _compare(archive.manifest, owner)
    return Restored(archive.manifest, keys, is_behind)


def _keys_to_write(archive: backup.Archive, file: Path, folder: Path) -> dict[str, Path]:
    """The names of the keys that this environment does not have, and the file that each goes to."""
    own = {name: read() for name, read in backup.KEYS.items()}
    keys = {name: folder / f"{file.stem}.{name}" for name, key in archive.keys.items() if own.get(name) != key}
    if there := [target for target in keys.values() if target.exists()]:
        raise backup.Refused(f"{there[0]} is there already and is not overwritten; move it away.")
    if keys and not os.access(folder, os.W_OK | os.X_OK):
        raise backup.Refused(f"The keys of the archive cannot be written into {folder}; name another with --keys.")
    return keys


def _is_behind(migrations: dict[str, str]) -> bool:
    """Whether this version of the system has migrations that the archive has not; the reverse is refused."""
    loader = MigrationLoader(None)
    for app, name in migrations.items():
        if (app, name) not in loader.disk_migrations:
            raise backup.Refused(
                f"The archive was made by another version of the system: this one has no migration {app} {name}."
                " Restore with the version that made it, then upgrade."
            )
    return any(migrations.get(app) != name for app, name in loader.graph.leaf_nodes())


def _program(manifest: dict[str, Any], owner: psycopg.Connection[Any]) -> Path:
    server = backup.major_of(owner)
    if server < manifest["server"]:
        raise backup.Refused(
            f"The archive comes from PostgreSQL {manifest['server']}; this server is the older {server}."
        )
    return backup.find_program("pg_restore", server)


def _refuse_unless_empty(owner: psycopg.Connection[Any]) -> None:
    if backup.column(owner, THINGS)[0]:
        raise backup.Refused(
            f"The database {owner.info.dbname} is not empty. Nothing is ever overwritten:"
            " restore onto a new one (manage.py create_roles makes it)."
        )
    if any(path.is_file() for path in settings.ATTACHMENTS_DIR.rglob("*")):
        raise backup.Refused(f"The folder {settings.ATTACHMENTS_DIR} is not empty; name a new one in ATTACHMENTS_DIR.")


def _write(archive: backup.Archive, folder: Path, program: Path) -> None:
    """Attachments below this folder, then the database, all of it or nothing; the dump is the first member."""
    for name, content in archive.members():
        if name.startswith("attachments/"):
            _write_closed(folder / name.removeprefix("attachments/"), content.read())
    for name, content in archive.members():
        if name == backup.DUMP:
            _pg_restore(program, content)
            return


def _write_closed(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, backup.CLOSED), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _pg_restore(program: Path, dump: IO[bytes]) -> None:
    address, environment = backup.connect_words(settings.OWNER_URL)
    command = [
        str(program), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
        f"--dbname={address}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603  our own command
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=processes.end_with_parent(signal.SIGTERM),  # noqa: PLW1509  runs one system call
        ) as running:
            with contextlib.suppress(BrokenPipeError):  # it ended early, and has said why
                shutil.copyfileobj(dump, cast(IO[bytes], running.stdin))
            with contextlib.suppress(BrokenPipeError):
                cast(IO[bytes], running.stdin).close()
        if running.returncode:
            said.seek(0)
            raise backup.Refused(f"pg_restore did not succeed, nothing was kept: {said.read().decode().strip()}")


def _compare(manifest: dict[str, Any], owner: psycopg.Connection[Any]) -> None:
    rows = backup.count_rows(owner)
    expected = manifest["rows"]
    if differing := sorted(table for table in rows | expected if rows.get(table) != expected.get(table)):
        raise backup.Refused(
            f"These tables have not as many rows as when they were backed up: {', '.join(differing)}."
            " Do not work with this database; drop it and restore again."
        )
