"""What a person did on a day, and what somebody looked at, by the index of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Max, Min, QuerySet

from office import trail
from office.models import Act, Person
from office.models.acts import ActQuerySet
from office.rules import days

ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class Tally:
    """How often a person did something on a day, from when to when."""

    name: str
    kind: str
    is_refused: bool
    times: int
    first: object
    last: object


def of(person: Person, day: date, kind: str = "") -> ActQuerySet:
    """The acts of a person on a day of the office, newest first."""
    begins = days.beginning_of(day)
    found = Act.objects.of_kind(kind, [person.pk]) if kind else Act.objects.by(person)
    return found.since(begins).until(begins + timedelta(days=1))


def tallies(found: QuerySet[Act]) -> list[Tally]:
    """The same counted by act, the most frequent first."""
    rows = (
        found.order_by()
        .values("name", "kind")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-times", "name")
    )
    kinds = dict(Act.Kind.choices)
    return [
        Tally(
            name=trail.words_for(row["name"]),
            kind=str(kinds[row["kind"]]),
            is_refused=row["kind"] == Act.Kind.REFUSED,
            times=row["times"],
            first=row["first"],
            last=row["last"],
        )
        for row in rows
    ]


def page(found: QuerySet[Act], before: int | None) -> tuple[list[Act], int | None]:
    """A page of them, and the number from which on the next one goes."""
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("by", "for_whom", "body").order_by("-pk")[: ON_A_PAGE + 1])
    return rows[:ON_A_PAGE], rows[ON_A_PAGE - 1].pk if len(rows) > ON_A_PAGE else None
