"""The office's own papers: the slip of a job and the year's working days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from django.utils.translation import override

from office import attachments, printing, prints, sentences, sheets
from office.models import Job
from office.rules.days import WorkingDays
from office.sentences import said

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
}


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def own_footers(monkeypatch):
    monkeypatch.setattr(printing, "footers", [])


def pages(content):
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages]


class TestJobSlip:
    def test_it_is_in_the_readers_language_and_masks_id_numbers(self, ada):
        asked = Job.objects.create(
            name="x",
            title=said("Holiday notice %(year)s", year="2010"),
            asked_by=ada,
            asked_at=AT,
            sent_at=AT,
            finished_at=AT,
            state="done",
            outcome=[[sentences.kept(said("Faulty rows")), 1]],
        )
        rows = [[3, "110105194912310021", "640522100201", "身份证号 110105491231002 重复"]]
        asked.faults = attachments.keep_made(
            subject=asked,
            name="x.xlsx",
            content=sheets.workbook(["行", "身份证号", "村代码", "原因"], rows),
            media_type=sheets.XLSX,
            by=ada,
            at=AT,
        )
        with override("zh-hans"):
            [chinese] = pages(prints.job_slip(asked, by=ada, at=AT))
        [english] = pages(prints.job_slip(asked, by=ada, at=AT))
        assert ("2010 年放假通知" in chinese, "错误行" in chinese) == (True, True)
        assert ("Holiday notice 2010" in english, "Faulty rows" in english) == (True, True)
        whole = "".join(english.split())
        assert "110105********0021" in whole
        assert "110105******002" in whole
        assert "640522100201" in whole
        assert ("19491231" in whole, "491231" in whole) == (False, False)


class TestJobReport:
    def report(self, faulty):
        return prints.JobReport(
            title="导入参合名册",
            asked_by="马小明",
            asked_at=AT - timedelta(minutes=3),
            finished_at=AT,
            outcome=[("写入", 1100), ("金额", Decimal(22000))],
            faulty_header=["行", "原因"],
            faulty_rows=[[n, f"身份证号有误{n}。"] for n in range(1, faulty + 1)],
        )

    def test_tells_who_when_and_what(self):
        texts = pages(prints.job_report(self.report(1), office=OFFICE, at=AT))

        assert len(texts) == 1
        for part in ("导入参合名册", "马小明", "2010-03-01 14:02", "1100", "22,000.00"):
            assert part in texts[0]
        assert "1 faulty row" in texts[0]
        assert "身份证号有误1。" in texts[0]

    def test_shows_no_table_without_faults(self):
        text = pages(prints.job_report(self.report(0), office=OFFICE, at=AT))[0]

        assert "faulty" not in text

    def test_lays_a_wide_sheet_on_its_side_and_evens_out_its_rows(self):
        report = replace(
            self.report(0),
            faulty_header=["行", *(f"栏{n}" for n in range(2, 14)), "原因"],
            faulty_rows=[[1, "短"], [2, *["642222198001011234"] * 13, "多余"]],
        )
        content = prints.job_report(report, office=OFFICE, at=AT)
        box = pypdf.PdfReader(BytesIO(content)).pages[0].mediabox

        assert box.width > box.height
        assert "短" in pages(content)[0]
        assert "多余" not in pages(content)[0]

    def test_shows_the_first_fifty_and_says_so(self):
        text = "".join(pages(prints.job_report(self.report(51), office=OFFICE, at=AT)))

        assert "51 faulty rows: the first 50 are below" in text
        assert "身份证号有误50。" in text
        assert "身份证号有误51。" not in text


class TestWorkingDays:
    def test_prints_a_year_on_one_page_with_its_counts(self):
        table = WorkingDays(WEEKDAYS_2010 | {date(2010, 1, 1): False, date(2010, 2, 20): True})
        texts = pages(prints.working_days(table, 2010, office=OFFICE, at=AT))

        assert len(texts) == 1
        assert "Working days of 2010" in texts[0]
        assert "261 working days" in texts[0]
        assert "January 20 working days" in texts[0]  # 21 weekdays without New Year's Day
        assert "February 21 working days" in texts[0]  # 20 weekdays and a Saturday

    def test_fits_one_page_in_every_kind_of_year(self):
        # 2021: August begins on a Sunday and May on a Saturday, both with six weeks to show.
        days = {date(2021, 1, 1) + timedelta(n): False for n in range(365)}

        assert len(pages(prints.working_days(WorkingDays(days), 2021, office=OFFICE, at=AT))) == 1

    def test_refuses_a_year_that_the_table_does_not_hold(self):
        short = {day: works for day, works in WEEKDAYS_2010.items() if day.month < 12}

        with pytest.raises(printing.CannotPrint, match="does not reach 2010-12-01"):
            prints.working_days(WorkingDays(short), 2010, office=OFFICE, at=AT)
