"""Which rows of a table can be sealed now, and how far the sealing of each table came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from django.conf import settings
from django.utils.module_loading import import_string
from psycopg import sql
from psycopg.types.json import Jsonb

from audit.rules import sealing as rules
from audit.rules.ranges import within, without
from audit.rules.sealing import Form, Hash

HEADER: Final = b"PGCOPY\n\xff\r\n\x00"
HEADER_BYTES: Final = 19
END: Final = b"\xff\xff"

#: The transaction of a row lies below the horizon. Ages are differences in the circle of 32 bits: a row so old that its
#: number went once around has an age below zero.
BELOW: Final = "age({row}.xmin) NOT BETWEEN 0 AND age({horizon}::xid)"

COLUMNS: Final = """
SELECT c.relname, array_agg(a.attname::text ORDER BY p.attnum IS NULL, a.attnum),
    array_agg(format_type(a.atttypid, NULL) ORDER BY p.attnum IS NULL, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    LEFT JOIN LATERAL (SELECT i.indkey[0] AS attnum) p ON p.attnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s) GROUP BY c.relname
"""

RUNNING: Final = """
SELECT virtualxid FROM pg_locks
WHERE locktype = 'virtualxid' AND mode = 'ExclusiveLock' AND granted AND pid <> pg_backend_pid()
"""

HOLDER: Final = """
SELECT l.pid, coalesce(a.usename::text, ''), coalesce(a.datname::text, '') FROM pg_locks l
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'transactionid' AND l.granted AND l.transactionid = %s::text::xid LIMIT 1
"""


def tables() -> list[str]:
    """The tables whose rows are sealed, in the order in which they are taken."""
    return sorted(import_string(settings.SEALED_TABLES))


def running(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """The transactions that run now, those that have written nothing yet among them."""
    return frozenset(row[0] for row in connection.execute(RUNNING))


def copied(connection: psycopg.Connection[Any], query: sql.Composable) -> Iterator[bytes]:
    """The rows of a query, each as COPY gives it."""
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            row = bytes(block)
            if row.startswith(HEADER):
                row = row[HEADER_BYTES:]
            if row and row != END:
                yield row


@dataclass
class Progress:
    """How far the sealing of a table came: the highest number that is sealed, and below it what may still come, with
    the transactions that were running when it was missed."""

    sealed_to: int = 0
    gaps: list[tuple[list[tuple[int, int]], frozenset[str]]] = field(default_factory=list)
    is_changed: bool = False

    @classmethod
    def read(cls, sealed_to: int, gaps: Any) -> Progress:
        """What was kept."""
        told = [([(low, high) for low, high in one["ranges"]], frozenset(one["running"])) for one in gaps]
        return cls(sealed_to, told)

    def kept(self) -> Any:
        """As it is kept."""
        return [{"ranges": ranges, "running": sorted(whose)} for ranges, whose in self.gaps]

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """All numbers that may still come, as ranges with both ends in them."""
        return sorted(one for ranges, _whose in self.gaps for one in ranges)


@dataclass(frozen=True)
class Taken:
    """The rows of a table that go into a seal."""

    form_id: int
    batch: rules.Batch
    numbers: bytes
    leaves: bytes
    columns: bytes

    @property
    def rows(self) -> int:
        return self.batch.rows


class Reader:
    """Takes rows out of one snapshot: what is below its horizon and not sealed yet."""

    def __init__(self, connection: psycopg.Connection[Any], hashed: Hash, before: frozenset[str]) -> None:
        self._connection = connection
        self._hashed = hashed
        self._before = before
        asked = (
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        self.horizon, self._next = connection.execute(asked).fetchone()  # type: ignore[misc]  # always a row
        self._after = running(connection)
        self._forms = self._read_forms()
        self._progress = {
            table: Progress.read(sealed_to, gaps)
            for table, sealed_to, gaps in connection.execute('SELECT "table", sealed_to, gaps FROM audit_sealprogress')
        }

    def _read_forms(self) -> dict[str, tuple[int, Form]]:
        """The form of each table as it is now; a table that has other columns than before gets a new version."""
        found = {}
        known = {
            table: (pk, version, columns)
            for table, pk, version, columns in self._connection.execute(
                'SELECT DISTINCT ON ("table") "table", id, version, columns FROM audit_sealform'
                ' ORDER BY "table", version DESC'
            )
        }
        for table, names, types in self._connection.execute(COLUMNS, [tables()]).fetchall():
            columns = [[name, kind] for name, kind in zip(names, types, strict=True)]
            pk, version, told = known.get(table, (0, 0, None))
            if told != columns:
                pk = self._connection.execute(
                    'INSERT INTO audit_sealform ("table", version, columns) VALUES (%s, %s, %s) RETURNING id',
                    [table, version + 1, Jsonb(columns)],
                ).fetchone()[0]  # type: ignore[index]  # an INSERT gives its row back
            found[table] = (pk, Form(table, tuple(zip(names, types, strict=True))))
        return found

    def take(self, table: str, most: int) -> Taken | None:
        """At most so many rows of a table that can be sealed now, the lowest numbers first; None where there are
        none."""
        progress = self._progress.setdefault(table, Progress())
        form_id, form = self._forms[table]
        digest = form.digest(self._hashed)
        numbers: list[int] = []
        leaves: list[bytes] = []
        columns: list[bytes] = []
        for row in self._rows(form, progress, most):
            numbers.append(rules.number_of(row))
            leaves.append(rules.leaf(self._hashed, digest, row))
            columns.append(rules.column_digests(self._hashed, row))
        self._move_on(form, progress, numbers)
        if not numbers:
            return None
        told = (rules.packed(numbers), b"".join(leaves), b"".join(columns))
        batch = rules.Batch(
            table=table,
            form=digest,
            rows=len(numbers),
            low=numbers[0],
            high=numbers[-1],
            root=rules.merkle_root(self._hashed, told[1]),
            members=rules.members_digest(self._hashed, *told),
        )
        return Taken(form_id, batch, *told)

    def _rows(self, form: Form, progress: Progress, most: int) -> Iterator[bytes]:
        """First what came late, below the highest number that is sealed, then what is new: rising numbers."""
        late = 0
        if progress.gaps:
            for row in copied(self._connection, self._query(form, self._in_gaps(form, progress.ranges), most)):
                late += 1
                yield row
        if late < most:
            pk = sql.Identifier(form.columns[0][0])
            new = sql.SQL("FROM {} t WHERE t.{} > {}").format(sql.Identifier(form.table), pk, progress.sealed_to)
            yield from copied(self._connection, self._query(form, new, most - late))

    def _query(self, form: Form, where: sql.Composable, most: int) -> sql.Composed:
        below = sql.SQL(BELOW).format(row=sql.SQL("t"), horizon=sql.Literal(str(self.horizon % 2**32)))
        return sql.SQL("SELECT {} {} AND {} ORDER BY 1 LIMIT {}").format(
            sql.SQL(", ").join(sql.Identifier("t", name) for name, _type in form.columns), where, below, most
        )

    def _in_gaps(self, form: Form, ranges: Sequence[tuple[int, int]]) -> sql.Composed:
        told = "{" + ",".join(f"[{low},{high}]" for low, high in ranges) + "}"
        return sql.SQL(
            "FROM unnest({}::int8multirange) g JOIN {} t ON t.{pk} >= lower(g) AND t.{pk} < upper(g) WHERE true"
        ).format(told, sql.Identifier(form.table), pk=sql.Identifier(form.columns[0][0]))

    def _move_on(self, form: Form, progress: Progress, numbers: Sequence[int]) -> None:
        """Note what is sealed now, which numbers were missed, and which of the missed ones never come any more."""
        sealed = set(numbers)
        open_gaps = [(without(ranges, sealed), whose) for ranges, whose in progress.gaps]
        if ended := [ranges for ranges, whose in open_gaps if not whose & self._before]:
            held = self._visible(form, [one for ranges in ended for one in ranges])
            open_gaps = [
                (within(ranges, held), frozenset()) if not whose & self._before else (ranges, whose)
                for ranges, whose in open_gaps
            ]
        if numbers and numbers[-1] > progress.sealed_to:
            missed = without([(progress.sealed_to + 1, numbers[-1])], sealed)
            open_gaps.append((missed, self._after))
            progress.sealed_to = numbers[-1]
        open_gaps = [(ranges, whose) for ranges, whose in open_gaps if ranges]
        if numbers or open_gaps != progress.gaps:
            progress.gaps, progress.is_changed = open_gaps, True

    def _visible(self, form: Form, ranges: Sequence[tuple[int, int]]) -> set[int]:
        """Rows that are there already and wait for the horizon alone."""
        if not ranges:
            return set()
        query = sql.SQL("SELECT t.{} {}").format(sql.Identifier(form.columns[0][0]), self._in_gaps(form, ranges))
        return {row[0] for row in self._connection.execute(query)}

    def keep_progress(self) -> None:
        """Write down how far each table came."""
        for table, progress in self._progress.items():
            if progress.is_changed:
                self._connection.execute(
                    'INSERT INTO audit_sealprogress ("table", sealed_to, gaps) VALUES (%s, %s, %s)'
                    ' ON CONFLICT ("table") DO UPDATE SET sealed_to = excluded.sealed_to, gaps = excluded.gaps',
                    [table, progress.sealed_to, Jsonb(progress.kept())],
                )

    def held_by(self) -> str:
        """The transaction for which rows wait, in words for the administrator; "" where none wait."""
        if self.horizon == self._next or not self._is_any_held():
            return ""
        row = self._connection.execute(HOLDER, [self.horizon % 2**32]).fetchone()
        return " ".join(map(str, row)) if row else str(self.horizon)

    def _is_any_held(self) -> bool:
        asked = [
            sql.SQL("EXISTS (SELECT FROM {} t WHERE t.{} > {})").format(
                sql.Identifier(table), sql.Identifier(form.columns[0][0]), self._progress[table].sealed_to
            )
            for table, (_pk, form) in self._forms.items()
            if table in self._progress
        ]
        row = self._connection.execute(sql.SQL("SELECT ") + sql.SQL(" OR ").join(asked)).fetchone()
        return bool(row and row[0])
