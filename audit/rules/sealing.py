"""The canonical form in which rows are sealed, and how seals hang together (docs/rules/seals.md).

A row is taken as PostgreSQL's COPY in binary gives it: the number of columns, then each with its length before it (-1
for no value). The columns' names and types are hashed before it, so that no value can be read as one of another kind.
Nothing here depends on a session's settings, and no text is hashed as a library happens to print it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from office.rules.codes import ALPHABET

Hash = Callable[[bytes], bytes]

LEAF: Final = b"\x00"
NODE: Final = b"\x01"
COLUMN: Final = b"\x02"
MEMBERS: Final = b"\x03"
LEFT, RIGHT = "left", "right"
SHORT: Final = 4  # bytes kept of a column's hash
HASH_BYTES: Final = 32
NOTHING_BEFORE: Final = bytes(HASH_BYTES)
NO_VALUE: Final = -1
MICROSECOND: Final = 1_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
CODE_LETTERS: Final = 16
GROUP: Final = 4


def prefixed(part: bytes) -> bytes:
    """A part with its length before it."""
    return struct.pack(">I", len(part)) + part


@dataclass(frozen=True)
class Form:
    """Which columns of a table a seal covers, in their order; the first is the row's number."""

    table: str
    columns: tuple[tuple[str, str], ...]  # name and type, as PostgreSQL calls it

    def digest(self, hashed: Hash) -> bytes:
        """The hash of table, names and types: it stands before every row of this form."""
        parts = [b"county-fund form 1", self.table.encode()]
        parts += [word.encode() for column in self.columns for word in column]
        return hashed(b"".join(map(prefixed, parts)))


def fields(row: bytes) -> list[bytes | None]:
    """The values of a row as COPY gives it; None where there is none."""
    found: list[bytes | None] = []
    place = 2
    for _column in range(int.from_bytes(row[:2], "big")):
        length = int.from_bytes(row[place : place + 4], "big", signed=True)
        place += 4
        if length == NO_VALUE:
            found.append(None)
        else:
            found.append(row[place : place + length])
            place += length
    return found


def number_of(row: bytes) -> int:
    """The number of a row: its first value."""
    length = int.from_bytes(row[2:6], "big")
    return int.from_bytes(row[6 : 6 + length], "big", signed=True)


def leaf(hashed: Hash, form: bytes, row: bytes) -> bytes:
    """What a row is in the tree of its seal; `form` is its form's hash."""
    return hashed(LEAF + form + row)


def column_digests(hashed: Hash, row: bytes) -> bytes:
    """The beginning of each value's hash, so that an altered column can be named; none says anything in another row."""
    values = fields(row)
    before = COLUMN + (values[0] or b"")
    short = []
    for place, value in enumerate(values):
        told = b"\x00" if value is None else b"\x01" + value
        short.append(hashed(before + place.to_bytes(2, "big") + told)[:SHORT])
    return b"".join(short)


def merkle_root(hashed: Hash, leaves: bytes) -> bytes:
    """The root over leaves that stand behind each other; a leaf without a neighbour goes up as it is."""
    level = leaves
    while len(level) > HASH_BYTES:
        level = _above(hashed, level)
    return level


def merkle_path(hashed: Hash, leaves: bytes, place: int) -> list[tuple[str, bytes]]:
    """How one leaf comes up to the root: at each height its neighbour, and on which side that one stands."""
    level, path = leaves, []
    while len(level) > HASH_BYTES:
        other = place ^ 1
        if neighbour := level[other * HASH_BYTES : (other + 1) * HASH_BYTES]:
            path.append((LEFT if other < place else RIGHT, neighbour))
        level, place = _above(hashed, level), place // 2
    return path


def _above(hashed: Hash, level: bytes) -> bytes:
    pairs = len(level) // (2 * HASH_BYTES) * (2 * HASH_BYTES)
    nodes = [hashed(NODE + level[at : at + 2 * HASH_BYTES]) for at in range(0, pairs, 2 * HASH_BYTES)]
    return b"".join([*nodes, level[pairs:]])


def packed(numbers: Sequence[int]) -> bytes:
    """Numbers of rows, eight bytes each."""
    return struct.pack(f">{len(numbers)}q", *numbers)


def members_digest(hashed: Hash, numbers: bytes, leaves: bytes, columns: bytes) -> bytes:
    """The hash of what is remembered of each row of a batch."""
    return hashed(MEMBERS + prefixed(numbers) + prefixed(leaves) + prefixed(columns))


@dataclass(frozen=True)
class Batch:
    """The rows of one table in one seal."""

    table: str
    form: bytes
    rows: int
    low: int
    high: int
    root: bytes
    members: bytes

    def leaf(self, hashed: Hash) -> bytes:
        """What the batch is in the tree of its seal."""
        told = (
            prefixed(b"county-fund batch 1")
            + prefixed(self.table.encode())
            + self.form
            + struct.pack(">Iqq", self.rows, self.low, self.high)
            + self.root
            + self.members
        )
        return hashed(LEAF + told)


@dataclass(frozen=True)
class Body:
    """What a seal says and what is signed of it."""

    hash_name: str
    number: int
    previous: bytes  # the hash of the seal before it
    at: datetime
    rows: int
    total: int  # rows of all seals up to this one
    root: bytes
    key: str  # the fingerprint of the key that signs

    def written(self) -> bytes:
        """The bytes that are hashed and signed."""
        return (
            prefixed(b"county-fund seal 1")
            + prefixed(self.hash_name.encode())
            + struct.pack(">Q", self.number)
            + self.previous
            + struct.pack(">QQQ", microseconds(self.at), self.rows, self.total)
            + self.root
            + prefixed(self.key.encode())
        )


def microseconds(at: datetime) -> int:
    """A moment as whole microseconds since 1970 in UTC."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * MICROSECOND + since.microseconds


def introduction(fingerprint: str) -> bytes:
    """What the key before it signs of a new key."""
    return prefixed(b"county-fund key 1") + prefixed(fingerprint.encode())


def code(sha256: bytes) -> str:
    """A seal's short code for paper: sixteen letters in groups of four, about 79 bits of its hash."""
    left = int.from_bytes(sha256, "big")
    letters = []
    for _letter in range(CODE_LETTERS):
        left, place = divmod(left, len(ALPHABET))
        letters.append(ALPHABET[place])
    whole = "".join(letters)
    return "-".join(whole[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def plain_code(typed: str) -> str:
    """A code as it was typed: capitals without dashes and gaps."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
