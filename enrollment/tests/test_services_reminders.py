"""Reminders of townships that are behind: who is proposed, what is refused, that each answers once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON
from enrollment.models import Reminder
from enrollment.selectors import reminders as selectors
from enrollment.services import campaign, reminders
from enrollment.services.keeping import CannotKeep
from enrollment.tests.campaign import TODAY, YESTERDAY, pay, places, second_station, sheet_of
from enrollment.tests.campaign import year as year_of
from enrollment.tests.keeping import act, by, fresh
from office.models import Body, Duty
from office.tests.factories import fill_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FRIDAY, SATURDAY = date(2010, 3, 5), date(2010, 3, 6)


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
def deadline(year, boss, clerk, at):
    """Ten of twenty have enrolled in the one township, nobody in the other; half of all were wanted by yesterday."""
    sheet = sheet_of(year, at["near"], clerk)
    pay(sheet, 10, YESTERDAY, clerk)
    return campaign.set_deadline(fund_year=year, on=YESTERDAY, rate=Decimal("50.01"), **by(boss))


def send(deadline, boss, *townships, text="请说明原因并限期完成", answer_by=FRIDAY) -> list[Reminder]:
    return list(reminders.send(deadline=deadline, townships=townships, text=text, answer_by=answer_by, **by(boss)))


class TestProposing:
    def test_who_is_behind_the_lowest_rate_first(self, deadline):
        found = selectors.proposed(deadline, TODAY)
        assert [(one.line.name, one.rate, one.missing, one.is_reminded) for one in found] == [
            ("李旺镇", Decimal("0.00"), 3, False),
            ("海城镇", Decimal("50.00"), 1, False),
        ]

    def test_nobody_before_its_day_or_after_it_was_made_void(self, deadline, boss):
        assert selectors.proposed(deadline, YESTERDAY)
        assert not selectors.proposed(deadline, date(2010, 2, 27))
        campaign.void_deadline(deadline=deadline, reason="x", **by(boss))
        assert not selectors.proposed(fresh(deadline), TODAY)


class TestSending:
    def test_each_gets_its_own(self, deadline, boss, at):
        first, second = send(deadline, boss, at["liwang"], at["haicheng"])
        assert (first.township, first.rate, first.answer_by) == (at["liwang"], Decimal("0.00"), FRIDAY)
        assert str(second) == "海城镇 · 2010-02-28 · 50.01 %"
        assert act("reminder.sent").facts["rate"] == "50.00"
        assert [one.is_reminded for one in selectors.proposed(deadline, TODAY)] == [True, True]

    def test_what_is_refused(self, deadline, boss, clerk, at, year):
        def refused(words: str, field: str | None, *townships, who=boss, **more) -> None:
            with pytest.raises(CannotKeep, match=words) as refusal, transaction.atomic():
                send(deadline, who, *townships, **more)
            assert refusal.value.field == field

        refused("led by the county", None, at["liwang"], who=clerk)
        refused("which townships", "townships")
        refused("what is asked", "text", at["liwang"], text=" ")
        refused("still to come", "answer_by", at["liwang"], answer_by=TODAY)
        refused("is a working day", "answer_by", at["liwang"], answer_by=SATURDAY)
        refused("enter that year first", "answer_by", at["liwang"], answer_by=date(2012, 3, 1))
        send(deadline, boss, at["liwang"])
        refused("reminded of this deadline already", "townships", at["liwang"])
        refused("not behind", "townships", at["near"])
        assert Reminder.objects.count() == 1


class TestAnswering:
    @pytest.fixture
    def reminder(self, deadline, boss, at) -> Reminder:
        return send(deadline, boss, at["haicheng"])[0]

    def test_once(self, reminder, clerk):
        assert reminder in Reminder.objects.unanswered()
        reminders.answer(reminder=reminder, text=" 明天入户 ", **by(clerk))
        answered = fresh(reminder)
        assert (answered.answer, answered.answered_by, answered.answered_at) == ("明天入户", clerk, NOON)
        assert act("reminder.answered").by == clerk
        assert not Reminder.objects.unanswered().exists()
        with pytest.raises(CannotKeep, match="answered already"):
            reminders.answer(reminder=reminder, text="x", **by(clerk))
        with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
            Reminder.objects.filter(pk=reminder.pk).update(answer="y")

    def test_with_words_and_by_its_own_township(self, reminder, clerk, appoint):
        with pytest.raises(CannotKeep, match="did or will do") as refusal:
            reminders.answer(reminder=reminder, text=" ", **by(clerk))
        assert refusal.value.field == "answer"
        other = appoint("wu", Duty.TOWNSHIP_CLERK, body=second_station())
        with pytest.raises(CannotKeep, match="not among those"):
            reminders.answer(reminder=reminder, text="x", **by(other))

    def test_no_more_when_the_deadline_was_made_void(self, reminder, clerk, boss):
        campaign.void_deadline(deadline=reminder.deadline, reason="x", **by(boss))
        assert not Reminder.objects.unanswered().exists()
        with pytest.raises(CannotKeep, match="no answer is needed"):
            reminders.answer(reminder=reminder, text="x", by=clerk, at=datetime(2010, 3, 2, tzinfo=UTC))
