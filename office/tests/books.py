"""Workbooks as offices send them: old ones (.xls), with formulas or without, and ones that are locked by a password."""

from __future__ import annotations

import functools
import hashlib
import io
import struct
from collections.abc import Iterable, Sequence

import xlwt
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from msoffcrypto.format.ooxml import OOXMLFile
from xlwt.CompoundDoc import XlsDoc

from office.rules import old_workbooks

PASSWORD = "hemai"
BLOCK = 1024  # bytes of a workbook's stream under one key


def old_book(rows: Iterable[Sequence[object]], **formulas: str) -> bytes:
    """An .xls of Excel 97 to 2003; `F3="1+1"` puts a formula there."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名册")
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(at, place, value)
    for cell, formula in formulas.items():
        sheet.write(int(cell[1:]) - 1, ord(cell[0]) - ord("A"), xlwt.Formula(formula))
    book.add_sheet("合计").write(0, 0, xlwt.Formula("2+3"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_container(stream: bytes, name: str = "Workbook") -> bytes:
    """A workbook's stream in a container of its own, of Excel 5 where it is a "Book"."""
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue().replace(entry("Workbook"), entry(name))


def entry(name: str) -> bytes:
    """How a container's directory names a stream."""
    written = f"{name}\0".encode("utf-16-le")
    return written.ljust(64, b"\0") + struct.pack("<H", len(written))


def locked(book: bytes) -> bytes:
    """An .xlsx behind a password, as Excel 2010 encrypts it."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book)).encrypt(PASSWORD, out)
    return out.getvalue()


def locked_old(book: bytes) -> bytes:
    """An .xls behind a password: a FILEPASS record, all but a few records encrypted by RC4 ([MS-XLS] 2.2.10)."""
    salt, verifier = hashlib.md5(b"salt").digest(), hashlib.md5(b"verifier").digest()
    proof = _rc4(_key(salt, 0), verifier + hashlib.md5(verifier).digest())
    passed = struct.pack("<HHHHH", old_workbooks.FILEPASS, 54, 1, 1, 1) + salt + proof
    stream = old_workbooks.stream_of(book)
    first = next(old_workbooks.part(stream))
    begin = first.at + first.size
    whole = bytearray(stream[:begin] + passed + stream[begin:].rstrip(b"\0") + END)
    whole += struct.pack("<HH", 0, -len(whole) % 4).ljust(4 + -len(whole) % 4, b"\0")  # nothing, in records of four
    for record in old_workbooks.part(bytes(whole)):
        if record.kind == old_workbooks.BOUNDSHEET:
            (at,) = struct.unpack_from("<I", whole, record.at)
            struct.pack_into("<I", whole, record.at, at + len(passed))
    return in_container(_encrypted(bytes(whole), salt))


END = b"\0" * 3  # of the last record, which is the end of a sheet and has no content
PLAIN = {old_workbooks.BOF, old_workbooks.FILEPASS, 0x00E1}  # and where a sheet begins


def _encrypted(stream: bytes, salt: bytes) -> bytes:
    blocks = range(0, len(stream), BLOCK)
    hidden = b"".join(_rc4(_key(salt, at // BLOCK), stream[at : at + BLOCK]) for at in blocks)
    out, at = bytearray(), 0
    while at < len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        seen = 4 + (size if kind in PLAIN else 4 if kind == old_workbooks.BOUNDSHEET else 0)
        out += stream[at : at + seen] + hidden[at + seen : at + 4 + size]
        at += 4 + size
    return bytes(out)


@functools.cache
def _key(salt: bytes, block: int) -> bytes:
    md5 = hashlib.md5
    short = md5(PASSWORD.encode("utf-16-le")).digest()[:5]
    short = md5((short + salt) * 16).digest()[:5]
    return md5(short + struct.pack("<I", block)).digest()


def _rc4(key: bytes, content: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).encryptor().update(content)
