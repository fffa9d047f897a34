"""What the office takes and refuses: every file here is built by hand."""

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from PIL import Image

from office.rules import files, old_workbooks
from office.tests import books

pytestmark = pytest.mark.rules


def picture(form, size=(40, 30), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form, **options)
    return out.getvalue()


def scan(pages):
    first, *others = [Image.new("1", (60, 40), 1) for _ in range(pages)]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others)
    return out.getvalue()


def workbook():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("参合").write_row(0, 0, ["户主", "人数"])
    return out.getvalue()


def archive(entries, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


WORKBOOK_PARTS = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}


def workbook_with(entries, **options):
    return archive(WORKBOOK_PARTS | entries, **options)


def ole(*names, kind=2):
    """An old Office container: a header and one directory sector with the named entries."""
    header = files.OLE_START.ljust(512, b"\0")
    directory = b""
    for name in names:
        written = f"{name}\0".encode("utf-16-le")
        entry = written.ljust(64, b"\0") + struct.pack("<HB", len(written), kind)
        directory += entry.ljust(128, b"\0")
    return header + directory.ljust(1024, b"\0")


OLD = books.old_book([["户主", "人数"]])
OLD_5 = books.in_container(old_workbooks.stream_of(OLD), "Book")
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
PNG = picture("PNG")
TABLE = "村,户主,人数\n大沟村,马小明,4\n"


def recognise(content, name, **options):
    return files.recognise(content, name, len(content), **options)


class TestRecognise:
    @pytest.mark.parametrize(
        ("content", "name", "kind"),
        [
            pytest.param(picture("JPEG"), "发票.jpg", files.JPEG, id="jpeg"),
            pytest.param(picture("JPEG"), "IMG.JPEG", files.JPEG, id="jpeg, long name in capitals"),
            pytest.param(PNG, "a.png", files.PNG, id="png"),
            pytest.param(PNG, "a", files.PNG, id="no extension"),
            pytest.param(picture("TIFF"), "a.tif", files.TIFF, id="tiff"),
            pytest.param(scan(3), "a.tiff", files.TIFF, id="tiff of three pages"),
            pytest.param(PDF, "a.pdf", files.PDF, id="pdf"),
            pytest.param(workbook(), "名册.xlsx", files.XLSX, id="xlsx"),
            pytest.param(workbook_with({}, method=zipfile.ZIP_STORED), "a.xlsx", files.XLSX, id="stored xlsx"),
            pytest.param(OLD, "a.xls", files.XLS, id="xls"),
            pytest.param(OLD_5, "a.xls", files.XLS, id="xls of Excel 5"),
            pytest.param(TABLE.encode(), "a.csv", files.CSV, id="csv in UTF-8"),
            pytest.param(TABLE.encode("utf-8-sig"), "a.csv", files.CSV, id="csv with mark"),
            pytest.param(TABLE.encode("gb18030"), "a.CSV", files.CSV, id="csv in GB18030"),
            pytest.param(b"BM,MC\r\n1,2\r\n", "a.csv", files.CSV, id="csv headed like a bitmap"),
            pytest.param("说明".encode("gbk"), "a.txt", files.TXT, id="text"),
        ],
    )
    def test_tells_the_kind_by_content(self, content, name, kind):
        assert recognise(content, name) == kind

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            pytest.param(b"", "a.png", "empty", id="empty"),
            pytest.param(b"MZ\x90\0\3", "a.exe", "unknown", id="program"),
            pytest.param(b"MZ\x90\0\3", "a.csv", "unknown", id="program named csv"),
            pytest.param(b"MZ\0\0\3", "a.txt", "unknown", id="control bytes in text"),
            pytest.param(picture("BMP"), "a.bmp", "unknown", id="bitmap"),
            pytest.param(picture("GIF"), "a.gif", "unknown", id="gif"),
            pytest.param(archive({"word/document.xml": "x"}), "a.docx", "unknown", id="docx"),
            pytest.param(archive({"a.txt": "x"}), "a.zip", "unknown", id="zip"),
            pytest.param(b"\x82\xff\xff", "a.txt", "unknown", id="no GB18030"),
            pytest.param(ole("WordDocument"), "a.doc", "unknown", id="doc"),
            pytest.param(ole("Workbook", kind=0), "a.xls", "unknown", id="unused ole entry"),
            pytest.param(b"x" * 7 + ole("Workbook"), "a.xls", "unknown", id="ole not at the start"),
            pytest.param(b"<html><table>", "a.csv", "unknown", id="page named csv"),
            pytest.param(TABLE.encode(), "a", "unknown", id="text without extension"),
            pytest.param(b"\xff\xff\xff", "a.txt", "unknown", id="no known letters"),
            pytest.param(TABLE.encode()[:2], "a.csv", "broken_text", id="cut in a letter of UTF-8"),
            pytest.param("a,说明".encode("gb18030")[:-1], "a.txt", "broken_text", id="cut in a letter of GB18030"),
            pytest.param(b"\0\1\x82", "a.csv", "unknown", id="control bytes and half a letter"),
            pytest.param(TABLE.encode("utf-16"), "a.csv", "unknown", id="UTF-16"),
            pytest.param(PNG, "a.jpg", "contradiction", id="png named jpg"),
            pytest.param(PDF, "a.xlsx", "contradiction", id="pdf named xlsx"),
            pytest.param(workbook(), "a.xlsm", "contradiction", id="xlsx named xlsm"),
            pytest.param(TABLE.encode(), "a.xls", "contradiction", id="text named xls"),
            pytest.param(PNG[:-30], "a.png", "broken_picture", id="cut png"),
            pytest.param(picture("JPEG")[:200], "a.jpg", "broken_picture", id="cut jpeg"),
            pytest.param(b"II*\0".ljust(64, b"\xff"), "a.tif", "broken_picture", id="empty tiff"),
            pytest.param(PDF[:-8], "a.pdf", "broken_pdf", id="cut pdf"),
            pytest.param(PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"), "a.pdf", "encrypted", id="locked pdf"),
            pytest.param(ole("EncryptedPackage"), "a.xlsx", "encrypted", id="locked xlsx"),
            pytest.param(ole("Workbook", "_VBA_PROJECT_CUR", kind=1), "a.xls", "macros", id="xls with macros"),
            pytest.param(workbook_with({"xl/vbaProject.bin": "x"}), "a.xlsx", "macros", id="xlsx with macros"),
            pytest.param(workbook_with({"xl/macrosheets/sheet1.xml": "x"}), "a.xlsx", "macros", id="xlm"),
            pytest.param(workbook()[:-40], "a.xlsx", "broken_workbook", id="cut xlsx"),
            pytest.param(OLD[:1500], "a.xls", "broken_workbook", id="cut xls"),
            pytest.param(ole("Workbook"), "a.xls", "broken_workbook", id="xls without content"),
            pytest.param(books.locked(workbook()), "a.xlsx", "encrypted", id="xlsx behind a password"),
            pytest.param(books.locked_old(OLD), "a.xls", "encrypted", id="xls behind a password"),
            pytest.param(
                workbook_with({"a": "x"}, method=zipfile.ZIP_BZIP2),
                "a.xlsx",
                "broken_workbook",
                id="foreign packing",
            ),
        ],
    )
    def test_refuses(self, content, name, code):
        with pytest.raises(files.CannotAccept) as refusal:
            recognise(content, name)

        assert refusal.value.code == code
        assert str(refusal.value) == refusal.value.sentence.format(**refusal.value.params)

    @pytest.mark.parametrize("path", ["../x", "xl/../../x", "/etc/x", "xl\\..\\x", "c:x", "a\0b"])
    def test_refuses_paths_that_leave_the_workbook(self, path):
        # The zip library cuts a name at its zero byte when it writes; the byte goes in afterwards.
        content = workbook_with({path.replace("\0", "#"): "x"})
        content = content.replace(b"a#b", b"a\0b")

        assert refusal_of(content, "a.xlsx").code == "strange_paths"

    def test_refuses_a_locked_entry(self):
        content = workbook_with({})
        at = content.index(files.DIRECTORY_ENTRY) + 8
        locked = content[:at] + b"\1\0" + content[at + 2 :]

        assert refusal_of(locked, "a.xlsx").code == "encrypted"


def refusal_of(content, name, **options):
    with pytest.raises(files.CannotAccept) as refusal:
        recognise(content, name, **options)
    return refusal.value


class TestSize:
    def test_the_limit_itself_is_taken(self):
        assert recognise(PNG, "a.png", largest=len(PNG)) == files.PNG

    def test_one_byte_more_is_refused_and_the_limit_told(self):
        refusal = refusal_of(b"\0" * (2 * files.MEGABYTE + 1), "a.png", largest=2 * files.MEGABYTE)

        assert str(refusal) == "The file is larger than 2 MB."

    def test_an_announced_size_above_the_limit_is_refused(self):
        with pytest.raises(files.CannotAccept) as refusal:
            files.recognise(PNG, "a.png", 10**12)

        assert refusal.value.code == "too_large"

    def test_a_file_that_did_not_arrive_whole_is_refused(self):
        with pytest.raises(files.CannotAccept) as refusal:
            files.recognise(PNG, "a.png", len(PNG) + 1)

        assert refusal.value.code == "incomplete"


class TestPictureBombs:
    def test_the_pixel_limit_itself_is_taken(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_PIXELS", 40 * 30)

        assert recognise(PNG, "a.png") == files.PNG

    def test_one_pixel_more_is_refused(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_PIXELS", 40 * 30 - 1)

        assert refusal_of(PNG, "a.png").code == "too_many_pixels"

    def test_a_picture_that_declares_far_too_much_is_refused_unopened(self):
        # A header for 60,000 x 60,000 pixels, with no data behind it.
        header = PNG[:16] + struct.pack(">II", 60_000, 60_000) + PNG[24:29]
        crc = struct.pack(">I", zlib.crc32(header[12:]))

        assert refusal_of(header + crc + PNG[33:], "a.png").code == "too_many_pixels"

    def test_a_scan_with_too_many_pixels_in_all_is_refused(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_PIXELS_IN_ALL", 60 * 40 * 2)

        assert recognise(scan(2), "a.tif") == files.TIFF
        assert refusal_of(scan(3), "a.tif").code == "too_many_pages"


class TestZipBombs:
    def test_refuses_too_high_a_ratio(self):
        content = workbook_with({"xl/a": b"\0" * (files.RATIO_MATTERS_ABOVE + 1)})

        assert refusal_of(content, "a.xlsx").code == "inflates"

    def test_takes_a_small_file_that_packs_well(self):
        content = workbook_with({"xl/a": b"\0" * files.MEGABYTE})

        assert recognise(content, "a.xlsx") == files.XLSX

    def test_refuses_too_much_in_all(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_INFLATED", 1000)

        assert refusal_of(workbook_with({"a": "x" * 1001}), "a.xlsx").code == "inflates"

    def test_counts_what_comes_out_and_not_what_is_declared(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_INFLATED", 1000)
        honest = workbook_with({"a": "x" * 5000})
        lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 5))

        assert refusal_of(lying, "a.xlsx").code == "inflates"

    def test_refuses_too_many_entries(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_ENTRIES", 5)

        assert recognise(workbook_with({"a": "", "b": "", "c": ""}), "a.xlsx") == files.XLSX
        content = workbook_with(dict.fromkeys("abcd", ""))
        assert refusal_of(content, "a.xlsx").code == "inflates"

    @pytest.mark.parametrize("extra", [-1, 0, 1])
    def test_measures_entries_around_a_whole_megabyte(self, extra):
        content = workbook_with({"xl/a": b"\0" * (files.MEGABYTE + extra)})

        assert recognise(content, "a.xlsx") == files.XLSX

    def test_refuses_damaged_content(self):
        content = workbook_with({"xl/a": bytes(range(256)) * 4})
        at = content.index(b"xl/a") + len("xl/a")
        end = content.index(files.DIRECTORY_ENTRY)
        damaged = content[:at] + b"\xff" * (end - at) + content[end:]

        assert refusal_of(damaged, "a.xlsx").code == "broken_workbook"

    def test_refuses_content_that_breaks_off(self):
        content = workbook_with({})
        at = content.index(files.DIRECTORY_ENTRY) + 20
        cut = content[:at] + struct.pack("<I", 3) + content[at + 4 :]

        assert refusal_of(cut, "a.xlsx").code == "broken_workbook"

    def test_refuses_an_entry_that_points_outside(self):
        content = workbook_with({})
        at = content.index(files.DIRECTORY_ENTRY) + 42
        lost = content[:at] + struct.pack("<I", len(content) - 10) + content[at + 4 :]

        assert refusal_of(lost, "a.xlsx").code == "broken_workbook"


class TestCleanName:
    @pytest.mark.parametrize(
        ("name", "clean"),
        [
            pytest.param("2010年参合名册.xlsx", "2010年参合名册.xlsx", id="Chinese stays"),
            pytest.param("../../etc/passwd", "passwd", id="path"),
            pytest.param("C:\\桌面\\发票.jpg", "发票.jpg", id="Windows path"),
            pytest.param("a\r\nb\0.pdf", "ab.pdf", id="control characters"),
            pytest.param("发票\u202efdp.exe", "发票fdp.exe", id="right-to-left override"),
            pytest.param("a\u200bb.pdf", "ab.pdf", id="invisible characters"),
            pytest.param('a<b>:"c|?*.pdf', "a_b___c___.pdf", id="forbidden on Windows"),
            pytest.param("  a   b .pdf  ", "a b .pdf", id="blanks"),
            pytest.param("..hidden.", "hidden", id="points around"),
            pytest.param("", files.UNNAMED, id="empty"),
            pytest.param("/", files.UNNAMED, id="only a path"),
            pytest.param("e\u0301.pdf", "é.pdf", id="one form of letters"),
        ],
    )
    def test_shows_what_is_safe(self, name, clean):
        assert files.clean_name(name) == clean

    def test_cuts_before_the_extension(self):
        clean = files.clean_name("长" * 300 + ".xlsx")

        assert len(clean) == files.LONGEST_NAME
        assert clean.endswith("长.xlsx")

    def test_cuts_an_endless_extension_too(self):
        assert len(files.clean_name("a." + "x" * 300)) <= files.LONGEST_NAME
