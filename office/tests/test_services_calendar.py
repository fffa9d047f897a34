"""The working-day table: filled, corrected, replaced by the year's notice."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conftest import NOON
from office import jobs, selectors, sheets
from office.models import Job, WorkingDay
from office.rules.notice import DayNotice
from office.services import calendar
from office.stale import Stale
from office.tests.factories import fill_year


def day(iso: str) -> WorkingDay:
    return WorkingDay.objects.get(day=iso)


@pytest.mark.django_db
class TestFillYear:
    def test_a_known_year_follows_the_published_notice(self):
        assert fill_year(2010) == 365
        assert (day("2010-10-01").is_working, day("2010-10-01").reason) == (False, "国庆节")
        assert day("2010-09-26").is_working  # a Sunday worked for the National Day
        assert not WorkingDay.objects.exclude(source=WorkingDay.Source.NOTICE).exists()

    def test_a_year_without_a_notice_is_assumed_from_the_weekdays(self):
        fill_year(2044)
        assert WorkingDay.objects.filter(source=WorkingDay.Source.ASSUMED).count() == 366
        assert not day("2044-01-02").is_working  # a Saturday

    def test_a_year_that_is_there_stays(self, sam):
        fill_year(2010)
        calendar.change_working_day(
            day=day("2010-03-01"), seen_version=1, is_working=False, reason="大雪", by=sam, at=NOON
        )
        assert fill_year(2010) == 0
        assert not day("2010-03-01").is_working


@pytest.mark.django_db
class TestChangeWorkingDay:
    @pytest.fixture(autouse=True)
    def _year(self):
        fill_year(2010)

    def test_it_says_who_and_when(self, sam):
        changed = calendar.change_working_day(
            day=day("2010-03-01"), seen_version=1, is_working=False, reason="大雪", by=sam, at=NOON
        )
        assert (changed.source, changed.version) == (WorkingDay.Source.OFFICE, 2)
        assert (changed.changed_by, changed.changed_at) == (sam, NOON)
        assert selectors.is_working_day(date(2010, 3, 1)) is False

    def test_it_refuses_an_editor_who_saw_an_older_version(self, sam):
        seen = day("2010-03-01")
        calendar.change_working_day(day=seen, seen_version=1, is_working=False, reason="大雪", by=sam, at=NOON)
        with pytest.raises(Stale) as stale:
            calendar.change_working_day(day=seen, seen_version=1, is_working=True, reason="", by=sam, at=NOON)
        assert stale.value.current.reason == "大雪"
        assert day("2010-03-01").reason == "大雪"


@pytest.mark.django_db
class TestApplyNotice:
    NOTICE = [DayNotice(date(2044, 1, 1), False, "元旦"), DayNotice(date(2044, 1, 9), True, "调休")]

    def apply(self, sam, notices):
        return calendar.apply_notice(year=2044, notices=notices, by=sam, at=NOON)

    def test_the_named_days_are_as_it_says_and_the_others_by_their_weekday(self, sam):
        self.apply(sam, self.NOTICE)
        assert not day("2044-01-01").is_working
        assert day("2044-01-09").is_working
        assert day("2044-01-04").is_working
        assert set(WorkingDay.objects.values_list("source", flat=True)) == {WorkingDay.Source.NOTICE}

    def test_the_same_notice_twice_changes_nothing(self, sam):
        assert self.apply(sam, self.NOTICE) == 366
        assert self.apply(sam, self.NOTICE) == 0

    def test_it_says_how_far_it_is(self, sam):
        seen = []
        calendar.apply_notice(
            year=2044,
            notices=[],
            by=sam,
            at=NOON,
            progress=lambda done, total: seen.append((done, total)),
        )
        assert seen[-1] == (366, 366)


@pytest.mark.django_db(transaction=True)
class TestBringInNotice:
    def bring(self, sam, name, content):
        asked = calendar.ask_for_notice(year=2027, upload=SimpleUploadedFile(name, content), by=sam, at=NOON)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        return asked

    def test_a_good_file_is_written(self, sam):
        asked = self.bring(sam, "a.csv", "日期,上班,说明\n2027-01-01,否,元旦\n".encode("gb18030"))
        assert asked.state == Job.State.DONE
        assert [value for _label, value in asked.outcome] == [1, 0, 365]
        assert day("2027-01-01").reason == "元旦"

    def test_a_faulty_row_keeps_everything_back_and_is_given_as_a_file(self, sam):
        asked = self.bring(
            sam,
            "a.xlsx",
            sheets.workbook(["日期", "上班", "说明"], [("2027-01-01", "否", "元旦"), ("明天", "否", "")]),
        )
        assert asked.state == Job.State.FAILED
        assert not WorkingDay.objects.exists()
        rows = sheets.rows(asked.faults.path.read_bytes(), asked.faults.name)
        assert [row[0] for row in rows[1:]] == [3, 3]

    def test_an_unreadable_file_is_refused_in_words(self, sam):
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        asked = self.bring(sam, "a.png", picture.getvalue())
        assert asked.state == Job.State.FAILED
        assert "xlsx" in str(asked.refusal)
