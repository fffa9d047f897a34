"""Workbooks in and out."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from office import sheets


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


@pytest.mark.parametrize(("cell", "text"), [(3.0, "3"), (3.5, "3.5"), (None, ""), (" 马 ", "马"), (7, "7")])
def test_cells_as_text(cell, text):
    assert sheets.text(cell) == text
