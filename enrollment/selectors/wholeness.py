"""Whole households (整户参合): of which some members are insured in a fund year and others are not, and why not."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from enrollment.models import Contribution, Coverage, FundYear, Household, HouseholdException, Member


def not_whole(fund_year: FundYear) -> QuerySet[Household]:
    """Households with somebody insured and somebody left out whom no exception names, with how many of each.

    `left_out` tells everybody who is not insured: his `name`, `why` (excepted, elsewhere, newborn, void, unpaid) and
    with it the exception's reason or the other scheme's name (`told`).
    """
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
            left_out=ArraySubquery(_told(living.exclude(Exists(coverage)), fund_year)),
        )
        .order_by("village__code", "number")
    )


def left_out(household: Household, fund_year: FundYear) -> list[Member]:
    """Who lives in a household and is neither insured in a fund year nor named in an exception."""
    coverage = Coverage.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    excepted = HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    living = household.members.living()
    return list(living.exclude(Exists(coverage)).exclude(Exists(excepted)).order_by("birth_date", "pk"))


def _told(members: QuerySet[Member], fund_year: FundYear) -> QuerySet[Member, Any]:
    """Each of these members with why the year does not insure him: what is found first counts."""
    excepted = HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
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
