"""The pages of the campaign: figures, picture, deadlines, bulletins, reminders, costs; what they cost in questions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import NOON, sign_in
from enrollment.models import Bulletin, CampaignDeadline, Reminder
from enrollment.rules import bulletins as bulletin_rules
from enrollment.selectors import reminders as reminder_selectors
from enrollment.services import campaign, reminders
from enrollment.tests import factories
from enrollment.tests.campaign import BEFORE, TODAY, YESTERDAY, pay, places, second_station, sheet_of
from enrollment.tests.campaign import year as year_of
from enrollment.tests.keeping import by, fresh
from enrollment.tests.test_views_coverage import in_english, text
from office import desk, overview
from office.models import Act, Body, Duty
from office.tests.factories import fill_year
from office.tests.test_views_rounds import hidden

pytestmark = pytest.mark.django_db

PAGE = "/register/collection/campaign/"
FRIDAY = date(2010, 3, 5)
D = Decimal


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON)


@pytest.fixture
def at(county):
    fill_year(2010)
    return places()


@pytest.fixture
def year(at):
    return year_of(at)


@pytest.fixture
def clerk(appoint, at):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=Body.objects.get(code="640522-1"))


@pytest.fixture
def boss(appoint):
    return appoint("chief", Duty.OFFICE_HEAD)


@pytest.fixture
def as_boss(boss):
    return in_english(sign_in(Client(), boss))


@pytest.fixture
def as_clerk(clerk):
    return in_english(sign_in(Client(), clerk))


@pytest.fixture
def collected(year, at, clerk):
    sheet = sheet_of(year, at["near"], clerk)
    pay(sheet, 3, BEFORE, clerk)
    pay(sheet, 5, TODAY, clerk)
    return year


@pytest.fixture
def deadline(collected, boss) -> CampaignDeadline:
    return campaign.set_deadline(fund_year=collected, on=YESTERDAY, rate=D(50), **by(boss))


@pytest.fixture
def reminder(deadline, boss, at) -> Reminder:
    sent = reminders.send(deadline=deadline, townships=[at["haicheng"]], text="请说明", answer_by=FRIDAY, **by(boss))
    return sent[0]


def page_of(name: str, *arguments: object) -> str:
    return reverse(f"enrollment:{name}", args=arguments)


def send(client: Client, address: str, **typed):
    """A form as a browser sends it: with the guard that came with it."""
    return client.post(address, {**hidden(client.get(address)), **typed}, follow=True)


def rows_of(answer) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


class TestPage:
    def test_figures_picture_and_tables(self, as_boss, collected, deadline):
        answer = as_boss.get(PAGE)
        page = text(answer)
        assert '<strong>8</strong> <span class="sum-of">of 25<' in page
        assert "<strong>32.00</strong>" in page
        assert '<strong>160.00</strong> <span class="sum-of">of 500.00 due<' in page
        assert page.count("<polyline") == 2
        assert 'role="img"' in page
        assert "02-28 50.00 % ✗" in page
        assert [one["behind"] for one in answer.context["deadlines"]] == [2]
        assert [one["line"].name for one in answer.context["lines"]] == ["海城镇", "李旺镇"]

    def test_of_an_earlier_day_and_one_township(self, as_boss, collected, at):
        answer = as_boss.get(PAGE, {"as_of": "2010-02-20", "township": at["haicheng"].pk})
        assert answer.context["whole"].so_far.enrolled == 3
        assert "水洼村" in text(answer)
        assert "李旺村" not in text(answer)
        assert as_boss.get(PAGE, {"as_of": "2010-12-01"}).context["asked"].day == TODAY
        assert as_boss.get(PAGE, {"as_of": "x", "fund_year": "x"}).context["asked"].fund_year == collected

    def test_before_any_year_is_confirmed(self, as_boss):
        assert "No fund year is confirmed" in text(as_boss.get(PAGE))

    def test_a_year_in_which_nothing_came_in(self, as_boss, year):
        page = text(as_boss.get(PAGE))
        assert "Nothing was collected yet" in page
        assert "No deadline is set" in page

    def test_a_station_sees_its_township_and_leads_nothing(self, as_clerk, collected, deadline):
        page = text(as_clerk.get(PAGE))
        assert "海城镇" in page
        assert "李旺" not in page
        assert page_of("deadline_set") not in page
        assert page_of("bulletin_make") not in page

    def test_as_a_workbook(self, as_boss, collected):
        rows = rows_of(as_boss.get(PAGE, {"as": "xlsx"}))
        assert rows[1][:7] == [1, "海城镇", 20, 8, 40, 5, 12]
        assert rows[-1][9:12] == [500, 160, 32]
        assert Act.objects.filter(name="list.exported").exists()

    def test_the_year_collected_for_today(self, as_boss, collected):
        factories.fund_year(year=2012, window=(date(2011, 2, 1), date(2011, 12, 1)))
        assert as_boss.get(PAGE).context["asked"].fund_year == collected

    @pytest.mark.parametrize("villages", [1, 12])
    @pytest.mark.parametrize(("township", "questions"), [(False, 22), (True, 21)])
    def test_many_places_and_days_cost_no_more_questions(
        self, as_boss, year, at, clerk, villages, township, questions, django_assert_num_queries
    ):
        for number in range(villages):
            village = factories.division(f"6405221003{number:02d}")
            pay(sheet_of(year, village, clerk), 1, BEFORE + timedelta(days=number % 5), clerk)
        with django_assert_num_queries(questions):
            as_boss.get(PAGE, {"township": at["haicheng"].pk} if township else {})


class TestDeadlines:
    def test_set_and_made_void(self, as_boss, year):
        done = send(as_boss, page_of("deadline_set"), fund_year=year.pk, on="2010-03-31", rate="80")
        assert "The deadline is set" in text(done)
        deadline = CampaignDeadline.objects.get()
        done = send(as_boss, page_of("deadline_void", deadline.pk), reason="改期")
        assert "The deadline is void" in text(done)
        assert fresh(deadline).void_reason == "改期"
        assert as_boss.get(page_of("deadline_void", deadline.pk)).status_code == 404

    def test_refused_with_what_was_typed(self, as_boss, year, deadline):
        again = send(as_boss, page_of("deadline_set"), fund_year=year.pk, on="2010-02-28", rate="60")
        assert again.status_code == 422
        assert "make it void first" in text(again)
        assert 'value="60"' in text(again)
        again = as_boss.post(page_of("deadline_void", deadline.pk), {"reason": " "})
        assert again.status_code == 422


class TestBulletins:
    def test_its_figures_are_the_pages(self, as_boss, collected, deadline):
        done = send(as_boss, page_of("bulletin_make"), fund_year=collected.pk, as_of="2010-03-01", remark="抓紧")
        bulletin = Bulletin.objects.get()
        assert "Bulletin no. 1 is made" in text(done)
        shown = as_boss.get(PAGE, {"as_of": "2010-03-01"}).context
        passed = bulletin_rules.Wanted(YESTERDAY, D("50.00"))
        lines = [(one["rank"], one["line"]) for one in shown["lines"]]
        assert bulletin.figures == bulletin_rules.figures(lines, shown["whole"], passed=passed, before=None)
        page = text(as_boss.get(page_of("bulletin", bulletin.pk)))
        assert "8 of 25 people" in page
        assert "Behind the 50.00 percent" in page
        assert "抓紧" in page

    def test_the_list_and_the_next_one(self, as_boss, boss, collected, at, clerk):
        for day in (YESTERDAY, TODAY):
            campaign.make_bulletin(fund_year=collected, as_of=day, **by(boss))
        page = text(as_boss.get(page_of("bulletins")))
        assert page_of("bulletin_make") in page
        assert "2010-02-28" in page
        second = Bulletin.objects.get(number=2)
        assert "5 people and 100.00 yuan more" in text(as_boss.get(page_of("bulletin", second.pk)))

    def test_every_deadline_reached(self, as_boss, boss, collected, at, appoint):
        pay(
            sheet_of(collected, at["other"], appoint("zhou", Duty.TOWNSHIP_CLERK)),
            5,
            TODAY,
            appoint("z2", Duty.TOWNSHIP_CLERK),
        )
        campaign.set_deadline(fund_year=collected, on=YESTERDAY, rate=D(40), **by(boss))
        bulletin = campaign.make_bulletin(fund_year=collected, as_of=TODAY, **by(boss))
        assert "All townships have reached the 40.00 percent" in text(as_boss.get(page_of("bulletin", bulletin.pk)))

    def test_refused(self, as_boss, collected):
        again = send(as_boss, page_of("bulletin_make"), fund_year=collected.pk, as_of="2010-03-02")
        assert again.status_code == 422
        assert not Bulletin.objects.exists()

    def test_a_station_reads_the_whole_of_it(self, as_clerk, boss, collected):
        bulletin = campaign.make_bulletin(fund_year=collected, as_of=TODAY, **by(boss))
        assert "李旺镇" in text(as_clerk.get(page_of("bulletin", bulletin.pk)))
        assert page_of("bulletin_make") not in text(as_clerk.get(page_of("bulletins")))

    def test_on_paper_and_as_a_workbook(self, as_boss, boss, collected):
        bulletin = campaign.make_bulletin(fund_year=collected, as_of=TODAY, remark="一\n\n二", **by(boss))
        answer = as_boss.get(page_of("bulletin_print", bulletin.pk))
        assert answer.content.startswith(b"%PDF")
        rows = rows_of(as_boss.get(page_of("bulletin", bulletin.pk), {"as": "xlsx"}))
        assert rows[1][:6] == [1, "海城镇", 20, 8, 40, ""]
        assert rows[-1][8:10] == [500, 160]
        assert len(rows[0]) == len(rows[1])

    @pytest.mark.parametrize("many", [1, 5])
    def test_questions(self, as_boss, boss, collected, many, django_assert_num_queries):
        for _each in range(many):
            bulletin = campaign.make_bulletin(fund_year=collected, as_of=TODAY, **by(boss))
        with django_assert_num_queries(6):
            as_boss.get(page_of("bulletins"))
        with django_assert_num_queries(5):
            as_boss.get(page_of("bulletin", bulletin.pk))


class TestReminders:
    def test_those_behind_are_proposed_and_reminded(self, as_boss, deadline, at):
        where = page_of("remind", deadline.pk)
        page = text(as_boss.get(where))
        assert "李旺镇: 0.00 %, 3 people missing" in page
        assert 'value="2010-03-04"' in page
        done = send(as_boss, where, townships=[at["liwang"].pk], text="请说明", answer_by="2010-03-05")
        assert "Sent to 1 townships" in text(done)
        page = text(as_boss.get(where))
        assert "李旺镇: 0.00 %" not in page
        assert "海城镇: 40.00 %" in page

    def test_refused(self, as_boss, deadline, at):
        where = page_of("remind", deadline.pk)
        again = send(as_boss, where, townships=[at["liwang"].pk], text="请说明", answer_by="2010-03-06")
        assert again.status_code == 422
        assert "is a working day" in text(again)

    def test_nobody_is_behind(self, as_boss, boss, deadline, collected):
        ahead = campaign.set_deadline(fund_year=collected, on=date(2010, 3, 31), rate=D(90), **by(boss))
        assert "has not come yet" in text(as_boss.get(page_of("remind", ahead.pk)))
        campaign.void_deadline(deadline=deadline, reason="x", **by(boss))
        reached = campaign.set_deadline(fund_year=collected, on=BEFORE, rate=D("0.01"), **by(boss))
        assert "李旺镇" in text(as_boss.get(page_of("remind", reached.pk)))

    def test_the_township_finds_it_on_its_desk_and_answers_once(self, as_clerk, clerk, reminder):
        shown = {one.worklist.name: one for one in desk.waiting_for(clerk, TODAY)}
        item = shown["enrollment.reminders"].waiting.items[0]
        assert item.url == page_of("reminder", reminder.pk)
        assert "2010-03-05" in item.note
        assert page_of("reminder_answer", reminder.pk) in text(as_clerk.get(item.url))
        done = send(as_clerk, page_of("reminder_answer", reminder.pk), answer="明天入户")
        assert "The answer is with the county" in text(done)
        assert "明天入户" in text(done)
        again = send(as_clerk, page_of("reminder_answer", reminder.pk), answer="x")
        assert again.status_code == 422
        assert not [one for one in desk.waiting_for(clerk, TODAY) if one.worklist.name == "enrollment.reminders"]

    def test_the_head_sees_what_is_not_answered_in_time(self, boss, clerk, reminder):
        assert overview.overdue_for(boss, NOON + timedelta(days=4)) == []  # it may be answered on its last day
        [late] = overview.overdue_for(boss, NOON + timedelta(days=7))
        assert (late.late.name, late.waiting.count, late.oldest_days) == ("enrollment.reminders", 1, 3)
        assert late.waiting.items[0].url == page_of("reminder", reminder.pk)
        reminders.answer(reminder=reminder, text="x", **by(clerk))
        assert overview.overdue_for(boss, NOON + timedelta(days=7)) == []

    def test_it_can_be_taken_while_it_waits(self, clerk, reminder):
        worklist = desk.worklist("enrollment.reminders")
        assert [item.subject for item in worklist.takes[Reminder]([str(reminder.pk)])] == [
            ("enrollment.reminder", str(reminder.pk))
        ]
        reminders.answer(reminder=reminder, text="x", **by(clerk))
        assert not list(worklist.takes[Reminder]([str(reminder.pk)]))

    def test_late_by_working_days(self, clerk, reminder, time_machine):
        time_machine.move_to("2010-03-09T04:00:00+00:00")
        as_boss = in_english(sign_in(Client(), reminder.sent_by))
        assert "2 working days late" in text(as_boss.get(page_of("reminder", reminder.pk)))
        assert "overdue" in text(as_boss.get(page_of("reminders")))
        [shown] = [
            one for one in desk.waiting_for(clerk, date(2010, 3, 9)) if one.worklist.name == "enrollment.reminders"
        ]
        assert "2" in shown.waiting.items[0].note
        time_machine.move_to("2012-03-09T04:00:00+00:00")  # the working-day table does not reach so far
        assert reminder_selectors.late([reminder], NOON + timedelta(days=800)) == {reminder.pk: 1}

    def test_another_township_does_not_see_it(self, appoint, reminder):
        other = sign_in(Client(), appoint("wu", Duty.TOWNSHIP_CLERK, body=second_station()))
        for name in ("reminder", "reminder_answer", "reminder_print"):
            assert other.get(page_of(name, reminder.pk)).status_code == 404
        assert "请说明" not in text(other.get(page_of("reminders")))

    def test_the_list_and_its_workbook(self, as_boss, boss, clerk, reminder, collected, deadline):
        assert "waiting for an answer" in text(as_boss.get(page_of("reminders"), {"answered": "no"}))
        assert "请说明" not in text(as_boss.get(page_of("reminders"), {"answered": "yes"}))
        assert rows_of(as_boss.get(page_of("reminders"), {"as": "xlsx"}))[1][1] == "waiting for an answer"
        reminders.answer(reminder=reminder, text="x", **by(clerk))
        assert rows_of(as_boss.get(page_of("reminders"), {"as": "xlsx"}))[1][1] == "answered"

    def test_of_a_void_deadline(self, as_boss, as_clerk, boss, reminder):
        campaign.void_deadline(deadline=reminder.deadline, reason="改期", **by(boss))
        page = text(as_clerk.get(page_of("reminder", reminder.pk)))
        assert "deadline void" in page
        assert page_of("reminder_answer", reminder.pk) not in page
        assert rows_of(as_boss.get(page_of("reminders"), {"as": "xlsx"}))[1][1] == "deadline void"
        assert as_boss.get(page_of("remind", reminder.deadline_id)).status_code == 404

    def test_the_letter(self, as_boss, clerk, reminder):
        assert as_boss.get(page_of("reminder_print", reminder.pk)).content.startswith(b"%PDF")
        reminders.answer(reminder=reminder, text="一\n二", **by(clerk))
        assert as_boss.get(page_of("reminder_print", reminder.pk)).content.startswith(b"%PDF")

    def test_when_the_table_of_working_days_ends(self):
        assert reminder_selectors.last_day(date(2012, 3, 1), 3) is None

    @pytest.mark.parametrize("many", [1, 2])
    def test_questions(self, as_boss, boss, deadline, at, many, django_assert_num_queries):
        some = [at["haicheng"], at["liwang"]][:many]
        reminders.send(deadline=deadline, townships=some, text="请说明", answer_by=FRIDAY, **by(boss))
        with django_assert_num_queries(7):
            as_boss.get(page_of("reminders"))
        with django_assert_num_queries(6):
            as_boss.get(page_of("reminder", Reminder.objects.first().pk))
        with django_assert_num_queries(20):
            as_boss.get(page_of("remind", deadline.pk))
