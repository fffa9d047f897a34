"""What the pages of one person and of one household show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enrollment.models import Account, Coverage, Household, HouseholdException, Member, PayeeAccount
from enrollment.selectors.search import head_of

WITH_PLACE = "village__parent__parent"


class Why(StrEnum):
    """Why nothing covers somebody on a day."""

    DEAD = "dead"
    NOT_BORN = "not_born"
    MOVED_AWAY = "moved_away"
    ENDED = "ended"
    LATER = "later"
    EARLIER = "earlier"
    NEVER = "never"


@dataclass(frozen=True)
class OnDay:
    """What covers a person on a day; if nothing does, why, and the coverage that tells it."""

    day: date
    covering: list[Coverage]
    why: Why | None = None
    told_by: Coverage | None = None


def coverages_of(member: Member) -> QuerySet[Coverage]:
    """Every coverage of a person and of his doubles, the newest year first, void ones too."""
    return (
        Coverage.objects.filter(Q(member=member) | Q(member__merged_into=member))
        .select_related("scheme", "fund_year", "contribution")
        .order_by("-fund_year__year", "-period", "-pk")
    )


def on_day(member: Member, coverages: Iterable[Coverage], day: date) -> OnDay:
    """What covers a person on a day, told from all his coverages."""
    standing = [one for one in coverages if not one.void_reason]
    covering = [one for one in standing if one.period.lower <= day < one.period.upper]
    return OnDay(day, covering) if covering else _uncovered(member, standing, day)


def _uncovered(member: Member, standing: Sequence[Coverage], day: date) -> OnDay:
    over = [one for one in standing if one.period.upper <= day]
    later = [one for one in standing if day < one.period.lower]
    last = max(over, key=lambda one: one.period.upper, default=None)
    if member.birth_date > day:
        return OnDay(day, [], Why.NOT_BORN)
    if member.state == Member.State.DEAD:
        return OnDay(day, [], Why.DEAD, last)
    if member.state == Member.State.MOVED_AWAY:
        return OnDay(day, [], Why.MOVED_AWAY, last)
    if later:
        return OnDay(day, [], Why.LATER, min(later, key=lambda one: one.period.lower))
    if last is None:
        return OnDay(day, [], Why.NEVER)
    return OnDay(day, [], Why.ENDED if last.ended_because else Why.EARLIER, last)


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
