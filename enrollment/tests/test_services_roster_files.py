"""Rosters as they are sent: every kind of file that is none, each refused with a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from django.utils.translation import override

from enrollment.services import roster_files, workbooks
from enrollment.services.roster_files import CannotReadRoster, opened
from office.rules import old_workbooks
from office.sheets import CannotRead
from office.tests import books

HEADER = ["户编号", "户主", "姓名", "身份证号", "村代码", "缴费金额"]
ROW = ["1", "是", "马一", "640522197003010005", "640522100201", "20"]


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def sent(tmp_path):
    """A file with this name and content."""

    def write(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def text(*rows, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return (end.join(",".join(row) for row in (HEADER, *rows)) + end).encode(encoding)


def book(*rows, **formulas: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate((HEADER, *rows)):
            for place, value in enumerate(row):
                sheet.write(at, place, value)
        for cell, formula in formulas.items():
            sheet.write_formula(cell, formula)
    return out.getvalue()


def table(path):
    return [[*row] for row in opened(path, path.name).table()]


def refusal(path) -> str:
    with pytest.raises(CannotReadRoster) as caught:
        table(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_each_encoding(sent, encoding):
    assert table(sent("a.csv", text(ROW, encoding=encoding))) == [HEADER, ROW]


def test_a_workbook_with_text_numbers_and_gaps(sent):
    content = book(["", "", "马一", 640522197003010011, "", 20], [], [True, None, "x"])
    assert table(sent("a.xlsx", content)) == [
        HEADER,
        ["", "", "马一", 6.40522197003010011e17, "", 20.0],
        [],
        ["1", "", "x"],
    ]


def test_an_old_workbook_is_read_too(sent):
    content = books.old_book([HEADER, ROW, [], ["", "", 6.4e17, 20]])
    assert table(sent("a.xls", content)) == [HEADER, ROW, [""] * 6, ["", "", 6.4e17, 20, "", ""]]


def test_formulas_in_an_old_workbook(sent):
    said = refusal(sent("a.xls", books.old_book([HEADER, ROW], F3="1+1")))
    assert said == "Cell F3 holds a formula: copy the sheet, paste it as values, and send that."


def test_an_old_workbook_whose_sheet_breaks_off(sent):
    stream = old_workbooks.stream_of(books.old_book([HEADER, *[ROW] * 200]))
    assert "cannot be opened as a workbook" in refusal(sent("a.xls", books.in_container(stream[: len(stream) // 2])))


def test_another_kind_of_file(sent):
    pdf = sent("a.pdf", b"%PDF-1.4\n%%EOF\n")
    assert refusal(pdf) == "Send an Excel workbook or a CSV file; this is PDF."
    assert "no kind of file that the office takes" in refusal(sent("b.csv", b"\x00\x01\x02\xff"))
    assert "The name ends in .csv" in refusal(sent("c.csv", book(ROW)))


def test_an_empty_file(sent):
    assert refusal(sent("a.csv", b"")) == "The file is empty."


def test_a_locked_workbook(sent):
    name = "EncryptedPackage\0".encode("utf-16-le")
    entry = name.ljust(64, b"\0") + (len(name)).to_bytes(2, "little") + b"\2" + b"\0" * 61
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + entry
    assert refusal(sent("a.xlsx", locked)) == "The file is locked with a password: save it without one."


def test_formulas(sent):
    said = refusal(sent("a.xlsx", book(ROW, F3="=1+1")))
    assert said == "Cell F3 holds a formula: copy the sheet, paste it as values, and send that."


@pytest.mark.parametrize("cut", [1, 40, 700])
def test_a_workbook_cut_in_the_middle(sent, cut):
    assert "damaged" in refusal(sent("a.xlsx", book(ROW)[:-cut]))


def test_a_csv_cut_in_the_middle(sent):
    whole = text(ROW, ROW)
    assert refusal(sent("a.csv", whole[:-10])) == "The file breaks off in row 3: save it again and send it whole."
    assert "row 4" in refusal(sent("b.csv", whole + b'"'))
    letter = text(ROW)[: text(ROW).index("马".encode()) + 1]
    assert "breaks off in row 2" in refusal(sent("c.csv", letter))


def test_a_last_row_without_a_line_end_is_whole(sent):
    assert table(sent("a.csv", text(ROW)[:-2])) == [HEADER, ROW]


def test_an_archive_bomb(sent):
    out = io.BytesIO(book(ROW))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/media/zeros", bytes(64 * 1024 * 1024))
    assert "unpacks to far more" in refusal(sent("a.xlsx", out.getvalue()))


def test_two_million_rows_are_refused_by_their_count(sent):
    path = sent("a.csv", text() + b"1,2\n" * 2_000_000)
    with pytest.raises(CannotReadRoster, match="more than 500,000 rows: send it in parts"):
        opened(path, path.name)  # before a row was read


def test_a_file_larger_than_the_office_takes(sent, settings):
    settings.ATTACHMENT_LARGEST = 10
    assert "larger than" in refusal(sent("a.csv", text(ROW)))


def test_a_workbook_is_refused_at_the_first_row_too_many(sent, monkeypatch):
    monkeypatch.setattr(roster_files, "MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(sent("a.xlsx", book(ROW, ROW)))


def rebuilt(**parts: str) -> bytes:
    """A workbook with some of its parts written otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(ROW))) as whole, zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            short = name.rpartition("/")[2].partition(".")[0]
            made.writestr(name, parts.get(short, whole.read(name)))
    return out.getvalue()


class TestWorkbooks:
    """What other programs write into the same kind of file."""

    def test_other_names_of_tags_and_cells_without_a_place(self, sent):
        sheet = (
            '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1">'
            '<x:c t="inlineStr"><x:is><x:t>a</x:t><x:t>b</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c><x:c/></x:row>'
            '<x:row><x:c t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
        )
        assert list(workbooks.rows(sent("a.xlsx", rebuilt(sheet1=sheet)))) == [["ab", 7.0], ["#N/A"]]

    def test_sounds_written_above_letters_are_no_text(self, sent):
        strings = "<sst><si><t>马</t><rPh><t>mǎ</t></rPh></si><si><r><t>一</t></r><r><t>二</t></r></si></sst>"
        sheet = '<worksheet><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row></worksheet>'
        assert list(workbooks.rows(sent("a.xlsx", rebuilt(sharedStrings=strings, sheet1=sheet)))) == [["马", "一二"]]

    @pytest.mark.parametrize(
        "parts",
        [
            {"sheet1": "<worksheet><row"},
            {"sheet1": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'},
            {"sheet1": '<worksheet><row r="x"/></worksheet>'},
            {"sheet1": '<worksheet><row r="1"><c t="s"><v>99</v></c></row></worksheet>'},
            {"workbook": "<workbook/>"},
        ],
    )
    def test_a_broken_workbook(self, sent, parts):
        with pytest.raises(CannotRead):
            list(workbooks.rows(sent("a.xlsx", rebuilt(**parts))))

    def test_dates_come_as_the_days_that_workbooks_count(self, sent):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as made:
            made.add_worksheet().write_datetime(0, 0, date(1980, 1, 2), made.add_format({"num_format": "yyyy-mm-dd"}))
        assert list(workbooks.rows(sent("a.xlsx", out.getvalue()))) == [[29222.0]]
