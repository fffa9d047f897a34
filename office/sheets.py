"""Workbooks in and out: rows of plain values from xlsx, xls and csv files, and xlsx files from rows."""

from __future__ import annotations

import csv
import io
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from office import apart
from office.rules import files
from office.sentences import said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet computes
PATIENCE = 60  # seconds for an old workbook


class CannotRead(Exception):
    """The file is no table this system can read; the message is written for the person who sent it."""


def workbook(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a header row. Text stays text (a leading = is no formula), money and dates keep their kind."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for at, column in enumerate(columns):
        sheet.set_column(at, at, min(max(len(column) * 2 + 2, 12), WIDEST))
        sheet.write_string(0, at, column, head)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            _write(sheet, (line, at), value, formats)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: object, formats: Mapping[type, Any]) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_string(*place, _("yes") if value else _("no"))
        case Decimal():
            sheet.write_number(*place, value, formats[Decimal])
        case int():
            sheet.write_number(*place, value)
        case datetime():
            moment = localtime(value) if is_aware(value) else value
            sheet.write_string(*place, moment.strftime("%Y-%m-%d %H:%M"))
        case date():
            sheet.write_datetime(*place, datetime.combine(value, time()), formats[date])
        case _:
            sheet.write_string(*place, str(value))


def rows(content: bytes, name: str) -> Sequence[Sequence[object]]:
    """All rows of the first sheet (or of the csv file), header first, as text, numbers and dates."""
    if name.lower().endswith((".csv", ".txt")):
        return _csv_rows(content)
    try:
        if content.startswith(files.OLE_START):
            return _old_rows(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python()
    except (
        CalamineError,
        IndexError,
        ValueError,
        OSError,
        subprocess.SubprocessError,
        pickle.UnpicklingError,
    ) as refusal:
        raise CannotRead(
            said("This file cannot be opened as a workbook. Save it again as .xlsx and send it.")
        ) from refusal


def _old_rows(content: bytes) -> Sequence[Sequence[object]]:
    """The rows of an .xls, read apart: its reader asks for as much memory as a damaged file says, and may end there."""
    words = [sys.executable, "-P", apart.__file__]
    read = subprocess.run(words, input=content, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
    found: Sequence[Sequence[object]] = PlainValues(io.BytesIO(read.stdout)).load()
    return found


class PlainValues(pickle.Unpickler):
    """What the reader apart wrote: rows of text, numbers and times. It had a foreign file in its hands, so nothing else
    is made of what it says."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in {"date", "datetime", "time", "timedelta"}:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def harmless(cell: object) -> object:
    """A cell of a text file that a spreadsheet opens: a moment by the office's clock, and no text that is a formula."""
    if isinstance(cell, datetime):
        return f"{localtime(cell) if is_aware(cell) else cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def text(cell: object) -> str:
    """A cell as text; whole numbers, which workbooks hold as floats, without their .0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _csv_rows(content: bytes) -> list[list[object]]:
    """Text of a csv file in either encoding that offices use."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    raise CannotRead(said("The text of this file is neither UTF-8 nor GB18030. Save it again as .xlsx and send it."))
