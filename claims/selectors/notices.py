"""Which claims are owed a written answer."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from claims.models import Appeal, Claim, ClaimsRound, Cut, DecisionNotice
from office.models.rounds import Outcome

#: States in which a claim's last decision says what comes of it.
STANDING = ("approved", "payable", "paying", "paid", "refused")


def owed() -> QuerySet[Claim]:
    """Claims whose last decision cut, refused, or was the committee's, and has no notice; the oldest first."""
    closed = ClaimsRound.objects.filter(
        subject_type="claims.claim", subject_id=Cast(OuterRef("pk"), CharField()), state="closed"
    ).order_by("-pk")
    cut = Cut.objects.filter(claim=OuterRef("pk"), counts=True, line__version=OuterRef("content_version"))
    found = Claim.objects.filter(pk__in=_looked_at(), state__in=STANDING).annotate(
        last=Subquery(closed.values("pk")[:1]),
        last_step=Subquery(closed.values("step")[:1]),
        last_outcome=Subquery(closed.values("outcome")[:1]),
    )
    owing = Q(last_outcome=Outcome.REFUSED) | Q(last_step=Claim.State.COMMITTEE) | Exists(cut)
    answer = DecisionNotice.objects.filter(round=OuterRef("last")).order_by()
    return (
        found.alias(answer=Subquery(answer.values("pk")[:1]))  # looked up for each of the few, never joined
        .filter(owing, last__isnull=False, answer__isnull=True)
        .select_related("member", "provider")
        .order_by(F("state_since"), "pk")
    )


def _looked_at() -> QuerySet[Any, Any]:
    """The few claims that can be owed one, each kind by its own index: refusals and decisions of the committee without
    their notice, cut claims without any, and whatever was decided anew after a won appeal.

    Both sides are read in the order of narrow indexes and laid beside each other; the tables themselves stay shut.
    """
    answer = DecisionNotice.objects.filter(round=OuterRef("pk"))
    told = DecisionNotice.objects.filter(claim=OuterRef("claim"))
    rounds = ClaimsRound.objects.filter(Q(step=Claim.State.COMMITTEE) | Q(outcome=Outcome.REFUSED))
    closed = rounds.filter(~Exists(answer), subject_type="claims.claim", state="closed").order_by()
    decided = closed.annotate(number=Cast("subject_id", BigIntegerField())).values("number")
    cut = Cut.objects.filter(~Exists(told), counts=True).order_by().values("claim")
    again = Appeal.objects.filter(state=Appeal.State.WON).order_by().values("claim")
    found: QuerySet[Any, Any] = decided.union(cut, again, all=True)
    return found
