"""Two records that may be one person: who looks alike, and what hangs on a double."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from enrollment.models import Account, Contribution, Coverage, Member
from office.models import Person

MOST = 20


@dataclass(frozen=True)
class Belongings:
    """What stands under a member's record; a merge leaves it there and lists it."""

    coverages: QuerySet[Coverage]
    contributions: QuerySet[Contribution]
    accounts: QuerySet[Account]


def belongings(member: Member) -> Belongings:
    """The coverages, contributions and personal accounts of a record, oldest first."""
    return Belongings(
        member.coverages.select_related("fund_year__scheme"),
        member.contributions.select_related("fund_year__scheme"),
        member.accounts.select_related("scheme"),
    )


def lookalikes(member: Member, person: Person) -> QuerySet[Member]:
    """Records in sight with the same name and birth date, or one of the two in the same village; twenty at most."""
    same_village = Q(household__village=member.household.village_id)
    name, born = Q(name=member.name), Q(birth_date=member.birth_date)
    found = Member.objects.visible_to(person, "enrollment.add_membermerge").exclude(state=Member.State.MERGED)
    alike = found.filter((name & born) | (same_village & (name | born))).exclude(pk=member.pk)
    return alike.select_related("household__village")[:MOST]
