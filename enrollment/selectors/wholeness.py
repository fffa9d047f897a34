"""Whole households (整户参合): of which some members are insured in a fund year and others are not."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from enrollment.models import Coverage, FundYear, Household, HouseholdException, Member


def not_whole(fund_year: FundYear) -> QuerySet[Household]:
    """Households with somebody insured and somebody left out whom no exception names, with how many of each."""
    coverage = Coverage.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    excepted = HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    living = Member.objects.living().filter(household=OuterRef("pk"))
    insured = Q(members__in=Member.objects.filter(Exists(coverage)))
    named = Q(members__in=Member.objects.filter(Exists(excepted)))
    return (
        Household.objects.filter(
            Exists(living.filter(Exists(coverage))), Exists(living.exclude(Exists(coverage)).exclude(Exists(excepted)))
        )
        .select_related("village")
        .annotate(
            people=Count("members", filter=Q(members__state=Member.State.LIVING)),
            insured=Count("members", filter=Q(members__state=Member.State.LIVING) & insured),
            excepted=Count("members", filter=Q(members__state=Member.State.LIVING) & named & ~insured),
        )
        .order_by("village__code", "number")
    )


def left_out(household: Household, fund_year: FundYear) -> list[Member]:
    """Who lives in a household and is neither insured in a fund year nor named in an exception."""
    coverage = Coverage.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    excepted = HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    living = household.members.living()
    return list(living.exclude(Exists(coverage)).exclude(Exists(excepted)).order_by("birth_date", "pk"))
