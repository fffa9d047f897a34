"""What the verifier takes rows and seals for, and what it tells: nothing here is shared with the system that seals."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

HASHES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "sha256": lambda told: hashlib.sha256(told).digest(),
    "sm3": lambda told: hashlib.new("sm3", told).digest(),
}
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LETTERS: Final = 16
NUMBER, HASH, SHORT = 8, 32, 4  # bytes
MOST_FAULTS: Final = 1_000  # that are named; all are counted
COPY_HEADER, COPY_END, HEADER_BYTES = b"PGCOPY\n\xff\r\n\x00", b"\xff\xff", 19

ALTERED: Final = "the row was altered after it was sealed"
GONE: Final = "the row was sealed and is not there any more"
INSERTED: Final = "the row was put in behind the seals"
NO_COLUMN: Final = "columns that were sealed are gone or of another kind"
BAD_BATCH: Final = "what is remembered of the rows was altered"
BAD_SEAL: Final = "the seal was altered"
BAD_CHAIN: Final = "a seal before this one is missing or another"
BAD_SIGNATURE: Final = "the signature is not that of the key"
BAD_KEY: Final = "the key was not introduced by the one before it"
CUT: Final = "a checkpoint outside knows a seal that is not here"
REWRITTEN: Final = "a checkpoint outside knows another seal of this number"
REASONS: Final = (
    ALTERED, GONE, INSERTED, NO_COLUMN, BAD_BATCH, BAD_SEAL, BAD_CHAIN, BAD_SIGNATURE, BAD_KEY, CUT, REWRITTEN,
)  # fmt: skip


class CannotVerify(Exception):
    """It could not be looked; the message says why."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was sealed."""

    table: str
    pk: int | None
    columns: Sequence[str]
    reason: str


@dataclass
class Report:
    """What was looked at and what was found."""

    rows: int = 0
    unsealed: int = 0
    seals: int = 0
    found: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, table: str, pk: int | None, columns: Sequence[str], reason: str) -> None:
        """Count a fault, and name it unless too many are named already."""
        self.found += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(table, pk, list(columns), reason))

    def told(self) -> dict[str, Any]:
        """The same for a program to read."""
        faults = [asdict(one) for one in self.faults]
        return {"ok": not self.found, "rows": self.rows, "unsealed": self.unsealed, "faults": faults}


@dataclass(frozen=True)
class Checkpoint:
    """A seal as something outside the database knows it: by its whole hash, or by the short code on paper."""

    number: int
    hash: str = ""
    code: str = ""
    key: str = ""


@dataclass(frozen=True)
class Form:
    """Which columns of a table a seal covers."""

    table: str
    columns: Sequence[tuple[str, str]]

    def digest(self, hashed: Callable[[bytes], bytes]) -> bytes:
        words = [self.table, *(word for column in self.columns for word in column)]
        return hashed(prefixed(b"county-fund form 1") + b"".join(prefixed(word.encode()) for word in words))


def number_of(row: bytes) -> int:
    length = int.from_bytes(row[2:6], "big")
    return int.from_bytes(row[6 : 6 + length], "big", signed=True)


def column_digests(hashed: Callable[[bytes], bytes], row: bytes) -> bytes:
    values: list[bytes | None] = []
    at = 2
    for _column in range(int.from_bytes(row[:2], "big")):
        length = int.from_bytes(row[at : at + 4], "big", signed=True)
        at += 4
        values.append(None if length < 0 else row[at : at + length])
        at += max(length, 0)
    short = b""
    for place, value in enumerate(values):
        told = b"\x00" if value is None else b"\x01" + value
        short += hashed(b"\x02" + (values[0] or b"") + place.to_bytes(2, "big") + told)[:SHORT]
    return short


def merkle_root(hashed: Callable[[bytes], bytes], leaves: bytes) -> bytes:
    """The root over leaves; one without a neighbour goes up as it is."""
    level = leaves
    while len(level) > HASH:
        pairs = len(level) // (2 * HASH) * (2 * HASH)
        nodes = [hashed(b"\x01" + level[at : at + 2 * HASH]) for at in range(0, pairs, 2 * HASH)]
        level = b"".join(nodes) + level[pairs:]
    return level


def prefixed(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part


def read_checkpoints(folder: Path) -> list[Checkpoint]:
    """All checkpoints of a folder. Raises CannotVerify."""
    if not folder.is_dir():
        raise CannotVerify(f"{folder} is not a folder.")
    found = []
    for file in sorted(folder.glob("checkpoints-*.jsonl")):
        try:
            for line in file.read_text().splitlines():
                told = json.loads(line)
                found.append(Checkpoint(int(told["number"]), str(told["hash"]), key=str(told["key"])))
        except (OSError, ValueError, KeyError, TypeError) as refusal:
            raise CannotVerify(f"{file} cannot be read: {refusal}") from refusal
    return found


def read_codes(typed: Iterable[str]) -> list[Checkpoint]:
    """Checkpoints on paper, as NUMBER:CODE. Raises CannotVerify."""
    found = []
    for one in typed:
        number, _colon, code = one.partition(":")
        plain = "".join(letter for letter in code.upper() if letter.isalnum())
        if not number.isdecimal() or len(plain) != CODE_LETTERS:
            raise CannotVerify(f"{one!r} is not NUMBER:CODE.")
        found.append(Checkpoint(int(number), code=plain))
    return found


def code_of(sha256: str) -> str:
    """The short code of a seal's hash."""
    left, letters = int(sha256, 16), ""
    for _letter in range(CODE_LETTERS):
        left, place = divmod(left, len(ALPHABET))
        letters += ALPHABET[place]
    return letters


def figure(connection: psycopg.Connection[Any], asked: Any) -> int:
    row = connection.execute(asked).fetchone()
    return int(row[0]) if row else 0
