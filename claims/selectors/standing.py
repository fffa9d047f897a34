"""How the claims of the office stand: what waits at which step, what is past its day, what was decided in some days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Min, QuerySet, Sum

from claims.models import Approval, ChronicCertificate, Claim, Provider, Verification
from enrollment.models import Scheme
from office.models import Person

RIGHT: Final = "claims.view_claim"
NONE: Final = Decimal(0)
#: Where a claim waits for the office, in the order of the route.
STEPS: Final = (
    *("entered", "returned", "first_check", "verification", "second_check", "head", "committee"),
    *("approved", "payable"),
)


@dataclass(frozen=True)
class AtStep:
    """The claims that wait at a step."""

    state: str
    words: str
    count: int
    total: Decimal
    proposed: Decimal
    oldest: date
    days: int


@dataclass(frozen=True)
class DayOf:
    """What was decided on a day."""

    day: date
    approved: int = 0
    fund_pays: Decimal = NONE
    refused: int = 0
    returned: int = 0


def by_step(person: Person, today: date) -> list[AtStep]:
    """What waits at each step, of the claims that somebody sees, with how long the oldest has been there."""
    rows = Claim.objects.visible_to(person).filter(state__in=STEPS).order_by().values("state").annotate(
        count=Count("pk"), sum=Sum("total"), asked=Sum("proposed", default=NONE), oldest=Min("state_since")
    )  # fmt: skip
    found = {row["state"]: row for row in rows}
    words = dict(Claim.State.choices)
    return [
        AtStep(
            state,
            str(words[state]),
            found[state]["count"],
            found[state]["sum"],
            found[state]["asked"],
            found[state]["oldest"],
            (today - found[state]["oldest"]).days,
        )
        for state in STEPS
        if state in found
    ]


def by_day(person: Person, today: date, days: int) -> list[DayOf]:
    """What was decided on each of the last days, today first: approvals with their money, refusals, returns."""
    first = today - timedelta(days=days - 1)
    seen = Claim.objects.visible_to(person)
    approved = Approval.objects.filter(approved_on__range=(first, today), claim__in=seen.values("pk"))
    if person.bodies_in_sight(RIGHT) is None:
        approved = Approval.objects.filter(approved_on__range=(first, today))
    sums = {
        day: (count, paid)
        for day, count, paid in approved.order_by().values_list("approved_on").annotate(Count("pk"), Sum("fund_pays"))
    }
    ended = seen.filter(state__in=("refused", "returned"), state_since__range=(first, today)).order_by()
    others = {
        (state, day): count for state, day, count in ended.values_list("state", "state_since").annotate(Count("pk"))
    }
    return [
        DayOf(day, *sums.get(day, (0, NONE)), others.get(("refused", day), 0), others.get(("returned", day), 0))
        for day in (today - timedelta(days=back) for back in range(days))
    ]


def unanswered(person: Person, today: date) -> QuerySet[Verification]:
    """Letters to hospitals that nobody answered by their deadline, the longest late first."""
    found = Verification.objects.filter(way=Verification.Way.LETTER, outcome="", deadline_on__lt=today)
    waiting = found.filter(claim__state=Claim.State.VERIFICATION, claim__in=Claim.objects.visible_to(person))
    return waiting.select_related("claim__member", "claim__provider").order_by("deadline_on", "pk")


def to_review(person: Person, today: date, right: str) -> QuerySet[ChronicCertificate]:
    """Certificates in force whose yearly review was due, the longest late first."""
    found: Any = ChronicCertificate.objects.on(today).visible_to(person, right)
    late: QuerySet[ChronicCertificate] = found.filter(review_by__lt=today).select_related("member", "disease")
    return late.order_by("review_by", "pk")


def names_of(providers: Sequence[int], schemes: Sequence[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Providers and schemes by their number, for lines that know the numbers alone."""
    return (
        dict(Provider.objects.filter(pk__in=providers).values_list("pk", "name")),
        dict(Scheme.objects.filter(pk__in=schemes).values_list("pk", "name")),
    )
