"""The rows of a table beside what its seals remember of them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from audit.verifying.told import (
    ALTERED,
    BAD_BATCH,
    GONE,
    HASH,
    HASHES,
    INSERTED,
    NO_COLUMN,
    NUMBER,
    SHORT,
    Form,
    Report,
    column_digests,
    figure,
    merkle_root,
    number_of,
    prefixed,
)

AT_ONCE: Final = 50_000  # rows that are compared together
LATE_AT_ONCE: Final = 5_000
COPY_HEADER, COPY_END, HEADER_BYTES = b"PGCOPY\n\xff\r\n\x00", b"\xff\xff", 19


@dataclass(frozen=True)
class _Batch:
    """Rows of one table in one seal, as they are remembered."""

    number: int
    form_id: int
    hash_name: str
    rows: int
    low: int
    high: int
    root: str
    members: str
    numbers: bytes
    leaves: bytes
    columns: bytes

    def is_whole(self, hashed: Callable[[bytes], bytes]) -> bool:
        """Whether what is remembered is what was sealed."""
        told = b"".join(map(prefixed, (self.numbers, self.leaves, self.columns)))
        return (
            hashed(b"\x03" + told).hex() == self.members
            and merkle_root(hashed, self.leaves).hex() == self.root
            and len(self.numbers) == NUMBER * self.rows
            and len(self.leaves) == HASH * self.rows
        )


BATCHES: Final = """
SELECT s.number, b.form_id, s.hash_name, b.rows, b.low, b.high, b.root, b.members, b.numbers, b.leaves, b.columns
FROM audit_sealbatch b JOIN audit_seal s ON s.id = b.seal_id JOIN audit_sealform f ON f.id = b.form_id
WHERE f."table" = %s ORDER BY s.number, b.place
"""

CATALOGUE: Final = """
SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


class Table:
    """Looks up one table: its rows in the order of their numbers, beside what its seals remember of them."""

    def __init__(
        self, connection: psycopg.Connection[Any], report: Report, table: str, forms: Mapping[int, Form], gaps: Any
    ) -> None:
        self._connection = connection
        self._report = report
        self._table = table
        self._forms = forms
        self._open = [(low, high) for one in gaps for low, high in one["ranges"]]
        self._reached: int | None = None
        self._extra: set[int] = set()
        named = f'public."{table}"'
        self._catalogue = dict(connection.execute(CATALOGUE, [named]).fetchall())

    def look(self, tell: Callable[[], None]) -> None:
        """All of it."""
        group: list[_Batch] = []
        for batch in self._batches():
            is_other = group and (group[0].form_id, group[0].hash_name) != (batch.form_id, batch.hash_name)
            if is_other or sum(one.rows for one in group) >= AT_ONCE:
                self._compare(group)
                tell()
                group = []
            group.append(batch)
        if group:
            self._compare(group)
        tell()
        if self._catalogue:
            self._rest()

    def _batches(self) -> Iterator[_Batch]:
        with self._connection.cursor(name=f"batches of {self._table}", binary=True) as cursor:
            cursor.itersize = 20
            cursor.execute(BATCHES, [self._table])
            for row in cursor:
                batch = _Batch(*row)
                hashed = HASHES.get(batch.hash_name)
                if hashed is not None and batch.is_whole(hashed):
                    yield batch
                else:
                    told = ["numbers", "leaves", "columns", "root", "members", "rows"]
                    self._report.add("audit_sealbatch", batch.number, told, BAD_BATCH)
                    self._reached = max(batch.high, self._reached or batch.high)

    def _compare(self, group: Sequence[_Batch]) -> None:
        """The rows of some batches of one form: new ones by running along, late ones one by one."""
        form = self._forms[group[0].form_id]
        if any(self._catalogue.get(name) != kind for name, kind in form.columns):
            gone = [name for name, kind in form.columns if self._catalogue.get(name) != kind]
            self._report.add(self._table, None, gone, NO_COLUMN)
            self._reached = max(one.high for one in group)
            return
        known = _Known(form, group)
        reached = self._reached
        fresh = [number for number in known.numbers if reached is None or number > reached]
        late = [number for number in known.numbers if reached is not None and number <= reached]
        self._report.rows += len(known.numbers)
        if fresh:
            self._reached = max(fresh)
            self._fresh(known, reached, is_plain=not late)
        for start in range(0, len(late), LATE_AT_ONCE):
            self._late(known, late[start : start + LATE_AT_ONCE])

    def _fresh(self, known: _Known, reached: int | None, *, is_plain: bool) -> None:
        pk = sql.Identifier(known.form.columns[0][0])
        where = sql.SQL("{} <= {}").format(pk, self._reached)
        if reached is not None:
            where = sql.SQL("{} AND {} > {}").format(where, pk, reached)
        if is_plain and known.is_rising and b"".join(known.leaves_of(self._rows(known.form, where))) == known.leaves:
            return
        expected = {one for one in known.numbers if reached is None or one > reached}
        for row in self._rows(known.form, where):
            number = number_of(row)
            if number in expected:
                expected.discard(number)
                self._look_at(known, number, row)
            else:
                self._extra.add(number)
        self._missing(known, expected)

    def _late(self, known: _Known, numbers: Sequence[int]) -> None:
        where = sql.SQL("{} = ANY ({})").format(sql.Identifier(known.form.columns[0][0]), list(numbers))
        expected = set(numbers)
        self._extra -= expected
        for row in self._rows(known.form, where):
            number = number_of(row)
            expected.discard(number)
            self._look_at(known, number, row)
        self._missing(known, expected)

    def _look_at(self, known: _Known, number: int, row: bytes) -> None:
        if known.leaf(row) != known.leaf_of(number):
            self._report.add(self._table, number, known.altered(number, row), ALTERED)

    def _missing(self, known: _Known, numbers: Iterable[int]) -> None:
        for number in sorted(numbers):
            self._report.add(self._table, number, [known.form.columns[0][0]], GONE)

    def _rows(self, form: Form, where: sql.Composable) -> Iterator[bytes]:
        query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY 1) TO STDOUT (FORMAT binary)").format(
            sql.SQL(", ").join(sql.Identifier(name) for name, _kind in form.columns),
            sql.Identifier("public", self._table),
            where,
        )
        with self._connection.cursor() as cursor, cursor.copy(query) as copy:
            for block in copy:
                row = bytes(block)
                if row.startswith(COPY_HEADER):
                    row = row[HEADER_BYTES:]
                if row and row != COPY_END:
                    yield row

    def _rest(self) -> None:
        """Rows that no seal knows: not sealed yet, or put in behind the seals."""
        form = next(form for form in self._forms.values() if form.table == self._table)
        if self._reached is None:
            return
        asked = sql.SQL("SELECT count(*) FROM {} WHERE {} > {}").format(
            sql.Identifier("public", self._table), sql.Identifier(form.columns[0][0]), self._reached
        )
        self._report.unsealed += figure(self._connection, asked)
        for number in sorted(self._extra):
            if any(low <= number <= high for low, high in self._open):
                self._report.unsealed += 1
            else:
                self._report.add(self._table, number, [form.columns[0][0]], INSERTED)


class _Known:
    """What some batches of one form remember of their rows."""

    def __init__(self, form: Form, group: Sequence[_Batch]) -> None:
        self.form = form
        self.hashed = HASHES[group[0].hash_name]
        self.leaves = b"".join(one.leaves for one in group)
        self._columns = b"".join(one.columns for one in group)
        packed = b"".join(one.numbers for one in group)
        self.numbers = struct.unpack(f">{len(packed) // NUMBER}q", packed)
        self.is_rising = list(self.numbers) == sorted(set(self.numbers))
        self._prefix = b"\x00" + form.digest(self.hashed)
        self._places: dict[int, int] = {}

    def leaves_of(self, rows: Iterable[bytes]) -> list[bytes]:
        """What rows are in the tree, one after the other."""
        prefix, hashed = self._prefix, self.hashed
        return [hashed(prefix + row) for row in rows]

    def leaf(self, row: bytes) -> bytes:
        """What a row is in the tree."""
        return self.hashed(self._prefix + row)

    def leaf_of(self, number: int) -> bytes:
        """What the row of this number was when it was sealed."""
        at = self._place(number) * HASH
        return self.leaves[at : at + HASH]

    def altered(self, number: int, row: bytes) -> list[str]:
        """The columns whose values are not those that were sealed."""
        width = len(self.form.columns) * SHORT
        at = self._place(number) * width
        before = self._columns[at : at + width]
        now = column_digests(self.hashed, row)
        return [
            name
            for place, (name, _kind) in enumerate(self.form.columns)
            if before[place * SHORT : (place + 1) * SHORT] != now[place * SHORT : (place + 1) * SHORT]
        ]

    def _place(self, number: int) -> int:
        if not self._places:
            self._places = {one: place for place, one in enumerate(self.numbers)}
        return self._places[number]
