"""What is locked before a claim is looked at, and how a refusal is written down.

Order of locks, everywhere: the meeting, the claim's rounds by number, the claim, the household, the person under the
record that is kept, the person's counters by number, accounts by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.models import BenefitCounter, Claim, ClaimsRound
from claims.selectors.valuing import person_number
from enrollment.models import Account, Household, Member
from enrollment.services import accounts
from office import deciding, trail
from office.services import dockets
from office.services.dockets import Docket
from office.subjects import name_of

Given = ParamSpec("Given")
Done = TypeVar("Done")


class MovedMeanwhile(Exception):
    """The person's records changed at this moment; the message is written for whoever decides."""


@dataclass(frozen=True)
class Counted:
    """A person whose year nobody else can move now."""

    person: Member
    accounts: tuple[Account, ...]
    counters: tuple[BenefitCounter, ...] = ()


def refusing(act: str, *refusals: type[Exception], about: str = "claim") -> Callable[..., Any]:
    """A service in one transaction, its acts in one statement; a refusal is written as an act after the rollback.
    `about` names the argument that the act is about."""

    def around(service: Callable[Given, Done]) -> Callable[Given, Done]:
        @wraps(service)
        def tried(*none: Given.args, **given: Given.kwargs) -> Done:
            try:
                with transaction.atomic(), trail.together():
                    return service(*none, **given)
            except refusals as refusal:
                told: dict[str, Any] = given
                trail.refused(act, told[about], by=told["by"], at=told["at"], reason=str(refusal))
                raise

        return tried

    return around


def lock_rounds(claim: Claim) -> list[Any]:
    """All rounds of a claim, locked by number."""
    return list(deciding.rounds_of(claim).select_for_update(no_key=True, of=["self"]).order_by("pk"))


def lock_docket(claim: Claim) -> Docket:
    """A claim as it is now, with all that the plans ask about it, and all its rounds, locked."""
    return dockets.lock(*name_of(claim))


def lock_with_rounds(claim: Claim) -> tuple[Claim, list[Any]]:
    """A claim as it is now, and all its rounds, locked."""
    docket = lock_docket(claim)
    return docket.subject, docket.rounds


def lock_claim(claim: Claim) -> Claim:
    """A claim as it is now, under the lock of its rounds and its own."""
    return lock_with_rounds(claim)[0]


def lock_many(numbers: Iterable[int]) -> list[Claim]:
    """Several claims that are decided together: the rounds of all by number, then the claims by number."""
    wanted = list(numbers)
    rounds = ClaimsRound.objects.filter(subject_type="claims.claim", subject_id__in=[str(one) for one in wanted])
    list(rounds.select_for_update(no_key=True, of=["self"]).order_by("pk").values_list("pk"))
    return lock_claims(wanted)


def lock_people(claims: Iterable[Claim]) -> None:
    """The patients of several claims, each class of rows for all of them before the next; `lock_person` then waits for
    nobody."""
    wanted = list(claims)
    kept = Member.objects.filter(pk__in=[person_number(one.member) for one in wanted])
    homes = Household.objects.filter(pk__in=kept.values("household"))
    list(homes.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(kept.select_for_update(no_key=True, of=["self"]).order_by("pk").values_list("pk"))
    numbers = {person_number(one.member) for one in wanted}
    counters = BenefitCounter.objects.filter(member__in=Member.objects.records_of(numbers).order_by())
    list(counters.select_for_update(of=["self"], no_key=True).order_by("pk").values_list("pk"))
    owned = Q(household__in=kept.values("household")) | Q(member__in=kept)
    owned |= Q(household__in=[one.member.household_id for one in wanted])
    accounts.lock_all(list(Account.objects.filter(owned)))


def lock_claims(numbers: Iterable[int]) -> list[Claim]:
    """Several claims by number; alone, where no round decides them any more."""
    found = Claim.objects.select_for_update(of=["self"]).select_related("member", "scheme", "disease")
    return list(found.filter(pk__in=list(numbers)).order_by("pk"))


def hold_claims(numbers: Iterable[int]) -> None:
    """The same locks where nothing of the claims is read: tens of thousands are held for a batch."""
    found = Claim.objects.select_for_update(of=["self"]).filter(pk__in=list(numbers))
    list(found.order_by("pk").values_list("pk"))


def lock_person(claim: Claim) -> Counted:
    """The patient's year, for whoever moves it: his household, his kept record, his counters, the accounts. Raises
    MovedMeanwhile."""
    kept = claim.member.merged_into or claim.member
    list(Household.objects.select_for_update(no_key=True).filter(pk=kept.household_id).values_list("pk"))
    person = Member.objects.select_for_update(no_key=True, of=["self"]).get(pk=kept.pk)
    if person.merged_into_id is not None or person.household_id != kept.household_id:
        raise MovedMeanwhile(_("This person's records changed just now. Try again."))
    counters = BenefitCounter.objects.select_for_update(of=["self"], no_key=True).filter(
        member__in=Member.objects.records_of([person.pk]), scheme=claim.scheme_id
    )
    moved = tuple(counters.order_by("pk"))
    owned = Q(household=claim.member.household_id) | Q(member=person)
    held = accounts.lock_all(list(Account.objects.filter(owned, scheme=claim.scheme_id)))
    return Counted(person, tuple(held.values()), moved)
