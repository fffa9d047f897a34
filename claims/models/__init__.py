"""What the tables of reviewing hold, one module per subject."""

from claims.models.plans import BenefitPlan
from claims.models.rounds import ClaimsRound, ClaimsSeat, ClaimsVote

__all__ = ["BenefitPlan", "ClaimsRound", "ClaimsSeat", "ClaimsVote"]
