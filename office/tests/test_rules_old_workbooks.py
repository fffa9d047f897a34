"""Old Excel workbooks: what their records tell, and every way in which they are broken."""

from __future__ import annotations

import io
import struct

import msoffcrypto
import pytest

from office import sheets
from office.rules import files, old_workbooks
from office.rules.old_workbooks import BrokenWorkbook
from office.tests import books

pytestmark = pytest.mark.rules

ROWS = [["姓名", "金额"], ["马一", 20]]


def formula_in(content: bytes) -> str:
    return old_workbooks.first_formula(old_workbooks.stream_of(content))


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_values_alone_hold_no_formula():
    assert formula_in(books.old_book(ROWS)) == ""


@pytest.mark.parametrize(("cell", "named"), [("B3", "B3"), ("A1", "A1"), ("Z9", "Z9")])
def test_the_first_cell_with_a_formula_is_named(cell, named):
    assert formula_in(books.old_book([[], *ROWS[1:]], **{cell: "1+1"})) == named


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (255, "IV")])
def test_columns_by_their_letters(column, letters):
    bounds = record(old_workbooks.BOF) + record(old_workbooks.BOUNDSHEET, struct.pack("<I", 20))
    sheet = record(old_workbooks.BOF) + record(old_workbooks.FORMULA, struct.pack("<HH", 6, column))
    stream = (bounds + record(old_workbooks.EOF)).ljust(20, b"\0") + sheet + record(old_workbooks.EOF)
    assert old_workbooks.first_formula(stream) == f"{letters}7"


def test_a_formula_behind_a_chart_in_the_sheet_is_found():
    bof, eof = record(old_workbooks.BOF), record(old_workbooks.EOF)
    globals_ = bof + record(old_workbooks.BOUNDSHEET, struct.pack("<I", 16)) + eof
    sheet = bof + bof + eof + record(old_workbooks.FORMULA, b"\0\0\0\0") + eof
    assert old_workbooks.first_formula(globals_ + sheet) == "A1"


def test_a_workbook_without_sheets_has_no_formula():
    assert old_workbooks.first_formula(record(old_workbooks.BOF) + record(old_workbooks.EOF)) == ""


def test_excel_5_calls_its_stream_book():
    stream = old_workbooks.stream_of(books.old_book(ROWS))
    assert old_workbooks.stream_of(books.in_container(stream, "Book")).rstrip(b"\0") == stream.rstrip(b"\0")


def test_the_test_s_own_locked_workbooks_open_with_the_password():
    """What is refused below is what Excel makes, and not only something that looks alike."""
    whole = books.old_book(ROWS)
    for hidden, named in (
        (books.locked_old(whole), "a.xls"),
        (books.locked(sheets.workbook(["姓名", "金额"], ROWS[1:])), "a.xlsx"),
    ):
        opened = msoffcrypto.OfficeFile(io.BytesIO(hidden))
        assert opened.is_encrypted()
        opened.load_key(password=books.PASSWORD)
        out = io.BytesIO()
        opened.decrypt(out)
        assert [list(row) for row in sheets.rows(out.getvalue(), named)] == ROWS
        with pytest.raises(files.CannotAccept) as caught:
            files.recognise(hidden, named, len(hidden))
        assert caught.value.code == "encrypted"
    assert old_workbooks.is_locked(old_workbooks.stream_of(books.locked_old(whole)))
    assert not old_workbooks.is_locked(old_workbooks.stream_of(whole))


class TestBroken:
    def refused(self, content: bytes) -> None:
        with pytest.raises(BrokenWorkbook):
            formula_in(content)

    @pytest.mark.parametrize("left", [0, 40, 600, 2_000, 20_000])
    def test_cut(self, left):
        whole = books.old_book([*ROWS, *[["马", number] for number in range(2_000)]])
        self.refused(whole[:left])

    def test_no_workbook_in_it(self):
        self.refused(books.in_container(b"x" * 4096, "Contents"))

    def test_a_stream_that_is_none(self):
        self.refused(books.in_container(b"x" * 4096))

    @pytest.mark.parametrize(
        "stream",
        [
            record(old_workbooks.BOF),
            record(old_workbooks.BOF) + record(old_workbooks.EOF)[:3],
            record(old_workbooks.BOF) + struct.pack("<HH", 1, 99),
            record(old_workbooks.EOF),
            record(1) + record(old_workbooks.BOF) + record(old_workbooks.EOF),
        ],
        ids=["no end", "half a record", "less than it says", "an end without a beginning", "something before it"],
    )
    def test_records(self, stream):
        with pytest.raises(BrokenWorkbook):
            list(old_workbooks.part(stream))

    def test_a_record_that_breaks_off_is_not_given_to_anybody(self):
        given = []
        with pytest.raises(BrokenWorkbook):
            given.extend(old_workbooks.part(record(old_workbooks.BOF) + struct.pack("<HH", 1, 99)))
        assert [one.kind for one in given] == [old_workbooks.BOF]

    def test_a_formula_without_a_cell_is_one_all_the_same(self):
        bof, eof = record(old_workbooks.BOF), record(old_workbooks.EOF)
        bounds = bof + record(old_workbooks.BOUNDSHEET, struct.pack("<I", 16)) + eof
        assert old_workbooks.first_formula(bounds + bof + record(old_workbooks.FORMULA)) == "A1"

    @pytest.mark.parametrize(
        ("at", "shape", "value"),
        [(30, "<H", 30), (32, "<H", 0), (44, "<I", 2**31), (72, "<I", 2**31)],
        ids=["sectors of a gigabyte", "mini sectors of a byte", "endless table", "endless table of tables"],
    )
    def test_a_header_that_would_exhaust_the_machine(self, at, shape, value):
        content = bytearray(books.old_book(ROWS))
        struct.pack_into(shape, content, at, value)
        self.refused(bytes(content))

    @pytest.mark.parametrize("name", ["Workbook", "Root Entry"])
    def test_a_stream_larger_than_the_file(self, name):
        content = bytearray(books.old_book(ROWS))
        struct.pack_into("<I", content, content.index(books.entry(name)) + 120, 2**31 - 1)
        self.refused(bytes(content))
