"""Everything for the audit bureau in one folder (docs/audit-access.md): a file for each table, a dictionary of their
columns, a manifest with rows and sums, and the hashes of all of it. Read in one snapshot, written as it streams."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TextIO

import psycopg
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from audit.selectors import exported
from audit.selectors.exported import Table
from office import trail
from office.models import Person
from office.rules.days import SHANGHAI

RIGHT: Final = "audit.make_export"
SEE_WHOLE: Final = "enrollment.show_id_number"
ACT: Final = exported.ACT
DATA, DICTIONARY, MANIFEST, SUMS, READ_ME = "data", "dictionary.csv", "manifest.json", "SHA256SUMS", "README.txt"
PROOF: Final = "SHA256SUMS.proof.json"  # comes later, with the seal (audit/services/proofs.py)
FORMAT: Final = 1
ONE_MOMENT: Final = psycopg.IsolationLevel.REPEATABLE_READ
HEADER: Final = (
    "table", "table_en", "table_zh", "column", "column_en", "column_zh", "type", "unit_en", "unit_zh", "may_be_empty",
    "points_to", "codes_en", "codes_zh", "masked",
)  # fmt: skip
TELLS: Final = """县级医疗保险基金数据导出 · Export of a county's medical-insurance funds

data/*.csv       一表一文件，UTF-8，首行为列名 · a file for each table, UTF-8, the first line names the columns
dictionary.csv   数据字典：表、列的中英文名称、类型、单位、代码 · every column in Chinese and English, type, unit, codes
manifest.json    行数、金额合计、数据快照、导出人和时间 · rows, sums of money, snapshot, by whom and when
SHA256SUMS       校验：sha256sum -c SHA256SUMS · the hashes of all files
SHA256SUMS.proof.json  签名证明，导出一分钟后另行生成 · the office's signed proof, made a minute later

空值为空，文本中的空字符串写作 "" · an empty cell is no value, "" is an empty text
"""


class CannotExport(Exception):
    """Nothing left; the message is written for the person who asked."""


@dataclass(frozen=True)
class Made:
    """What left: its folder, tables, rows, and the hash of the list of hashes, which names all of it."""

    folder: Path
    tables: int
    rows: int
    sha256: str


Progress = Callable[[int, int], None]


def export(
    *,
    folder: Path,
    year: int | None,
    whole: bool,
    by: Person | None,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> Made:
    """Write everything, or what is of a year, into a folder that is empty or not there yet. `whole` gives ID and
    account numbers whole. Raises CannotExport."""
    if by is not None and not by.has_perm(RIGHT):
        raise CannotExport(_("Only auditors take everything out of the office."))
    if whole and by is not None and not by.has_perm(SEE_WHOLE):
        raise CannotExport(_("Whole ID numbers are for those who may see them."))
    _make(folder)
    tables = exported.tables()
    with _snapshot() as reader:
        told: dict[str, Any] = {
            "format": FORMAT,
            "made_at": at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            "made_by": by.full_name if by is not None else "",
            "year": year,
            "numbers": "whole" if whole else "masked",
            "snapshot": _one(reader, "SELECT pg_current_snapshot()::text"),
            "database": _one(reader, "SELECT current_setting('server_version')"),
            "tables": [],
        }
        for done, table in enumerate(tables, start=1):
            told["tables"].append(_table(reader, folder, table, year, whole=whole))
            progress(done, len(tables))
    _write(folder / DICTIONARY, lambda out: _dictionary(out, whole=whole))
    _write(folder / READ_ME, lambda out: out.write(TELLS))
    _write(folder / MANIFEST, lambda out: json.dump(told, out, ensure_ascii=False, indent=1))
    sums = _sums(folder)
    rows = sum(one["rows"] for one in told["tables"])
    trail.record(
        ACT, None, by=by, at=at, right=RIGHT, sha256=sums, year=year, tables=len(tables), rows=rows, whole=whole
    )
    return Made(folder, len(tables), rows, sums)


def faults(folder: Path) -> list[str]:
    """The files of an export that are not what its list of hashes says, or not in it."""
    lines = (line.split("  ", 1) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
    listed = {name: digest for digest, name in lines}
    there = {_name(path, folder) for path in _files(folder)}
    wrong = [name for name, digest in listed.items() if name in there and sha256_of(folder / name) != digest]
    return sorted([*wrong, *(there ^ set(listed))])


@contextmanager
def _snapshot() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own that sees one moment, and may take its time."""
    reader = psycopg.connect(**connection.get_connection_params())
    try:
        reader.isolation_level = ONE_MOMENT
        reader.read_only = True
        reader.execute("SET LOCAL statement_timeout = 0")
        reader.execute("SET LOCAL TimeZone = 'Asia/Shanghai'")
        yield reader
    finally:
        reader.close()


def _make(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise CannotExport(_("%(folder)s is not empty: name a new folder.") % {"folder": folder})
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / DATA).mkdir(mode=0o700)


def _table(
    reader: psycopg.Connection[Any], folder: Path, table: Table, year: int | None, *, whole: bool
) -> dict[str, Any]:
    """Stream a table into its file, then count and add it up in the same snapshot."""
    names = [one.name for one in table.columns]
    attributes = [_attribute(table, name) for name in names]
    rows, parameters = table.rows(year).values_list(*attributes).query.sql_with_params()
    inner = sql.SQL("({}) AS rows ({})").format(sql.SQL(rows), sql.SQL(", ").join(map(sql.Identifier, names)))
    shown = sql.SQL(", ").join(_shown(one.name, "" if whole else one.mask) for one in table.columns)
    path = folder / DATA / f"{table.name}.csv"
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER true)").format(shown, inner)
    with (
        reader.cursor() as cursor,
        open(path, "xb", opener=_private) as out,
        cursor.copy(statement, parameters or None) as lines,
    ):
        for block in lines:
            out.write(block)
    added = sql.SQL(", ").join(
        [sql.SQL("count(*)"), *(sql.SQL("sum({})").format(sql.Identifier(name)) for name in table.amounts)]
    )
    with reader.cursor() as cursor:
        counted: Sequence[Any] = cursor.execute(
            sql.SQL("SELECT {} FROM {}").format(added, inner), parameters or None
        ).fetchone() or [0]
    return {
        "table": table.name,
        "file": _name(path, folder),
        "rows": counted[0],
        "narrowed_to_year": table.is_narrowed(year),
        "sums": {name: format(one or Decimal(0), "f") for name, one in zip(table.amounts, counted[1:], strict=True)},
        "sha256": sha256_of(path),
    }


def _attribute(table: Table, column: str) -> str:
    return next(one.attname for one in table.model._meta.concrete_fields if one.column == column)


def _shown(name: str, mask: str) -> sql.Composable:
    if not mask:
        return sql.Identifier(name)
    return sql.SQL(mask + " AS {0}").format(sql.Identifier(name))


def _dictionary(out: TextIO, *, whole: bool) -> None:
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for table in exported.tables():
        for one in table.columns:
            units = (one.unit, exported.UNITS_ZH[one.unit])
            masked = "yes" if one.mask and not whole else ""
            may_be_empty = "yes" if one.may_be_empty else ""
            writer.writerow([
                table.name, *table.labels, one.name, *one.labels, one.kind, *units, may_be_empty, one.points_to,
                *one.codes, masked,
            ])  # fmt: skip


def _sums(folder: Path) -> str:
    """The list of hashes, as sha256sum reads it; its own hash."""
    lines = [f"{sha256_of(path)}  {_name(path, folder)}\n" for path in sorted(_files(folder))]
    _write(folder / SUMS, lambda out: out.writelines(lines))
    return sha256_of(folder / SUMS)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path not in {folder / SUMS, folder / PROOF})


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def sha256_of(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(path: Path, write: Callable[[TextIO], object]) -> None:
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
    ) as out:
        write(out)


def _one(reader: psycopg.Connection[Any], query: str) -> str:
    row = reader.execute(query).fetchone()
    return str(row[0]) if row else ""
