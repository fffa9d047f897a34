"""The tables in which people decide together about money; each service registers what is decided in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from funds.models import FundsRound, FundsSeat, FundsVote
from office.deciding import Family

TO_DECIDE = gettext_lazy("To decide about money")
FUNDS = Family("funds", FundsRound, FundsSeat, FundsVote, gettext_lazy("Money"))
