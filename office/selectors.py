"""Questions about the office's own things."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import ExtractYear

from office.models import Delegation, Person, WorkingDay
from office.models.rounds import State
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


def duties_decided_for(person: Person, day: date) -> tuple[list[str], list[str]]:
    """The duties of a day in which a person decides: his own, and those that an absent person delegated to him. Every
    worklist asks; it is kept with the person for the request."""
    known: dict[date, tuple[list[str], list[str]]] = vars(person).setdefault("_decided_for", {})
    if day not in known:
        own = person.appointments.on(day).order_by().annotate(whose=Value("own"))
        delegated = Delegation.objects.in_force(day).filter(to=person).order_by().annotate(whose=Value("delegated"))
        wanted = ("duty", "whose")
        found = list(own.values_list(*wanted).union(delegated.values_list(*wanted), all=True))
        known[day] = (
            [duty for duty, whose in found if whose == "own"],
            [duty for duty, whose in found if whose == "delegated"],
        )
    return known[day]


def rounds_waiting_for(person: Person, rounds: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Of some rounds the open ones that wait for this person, in his own name or for somebody who is away."""
    own, delegated = duties_decided_for(person, day)
    if not own and not delegated:
        return rounds.none()
    absent = Delegation.objects.in_force(day).filter(to=person).values("person")
    return (
        rounds.filter(state=State.OPEN)
        .filter(
            Q(duties__overlap=own, by_seats=False)
            | Q(seats__person=person)
            | Q(duties__overlap=delegated, by_seats=False)
            | Q(seats__person__in=absent)
        )
        .exclude(maker=person)
        .exclude(barred__contains=[person.pk])
        .exclude(votes__voter=person)
        .distinct()
    )
