"""The verifier of the trail, apart from the system that keeps it: standard library, psycopg and cryptography only.

    python audit/verifier.py --dsn DSN --checkpoints DIR [--code NUMBER:CODE] [--json]
    python audit/verifier.py --export DIR --checkpoints DIR [--code NUMBER:CODE] [--key FINGERPRINT] [--json]

The first reads with the role of the backup (the auditor's role does not see every column), writes nothing, and looks up
anew: every sealed row against its seal, every seal against the one before it and its signature, and the checkpoints
that were kept outside. A row that is not sealed yet is no fault. Exit 0: all is as it was sealed; 1: faults; 2: it
could not look. The second looks at an export for the audit bureau with its proof, and needs no database: its files, the
act that names them, its seal, and that somebody outside knows the seal or its key. Both need this file and the folder
`audit/verifying` beside it; docs/rules/seals.md says what is hashed.
"""

from __future__ import annotations

import sys
from pathlib import Path

if not __package__:  # run as a program: its own folder has names that libraries look for elsewhere
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any, TextIO

import psycopg

from audit.verifying import proof
from audit.verifying.chain import check_chain, check_outside, read_forms
from audit.verifying.rows import Table
from audit.verifying.told import CannotVerify, Checkpoint, Report, figure, read_checkpoints, read_codes

WELL, FAULTY, UNREADABLE = 0, 1, 2


def verify(
    connection: psycopg.Connection[Any],
    *,
    checkpoints: Sequence[Checkpoint] = (),
    tables: Sequence[str] | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Look up everything, in one snapshot, so that sealing may go on meanwhile; `tables` narrows it to some."""
    report = Report()
    connection.execute("SET client_encoding = 'UTF8'")
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        total = figure(connection, "SELECT coalesce(sum(rows), 0)::bigint FROM audit_seal")
        forms = read_forms(connection)
        check_chain(connection, report, forms, checkpoints)
        check_outside(connection, report, checkpoints)
        progress = dict(connection.execute('SELECT "table", gaps FROM audit_sealprogress').fetchall())
        known = {form.table for form in forms.values()}
        for table in sorted(known if tables is None else known & set(tables)):
            Table(connection, report, table, forms, progress.get(table, [])).look(lambda: tell(report.rows, total))
    return report


def main(words: Sequence[str], out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Read the words of the command, look, and print what was found."""
    parser = argparse.ArgumentParser(description="Verify the trail of a county fund office, apart from its system.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dsn", help="address of the database, with the role of the backup")
    what.add_argument("--export", type=Path, metavar="DIR", help="an export for the audit bureau, with its proof")
    parser.add_argument("--checkpoints", type=Path, metavar="DIR", help="the folder of checkpoints outside")
    parser.add_argument("--code", action="append", default=[], metavar="NUMBER:CODE", help="a seal's code on paper")
    parser.add_argument("--key", action="append", default=[], metavar="FINGERPRINT", help="a key, for an export")
    parser.add_argument("--json", action="store_true", help="as JSON")
    asked = parser.parse_args(words)
    try:
        outside = read_codes(asked.code) + (read_checkpoints(asked.checkpoints) if asked.checkpoints else [])
        report = proof.check(asked.export, outside, asked.key) if asked.export else _verified(asked.dsn, outside)
    except (CannotVerify, psycopg.Error) as refusal:
        err.write(f"{str(refusal).strip()}\n")
        return UNREADABLE
    say(report, out, is_json=asked.json)
    return FAULTY if report.found else WELL


def _verified(dsn: str, outside: Sequence[Checkpoint]) -> Report:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return verify(connection, checkpoints=outside)


def say(report: Report, out: Any, *, is_json: bool) -> None:
    """Print a report, as JSON or in lines."""
    if is_json:
        out.write(json.dumps(report.told(), ensure_ascii=False) + "\n")
        return
    for one in report.faults:
        out.write(f"{one.table} {one.pk} {', '.join(one.columns)}: {one.reason}\n")
    out.write(f"{report.rows} rows, {report.unsealed} not sealed yet, {report.seals} seals, {report.found} faults\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
