"""Which claims are due to be posted, and which lists and objections are late (docs/rules/publicity.md)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from claims.models import Claim, Objection, PublicityEntry, PublicityList, TimeLimit
from claims.selectors import before
from enrollment.models import Division, Scheme

Timing = PublicityList.Timing
State = PublicityList.State

#: How many days a scheme gives where no paper says it.
DAYS: Final = {
    TimeLimit.Kind.PUBLICITY: 7,
    TimeLimit.Kind.OBJECTION_ANSWERED: 10,
    TimeLimit.Kind.APPEAL_FILED: 30,
    TimeLimit.Kind.APPEAL_ANSWERED: 30,
}


def days_for(scheme: Scheme, kind: TimeLimit.Kind, day: date) -> int:
    """How many days a scheme gives for something on a day: by its paper, else as is usual."""
    return before.limit_of(scheme, kind, day) or DAYS[kind]


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def inside(area: Division) -> dict[str, Division]:
    """The villages of a township or of the whole county, or a single one, as a filter of claims."""
    up = {Division.Level.COUNTY: "__parent__parent", Division.Level.TOWNSHIP: "__parent"}
    return {f"member__household__village{up.get(Division.Level(area.level), '')}": area}


def due(scheme: Scheme, month: date, timing: str, area: Division) -> QuerySet[Claim]:
    """Claims of a scheme that nobody posted yet, as they stood by the end of a month: before payment those that are
    approved and wait for it, after it those that were paid, and were not posted before."""
    on_lists = PublicityEntry.objects.filter(claim=OuterRef("pk")).exclude(list__state=State.VOID)
    found = Claim.objects.filter(scheme=scheme, **inside(area))
    ended = month_after(month)
    if timing == Timing.BEFORE:
        waiting = found.filter(state=Claim.State.APPROVED, approval__approved_on__lt=ended)
        return waiting.exclude(Exists(on_lists.filter(list__timing=timing)))
    paid = found.filter(state=Claim.State.PAID, state_since__lt=ended, approval__fund_pays__gt=0)
    return paid.exclude(Exists(on_lists))


def to_post(day: date) -> QuerySet[PublicityList]:
    """Lists that are made and do not hang yet."""
    return PublicityList.objects.filter(state=State.MADE, made_on__lte=day)


def to_come_back(day: date) -> QuerySet[PublicityList]:
    """Posted lists whose days have run, without their slip."""
    return PublicityList.objects.filter(state=State.POSTED, slip_by="", posted_until__lte=day)


def to_close(day: date) -> QuerySet[PublicityList]:
    """Posted lists whose days have run and whose slip is here."""
    return PublicityList.objects.filter(state=State.POSTED, posted_until__lte=day).exclude(slip_by="")


def entry_of(claim: Claim) -> PublicityEntry | None:
    """Where a claim was posted before its payment."""
    found = PublicityEntry.objects.filter(claim=claim, list__timing=Timing.BEFORE).exclude(list__state=State.VOID)
    return found.select_related("list").first()


def objections() -> QuerySet[Objection]:
    """Objections with what they are about."""
    return Objection.objects.select_related("entry__list__village", "entry__list__scheme", "entry__claim")


def unanswered() -> QuerySet[Any]:
    """Objections that wait for their answer, the first due first."""
    return objections().filter(result="").order_by("answer_by", "pk")
