"""Members of households: they come, are corrected, die, move away, return, and move from one household to another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Coverage, Household, Member, Relation
from enrollment.services import coverage, identity, keeping
from enrollment.services.identity import Entry
from enrollment.services.keeping import CannotKeep
from office import trail
from office.models import Person
from office.rules import days
from office.stale import Stale

ADD = "enrollment.add_member"
CHANGE = "enrollment.change_member"

#: What a correction may change, in the order in which the act names it.
CORRECTED = ("name", "search_keys", "id_number", "id_given", "sex", "birth_date", "relation", "category")


class Joined(models.TextChoices):
    """Why somebody comes into a household that is known already."""

    BORN = "born", gettext_lazy("born")
    MARRIED = "married", gettext_lazy("married in")
    CAME = "came", gettext_lazy("moved here")
    FORGOTTEN = "forgotten", gettext_lazy("was forgotten before")


@keeping.in_sight("member.added", "household")
def add_member(*, household: Household, entry: Entry, joined: str, on: date, by: Person, at: datetime) -> Member:
    """Somebody belongs to a household from a day on, as its head where nobody else lives there. Raises CannotKeep."""
    current = _standing(keeping.lock(household.pk)[household.pk])
    keeping.refuse_unseen([current.village_id], by=by, right=ADD)
    fields = identity.read(entry, today=days.business_day(at))
    keeping.refuse_day(on, at=at, since=fields["birth_date"])
    members = keeping.lock_members(current.pk)
    with identity.given_once(fields, by):
        added = Member.objects.create(
            household=current, relation=_relation(entry.relation), changed_by=by, changed_at=at, **fields
        )
    if not keeping.living(members, current.pk):
        keeping.name_head([*members, added], current.pk, added.pk, by=by, at=at)
    trail.record("member.added", added, by=by, at=at, right=ADD, household=current, joined=joined, on=on)
    return added


@keeping.in_sight("member.corrected", "member")
def correct_member(*, member: Member, seen_version: int, entry: Entry, by: Person, at: datetime) -> Member:
    """What stands in the register of a person was wrong. A head keeps being head: another one is named by itself.

    Raises CannotKeep, and Stale if it changed meanwhile.
    """
    current, _members, households = keeping.lock_home(member)
    if current.version != seen_version:
        raise Stale(current)
    keeping.refuse_unseen([households[current.household_id].village_id], by=by, right=CHANGE)
    _refuse_double(current)
    fields = identity.read(entry, today=days.business_day(at), known=current)
    if current.state_on is not None and fields["birth_date"] > current.state_on:
        raise CannotKeep(_("This day lies after %(day)s.") % {"day": current.state_on.isoformat()}, "birth_date")
    fields["relation"] = Relation.HEAD if current.is_head else _relation(entry.relation)
    changed = [name for name in CORRECTED if getattr(current, name) != fields[name]]
    if not changed:
        return current
    for name in changed:
        setattr(current, name, fields[name])
    with identity.given_once(fields, by, known=current):
        keeping.touch(current, *changed, by=by, at=at)
    trail.record("member.corrected", current, by=by, at=at, right=CHANGE, changed=" ".join(changed))
    return current


@keeping.in_sight("member.died", "member")
def note_death(
    *, member: Member, on: date, reason: str = "", new_head: Member | None = None, by: Person, at: datetime
) -> None:
    """Somebody died; he is covered on that day and no longer. `new_head` is named where he was head and others live in
    the household. Raises CannotKeep."""
    current = _leave(member, Member.State.DEAD, on, reason, new_head, by, at)
    coverage.end_all(member=current, on=on, because=Coverage.End.DEAD, by=by, at=at)
    trail.record("member.died", current, by=by, at=at, right=CHANGE, reason=reason, on=on, new_head=new_head)


@keeping.in_sight("member.left", "member")
def note_moved_away(
    *, member: Member, on: date, reason: str, new_head: Member | None = None, by: Person, at: datetime
) -> None:
    """Somebody moved out of the county; he is covered until that day. `new_head` as for a death. Raises CannotKeep."""
    current = _leave(member, Member.State.MOVED_AWAY, on, reason, new_head, by, at)
    coverage.end_all(member=current, on=on, because=Coverage.End.MOVED_AWAY, by=by, at=at)
    trail.record("member.left", current, by=by, at=at, right=CHANGE, reason=reason, on=on, new_head=new_head)


@keeping.in_sight("member.returned", "member")
def note_return(*, member: Member, on: date, relation: str, reason: str, by: Person, at: datetime) -> None:
    """Somebody who moved away is back, or it was another one who died. The household stands again if it had ended;
    coverage that ended stays ended. Raises CannotKeep."""
    current, members, households = keeping.lock_home(member)
    home = households[current.household_id]
    keeping.refuse_unseen([home.village_id], by=by, right=CHANGE)
    _refuse_double(current)
    if current.state == Member.State.LIVING or current.state_on is None:
        raise CannotKeep(_("%(name)s lives here already.") % {"name": current.name})
    keeping.refuse_day(on, at=at, since=current.state_on)
    before = current.state
    has_head = bool(keeping.living(members, home.pk))
    current.state, current.state_on, current.state_reason = Member.State.LIVING, on, reason
    current.relation = _relation(relation)
    if has_head:
        current.is_head = False
    keeping.touch(current, "state", "state_on", "state_reason", "relation", "is_head", by=by, at=at)
    if not has_head:
        keeping.name_head(members, home.pk, current.pk, by=by, at=at)
    if home.ended_on is not None:
        home.ended_on = None
        keeping.touch(home, "ended_on", by=by, at=at)
    trail.record("member.returned", current, by=by, at=at, right=CHANGE, reason=reason, on=on, before=before)


@keeping.in_sight("member.moved", "member")
def move_member(
    *,
    member: Member,
    household: Household,
    relation: str,
    on: date,
    new_head: Member | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Somebody belongs to another household from a day on, with his coverage. `new_head` is named for the old household
    where he was its head and others live there. Raises CannotKeep."""
    current, members, households = keeping.lock_home(member, household.pk)
    home, target = households[current.household_id], _standing(households[household.pk])
    keeping.refuse_unseen([home.village_id, target.village_id], by=by, right=CHANGE)
    _refuse_unless_living(current)
    if home == target:
        raise CannotKeep(_("%(name)s belongs to this household already.") % {"name": current.name}, "household")
    keeping.refuse_day(on, at=at, since=max(current.birth_date, target.registered_on))
    following = keeping.head_after([current], members, home.pk, new_head)
    has_head = bool(keeping.living(members, target.pk))
    current.household, current.relation, current.is_head = target, _relation(relation), False
    keeping.touch(current, "household", "relation", "is_head", by=by, at=at)
    if following is not None:
        keeping.name_head(members, home.pk, following, by=by, at=at)
    if not has_head:
        keeping.name_head(members, target.pk, current.pk, by=by, at=at)
    trail.record(
        "member.moved", current, by=by, at=at, right=CHANGE, before=home, household=target, on=on, new_head=new_head
    )


def _leave(
    member: Member, state: str, on: date, reason: str, new_head: Member | None, by: Person, at: datetime
) -> Member:
    """Somebody belongs to his household no longer; whoever is left there has a head. The last one stays its head in
    name, by whom the household is known."""
    current, members, households = keeping.lock_home(member)
    keeping.refuse_unseen([households[current.household_id].village_id], by=by, right=CHANGE)
    if state == Member.State.MOVED_AWAY or current.state != Member.State.MOVED_AWAY:
        _refuse_unless_living(current)
    keeping.refuse_day(on, at=at, since=max(current.birth_date, current.state_on or current.birth_date))
    following = keeping.head_after([current], members, current.household_id, new_head)
    current.state, current.state_on, current.state_reason = state, on, reason
    keeping.touch(current, "state", "state_on", "state_reason", by=by, at=at)
    if following is not None:
        keeping.name_head(members, current.household_id, following, by=by, at=at)
    return current


def _standing(household: Household) -> Household:
    if household.ended_on is not None:
        raise CannotKeep(_("This household has ended on %(day)s.") % {"day": household.ended_on.isoformat()})
    return household


def _relation(said: str) -> str:
    """Nobody becomes head by a relation alone."""
    return Relation.OTHER if said == Relation.HEAD else said


def _refuse_double(member: Member) -> None:
    if member.state == Member.State.MERGED:
        raise CannotKeep(_("This is a double: correct the record that was kept."))


def _refuse_unless_living(member: Member) -> None:
    _refuse_double(member)
    if member.state != Member.State.LIVING:
        raise CannotKeep(
            _("%(name)s: %(state)s. Nothing else can be noted.")
            % {"name": member.name, "state": member.get_state_display()}
        )
