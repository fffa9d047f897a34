"""Large workbooks row by row: a sheet of the county's size never lies in memory whole.

Only plain values are read: text, numbers, yes and no. A formula is refused, because what it showed to the person who
sent the file may differ from what was last worked out and saved.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from office import sheets
from office.rules import files, old_workbooks
from office.sentences import said
from office.sheets import CannotRead

CHUNK = 1 << 16
PLACE = re.compile(r"([A-Z]+)[0-9]+")
MAIN, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"

Row = list[object]


def rows(path: Path) -> Iterator[Row]:
    """All rows of the first sheet, in order; rows that the file leaves out are empty. Raises CannotRead."""
    try:
        with zipfile.ZipFile(path) as book:
            sheet = _first_sheet(book)
            strings = _shared(book) if STRINGS in book.namelist() else []
            with book.open(sheet) as part:
                yield from _Sheet(strings).rows(part)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, ValueError, IndexError) as fault:
        raise _unreadable() from fault


def old_rows(path: Path) -> Iterator[Sequence[object]]:
    """All rows of an .xls, which has 65,536 at most and may be read whole. Raises CannotRead."""
    content = path.read_bytes()
    try:
        cell = old_workbooks.first_formula(old_workbooks.stream_of(content))
    except old_workbooks.BrokenWorkbook as fault:
        raise _unreadable() from fault
    if cell:
        raise _formula_in(cell)
    yield from sheets.rows(content, path.name + files.XLS.extension)


def _unreadable() -> CannotRead:
    return CannotRead(said("This file cannot be opened as a workbook. Save it again as .xlsx and send it."))


def _formula_in(cell: str) -> CannotRead:
    return CannotRead(
        said("Cell %(cell)s holds a formula: copy the sheet, paste it as values, and send that.", cell=cell)
    )


def _parser(start: Callable[[str, dict[str, str]], None], end: Callable[[str], None] = lambda tag: None) -> Any:
    """A parser that knows tags by their own names and takes no declared entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler = lambda tag, of: start(tag.rpartition(":")[2], of)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    return parser


def _refuse_entity(*declared: object) -> None:
    raise ValueError("a workbook declares no entities")


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, of: dict[str, str]) -> None:
        if tag == "sheet":
            sheets.extend(value for name, value in of.items() if name.rpartition(":")[2] == "id")

    def relation(tag: str, of: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[of["Id"]] = of["Target"]

    _parser(sheet).Parse(book.read(MAIN), True)  # noqa: FBT003
    _parser(relation).Parse(book.read(RELATIONS), True)  # noqa: FBT003
    return posixpath.normpath(posixpath.join("/xl", targets[sheets[0]])).lstrip("/")


def _shared(book: zipfile.ZipFile) -> list[str]:
    """The texts that cells name by number; phonetic marks are none of them."""
    texts: list[str] = []
    parts: list[str] = []
    silent = False

    def start(tag: str, of: dict[str, str]) -> None:
        nonlocal silent
        if tag == "si":
            parts.clear()
        silent = silent or tag == "rPh"
        parser.CharacterDataHandler = parts.append if tag == "t" and not silent else None

    def end(tag: str) -> None:
        nonlocal silent
        parser.CharacterDataHandler = None
        if tag == "rPh":
            silent = False
        elif tag == "si":
            texts.append("".join(parts))

    parser = _parser(start, end)
    with book.open(STRINGS) as part:
        _feed(parser, part)
    return texts


def _feed(parser: Any, part: IO[bytes]) -> None:
    while piece := part.read(CHUNK):
        parser.Parse(piece, False)  # noqa: FBT003
    parser.Parse(b"", True)  # noqa: FBT003


class _Sheet:
    """One sheet on its way through the parser."""

    def __init__(self, strings: list[str]) -> None:
        self.strings = strings
        self.done: list[Row] = []
        self.row: Row = []
        self.parts: list[str] = []
        self.kind = self.place = ""
        self.number = 0
        self.columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = _refuse_entity
        self.parser.CharacterDataHandler = self.parts.append
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def rows(self, part: IO[bytes]) -> Iterator[Row]:
        """The rows, as pieces of the part are read."""
        while piece := part.read(CHUNK):
            self.parser.Parse(piece, False)  # noqa: FBT003
            yield from self.done
            self.done.clear()
        self.parser.Parse(b"", True)  # noqa: FBT003
        yield from self.done

    def start(self, tag: str, of: dict[str, str]) -> None:
        """A cell or a row begins; the letters up to its end are what is in it."""
        if tag == "c":
            self.kind, self.place = of.get("t", "n"), of.get("r", "")
            self.parts.clear()
        elif tag == "row":
            number = int(of.get("r", self.number + 1))
            self.done.extend([] for _left_out in range(min(number - self.number - 1, CHUNK)))
            self.number, self.row = number, []
        elif tag == "f":
            raise _formula_in(self.place)
        elif ":" in tag:
            self.start(tag.rpartition(":")[2], of)

    def end(self, tag: str) -> None:
        """The same, at its end."""
        if tag == "c":
            if self.parts:
                self.put("".join(self.parts))
        elif tag == "row":
            self.done.append(self.row)
        elif ":" in tag:
            self.end(tag.rpartition(":")[2])

    def put(self, said: str) -> None:
        """A cell's value at its place."""
        at = self.column()
        if len(self.row) < at:
            self.row.extend([""] * (at - len(self.row)))
        self.row.append(self.value(said))

    def value(self, said: str) -> object:
        """Text as text, numbers as workbooks keep them."""
        match self.kind:
            case "s":
                return self.strings[int(said)]
            case "n":
                return float(said)
            case "b":
                return "1" if said == "1" else "0"
            case _:
                return said

    def column(self) -> int:
        """Counted from 0; a cell that does not say where it stands follows the one before."""
        found = PLACE.fullmatch(self.place)
        if found is None:
            return len(self.row)
        letters = found.group(1)
        if letters not in self.columns:
            at = 0
            for letter in letters:
                at = at * 26 + ord(letter) - 64
            self.columns[letters] = at - 1
        return self.columns[letters]
