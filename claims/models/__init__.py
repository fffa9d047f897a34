"""What the tables of reviewing hold, one module per subject."""

from claims.models.admissions import Admission, BedCheck
from claims.models.appeals import Appeal, RestoredCut
from claims.models.approvals import Approval, ClaimPart, CounterMove, Reversal
from claims.models.asking import AskedPaper
from claims.models.before import OutsideStay, Referral, TimeLimit
from claims.models.beginning import CounterOpening, UsedInvoice
from claims.models.bulk import BulkRow, SampleCheck, SampledRow, SettledPart, Settlement
from claims.models.catalogues import Catalogue, CatalogueEntry
from claims.models.certificates import (
    CertificateApplication,
    CertificateReview,
    ChronicCertificate,
    ExpertPanel,
    PanelFinding,
)
from claims.models.checking import BenefitCounter, Cut, Flag, Limit, Verification
from claims.models.claims import Claim, ClaimLine, ClaimPaper, Invoice, Kind, Step
from claims.models.diseases import Disease, ListedDisease
from claims.models.documents import BulkDocument
from claims.models.door import DoorRequest, DoorToken
from claims.models.grants import AppealGrant
from claims.models.injuries import InjuryConclusion, InjuryInquiry, InjuryVisit
from claims.models.lateness import LateAllowance
from claims.models.meetings import AgendaItem, CommitteeRule, DecisionNotice, Invitee, Meeting, Minutes
from claims.models.month_sums import MonthMove, MonthSum
from claims.models.plans import BenefitPlan
from claims.models.providers import Agreement, Provider, ProviderAccount
from claims.models.publicity import Objection, PublicityEntry, PublicityList
from claims.models.rounds import ClaimsRound, ClaimsSeat, ClaimsVote
from claims.models.statistics import StatisticsSheet

__all__ = [
    "Admission",
    "AgendaItem",
    "Agreement",
    "Appeal",
    "AppealGrant",
    "Approval",
    "AskedPaper",
    "BedCheck",
    "BenefitCounter",
    "BenefitPlan",
    "BulkDocument",
    "BulkRow",
    "Catalogue",
    "CatalogueEntry",
    "CertificateApplication",
    "CertificateReview",
    "ChronicCertificate",
    "Claim",
    "ClaimLine",
    "ClaimPaper",
    "ClaimPart",
    "ClaimsRound",
    "ClaimsSeat",
    "ClaimsVote",
    "CommitteeRule",
    "CounterMove",
    "CounterOpening",
    "Cut",
    "DecisionNotice",
    "Disease",
    "DoorRequest",
    "DoorToken",
    "ExpertPanel",
    "Flag",
    "InjuryConclusion",
    "InjuryInquiry",
    "InjuryVisit",
    "Invitee",
    "Invoice",
    "Kind",
    "LateAllowance",
    "Limit",
    "ListedDisease",
    "Meeting",
    "Minutes",
    "MonthMove",
    "MonthSum",
    "Objection",
    "OutsideStay",
    "PanelFinding",
    "Provider",
    "ProviderAccount",
    "PublicityEntry",
    "PublicityList",
    "Referral",
    "RestoredCut",
    "Reversal",
    "SampleCheck",
    "SampledRow",
    "SettledPart",
    "Settlement",
    "StatisticsSheet",
    "Step",
    "TimeLimit",
    "UsedInvoice",
    "Verification",
]
