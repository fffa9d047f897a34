"""A household's year on one plain page (农户明白卡): paid, cut and why, what is left of account and ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from claims.models import Claim
from claims.selectors import person_year
from claims.selectors.person_year import PersonYear
from enrollment.models import Account, Household, Member
from enrollment.selectors import register

NONE = Decimal(0)


@dataclass
class HouseholdYear:
    """What the funds did for a household in a plan year; its people with their own years."""

    household: Household
    year: int
    years: Sequence[int]
    head: str = ""
    people: list[PersonYear] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    @property
    def claims(self) -> list[Claim]:
        """All claims of the year, person by person."""
        return [claim for one in self.people for claim in one.claims]

    @property
    def granted(self) -> Decimal:
        """What the funds pay of them together."""
        return sum((person_year.granted_of(one) or NONE for one in self.claims), NONE)


def of_household(household: Household, asked: int | None, today: date) -> HouseholdYear:
    """The year of a household; without a year that of today."""
    members = list(
        Member.objects.filter(household=household)
        .exclude(state=Member.State.MERGED)
        .order_by("-is_head", "birth_date", "pk")
    )
    numbers = [one.pk for one in members]
    whose = Q(member__in=numbers) | Q(member__merged_into__in=numbers)
    known = ("approval__grant", "provider", "scheme", "disease", "body", "member__household")
    claims = list(Claim.objects.filter(whose).select_related(*known).order_by("admitted_on", "pk"))
    wanted = asked or today.year
    years = {person_year.year_of(one) for one in claims} | {today.year, wanted}
    found = HouseholdYear(household, wanted, sorted(years, reverse=True))
    found.head = next((one.name for one in members if one.is_head), "")
    for one in members:
        one.household = household
        mine = [claim for claim in claims if person_number(claim) == one.pk and person_year.year_of(claim) == wanted]
        found.people.append(_person(one, wanted, mine, today))
    found.accounts = list(register.accounts_of(household))
    return found


def person_number(claim: Claim) -> int:
    """The record that is kept of a claim's patient."""
    return claim.member.merged_into_id or claim.member_id


def _person(member: Member, year: int, claims: list[Claim], today: date) -> PersonYear:
    found = PersonYear(member, year, [year], is_whole=True, claims=claims)
    if claims:
        person_year.ask_cuts(found)
        person_year.ask_counters(found, today)
    return found
