"""What the register's tables hold, one module per subject."""

from enrollment.models.accounts import Account, AccountEntry
from enrollment.models.campaign import Bulletin, CampaignDeadline, CollectionCost, Reminder
from enrollment.models.coverage import Contribution, Coverage, HouseholdException
from enrollment.models.divisions import Division
from enrollment.models.households import Household, Member, Relation, Sex
from enrollment.models.receipts import Receipt, ReceiptBook
from enrollment.models.refunds import Refund, RefundPayment
from enrollment.models.requests import EnrollmentRound, EnrollmentSeat, EnrollmentVote, MemberMerge, PayeeAccount
from enrollment.models.rosters import GoLiveProtocol, RosterImport
from enrollment.models.schemes import (
    Category,
    ContributionRate,
    FundYear,
    Population,
    Scheme,
    SubsidyRate,
    Target,
    WageRate,
)
from enrollment.models.sheets import CollectionSheet, SheetEntry
from enrollment.models.subsidies import AssistanceLine, AssistanceList, SubsidyClaim
from enrollment.models.year_sums import YearMove, YearSum

__all__ = [
    "Account",
    "AccountEntry",
    "AssistanceLine",
    "AssistanceList",
    "Bulletin",
    "CampaignDeadline",
    "Category",
    "CollectionCost",
    "CollectionSheet",
    "Contribution",
    "ContributionRate",
    "Coverage",
    "Division",
    "EnrollmentRound",
    "EnrollmentSeat",
    "EnrollmentVote",
    "FundYear",
    "GoLiveProtocol",
    "Household",
    "HouseholdException",
    "Member",
    "MemberMerge",
    "PayeeAccount",
    "Population",
    "Receipt",
    "ReceiptBook",
    "Refund",
    "RefundPayment",
    "Relation",
    "Reminder",
    "RosterImport",
    "Scheme",
    "Sex",
    "SheetEntry",
    "SubsidyClaim",
    "SubsidyRate",
    "Target",
    "WageRate",
    "YearMove",
    "YearSum",
]
