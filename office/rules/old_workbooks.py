"""Old Excel workbooks (.xls): the records of their one stream (BIFF 5 to 8, [MS-XLS]) in an OLE container ([MS-CFB]).

A reader of values says nothing about passwords and formulas; the records do.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple

import olefile

STREAMS: Final = ("Workbook", "Book")  # since Excel 97; Excel 5 and 95

BOF, EOF, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
FORMULA: Final = (
    0x0006  # begins with row and column; array and shared formulas stand behind the one of their first cell
)
LETTERS: Final = 26

HEADER: Final = struct.Struct(
    "<30xHH10xI24xI"
)  # sector and mini sector as powers of two, number of FAT and DIFAT sectors
SECTOR_POWERS: Final = {(9, 6), (12, 6)}
RECORD: Final = struct.Struct("<HH")


class BrokenWorkbook(ValueError):
    """What should be an old workbook cannot be read to its end."""


class Record(NamedTuple):
    """One record of the stream: what it is, where its content begins, and how many bytes it has."""

    kind: int
    at: int
    size: int


def stream_of(content: bytes) -> bytes:
    """The stream of a workbook in its container. No part is read that claims to be larger than the whole file."""
    try:
        *powers, fats, difats = HEADER.unpack_from(content)
        if tuple(powers) not in SECTOR_POWERS or max(fats, difats) << powers[0] > len(content):
            raise BrokenWorkbook("its table of sectors is larger than the file")
        with olefile.OleFileIO(BytesIO(content)) as container:
            name = next(one for one in STREAMS if container.exists(one))
            if max(container.get_size(name), container.root.size) > len(content):
                raise BrokenWorkbook("a stream is larger than the file")
            stream: bytes = container.openstream(name).read()
            return stream
    except BrokenWorkbook:
        raise
    except Exception as fault:  # olefile raises many kinds of errors on damaged containers
        raise BrokenWorkbook(str(fault)) from fault


def part(stream: bytes, start: int = 0) -> Iterator[Record]:
    """The records of the workbook as such, or of the sheet that begins at `start`, with the charts inside it."""
    at, depth = start, 0
    while True:
        if at + RECORD.size > len(stream):
            raise BrokenWorkbook("it breaks off before its end")
        kind, size = RECORD.unpack_from(stream, at)
        at += RECORD.size
        if at + size > len(stream) or (depth == 0 and kind != BOF):
            raise BrokenWorkbook("a record breaks off, or none begins here")
        yield Record(kind, at, size)
        at += size
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return


def is_locked(stream: bytes) -> bool:
    """Whether everything behind the first records is encrypted with a password."""
    return any(record.kind == FILEPASS for record in part(stream))


def first_formula(stream: bytes) -> str:
    """The first cell of the first sheet in which a formula stands, such as F3; empty where there is none."""
    starts = (stream[one.at : one.at + 4] for one in part(stream) if one.kind == BOUNDSHEET)
    start = int.from_bytes(next(starts, b""), "little")
    for record in part(stream, start) if start else ():
        if record.kind == FORMULA:
            row, column = RECORD.unpack(stream[record.at : record.at + RECORD.size].ljust(RECORD.size, b"\0"))
            return f"{_letters(column)}{row + 1}"
    return ""


def _letters(column: int) -> str:
    """A column, counted from 0, as workbooks call it: A to Z, AA to IV."""
    before, last = divmod(column, LETTERS)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
