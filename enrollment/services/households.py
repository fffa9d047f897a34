"""Households in the register: they come, move, are split, get another head, and end when nobody is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from enrollment.models import Division, Household, Member, Relation
from enrollment.services import identity, keeping
from enrollment.services.identity import Entry
from enrollment.services.keeping import CannotKeep
from office import trail
from office.models import Person
from office.rules import days
from office.stale import Stale

ADD = "enrollment.add_household"
CHANGE = "enrollment.change_household"
DIGITS = 4  # of the running number behind the village's twelve
LAST = 10**DIGITS - 1


@keeping.in_sight("household.added", "village")
def add_household(
    *,
    village: Division,
    head: Entry,
    on: date,
    address: str = "",
    number: str = "",
    by: Person,
    at: datetime,
) -> Household:
    """A household comes into the register with its first member as head; without a number it gets the village's next.

    Raises CannotKeep.
    """
    keeping.refuse_unseen([village.pk], by=by, right=ADD)
    keeping.refuse_day(on, at=at)
    added = _create(village, number, address=address, registered_on=on, changed_by=by, changed_at=at)
    fields = identity.read(head, today=days.business_day(at))
    with identity.given_once(fields, by):
        first = Member.objects.create(
            household=added, is_head=True, relation=Relation.HEAD, changed_by=by, changed_at=at, **fields
        )
    trail.record(
        "household.added", added, by=by, at=at, right=ADD, number=added.number, village=village.code, head=first, on=on
    )
    return added


@keeping.in_sight("household.moved", "household")
def move_household(
    *, household: Household, seen_version: int, village: Division, address: str, on: date, by: Person, at: datetime
) -> Household:
    """A household lives in another village, or at another address, from a day on; it keeps its number.

    Raises CannotKeep, and Stale if it changed meanwhile.
    """
    current = _locked(household)
    if current.version != seen_version:
        raise Stale(current)
    keeping.refuse_unseen([current.village_id, village.pk], by=by, right=CHANGE)
    keeping.refuse_day(on, at=at, since=current.registered_on)
    if (village.pk, address) == (current.village_id, current.address):
        raise CannotKeep(_("Village and address are the same as before."), "village")
    before = current.village.code
    current.village, current.address = village, address
    keeping.touch(current, "village", "address", by=by, at=at)
    trail.record("household.moved", current, by=by, at=at, right=CHANGE, before=before, village=village.code, on=on)
    return current


@keeping.in_sight("household.split", "household")
def split_household(
    *,
    household: Household,
    members: Collection[Member],
    head: Member,
    new_head: Member | None = None,
    village: Division,
    on: date,
    address: str = "",
    number: str = "",
    by: Person,
    at: datetime,
) -> Household:
    """Some members become a household of their own with a head of theirs (分户). `new_head` is named where the old
    household's head is among those who go. Accounts stay with the old household. Raises CannotKeep."""
    made = _create(village, number, address=address, registered_on=on, changed_by=by, changed_at=at)
    current = _locked(household)
    keeping.refuse_unseen([current.village_id, village.pk], by=by, right=CHANGE)
    keeping.refuse_day(on, at=at, since=current.registered_on)
    everybody = keeping.lock_members(current.pk)
    leaving = _leaving(current, everybody, members)
    if head not in leaving:
        raise CannotKeep(_("The head of the new household is one of those who go."), "head")
    following = keeping.head_after(leaving, everybody, current.pk, new_head)
    for one in leaving:
        one.household, one.is_head = made, False
        keeping.touch(one, "household", "is_head", by=by, at=at)
    keeping.name_head(leaving, made.pk, head.pk, by=by, at=at)
    if following is not None:
        keeping.name_head(everybody, current.pk, following, by=by, at=at)
    trail.record(
        "household.split",
        current,
        by=by,
        at=at,
        right=CHANGE,
        new=made,
        number=made.number,
        members=" ".join(str(one.pk) for one in leaving),
        head=head,
        on=on,
    )
    return made


@keeping.in_sight("member.head-changed", "head")
def change_head(*, household: Household, head: Member, by: Person, at: datetime) -> None:
    """Another living member is head from now on. Raises CannotKeep."""
    current = _locked(household)
    keeping.refuse_unseen([current.village_id], by=by, right=CHANGE)
    members = keeping.lock_members(current.pk)
    here = keeping.living(members, current.pk)
    named = next((one for one in here if one == head), None)
    if named is None:
        raise CannotKeep(_("The head is somebody who lives in the household."), "head")
    if named.is_head:
        raise CannotKeep(_("%(name)s is head of this household already.") % {"name": named.name}, "head")
    keeping.name_head(members, current.pk, named.pk, by=by, at=at)
    trail.record("member.head-changed", named, by=by, at=at, right=CHANGE, household=current)


@keeping.in_sight("household.ended", "household")
def end_household(*, household: Household, on: date, by: Person, at: datetime) -> None:
    """A household in which nobody is left ends; it stays readable with everything that was paid. Raises CannotKeep."""
    current = _locked(household)
    keeping.refuse_unseen([current.village_id], by=by, right=CHANGE)
    members = keeping.lock_members(current.pk)
    if keeping.living(members, current.pk):
        raise CannotKeep(_("Somebody lives in this household: note first where everybody went."))
    left_on = (one.state_on for one in members if one.state_on)
    keeping.refuse_day(on, at=at, since=max(left_on, default=current.registered_on))
    current.ended_on = on
    keeping.touch(current, "ended_on", by=by, at=at)
    trail.record("household.ended", current, by=by, at=at, right=CHANGE, on=on)


def _locked(household: Household) -> Household:
    """The household under its lock, if it has not ended."""
    current = keeping.lock(household.pk)[household.pk]
    if current.ended_on is not None:
        raise CannotKeep(_("This household has ended on %(day)s.") % {"day": current.ended_on.isoformat()})
    return current


def _create(village: Division, number: str, **fields: Any) -> Household:
    """A household under its own number, or under the next one that is free in the village."""
    Division.objects.select_for_update(no_key=True, of=["self"]).get(pk=village.pk)
    given = "".join(number.split()) or _next_number(village.code)
    taken = _("Another household has this number already.")
    with keeping.refusing("enrollment_household_number", lambda: taken, "number"):
        return Household.objects.create(number=given, village=village, **fields)


def _next_number(code: str) -> str:
    """The village's twelve digits and the running number after the greatest; a gap where the greatest is the last."""
    shape = rf"^{code}[0-9]{{{DIGITS}}}$"
    numbers = Household.objects.filter(number__startswith=code, number__regex=shape).values_list("number", flat=True)
    taken = {int(number[-DIGITS:]) for number in numbers}
    greatest = max(taken, default=0)
    if greatest < LAST:
        return f"{code}{greatest + 1:0{DIGITS}}"
    gap = next((one for one in range(1, LAST) if one not in taken), None)
    if gap is None:
        raise CannotKeep(_("This village has no free number left: give one yourself."), "number")
    return f"{code}{gap:0{DIGITS}}"


def _leaving(household: Household, everybody: Iterable[Member], members: Collection[Member]) -> list[Member]:
    """Those who go, under their locks: living members of this household, and not all of them."""
    here = keeping.living(everybody, household.pk)
    leaving = [one for one in here if one in members]
    if not leaving or len(leaving) < len({one.pk for one in members}):
        raise CannotKeep(_("Only those who live in the household go; choose them again."), "members")
    if len(leaving) == len(here):
        raise CannotKeep(_("When all go, the household moves: somebody must stay."), "members")
    return leaving
