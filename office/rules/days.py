"""Business days, working days and fund years (docs/rules/money-and-days.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from office.rules import gettext_noop

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
ONE_DAY: Final = timedelta(days=1)


class CalendarUnknown(LookupError):
    """The office's working-day table has no entry for a day that a time limit needs."""

    code = "calendar_unknown"
    sentence = gettext_noop("The working-day table does not reach {day}: enter that year first.")

    def __init__(self, day: date) -> None:
        self.day = day
        self.params = {"day": day.isoformat()}
        super().__init__(self.sentence.format(**self.params))


def business_day(at: datetime) -> date:
    """The office's date at a moment: the calendar date in Asia/Shanghai.

    A datetime without a zone raises ValueError, because it names no moment.
    """
    if at.utcoffset() is None:
        raise ValueError("A time without a zone has no business day.")
    return at.astimezone(SHANGHAI).date()


def beginning_of(day: date) -> datetime:
    """The moment at which a day of the office begins: midnight in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def fund_year(day: date) -> int:
    """The fund year a day lies in: the calendar year (财会〔2008〕1号)."""
    return day.year


@dataclass(frozen=True)
class WorkingDays:
    """The office's working-day table: for each day it knows, whether the office works.

    It follows the yearly holiday notice of the State Council with its make-up days. A day that is
    missing raises CalendarUnknown: whether it is worked is never guessed from the weekday.
    """

    days: Mapping[date, bool]

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    def is_working(self, day: date) -> bool:
        """Whether the office works on that day."""
        try:
            return self.days[day]
        except KeyError as missing:
            raise CalendarUnknown(day) from missing

    def after(self, day: date, n: int) -> date:
        """The n-th working day after a day, which itself is not counted (民法典 Art. 201).

        The day may be a holiday; n below 1 raises ValueError.
        """
        if n < 1:
            raise ValueError("Time limits are one working day or more.")
        found = day
        for _ in range(n):
            found = self._next_working(found)
        return found

    def between(self, start: date, end: date) -> int:
        """How many working days lie after start up to and with end.

        It is the other side of `after`: between(d, after(d, n)) is n. An end before its start
        raises ValueError.
        """
        if end < start:
            raise ValueError("The end lies before the start.")
        span = (end - start).days
        return sum(self.is_working(start + n * ONE_DAY) for n in range(1, span + 1))

    def _next_working(self, day: date) -> date:
        following = day + ONE_DAY
        while not self.is_working(following):
            following += ONE_DAY
        return following
