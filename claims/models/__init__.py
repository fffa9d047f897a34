"""What the tables of reviewing hold, one module per subject."""

from claims.models.catalogues import Catalogue, CatalogueEntry
from claims.models.diseases import Disease, ListedDisease
from claims.models.plans import BenefitPlan
from claims.models.providers import Agreement, Provider
from claims.models.rounds import ClaimsRound, ClaimsSeat, ClaimsVote

__all__ = [
    "Agreement",
    "BenefitPlan",
    "Catalogue",
    "CatalogueEntry",
    "ClaimsRound",
    "ClaimsSeat",
    "ClaimsVote",
    "Disease",
    "ListedDisease",
    "Provider",
]
