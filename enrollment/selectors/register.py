"""What the pages of one person and of one household show."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enrollment.models import Account, Coverage, Household, HouseholdException, Member, PayeeAccount
from enrollment.selectors.search import head_of

WITH_PLACE = "village__parent__parent"


def coverages_of(member: Member) -> QuerySet[Coverage]:
    """Every coverage of a person and of his doubles, the newest year first, void ones too."""
    return (
        Coverage.objects.filter(member__in=Member.objects.records_of([member.pk]))
        .select_related("scheme", "fund_year", "contribution")
        .order_by("-fund_year__year", "-period", "-pk")
    )


def members_of(household: Household, year: int) -> QuerySet[Member]:
    """Everybody who is or was in a household, head first, each with `of_year`: the coverages of a fund year."""
    of_year = Coverage.objects.standing().filter(fund_year__year=year).select_related("scheme", "contribution")
    return household.members.order_by("state", "-is_head", "birth_date", "pk").prefetch_related(
        Prefetch("coverages", of_year.order_by("period"), to_attr="of_year")
    )


def exceptions_of(members: Any, year: int) -> QuerySet[HouseholdException]:
    """Who of some members is left out in a year although his household enrolls."""
    return HouseholdException.objects.standing().filter(member__in=members, fund_year__year=year).order_by("pk")


def payee_accounts_of(household: Household) -> QuerySet[PayeeAccount]:
    """The account in force and the change that waits, if there is one."""
    live = (PayeeAccount.State.CONFIRMED, PayeeAccount.State.PROPOSED)
    return household.payee_accounts.filter(state__in=live).order_by("state")


def accounts_of(household: Household, member: Member | None = None) -> QuerySet[Account]:
    """The accounts of a household; of one member also his own, else those of all its members."""
    theirs = Q(member=member) if member else Q(member__household=household)
    return Account.objects.filter(Q(household=household) | theirs).select_related("scheme", "member").order_by("pk")


def households_with_heads() -> QuerySet[Household]:
    """Households with `head_name` and `people`: how many live in each."""
    living = Member.objects.living().filter(household=OuterRef("pk")).order_by().values("household")
    people = Coalesce(Subquery(living.annotate(people=Count("pk")).values("people")), 0)
    return Household.objects.select_related("village__parent").annotate(
        head_name=head_of(OuterRef("pk")), people=people
    )
