"""What the tables of reviewing hold, one module per subject."""

from claims.models.approvals import Approval, ClaimPart, CounterMove, Reversal
from claims.models.catalogues import Catalogue, CatalogueEntry
from claims.models.checking import BenefitCounter, Cut, Flag, Limit, Verification
from claims.models.claims import Claim, ClaimLine, ClaimPaper, Invoice, Kind, Step
from claims.models.diseases import Disease, ListedDisease
from claims.models.meetings import AgendaItem, DecisionNotice, Invitee, Meeting, Minutes
from claims.models.plans import BenefitPlan
from claims.models.providers import Agreement, Provider
from claims.models.rounds import ClaimsRound, ClaimsSeat, ClaimsVote

__all__ = [
    "AgendaItem",
    "Agreement",
    "Approval",
    "BenefitCounter",
    "BenefitPlan",
    "Catalogue",
    "CatalogueEntry",
    "Claim",
    "ClaimLine",
    "ClaimPaper",
    "ClaimPart",
    "ClaimsRound",
    "ClaimsSeat",
    "ClaimsVote",
    "CounterMove",
    "Cut",
    "DecisionNotice",
    "Disease",
    "Flag",
    "Invitee",
    "Invoice",
    "Kind",
    "Limit",
    "ListedDisease",
    "Meeting",
    "Minutes",
    "Provider",
    "Reversal",
    "Step",
    "Verification",
]
