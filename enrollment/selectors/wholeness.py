"""Whole households (整户参合): of which some members are insured in a fund year and others are not, and why not."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from enrollment.models import Contribution, Coverage, FundYear, Household, HouseholdException, Member


def not_whole(fund_year: FundYear) -> QuerySet[Household]:
    """Households with somebody insured and somebody left out whom no exception names, with how many of each.

    `left_out` tells everybody who is not insured: his `name`, `why` (excepted, elsewhere, newborn, void, unpaid) and
    with it the exception's reason or the other scheme's name (`told`). All this is looked for household by household,
    for those alone that are shown.
    """
    covered, excepted = Exists(_covered(fund_year)), Exists(_excepted(fund_year))
    living = Member.objects.living().filter(household=OuterRef("pk"))
    insured, left = living.filter(covered), living.exclude(covered)
    return (
        Household.objects.filter(Exists(insured), Exists(left.exclude(excepted)))
        .select_related("village")
        .annotate(
            people=_how_many(living),
            insured=_how_many(insured),
            excepted=_how_many(left.filter(excepted)),
            left_out=ArraySubquery(_told(left, fund_year)),
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


def _told(members: QuerySet[Member], fund_year: FundYear) -> QuerySet[Member, Any]:
    """Each of these members with why the year does not insure him: what is found first counts."""
    excepted = _excepted(fund_year)
    elsewhere = (
        Coverage.objects.standing()
        .filter(member=OuterRef("pk"), is_basic=True, period__overlap=fund_year.period)
        .exclude(fund_year=fund_year)
        .order_by("-period")
    )
    void = Contribution.objects.filter(fund_year=fund_year, member=OuterRef("pk")).exclude(void_reason="")
    why = Case(
        When(Exists(excepted), then=Value("excepted")),
        When(Exists(elsewhere), then=Value("elsewhere")),
        When(birth_date__gte=fund_year.period.lower, then=Value("newborn")),
        When(Exists(void), then=Value("void")),
        default=Value("unpaid"),
    )
    told = Case(
        When(Exists(excepted), then=Subquery(excepted.values("reason")[:1])),
        When(Exists(elsewhere), then=Subquery(elsewhere.values("scheme__name")[:1])),
        default=Value(""),
        output_field=CharField(),
    )
    return members.order_by("birth_date", "pk").values(one=JSONObject(name=F("name"), why=why, told=told))
