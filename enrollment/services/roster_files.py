"""A roster as it is sent: Excel workbook or CSV in UTF-8 or GB18030, told apart by content and read row by row."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from enrollment.services import workbooks
from office import sentences, sheets
from office.rules import files
from office.sentences import said

MOST_ROWS = 500_000  # a county's roster has 400,000; whoever has more sends it by township
TEXTS = {files.CSV.code, files.TXT.code}
BOOKS = {files.XLSX.code, files.XLS.code}


class CannotReadRoster(Exception):
    """The file is no roster that the office can read; the message is written for the person who sent it."""


@dataclass(frozen=True)
class RosterFile:
    """A file that was found whole and harmless; `lines` is about how many rows it has, 0 where it does not say."""

    path: Path
    name: str
    sha256: str
    kind: str
    encoding: str
    lines: int

    def table(self) -> Iterator[Sequence[object]]:
        """Its rows, header first. Raises CannotReadRoster where it is broken, cut or too long."""
        if self.kind in TEXTS:
            return _csv_rows(self)
        return _counted(workbooks.rows(self.path) if self.kind == files.XLSX.code else workbooks.old_rows(self.path))


def opened(path: Path, name: str) -> RosterFile:
    """A roster's file, once it is known to be one. Raises CannotReadRoster."""
    if path.stat().st_size > settings.ATTACHMENT_LARGEST:
        raise _refused(files.CannotAccept("too_large", largest=settings.ATTACHMENT_LARGEST))
    content = path.read_bytes()
    is_text = name.lower().endswith((files.CSV.extension, files.TXT.extension))
    encoding = _encoding(content) if is_text else ""
    try:
        kind = files.recognise(content, name, len(content), largest=settings.ATTACHMENT_LARGEST)
    except files.CannotAccept as refusal:
        raise _refused(refusal) from refusal
    if kind.code not in TEXTS | BOOKS:
        other = said("Send an Excel workbook or a CSV file; this is %(kind)s.", kind=kind.code.upper())
        raise CannotReadRoster(other)
    lines = content.count(b"\n") if kind.code in TEXTS else 0
    if lines > MOST_ROWS + 1:
        raise _too_long()
    return RosterFile(path, name, hashlib.sha256(content).hexdigest(), kind.code, encoding, lines)


def _refused(refusal: files.CannotAccept) -> CannotReadRoster:
    return CannotReadRoster(said(refusal.sentence, **refusal.params))


def _too_long() -> CannotReadRoster:
    return CannotReadRoster(
        said("The file has more than %(most)s rows: send it in parts, by township.", most=f"{MOST_ROWS:,}")
    )


def _cut(row: int) -> CannotReadRoster:
    cut = gettext_noop("The file breaks off in row %(row)s: save it again and send it whole.")
    return CannotReadRoster(said(cut, row=row))


def _encoding(content: bytes) -> str:
    """UTF-8 or GB18030; empty for neither. A file that ends in the middle of a letter was cut."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for at in range(0, len(content), files.MEGABYTE):
                decoder.decode(content[at : at + files.MEGABYTE])
        except UnicodeDecodeError:
            continue
        if decoder.getstate()[0] and b"\0" not in content:
            raise _cut(content.count(b"\n") + 1)
        return encoding
    return ""


def _csv_rows(file: RosterFile) -> Iterator[Sequence[object]]:
    with file.path.open(encoding=file.encoding, newline="") as text:
        reader = csv.reader(text, strict=True)
        width = number = 0
        line: list[str] = []
        try:
            for number, line in enumerate(reader, start=1):  # noqa: B007
                width = width or len(line)
                yield line
        except csv.Error as fault:
            raise _cut(number + 1) from fault
    if line and len(line) < width and not _ends_in_a_line(file.path):
        raise _cut(number)


def _ends_in_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, io.SEEK_END)
        return file.read(1) in b"\r\n"


def _counted(table: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    try:
        for number, line in enumerate(table):
            if number > MOST_ROWS:
                raise _too_long()
            yield line
    except sheets.CannotRead as refusal:
        raise CannotReadRoster(sentences.of(refusal)) from refusal
