"""What the register's tables hold, one module per subject."""

from enrollment.models.accounts import Account, AccountEntry
from enrollment.models.coverage import Contribution, Coverage, HouseholdException
from enrollment.models.divisions import Division
from enrollment.models.households import Household, Member, Relation, Sex
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

__all__ = [
    "Account",
    "AccountEntry",
    "Category",
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
    "Relation",
    "RosterImport",
    "Scheme",
    "Sex",
    "SubsidyRate",
    "Target",
    "WageRate",
]
