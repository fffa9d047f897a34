"""Who is to be reminded of a deadline (督办), and how late answers are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from enrollment.models import CampaignDeadline, Reminder
from enrollment.rules import campaign as rules
from enrollment.rules.campaign import Behind
from enrollment.selectors import campaign
from office.rules import days
from office.selectors import working_days


def proposed(deadline: CampaignDeadline, today: date) -> list[Behind]:
    """The townships that are behind a deadline whose day has come, by the figures of today, the lowest rate first."""
    if deadline.void_reason or deadline.on > today:
        return []
    found = campaign.of_townships(deadline.fund_year, today)
    reminded = set(Reminder.objects.filter(deadline=deadline).values_list("township", flat=True))
    return [
        Behind(number, line, line.rate, rules.missing(line, deadline.rate), number in reminded)
        for _rank, line in reversed(found.ranked)
        if line.rate is not None and rules.is_behind(line.rate, deadline.rate)
        for number in [found.places[line.code]]
    ]


def late(some: Iterable[Reminder], at: datetime) -> dict[int, int]:
    """By how many working days each reminder is answered late, or is late without an answer at a time.

    Where the working-day table does not reach so far, it is one day at least.
    """
    answered = {one.pk: days.business_day(one.answered_at or at) for one in some}
    over = {one.pk: one.answer_by for one in some if answered[one.pk] > one.answer_by}
    if not over:
        return {}
    table = working_days(min(over.values()), max(answered.values()))
    return {number: _late(answer_by, answered[number], table) for number, answer_by in over.items()}


def last_day(today: date, after: int) -> date | None:
    """So many working days after a day; None where the working-day table does not reach so far."""
    try:
        return working_days(today, today + days.ONE_DAY * 30).after(today, after)
    except days.CalendarUnknown:
        return None


def _late(answer_by: date, day: date, table: days.WorkingDays) -> int:
    try:
        return rules.late(answer_by, day, table)
    except days.CalendarUnknown:
        return 1
