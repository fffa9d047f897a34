"""Files of catalogues and diseases: read whole, refused in words, taken in once."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from claims.models import Catalogue, CatalogueEntry, Disease
from claims.services import catalogues, diseases
from claims.services.catalogues import CannotTakeIn, Edition
from claims.services.diseases import CannotBringIn
from claims.tests import basics
from claims.tests.basics import kept, path_of, table
from conftest import NOON
from enrollment.services.roster_files import CannotReadRoster
from enrollment.tests.factories import scheme
from office import attachments
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADER = ["编码", "名称", "类别", "限价"]
ROWS = [["a1", "阿莫西林", "甲", "6.50"], ["b2", "青霉素", "乙", ""]]
FIRST = date(2010, 1, 1)


@pytest.fixture
def kim(appoint):
    """Keeps what plans look up."""
    return appoint("kim", Duty.ACCOUNTING_HEAD)


def edition(first: date = FIRST, kind: str = "drugs", document: str = " 1号 ") -> Edition:
    return Edition(scheme(), kind, first, document)


def take_in(content: bytes, kim, of: Edition | None = None, name: str = "药品.csv") -> Catalogue:
    return catalogues.take_in_edition(edition=of or edition(), file=kept(content, name), by=kim, at=NOON)


class TestCatalogues:
    def test_taken_in_whole_with_its_file(self, kim, dan):
        made = take_in(table(HEADER, *ROWS), kim)
        assert (made.document, made.entries_count, made.period.upper) == ("1号", 2, None)
        entries = made.entries.order_by("code").values_list("code", "item_class", "group", "price_limit")
        assert [(*one[:3], str(one[3])) for one in entries] == [
            ("A1", "A", "drug", "6.50"),
            ("B2", "B", "drug", "None"),
        ]
        act = Act.objects.get(name="catalogue.taken_in")
        assert (act.facts["entries"], act.duty) == (2, Duty.ACCOUNTING_HEAD)
        assert attachments.may_read(attachments.of(made).get(), dan)

    def test_many_entries_are_written_in_pieces(self, kim, monkeypatch):
        monkeypatch.setattr(catalogues, "TOGETHER", 2)
        rows = [[f"c{number}", "药", "甲", ""] for number in range(5)]
        assert take_in(table(HEADER, *rows), kim).entries.count() == 5

    def test_a_workbook_and_gb18030(self, kim, tmp_path):
        book = io.BytesIO()
        with xlsxwriter.Workbook(book) as made:
            sheet = made.add_worksheet()
            for at, row in enumerate([HEADER, ["a1", "阿莫西林", "甲", 6.5]]):
                sheet.write_row(at, 0, row)
        path = path_of(book.getvalue(), tmp_path, "a.xlsx")
        found, _sha256 = catalogues.read_edition(path=path, name="a.xlsx", kind="drugs")
        assert [str(one.price_limit) for one in found.good] == ["6.5"]
        path = path_of(table(HEADER, *ROWS, encoding="gb18030"), tmp_path)
        found, _sha256 = catalogues.read_edition(path=path, name="a.csv", kind="drugs")
        assert [one.name for one in found.good] == ["阿莫西林", "青霉素"]

    def test_a_newer_edition_ends_the_one_before(self, kim):
        first = take_in(table(HEADER, *ROWS), kim)
        other = take_in(
            table(["编码", "名称", "类别", "费用类别"], ["s1", "CT", "乙", "检查"]), kim, edition(kind="services")
        )
        second = take_in(table(HEADER, ROWS[0]), kim, edition(date(2010, 7, 1)))
        first.refresh_from_db()
        other.refresh_from_db()
        assert (first.period.upper, second.period.upper, other.period.upper) == (date(2010, 7, 1), None, None)
        assert Act.objects.get(name="catalogue.ended").facts["ended_before"] == "2010-07-01"

    def test_what_ended_long_before_stays_as_it_is(self, kim):
        ended = basics.edition(period=("2008-01-01", "2009-01-01"))
        take_in(table(HEADER, *ROWS), kim)
        ended.refresh_from_db()
        assert ended.period.upper == date(2009, 1, 1)
        assert not Act.objects.filter(name="catalogue.ended").exists()

    def test_what_is_refused(self, kim):
        with pytest.raises(CannotTakeIn, match="by which paper"):
            take_in(table(HEADER, *ROWS), kim, edition(document=" "))
        with pytest.raises(CannotTakeIn, match="taken in whole"):
            take_in(table(HEADER, *ROWS, ["", "x", "甲", ""]), kim)
        with pytest.raises(CannotTakeIn, match="taken in whole"):
            take_in(table(HEADER), kim)
        assert not Catalogue.objects.exists()
        take_in(table(HEADER, *ROWS), kim)
        with pytest.raises(CannotTakeIn, match="from 2010-01-01 on is there already"):
            take_in(table(HEADER, ROWS[0]), kim)
        with pytest.raises(CannotTakeIn, match="the newest edition already"):
            take_in(table(HEADER, *ROWS), kim, edition(date(2010, 7, 1)))
        assert CatalogueEntry.objects.count() == 2


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (table(["编码", "名称"]), "a.csv", "missing: 类别"),
            (table(["编码", "编码", "名称", "类别"]), "a.csv", "twice: 编码"),
            (b"", "a.csv", "empty|missing"),
            (table(HEADER, *ROWS)[:-3], "a.csv", "breaks off"),
        ],
    )
    def test_what_is_no_catalogue(self, tmp_path, content, name, words):
        with pytest.raises((CannotTakeIn, CannotReadRoster), match=words):
            catalogues.read_edition(path=path_of(content, tmp_path, name), name=name, kind="drugs")

    def test_a_picture_is_no_table(self, tmp_path):
        path = path_of(b"%PDF-1.4\n%%EOF", tmp_path, "a.pdf")
        with pytest.raises(CannotReadRoster, match="Excel workbook or a CSV file; this is PDF"):
            catalogues.read_edition(path=path, name="a.pdf", kind="drugs")


class TestDiseases:
    def test_new_ones_are_added_and_known_ones_renamed(self, kim):
        known = basics.disease("I10", "高血压病")
        same = basics.disease("J18", "肺炎")
        content = table(
            ["编码", "名称", "在用"], ["i10", "原发性高血压", ""], ["J18", "肺炎", "是"], ["K35", "阑尾炎", "否"]
        )
        found = diseases.import_diseases(file=kept(content), by=kim, at=NOON)
        assert (found.added, found.changed) == (1, 1)
        known.refresh_from_db()
        assert (known.name, "yfxgxy" in known.search_keys) == ("原发性高血压", True)
        assert Disease.objects.get(code="K35").is_used is False
        assert same.name == Disease.objects.get(code="J18").name
        act = Act.objects.get(name="diseases.imported")
        assert (act.facts["added"], act.facts["changed"], act.duty) == (1, 1, Duty.ACCOUNTING_HEAD)
        again = diseases.import_diseases(file=kept(content), by=kim, at=NOON)
        assert (again.added, again.changed) == (0, 0)

    def test_faulty_rows_stay_out_and_a_file_without_good_ones_is_refused(self, kim):
        content = table(["编码", "名称"], ["I10", "高血压"], ["", "肺炎"])
        assert diseases.import_diseases(file=kept(content), by=kim, at=NOON).added == 1
        with pytest.raises(CannotBringIn, match="No row of this file"):
            diseases.import_diseases(file=kept(table(["编码", "名称"])), by=kim, at=NOON)
        with pytest.raises(CannotBringIn, match="missing: 名称"):
            diseases.import_diseases(file=kept(table(["编码"])), by=kim, at=NOON)
