"""Whole households (整户参合): of which some members are insured in a fund year and others are not."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enrollment.models import Coverage, FundYear, Household, HouseholdException, Member


def not_whole(fund_year: FundYear) -> QuerySet[Household]:
    """Households with somebody insured and somebody left out whom no exception names, with how many of each.

    How many is counted household by household, for those alone that are shown.
    """
    covered, excepted = _covered(fund_year), _excepted(fund_year)
    living = Member.objects.living().filter(household=OuterRef("pk"))
    insured = living.filter(Exists(covered))
    return (
        Household.objects.filter(Exists(insured), Exists(living.exclude(Exists(covered)).exclude(Exists(excepted))))
        .select_related("village")
        .annotate(
            people=_how_many(living),
            insured=_how_many(insured),
            excepted=_how_many(living.filter(Exists(excepted)).exclude(Exists(covered))),
        )
        .order_by("village__code", "number")
    )


def left_out(household: Household, fund_year: FundYear) -> list[Member]:
    """Who lives in a household and is neither insured in a fund year nor named in an exception."""
    living = household.members.living().exclude(Exists(_covered(fund_year))).exclude(Exists(_excepted(fund_year)))
    return list(living.order_by("birth_date", "pk"))


def _covered(fund_year: FundYear) -> QuerySet[Coverage]:
    return Coverage.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))


def _excepted(fund_year: FundYear) -> QuerySet[HouseholdException]:
    return HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))


def _how_many(members: QuerySet[Member]) -> Coalesce:
    counted = members.order_by().values("household").annotate(how_many=Count("pk")).values("how_many")
    return Coalesce(Subquery(counted), 0)
