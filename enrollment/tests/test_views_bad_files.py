"""Every bad file through the page on which it is sent: a sentence that says what to do, and nothing half-written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conftest import sign_in
from enrollment.models import FundYear, GoLiveProtocol, Household, Member
from enrollment.rules.roster_columns import CHINESE, Column
from enrollment.tests import factories
from enrollment.tests.keeping import PNG
from enrollment.tests.rosters import fund_year, number
from office import jobs
from office.models import Act, Duty, Job
from office.tests import books

pytestmark = pytest.mark.django_db

LOCKED, FORMULA, BOMB = "文件有密码保护", "单元格 F3 含有公式", "工作簿解压后体积异常"
TOO_MANY, CUT, MANGLED = "文件超过 500,000 行", "文本在一个字的中间中断", "请以文本格式重新录入"
COLUMNS = (Column.HOUSEHOLD, Column.HEAD, Column.NAME, Column.ID_NUMBER, Column.VILLAGE_CODE, Column.FEE)
HEADER = [CHINESE[column][0] for column in COLUMNS]
ROW = ["h1", "是", "马一", number(0), factories.VILLAGE, "20"]
MANY = 2_000_000


def csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


def book(*rows: Sequence[object], **formulas: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for cell, formula in formulas.items():
            sheet.write_formula(cell, f"={formula}")
    return out.getvalue()


def with_sheet(sheet: bytes, packing: int) -> bytes:
    """A workbook whose only sheet is this."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEADER))) as whole, zipfile.ZipFile(out, "w", packing) as made:
        for name in whole.namelist():
            made.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return out.getvalue()


def many_rows() -> bytes:
    """A workbook of two million rows, packed so little that it is no bomb."""
    header = "".join(f'<c t="str"><v>{name}</v></c>' for name in HEADER)
    rows = f"<row>{header}</row>".encode() + b"<row/>" * MANY
    return with_sheet(b"<worksheet>" + rows + b"</worksheet>", zipfile.ZIP_STORED)


def bomb() -> bytes:
    return with_sheet(b"<worksheet>" + b"<row/>" * 20_000_000 + b"</worksheet>", zipfile.ZIP_DEFLATED)


@pytest.fixture
def year(county) -> FundYear:
    factories.division()
    return fund_year()


@pytest.fixture
def clerk(ada) -> Client:
    return sign_in(Client(), ada)


def send(client: Client, year: FundYear, name: str, content: bytes):
    """Send a roster and let a worker check it; the page that the clerk then sees."""
    sent = {"fund_year": year.pk, "file": SimpleUploadedFile(name, content)}
    answer = client.post(reverse("enrollment:new_roster"), sent)
    if answer.status_code != 302:
        return answer
    asked = Job.objects.latest("pk")
    jobs.run(asked.pk)
    return client.get(answer.url)


def told(answer) -> str:
    return answer.content.decode()


#: What the office does not even keep.
REFUSED = {
    "a program": ("a.csv", lambda: b"MZ\0\0\3", "不支持这种文件"),
    "a workbook named csv": ("a.csv", lambda: book(HEADER, ROW), "文件名后缀是 .csv"),
    "a csv cut in a letter": ("a.csv", lambda: csv(HEADER, ROW)[: csv(HEADER, ROW).index("马".encode()) + 1], CUT),
    "a locked xlsx": ("a.xlsx", lambda: books.locked(book(HEADER, ROW)), LOCKED),
    "a locked xls": ("a.xls", lambda: books.locked_old(books.old_book([HEADER, ROW])), LOCKED),
    "an xlsx cut in the middle": ("a.xlsx", lambda: book(HEADER, ROW)[:-700], "工作簿已损坏"),
    "an xls cut in the middle": ("a.xls", lambda: books.old_book([HEADER, ROW])[:2_000], "工作簿已损坏"),
    "an archive bomb": ("a.xlsx", bomb, BOMB),
}
#: What the check then finds to be no roster.
FAILED = {
    "a picture": ("a.png", lambda: PNG, "此文件为 PNG"),
    "formulas in an xlsx": ("a.xlsx", lambda: book(HEADER, ROW, F3="1+1"), FORMULA),
    "formulas in an xls": ("a.xls", lambda: books.old_book([HEADER, ROW], F3="1+1"), FORMULA),
    "a csv cut in a row": ("a.csv", lambda: csv(HEADER, ROW)[:-10], "文件在第 2 行中断"),
    "two million rows of csv": ("a.csv", lambda: csv(HEADER) + b"1\r\n" * MANY, TOO_MANY),
    "two million rows of xlsx": ("a.xlsx", many_rows, TOO_MANY),
    "a header alone": ("a.csv", lambda: csv(HEADER), "列名之下没有数据行"),
    "an xls of another table": ("a.xls", lambda: books.old_book([["a", "b"], [1, 2]]), "首行应为列名"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_kept(case, clerk, year):
    name, content, words = REFUSED[case]
    answer = send(clerk, year, name, content())
    assert (answer.status_code, words in told(answer)) == (422, True)
    assert not Job.objects.exists()
    assert Act.objects.filter(kind=Act.Kind.REFUSED).count() == 1


@pytest.mark.parametrize("case", FAILED)
def test_a_file_that_is_no_roster(case, clerk, year):
    name, content, words = FAILED[case]
    page = told(send(clerk, year, name, content()))
    asked = Job.objects.get()
    assert (asked.state, words in page) == (Job.State.FAILED, True), asked.refusal
    assert not Member.objects.exists()
    refused = clerk.post(reverse("enrollment:write_roster", args=[asked.pk]), follow=True)
    assert "可写入行的名册才能写入" in told(refused)
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", lambda: book(HEADER, [*ROW[:3], int(number(0)), *ROW[4:]]), MANGLED),
        ("a.xls", lambda: books.old_book([HEADER, [*ROW[:3], float(number(0)), *ROW[4:]]]), MANGLED),
        ("a.csv", lambda: csv(HEADER, [*ROW[:3], "6.40522E+17", *ROW[4:]]), MANGLED),
        ("a.csv", lambda: csv(HEADER, [*ROW[:3], f"{number(0)[:15]}000", *ROW[4:]]), MANGLED),
    ],
    ids=["in an xlsx", "in an xls", "in a csv", "written out in a csv"],
)
def test_a_number_that_a_spreadsheet_mangled(name, content, words, clerk, year):
    page = told(send(clerk, year, name, content()))
    asked = Job.objects.get()
    assert (asked.state, asked.outcome[1][1]) == (Job.State.DONE, 0)
    assert words in page
    assert number(0) not in page
    assert not Member.objects.exists()


FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize("kind", ["csv", "gb18030", "xlsx", "xls"])
def test_full_width_digits_are_the_same_digits(kind, clerk, year):
    row = [*ROW[:3], *(cell.translate(FULL_WIDTH) for cell in ROW[3:])]
    content = {
        "csv": lambda: csv(HEADER, row),
        "gb18030": lambda: csv(HEADER, row, encoding="gb18030"),
        "xlsx": lambda: book(HEADER, row),
        "xls": lambda: books.old_book([HEADER, row]),
    }[kind]()
    send(clerk, year, "a.csv" if kind == "gb18030" else f"a.{kind}", content)
    clerk.post(reverse("enrollment:write_roster", args=[Job.objects.get().pk]))
    jobs.run(Job.objects.latest("pk").pk)
    who = Member.objects.get()
    assert (who.id_number, who.household.village.code, who.coverages.get().contribution.own) == (
        number(0),
        factories.VILLAGE,
        20,
    )


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("a.xls", lambda: books.old_book([HEADER, ROW], F3="1+1"), 302, FORMULA),
        ("a.xls", lambda: books.locked_old(books.old_book([HEADER, ROW])), 422, LOCKED),
        ("a.xlsx", lambda: books.locked(book(HEADER, ROW)), 422, LOCKED),
        ("a.xlsx", many_rows, 302, TOO_MANY),
        ("a.xlsx", bomb, 422, BOMB),
    ],
    ids=["formulas", "locked xls", "locked xlsx", "two million rows", "bomb"],
)
@pytest.mark.parametrize("kind", ["register", "coverage"])
def test_go_live_files_are_refused_alike(kind, name, content, status, words, year, appoint):
    client = sign_in(Client(), appoint("fay", Duty.FUND_ACCOUNTANT))
    sent = {"kind": kind, "fund_year": year.pk, "as_of": "2010-03-01", "file": SimpleUploadedFile(name, content())}
    answer = client.post(reverse("enrollment:go_live_new"), sent)
    assert answer.status_code == status
    if status == 302:
        jobs.run(Job.objects.latest("pk").pk)
        answer = client.get(answer.url)
    assert words in told(answer)
    assert not GoLiveProtocol.objects.exists()
    assert not Member.objects.exists()
