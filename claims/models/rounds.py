"""The tables in which people decide together about benefits."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from office.models.rounds import Round, Seat, Vote


@pghistory.track()
class ClaimsRound(Round):
    """A round over what is granted: benefit plans, claims. Of millions nearly all are closed and approved."""

    class Meta(Round.Meta):
        indexes = [
            *Round.Meta.indexes,
            models.Index(fields=["-id"], condition=~Q(state="closed"), name="claimsround_not_closed"),
            models.Index(fields=["subject_id"], condition=Q(step="committee"), name="claimsround_of_committee"),
            models.Index(fields=["outcome", "-id"], condition=~Q(outcome="approved"), name="claimsround_not_approved"),
            models.Index(
                fields=["id"],
                include=["subject_id"],
                condition=Q(Q(step="committee") | Q(outcome="refused"), subject_type="claims.claim", state="closed"),
                name="claimsround_to_answer",
            ),
        ]


@pghistory.track()
class ClaimsSeat(Seat):
    """A seat in a round over what is granted."""

    round = models.ForeignKey(ClaimsRound, models.PROTECT, related_name="seats")

    class Meta(Seat.Meta):
        pass


class ClaimsVote(Vote):
    """A vote in a round over what is granted."""

    round = models.ForeignKey(ClaimsRound, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(ClaimsSeat, models.PROTECT, related_name="+")

    class Meta(Vote.Meta):
        pass
