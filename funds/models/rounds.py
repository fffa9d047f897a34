"""The tables in which people decide together about money."""

from __future__ import annotations

import pghistory
from django.db import models

from office.models.rounds import Round, Seat, Vote


@pghistory.track()
class FundsRound(Round):
    """A round over money: months, vouchers, releases of payments."""

    class Meta(Round.Meta):
        pass


@pghistory.track()
class FundsSeat(Seat):
    """A seat in a round over money."""

    round = models.ForeignKey(FundsRound, models.PROTECT, related_name="seats")

    class Meta(Seat.Meta):
        pass


class FundsVote(Vote):
    """A vote in a round over money."""

    round = models.ForeignKey(FundsRound, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(FundsSeat, models.PROTECT, related_name="+")

    class Meta(Vote.Meta):
        pass
