"""The chain of seals: each of its batches, after the one before it, signed by a key that is believed."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.verifying.told import (
    BAD_CHAIN,
    BAD_KEY,
    BAD_SEAL,
    BAD_SIGNATURE,
    CUT,
    HASH,
    HASHES,
    REWRITTEN,
    Checkpoint,
    Form,
    Report,
    code_of,
    merkle_root,
    prefixed,
)


def _by_ed25519(public: bytes, signature: bytes, told: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, told)
    except (InvalidSignature, ValueError):
        return False
    return True


#: How a signature of a name is checked; an office that signs by another way (SM2) adds it here.
SIGNATURES: Final[dict[str, Callable[[bytes, bytes, bytes], bool]]] = {"ed25519": _by_ed25519}


def read_forms(connection: psycopg.Connection[Any]) -> dict[int, Form]:
    asked = 'SELECT id, "table", columns FROM audit_sealform ORDER BY id'
    return {
        pk: Form(table, [(name, kind) for name, kind in columns])
        for pk, table, columns in connection.execute(asked).fetchall()
    }


SEALS: Final = """
SELECT s.number, s.at, s.previous, s.hash_name, s.root, s.rows, s.total, s.key_id, s.sha256, s.signature,
    array_agg(b.form_id ORDER BY b.place), array_agg(b.rows ORDER BY b.place), array_agg(b.low ORDER BY b.place),
    array_agg(b.high ORDER BY b.place), array_agg(b.root::text ORDER BY b.place),
    array_agg(b.members::text ORDER BY b.place)
FROM audit_seal s LEFT JOIN audit_sealbatch b ON b.seal_id = s.id GROUP BY s.id ORDER BY s.number
"""


def check_chain(
    connection: psycopg.Connection[Any], report: Report, forms: Mapping[int, Form], outside: Sequence[Checkpoint]
) -> None:
    """Every seal: of which batches, after which seal, signed by which key."""
    keys = _keys(connection, report, {one.key for one in outside})
    number, previous, total = 0, bytes(HASH).hex(), 0
    with connection.cursor(name="seals", binary=True) as cursor:
        cursor.itersize = 2_000
        cursor.execute(SEALS)
        for row in cursor:
            seal = _Seal(*row)
            report.seals += 1
            if (seal.number, seal.previous) != (number + 1, previous):
                report.add("audit_seal", seal.number, ["number", "previous"], BAD_CHAIN)
            if wrong := seal.wrong(forms, total):
                report.add("audit_seal", seal.number, wrong, BAD_SEAL)
            elif seal.key_id not in keys or not _is_signed(*keys[seal.key_id], seal.signature, seal.body(keys)):
                report.add("audit_seal", seal.number, ["signature"], BAD_SIGNATURE)
            hashed = HASHES.get(seal.hash_name)
            if seal.key_id in keys and hashed and hashed(seal.body(keys)).hex() != seal.sha256:
                report.add("audit_seal", seal.number, ["sha256"], BAD_SEAL)
            number, previous, total = seal.number, seal.sha256, seal.total


@dataclass(frozen=True)
class _Seal:
    """A seal with its batches, as it stands in the database."""

    number: int
    at: datetime
    previous: str
    hash_name: str
    root: str
    rows: int
    total: int
    key_id: int
    sha256: str
    signature: bytes
    form_ids: Sequence[int]
    batch_rows: Sequence[int]
    lows: Sequence[int]
    highs: Sequence[int]
    roots: Sequence[str]
    members: Sequence[str]

    def wrong(self, forms: Mapping[int, Form], total: int) -> list[str]:
        """The columns that do not fit what the seal is of."""
        hashed = HASHES.get(self.hash_name)
        if hashed is None:
            return ["hash_name"]
        parts = zip(self.form_ids, self.batch_rows, self.lows, self.highs, self.roots, self.members, strict=True)
        if None in self.form_ids or set(self.form_ids) - set(forms):
            return ["root"]
        leaves = b"".join(_batch_leaf(hashed, forms[form], *of) for form, *of in parts)
        told = {
            "root": merkle_root(hashed, leaves).hex() == self.root,
            "rows": sum(self.batch_rows) == self.rows,
            "total": total + self.rows == self.total,
        }
        return [name for name, is_right in told.items() if not is_right]

    def body(self, keys: Mapping[int, tuple[str, bytes, str]]) -> bytes:
        """What is hashed and signed."""
        since = self.at - datetime.fromisoformat("1970-01-01T00:00:00+00:00")
        micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return (
            prefixed(b"county-fund seal 1")
            + prefixed(self.hash_name.encode())
            + struct.pack(">Q", self.number)
            + bytes.fromhex(self.previous)
            + struct.pack(">QQQ", micros, self.rows, self.total)
            + bytes.fromhex(self.root)
            + prefixed(keys[self.key_id][2].encode())
        )


def _keys(connection: psycopg.Connection[Any], report: Report, outside: set[str]) -> dict[int, tuple[str, bytes, str]]:
    """Algorithm, public part and fingerprint of each key. A key is believed if it is the first, or introduced by one
    that is believed, or named by a checkpoint outside."""
    asked = "SELECT id, fingerprint, algorithm, public, introduced_by_id, introduction FROM audit_sealkey ORDER BY id"
    keys: dict[int, tuple[str, bytes, str]] = {}
    with connection.cursor(binary=True) as cursor:
        for pk, fingerprint, algorithm, public, by, introduction in cursor.execute(asked).fetchall():
            told = hashlib.sha256(prefixed(algorithm.encode()) + prefixed(public)).hexdigest()
            if told != fingerprint:
                report.add("audit_sealkey", pk, ["fingerprint"], BAD_KEY)
                continue
            told_of = prefixed(b"county-fund key 1") + prefixed(fingerprint.encode())
            is_introduced = by in keys and _is_signed(*keys[by], introduction, told_of)
            if keys and not is_introduced and fingerprint not in outside:
                report.add("audit_sealkey", pk, ["introduced_by_id", "introduction"], BAD_KEY)
            keys[pk] = (algorithm, public, fingerprint)
    return keys


def _is_signed(algorithm: str, public: bytes, _fingerprint: str, signature: bytes | None, told: bytes) -> bool:
    check = SIGNATURES.get(algorithm)
    return check is not None and signature is not None and check(public, signature, told)


def _batch_leaf(
    hashed: Callable[[bytes], bytes], form: Form, rows: int, low: int, high: int, root: str, members: str
) -> bytes:
    told = (
        prefixed(b"county-fund batch 1")
        + prefixed(form.table.encode())
        + form.digest(hashed)
        + struct.pack(">Iqq", rows, low, high)
        + bytes.fromhex(root)
        + bytes.fromhex(members)
    )
    return hashed(b"\x00" + told)


def check_outside(connection: psycopg.Connection[Any], report: Report, outside: Sequence[Checkpoint]) -> None:
    """Every checkpoint outside against the seal of its number."""
    known = dict(connection.execute("SELECT number, sha256 FROM audit_seal").fetchall()) if outside else {}
    for one in outside:
        if one.number not in known:
            report.add("audit_seal", one.number, [], CUT)
        elif (one.hash and one.hash != known[one.number]) or (one.code and one.code != code_of(known[one.number])):
            report.add("audit_seal", one.number, ["sha256"], REWRITTEN)
