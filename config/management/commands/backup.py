"""`manage.py backup FOLDER`: database, attachments and keys as one archive (docs/backup.md)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import backup
from config.embedded import processes
from office.models import Attachment


@dataclass
class Made:
    """An archive that was made, and the older ones that were taken away for it."""

    archive: Path
    manifest: dict[str, Any]
    removed: list[str] = field(default_factory=list)

    @property
    def fault(self) -> str:
        """What the archive lacks although the database names it, in words."""
        missing, damaged = len(self.manifest["missing"]), len(self.manifest["damaged"])
        if not missing and not damaged:
            return ""
        return (
            f"The archive {self.archive} was made, but the attachments in {settings.ATTACHMENTS_DIR} are not whole:"
            f" {missing} missing, {damaged} damaged. Its manifest names them; no older archive was removed."
        )


class Command(BaseCommand):
    help = "Make one archive of database, attachments and keys in a folder; it is as secret as the keys in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="an existing folder, best on another disk")
        parser.add_argument("--keep", type=int, metavar="N", help="remove all archives there but the newest N")
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must leave at least 1 archive.")
        try:
            made = make(options["folder"].absolute(), at=timezone.now(), keep=options["keep"])
        except backup.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as refusal:
            raise CommandError(f"The archive could not be written: {refusal}") from refusal
        self.stdout.write(json.dumps(_told(made), ensure_ascii=False) if options["json"] else str(made.archive))
        if made.fault:
            raise CommandError(made.fault)


def make(folder: Path, *, at: datetime, keep: int | None = None) -> Made:
    """Make an archive in this folder; with `keep`, remove all but the newest so many.

    The attachments are copied after the dump has begun. Their bytes are on the disk before their row is written
    and are never changed or taken away, so every row of the dump finds its file; a file that came later does no
    harm. The other order would lose the files that came between the two.
    """
    archive = folder / f"{backup.APPLICATION}-{at.astimezone(UTC):%Y%m%d-%H%M%S}.tar"
    with _alone_in(folder) as work:
        if archive.exists():
            raise backup.Refused(f"{archive} is there already.")
        dump = work / backup.DUMP
        named, facts = _dump(dump)
        fresh = work / archive.name
        with os.fdopen(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, backup.CLOSED), "w+b") as out:
            backup.write(out, dump, named, {**facts, "made_at": at.astimezone(UTC).isoformat()})
            out.flush()
            os.fsync(out.fileno())
            made = Made(archive, backup.read(out).manifest)
        fresh.rename(archive)
        _flush(folder)
        if keep is not None and not made.fault:
            made.removed = _remove_older(folder, keep)
    return made


def _told(made: Made) -> dict[str, Any]:
    shown = {name: value for name, value in made.manifest.items() if name != "files"}
    return {"archive": str(made.archive), "bytes": made.archive.stat().st_size, **shown, "removed": made.removed}


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """A closed folder to work in, on the disk that the archive goes to; one backup at a time."""
    if not folder.is_dir():  # made here, it would hide that the backup disk is not there
        raise backup.Refused(f"{folder} is not a folder; is the backup disk there?")
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f".{backup.APPLICATION}-*"):  # of a backup that was killed
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=f".{backup.APPLICATION}-", dir=folder) as work:
            yield Path(work)
    except BlockingIOError as refusal:
        raise backup.Refused(f"Another backup into {folder} is running.") from refusal
    finally:
        os.close(handle)


def _flush(folder: Path) -> None:
    """The new name reaches the disk before anything older is taken away."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _remove_older(folder: Path, keep: int) -> list[str]:
    """Take away all archives but the newest; the name of an archive is its time."""
    names = sorted(path.name for path in folder.iterdir() if backup.NAME.fullmatch(path.name))
    older = names[:-keep]
    for name in older:
        (folder / name).unlink()
    return older


def _dump(target: Path) -> tuple[set[str], dict[str, Any]]:
    """Dump the database; the hashes of its attachments, and what stands in it at that same instant."""
    try:
        with psycopg.connect(settings.BACKUP_URL) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            snapshot = backup.column(connection, "SELECT pg_export_snapshot()")[0]
            facts = backup.facts_of(connection)
            table = Attachment._meta.db_table
            if table not in facts["rows"]:
                raise backup.Refused("The database is empty: nothing was migrated into it yet.")
            named = backup.column(connection, "SELECT DISTINCT sha256 FROM {}", table)
            _pg_dump(target, snapshot, facts["server"])
    except psycopg.Error as refusal:
        raise backup.Refused(f"The database cannot be read: {refusal}") from refusal
    return set(named), facts


def _pg_dump(target: Path, snapshot: str, server: int) -> None:
    target.touch(backup.CLOSED)
    address, environment = backup.connect_words(settings.BACKUP_URL)
    done = subprocess.run(  # noqa: S603  our own command
        [
            backup.find_program("pg_dump", server), "--format=custom", "--no-password", "--lock-wait-timeout=60s",
            f"--snapshot={snapshot}", f"--file={target}", f"--dbname={address}",
        ],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=processes.end_with_parent(signal.SIGTERM),
    )  # fmt: skip
    if done.returncode:
        raise backup.Refused(f"pg_dump did not succeed: {done.stderr.strip()}")
