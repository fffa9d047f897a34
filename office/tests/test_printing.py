"""Prints read back: their text, pages, fonts and places; and how pages show figures."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from django.conf import settings as configured
from django.template import Context, Template
from django.utils.translation import gettext_lazy, override

from office import printing

AT = datetime(2010, 3, 1, 6, 5, 59, tzinfo=UTC)  # 14:05 in Shanghai
NO_OFFSET = {"dx_mm": Decimal(0), "dy_mm": Decimal(0)}
OFFICE = "海原县新型农村合作医疗管理办公室"
WEEKDAYS_2010 = {day: day.weekday() < 5 for day in (date(2010, 1, 1) + timedelta(n) for n in range(365))}
RECEIPT = {
    "number": "0012345",
    "date": date(2010, 3, 1),
    "household_head": "马小明",
    "village": "七营镇大沟村",
    "people": 4,
    "amount_figures": Decimal("1409.5"),
    "amount_capitals": "壹仟肆佰零玖元伍角",
    "collector": "",
    "note": "",
}
SAMPLE = """
#import "/office/print/house.typ": *
#show: paper
#data.name
#sheet((auto, 1fr), (left, right), ("户主", "金额"), data.rows, total: ("合计", data.sum))
#amount-row(data.capitals, data.sum)
#signatures()
"""


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def own_footers(monkeypatch):
    monkeypatch.setattr(printing, "footers", [])


@pytest.fixture
def sample(tmp_path, settings):
    """A document of the test's own beside the house's own parts, in a second templates folder."""
    folder = tmp_path / "office" / "print"
    shutil.copytree(configured.TEMPLATES[0]["DIRS"][0] / "office" / "print", folder)
    (folder / "sample.typ").write_text(SAMPLE, encoding="utf-8")
    dirs = [*configured.TEMPLATES[0]["DIRS"], tmp_path]
    settings.TEMPLATES = [{**configured.TEMPLATES[0], "DIRS": dirs}]

    def made(rows=(("马小明", Decimal("1409.5")),), name="", **more):
        data = {
            "office": OFFICE,
            "title": "收款清单",
            "name": name,
            "rows": rows,
            "sum": Decimal(1234567),
            "capitals": "壹佰贰拾叁万肆仟伍佰陆拾柒元整",
            **more,
        }
        return printing.render("office/print/sample.typ", data, at=AT)

    return made


def pages(content):
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages]


def places(content):
    """Where each text starts on the first page, in millimetres from its upper left corner."""
    page = pypdf.PdfReader(BytesIO(content)).pages[0]
    found = {}

    def visit(text, cm, tm, _font, _size):
        if text.strip():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found[text.strip()] = (x * 25.4 / 72, (float(page.mediabox.height) - y) * 25.4 / 72)

    page.extract_text(visitor_text=visit)
    return found


class TestRender:
    def test_prints_office_title_number_table_and_signatures(self, sample):
        text = pages(sample(number="2010-017"))[0]

        for part in (
            *(OFFICE, "收款清单", "No. 2010-017", "户主", "马小明", "1,409.50", "1,234,567.00"),
            *("In capitals, RMB", "壹佰贰拾叁万肆仟伍佰陆拾柒元整"),
            *("Prepared by", "Checked by", "Person in charge"),
            *("Page 1 of 1", "Printed 2010-03-01 14:05"),
        ):
            assert part in text

    def test_speaks_the_active_language(self, sample):
        with override("zh-hans"):
            text = pages(sample())[0]

        assert "第 1 页 共 1 页" in text
        assert "制表" in text

    def test_gives_the_same_bytes_again(self, sample):
        assert sample() == sample()

    def test_is_an_archive_pdf_as_of_the_given_time(self, sample):
        content = sample()
        reader = pypdf.PdfReader(BytesIO(content))

        assert b"<pdfaid:part>2</pdfaid:part>" in content
        assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
        assert reader.metadata.creation_date == AT
        assert reader.metadata.title == "收款清单"

    def test_embeds_the_font_pack_and_no_other(self, sample):
        page = pypdf.PdfReader(BytesIO(sample())).pages[0]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]

        assert fonts
        for font in fonts:
            assert "+NotoS" in font["/BaseFont"]
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile3" in descriptor

    def test_knows_the_fonts_of_the_pack_alone(self):
        assert set(printing._fonts().families()) == {"Noto Sans SC", "Noto Serif SC"}

    @pytest.mark.parametrize(
        "name",
        [
            '#eval("1+1")',
            '#panic("x")',
            "]#sys.version[",
            "$x^2$ *b* _i_ `c`",
            "\"双引号\" '单'",
            "back\\slash \\n",
            "<label> @ref // no comment",
            "= heading",
            "{data.office}",
        ],
    )
    def test_prints_what_was_typed_and_never_runs_it(self, sample, name):
        assert name in pages(sample(name=name, rows=((name, Decimal(1)),)))[0]

    def test_drops_marks_without_shape(self, sample):
        assert "马小明" in pages(sample(name="马\u202e小\x00明\u200b"))[0]

    def test_repeats_the_header_on_every_page(self, sample):
        rows = [(f"第{n}户户主", Decimal(n)) for n in range(200)]
        texts = pages(sample(rows=rows))

        assert len(texts) > 3
        assert all("金额" in text for text in texts)
        assert all(OFFICE in text for text in texts)
        assert f"Page 2 of {len(texts)}" in texts[1]
        assert "第199户户主" in texts[-1]

    def test_prints_the_registered_footers(self, sample):
        printing.register_footer(lambda at: f"seal {at.year}")
        printing.register_footer(lambda _at: "")
        printing.register_footer(lambda _at: "7F3K-92QD")

        assert "seal 2010 · 7F3K-92QD" in pages(sample())[0]

    def test_translates_lazy_texts_when_it_prints(self, sample):
        assert "Checked by" in pages(sample(name=gettext_lazy("Checked by")))[0]

    def test_names_the_letters_that_the_font_lacks(self, sample):
        with pytest.raises(printing.CannotPrint, match="no shape for 𠮷:"):
            sample(name="𠮷")

    def test_refuses_a_missing_template(self):
        with pytest.raises(printing.CannotPrint, match=r"none\.typ is missing"):
            printing.render("office/print/none.typ", {}, at=AT)

    def test_refuses_a_template_outside_the_folders(self, sample, tmp_path):
        (tmp_path.parent / "outside.typ").write_text("x")

        with pytest.raises(printing.CannotPrint, match="missing"):
            printing.render("../outside.typ", {}, at=AT)

    def test_tells_the_fault_of_a_template(self):
        with pytest.raises(printing.CannotPrint, match="tell the administrator"):
            printing.render("office/print/job_report.typ", {}, at=AT)

    def test_refuses_a_float(self, sample):
        with pytest.raises(TypeError, match="cannot show a float"):
            sample(name=1.5)

    def test_refuses_a_time_without_a_zone(self):
        naive = AT.replace(tzinfo=None)

        with pytest.raises(ValueError, match="without a zone"):
            printing.render("office/print/job_report.typ", {}, at=naive)


class TestFill:
    def test_prints_the_values_alone_on_a_page_of_the_forms_size(self):
        content = printing.fill(printing.RECEIPT, RECEIPT, **NO_OFFSET, at=AT)
        page = pypdf.PdfReader(BytesIO(content)).pages[0]

        assert float(page.mediabox.width) == pytest.approx(190 / 25.4 * 72, abs=0.01)
        assert float(page.mediabox.height) == pytest.approx(95 / 25.4 * 72, abs=0.01)
        assert set(page.extract_text().split()) == {
            *("0012345", "2010-03-01", "马小明", "七营镇大沟村", "4", "1,409.50"),
            "壹仟肆佰零玖元伍角",
        }

    def test_stands_on_the_line_of_its_spot(self):
        found = places(printing.fill(printing.RECEIPT, RECEIPT, **NO_OFFSET, at=AT))

        assert found["马小明"] == pytest.approx((40, 40), abs=0.01)
        assert found["壹仟肆佰零玖元伍角"] == pytest.approx((45, 62), abs=0.01)

    @pytest.mark.parametrize("align", ["left", "center", "right"])
    def test_aligns_within_its_width(self, align):
        spot = printing.Spot("a", Decimal(10), Decimal(20), Decimal(50), align=align)
        form = printing.PreprintedForm("x", "x", Decimal(100), Decimal(50), (spot,))
        width = 2 * 11 / 72 * 25.4  # two Chinese letters of 11 points
        start = {"left": 10, "center": 35 - width / 2, "right": 60 - width}

        found = places(printing.fill(form, {"a": "马明"}, **NO_OFFSET, at=AT))

        assert found["马明"] == pytest.approx((start[align], 20), abs=0.01)

    @pytest.mark.parametrize(("dx", "dy"), [("1.5", "0"), ("0", "-2.3"), ("-0.7", "4"), ("0.1", "0.1")])
    def test_moves_by_the_printers_offsets(self, dx, dy):
        before = places(printing.fill(printing.RECEIPT, RECEIPT, **NO_OFFSET, at=AT))
        after = places(printing.fill(printing.RECEIPT, RECEIPT, dx_mm=Decimal(dx), dy_mm=Decimal(dy), at=AT))

        assert len(after) == 7
        for text, (x, y) in before.items():
            assert after[text] == pytest.approx((x + float(dx), y + float(dy)), abs=0.01)

    def test_gives_the_same_bytes_again(self):
        one, two = (printing.fill(printing.RECEIPT, RECEIPT, **NO_OFFSET, at=AT) for _ in "ab")

        assert one == two

    def test_puts_a_value_on_one_line(self):
        found = places(printing.fill(printing.RECEIPT, RECEIPT | {"village": "七营镇\n大沟村"}, **NO_OFFSET, at=AT))

        assert any("七营镇" in text and "大沟村" in text for text in found)

    @pytest.mark.parametrize(
        ("values", "named"),
        [
            pytest.param(RECEIPT | {"remark": "x"}, "remark", id="unknown"),
            pytest.param({k: v for k, v in RECEIPT.items() if k != "people"}, "people", id="missing"),
        ],
    )
    def test_refuses_values_that_do_not_match_the_spots(self, values, named):
        with pytest.raises(printing.CannotPrint, match=f"Official receipt”: {named}"):
            printing.fill(printing.RECEIPT, values, **NO_OFFSET, at=AT)

    def test_refuses_a_text_wider_than_its_spot(self):
        # 50 mm hold twelve Chinese letters of 11 points and not thirteen.
        fits, too_wide = RECEIPT | {"household_head": "马" * 12}, {"household_head": "马" * 13}
        printing.fill(printing.RECEIPT, fits, **NO_OFFSET, at=AT)

        with pytest.raises(printing.CannotPrint, match=f"“{'马' * 13}” is too wide"):
            printing.fill(printing.RECEIPT, RECEIPT | too_wide, **NO_OFFSET, at=AT)

    @pytest.mark.parametrize(("dx", "dy"), [(-31, 0), (11, 0), (0, -15), (0, 16)])
    def test_refuses_offsets_that_leave_the_paper(self, dx, dy):
        with pytest.raises(printing.CannotPrint, match="fall off the paper"):
            printing.fill(printing.RECEIPT, RECEIPT, dx_mm=Decimal(dx), dy_mm=Decimal(dy), at=AT)

    def test_fills_the_alignment_form(self):
        values = {"upper_left": "左上", "lower_right": "右下"}
        found = places(printing.fill(printing.ALIGNMENT, values, **NO_OFFSET, at=AT))

        assert found["左上"] == pytest.approx((20, 20), abs=0.01)
        assert found["右下"] == pytest.approx((190 - 22 / 72 * 25.4, 277), abs=0.01)


class TestRegistry:
    def test_knows_the_forms_by_their_code(self):
        assert printing.preprinted["receipt"] is printing.RECEIPT
        assert printing.preprinted["alignment"] is printing.ALIGNMENT

    def test_refuses_a_code_that_is_taken(self):
        with pytest.raises(ValueError, match="receipt already"):
            printing.register_preprinted(printing.RECEIPT)

    def test_takes_a_new_form(self, monkeypatch):
        monkeypatch.setattr(printing, "preprinted", {})

        assert printing.register_preprinted(printing.RECEIPT) is printing.RECEIPT
        assert list(printing.preprinted) == ["receipt"]


class TestAlignment:
    def test_moves_the_grid_and_tells_the_offsets(self):
        options = {"printer": "财务室 LQ-630K", "at": AT}
        plain = printing.alignment(printing.ALIGNMENT, **options, **NO_OFFSET)
        moved = printing.alignment(printing.ALIGNMENT, **options, dx_mm=Decimal("1.5"), dy_mm=Decimal("-0.5"))
        text = pages(moved)[0]

        assert "Offsets now: 1.5 mm to the right, -0.5 mm down" in text
        assert "财务室 LQ-630K" in text
        x, y = places(plain)["190"]
        assert places(moved)["190"] == pytest.approx((x + 1.5, y - 0.5), abs=0.01)

    def test_fits_a_small_form(self):
        content = printing.alignment(printing.RECEIPT, printer="x", **NO_OFFSET, at=AT)

        assert len(pages(content)) == 1
        assert "190 × 95 mm" in pages(content)[0]


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "name", "text"),
        [
            (386_772, "count", "386,772"),
            (Decimal("12345.6"), "yuan", "12,345.60"),
            (0, "yuan", "0.00"),
            (None, "yuan", ""),
            ("", "yuan", ""),
            (Decimal("12345.6"), "money", "¥12,345.60"),
            (Decimal("-0.5"), "money", "-¥0.50"),
            (None, "money", ""),
            (Decimal("1409.50"), "capitals", "壹仟肆佰零玖元伍角"),
            (None, "capitals", ""),
            (Decimal(12345600), "wan", "1,234.56"),
            (None, "wan", ""),
        ],
    )
    def test_shows(self, value, name, text):
        page = Template(f"{{% load figures %}}{{{{ value|{name} }}}}")

        assert page.render(Context({"value": value})) == text
