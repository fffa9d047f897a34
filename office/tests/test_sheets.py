"""Workbooks in and out."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from office import sheets
from office.rules import old_workbooks
from office.tests import books


def test_what_is_written_is_read_back():
    made = sheets.workbook(
        ["姓名", "金额", "日期", "人数", "参合", "时间", "空"],
        [
            (
                "马小明",
                Decimal("1234.50"),
                date(2010, 3, 1),
                4,
                True,
                datetime(2010, 3, 1, 9, 30),
                None,
            )
        ],
    )
    header, row = sheets.rows(made, "a.xlsx")
    assert header == ["姓名", "金额", "日期", "人数", "参合", "时间", "空"]
    assert row[:4] == ["马小明", 1234.5, date(2010, 3, 1), 4]
    assert row[5:] == ["2010-03-01 09:30", ""]


def test_a_moment_is_told_by_the_clock_of_the_office():
    made = sheets.workbook(["时间"], [(datetime(2010, 3, 1, 20, 30, tzinfo=UTC),)])
    assert sheets.rows(made, "a.xlsx")[1] == ["2010-03-02 04:30"]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+861234", "-2+3", "http://a.example", "=cmd|' /C calc'!A0"])
def test_text_never_becomes_a_formula_or_a_link(text):
    made = sheets.workbook(["a"], [(text,)])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheets.rows(made, "a.xlsx")[1] == [text]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_either_encoding_is_read(encoding):
    assert sheets.rows("姓名,村\n马䶮,武塬\n".encode(encoding), "a.csv") == [
        ["姓名", "村"],
        ["马䶮", "武塬"],
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"\xff\xff\xff\xff", "a.csv"), (b"no workbook", "a.xlsx"), (b"PK\x03\x04", "a.xlsx")],
)
def test_what_is_no_table_is_refused_in_words(content, name):
    with pytest.raises(sheets.CannotRead):
        sheets.rows(content, name)


def patched(kind: int, at: int, said: bytes) -> bytes:
    """An old workbook in whose sheet the first record of a kind says something else."""
    stream = bytearray(old_workbooks.stream_of(books.old_book([["姓名", "金额"], ["马一", 20]])))
    bounds = next(one for one in old_workbooks.part(bytes(stream)) if one.kind == old_workbooks.BOUNDSHEET)
    start = int.from_bytes(stream[bounds.at : bounds.at + 4], "little")
    record = next(one for one in old_workbooks.part(bytes(stream), start) if one.kind == kind)
    stream[record.at + at : record.at + at + len(said)] = said
    return books.in_container(bytes(stream))


def test_an_old_workbook_is_read():
    assert sheets.rows(books.old_book([["姓名", "金额"], ["马一", 20]]), "a.xls") == [["姓名", "金额"], ["马一", 20]]


@pytest.mark.parametrize(
    ("kind", "at", "said"), [(0x0200, 4, b"\x7f" * 4), (0x00FD, 0, b"\xff" * 4)], ids=["dimensions", "a cell"]
)
def test_an_old_workbook_that_ends_its_reader_is_refused_like_any_other(kind, at, said):
    """A sheet as wide as it claims to be would need more memory than there is; the reader then ends its process."""
    with pytest.raises(sheets.CannotRead):
        sheets.rows(patched(kind, at, said), "a.xls")


@pytest.mark.parametrize(("cell", "text"), [(3.0, "3"), (3.5, "3.5"), (None, ""), (" 马 ", "马"), (7, "7")])
def test_cells_as_text(cell, text):
    assert sheets.text(cell) == text


class Acts:
    """What a damaged workbook might make its reader say, if it took the reader over."""

    def __reduce__(self):
        return os.getcwd, ()


def test_of_what_the_reader_apart_says_nothing_but_plain_values_is_made():
    rows = [["马小明", 1.5, True, None, date(2010, 3, 1), datetime(2010, 3, 1, 9, 30)]]
    assert sheets.PlainValues(io.BytesIO(pickle.dumps(rows))).load() == rows
    with pytest.raises(pickle.UnpicklingError):
        sheets.PlainValues(io.BytesIO(pickle.dumps([[Acts()]]))).load()


def test_a_workbook_that_names_a_file_of_the_server_gets_nothing_of_it(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("gold", encoding="utf-8")
    made, out = sheets.workbook(["a"], [("text",)]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as book, zipfile.ZipFile(out, "w") as altered:
        for name in book.namelist():
            content = book.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                entity = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
                head, _, rest = content.partition("?>")
                content = f"{head}?>{entity}{rest.replace('>text<', '>&x;<')}"
                assert "&x;" in content
            altered.writestr(name, content)
    try:
        read = sheets.rows(out.getvalue(), "a.xlsx")
    except sheets.CannotRead:
        return
    assert "gold" not in str(read)
