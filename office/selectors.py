"""Questions about the office's own things."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from office.models import WorkingDay
from office.rules import days


class YearOfDays(TypedDict):
    """One year of the working-day table in numbers."""

    year: int
    days: int
    working: int
    assumed: int


def working_days(start: date, end: date) -> days.WorkingDays:
    """The office's working-day table between two days, both included, for counting time limits."""
    found = WorkingDay.objects.filter(day__range=(start, end))
    return days.WorkingDays(dict(found.values_list("day", "is_working")))


def is_working_day(day: date) -> bool | None:
    """Whether the office works on a day; None where the table does not reach it."""
    return WorkingDay.objects.filter(day=day).values_list("is_working", flat=True).first()


def working_days_by_year() -> list[YearOfDays]:
    """For each year of the table: its days, its working days and how many are only assumed."""
    by_year = (
        WorkingDay.objects.annotate(year=ExtractYear("day"))
        .values("year")
        .annotate(
            days=Count("pk"),
            working=Count("pk", filter=Q(is_working=True)),
            assumed=Count("pk", filter=Q(source=WorkingDay.Source.ASSUMED)),
        )
        .order_by("-year")
    )
    return [YearOfDays(**row) for row in by_year]
