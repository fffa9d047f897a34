"""Which claims are owed a written answer."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from claims.models import Claim, ClaimsRound, Cut, DecisionNotice
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
    answered = DecisionNotice.objects.filter(round=OuterRef("last"))
    return (
        found.filter(owing, last__isnull=False)
        .exclude(Exists(answered))
        .select_related("member", "provider")
        .order_by(F("state_since"), "pk")
    )


def _looked_at() -> QuerySet[Any, Any]:
    """The few claims that can be owed one, each kind by its own index: refused ones, those with cuts, those that the
    committee decided."""
    rounds = ClaimsRound.objects.filter(subject_type="claims.claim", step=Claim.State.COMMITTEE, state="closed")
    sat = rounds.order_by().annotate(number=Cast("subject_id", BigIntegerField())).values("number")
    cut = Cut.objects.filter(counts=True).order_by().values("claim")
    return Claim.objects.filter(state=Claim.State.REFUSED).order_by().values("pk").union(cut, sat, all=True)
