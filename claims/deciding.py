"""The tables in which people decide together about benefits; each service registers what is decided in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from claims.models import ClaimsRound, ClaimsSeat, ClaimsVote
from office.deciding import Family

TO_DECIDE = gettext_lazy("To decide about benefits")
CLAIMS = Family("claims", ClaimsRound, ClaimsSeat, ClaimsVote, gettext_lazy("Benefits"))
