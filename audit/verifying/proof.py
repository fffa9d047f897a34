"""An export for the audit bureau against its proof: its files are those of its list of hashes, the list is that of an
act of the office, the act is in a seal, the seal is signed by a key that somebody outside knows. Needs no database."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from audit.verifying.chain import SIGNATURES
from audit.verifying.told import (
    BAD_BATCH,
    BAD_KEY,
    BAD_SEAL,
    BAD_SIGNATURE,
    HASHES,
    REWRITTEN,
    CannotVerify,
    Checkpoint,
    Form,
    Report,
    code_of,
    prefixed,
)

FORMAT: Final = "county-fund proof 1"
SUMS, PROOF = "SHA256SUMS", "SHA256SUMS.proof.json"
ACT, FACT = "audit-export.made", "sha256"

NOT_THE_FILE: Final = "the file is not the one that was exported"
NOT_LISTED: Final = "the file was not exported"
MISSING: Final = "the file was exported and is not there"
ANOTHER_EXPORT: Final = "the list of hashes is not that of the act"
NOT_IN_THE_SEAL: Final = "the act is not in the seal"
NOBODY_KNOWS: Final = "nobody outside knows this seal or its key"

Hash = Callable[[bytes], bytes]


def check(folder: Path, outside: Sequence[Checkpoint], keys: Sequence[str] = ()) -> Report:
    """Look at an export and its proof; `outside` are checkpoints and codes on paper, `keys` fingerprints that the
    office gave. Raises CannotVerify."""
    report = Report()
    try:
        listed = (folder / SUMS).read_bytes()
        proof = json.loads((folder / PROOF).read_text(encoding="utf-8"))
        _files(folder, listed.decode(), report)
        if proof["format"] != FORMAT:
            raise CannotVerify(f"{folder / PROOF} is of another form: {proof['format']}")
        _act(proof, hashlib.sha256(listed).hexdigest(), report)
        _seal(proof, report)
        _outside(proof["seal"], outside, {*keys, *(one.key for one in outside if one.key)}, report)
        report.seals = 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as refusal:
        raise CannotVerify(f"{folder} cannot be checked: {type(refusal).__name__} {refusal}") from refusal
    return report


def _files(folder: Path, listed: str, report: Report) -> None:
    digests = {name: digest for digest, name in (line.split("  ", 1) for line in listed.splitlines())}
    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()} - {SUMS, PROOF}
    for name in sorted(there | set(digests)):
        report.rows += 1
        if name not in there:
            report.add(name, None, [], MISSING)
        elif name not in digests:
            report.add(name, None, [], NOT_LISTED)
        elif _sha256(folder / name) != digests[name]:
            report.add(name, None, [], NOT_THE_FILE)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _act(proof: Any, sha256: str, report: Report) -> None:
    """The act is that of an export, and names this list."""
    names = [name for name, _kind in proof["columns"]]
    values = dict(zip(names, _values(bytes.fromhex(proof["row"])), strict=True))
    facts = json.loads((values["facts"] or b"")[1:])  # a version stands before it
    if proof["table"] != "office_act" or values["name"] != ACT.encode() or facts.get(FACT) != sha256:
        report.add(SUMS, None, [], ANOTHER_EXPORT)


def _values(row: bytes) -> Iterator[bytes | None]:
    at = 2
    for _column in range(int.from_bytes(row[:2], "big")):
        length = int.from_bytes(row[at : at + 4], "big", signed=True)
        at += 4
        yield None if length < 0 else row[at : at + length]
        at += max(length, 0)


def _seal(proof: Any, report: Report) -> None:
    """The act is in its batch, the batch in its seal, the seal is what is signed."""
    seal, batch, key = proof["seal"], proof["batch"], proof["seal"]["key"]
    number, hashed = seal["number"], HASHES.get(seal["hash_name"])
    if hashed is None:
        report.add("audit_seal", number, ["hash_name"], BAD_SEAL)
        return
    form = Form(proof["table"], [(name, kind) for name, kind in proof["columns"]]).digest(hashed)
    leaf = hashed(b"\x00" + form + bytes.fromhex(proof["row"]))
    if _climbed(hashed, leaf, proof["path"]) != bytes.fromhex(batch["root"]):
        report.add("audit_sealbatch", number, ["root"], NOT_IN_THE_SEAL)
    told = (
        prefixed(b"county-fund batch 1")
        + prefixed(proof["table"].encode())
        + form
        + struct.pack(">Iqq", batch["rows"], batch["low"], batch["high"])
        + bytes.fromhex(batch["root"])
        + bytes.fromhex(batch["members"])
    )
    if _climbed(hashed, hashed(b"\x00" + told), proof["path_of_batch"]) != bytes.fromhex(seal["root"]):
        report.add("audit_sealbatch", number, ["root"], BAD_BATCH)
    body = _body(seal)
    if hashed(body).hex() != seal["sha256"]:
        report.add("audit_seal", number, ["sha256"], BAD_SEAL)
    public = bytes.fromhex(key["public"])
    if hashlib.sha256(prefixed(key["algorithm"].encode()) + prefixed(public)).hexdigest() != key["fingerprint"]:
        report.add("audit_sealkey", None, ["fingerprint"], BAD_KEY)
    signed = SIGNATURES.get(key["algorithm"])
    if signed is None or not signed(public, bytes.fromhex(seal["signature"]), body):
        report.add("audit_seal", number, ["signature"], BAD_SIGNATURE)


def _climbed(hashed: Hash, leaf: bytes, path: Sequence[Sequence[str]]) -> bytes:
    """The root that a leaf comes up to beside its neighbours."""
    node = leaf
    for side, neighbour in path:
        other = bytes.fromhex(neighbour)
        node = hashed(b"\x01" + (other + node if side == "left" else node + other))
    return node


def _body(seal: Any) -> bytes:
    since = datetime.fromisoformat(seal["at"]) - datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return (
        prefixed(b"county-fund seal 1")
        + prefixed(seal["hash_name"].encode())
        + struct.pack(">Q", seal["number"])
        + bytes.fromhex(seal["previous"])
        + struct.pack(">QQQ", micros, seal["rows"], seal["total"])
        + bytes.fromhex(seal["root"])
        + prefixed(seal["key"]["fingerprint"].encode())
    )


def _outside(seal: Any, outside: Sequence[Checkpoint], keys: set[str], report: Report) -> None:
    """Somebody outside knows this seal by its number, or the key that signed it."""
    known = [one for one in outside if one.number == seal["number"]]
    for one in known:
        if (one.hash and one.hash != seal["sha256"]) or (one.code and one.code != code_of(seal["sha256"])):
            report.add("audit_seal", seal["number"], ["sha256"], REWRITTEN)
    if not known and seal["key"]["fingerprint"] not in keys:
        report.add("audit_sealkey", None, ["fingerprint"], NOBODY_KNOWS)
