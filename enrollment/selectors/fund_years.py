"""Questions about fund years: what is due, which year a day lies in, what a paper says in all, what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, QuerySet, Sum, When

from enrollment.models import (
    ContributionRate,
    Division,
    FundYear,
    Population,
    Scheme,
    SubsidyRate,
    Target,
    WageRate,
)
from enrollment.rules import wages
from enrollment.rules.categories import Category
from enrollment.rules.roster_rows import Due
from enrollment.rules.wages import Monthly
from office import attachments
from office.models import Act, Attachment, Person
from office.subjects import name_of

CATEGORIES = [one.value for one in Category]
SCANS = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff"})

#: The acts by which somebody has a hand in what a fund year says.
MAKING = ("fund-year.drafted", "fund-year.changed", "fund-year.proposed")


def rates_of(fund_year: FundYear) -> dict[Category, Due]:
    """What each category contributes in a year: in all, and out of its own pocket."""
    rates = ContributionRate.objects.filter(fund_year=fund_year)
    return {Category(one.category): Due(fee=one.amount, own=one.own) for one in rates}


def usual_year(today: date) -> FundYear | None:
    """The year that runs today, else the last one that began: of the scheme that insures whole households first."""
    confirmed = FundYear.objects.confirmed().select_related("scheme")
    latest = confirmed.order_by("-period__endswith", "scheme__insures", "scheme")
    return latest.filter(period__startswith__lte=today).first() or latest.first()


def fund_year_on(scheme: Scheme, day: date) -> FundYear | None:
    """The confirmed fund year of a scheme in which a day lies."""
    return FundYear.objects.confirmed().filter(scheme=scheme, period__contains=day).first()


@dataclass(frozen=True)
class Parts:
    """All lines of a fund year and its papers, as the page shows them and the hash covers them.

    A scheme's contribution is a sum a head (`rates`) or a rate of wages (`wages`); the other one is empty.
    """

    rates: Sequence[ContributionRate]
    wages: Sequence[WageRate]
    subsidies: Sequence[SubsidyRate]
    populations: Sequence[Population]
    targets: Sequence[Target]
    papers: Sequence[Attachment]

    @property
    def heads(self) -> int:
        """How many people should enroll in all."""
        return sum(one.heads for one in self.populations)

    @property
    def subsidy(self) -> Decimal:
        """What all levels add for one person, in yuan."""
        return sum((one.per_head for one in self.subsidies), Decimal(0))

    @property
    def missing(self) -> list[str]:
        """What the paper does not say yet, by code; `NEEDED` of it bars the proposal."""
        at_work = any(one.group == WageRate.Group.ACTIVE for one in self.wages)
        said = {
            "rates": at_work or {one.category for one in self.rates} >= set(CATEGORIES),
            "paper": any(one.media_type in SCANS for one in self.papers),
            "subsidies": bool(self.subsidies or self.wages),  # nobody adds to what comes out of wages
            "populations": bool(self.populations),
            "targets": bool(self.targets),
        }
        return [part for part, is_said in said.items() if not is_said]


NEEDED = ("rates", "paper")


def rates(fund_year: FundYear) -> list[ContributionRate]:
    """The contributions in the order of the categories."""
    found = ContributionRate.objects.filter(fund_year=fund_year)
    return sorted(found, key=lambda one: CATEGORIES.index(one.category))


def wage_rates(fund_year: FundYear) -> list[WageRate]:
    """The rates of wages: those at work, the retired, the flexibly employed."""
    found = WageRate.objects.filter(fund_year=fund_year)
    return sorted(found, key=lambda one: WageRate.Group.values.index(one.group))


def bounds_of(rate: WageRate) -> tuple[Monthly, Monthly]:
    """What comes in for a person of the group in a month at least and at most."""
    terms = wages.Terms(rate.employer, rate.person, rate.floor, rate.ceiling)
    return wages.monthly(rate.floor, terms), wages.monthly(rate.ceiling, terms)


def subsidies(fund_year: FundYear) -> list[SubsidyRate]:
    """The subsidies from the highest level down, by instalment."""
    found = SubsidyRate.objects.filter(fund_year=fund_year)
    return sorted(found, key=lambda one: (SubsidyRate.Level.values.index(one.level), one.instalment))


def targets(fund_year: FundYear) -> list[Target]:
    """The targets of the county, its townships, and sub-groups."""
    found = Target.objects.filter(fund_year=fund_year).select_related("division")
    return list(found.order_by("division__code", "sub_group"))


def parts_of(fund_year: FundYear) -> Parts:
    """Everything that stands in a fund year, in a fixed order."""
    said = Population.objects.filter(fund_year=fund_year).select_related("division")
    is_of_wages = fund_year.scheme.contribution == Scheme.Contribution.WAGES
    return Parts(
        rates=[] if is_of_wages else rates(fund_year),
        wages=wage_rates(fund_year) if is_of_wages else [],
        subsidies=subsidies(fund_year),
        populations=list(said.order_by("division__code")),
        targets=targets(fund_year),
        papers=list(attachments.of(fund_year).order_by("pk")),
    )


def makers_of(fund_year: FundYear) -> QuerySet[Person]:
    """Everybody who had a hand in a fund year: none of them confirms it."""
    subject_type, subject_id = name_of(fund_year)
    acts = Act.objects.filter(
        kind=Act.Kind.DONE, name__in=MAKING, subject_type=subject_type, subject_id=subject_id, by__isnull=False
    )
    return Person.objects.filter(pk__in=acts.values("by")).order_by("pk")


def townships() -> QuerySet[Division]:
    """The county's townships by code."""
    return Division.objects.filter(level=Division.Level.TOWNSHIP).order_by("code")


def heads_by_township(fund_year: FundYear) -> Mapping[int, int]:
    """How many people should enroll in each township, said for itself or for its villages."""
    itself = When(division__level=Division.Level.TOWNSHIP, then=F("division"))
    placed = Population.objects.filter(fund_year=fund_year).annotate(place=Case(itself, default=F("division__parent")))
    return dict(placed.values_list("place").annotate(Sum("heads")).order_by())
