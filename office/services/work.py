"""Taking work from a worklist for a time, and giving it on (docs/rules/work.md).

A lease is a courtesy between colleagues: who may do what is asked where it is done, and not here. Order of locks:
people by number, then the things, by name; whoever decides a thing has locked it first and comes here last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from office import access, desk, selectors, trail, words
from office.models import Lease, Person
from office.rules import days
from office.subjects import Name, name_of

LONGEST_HOLIDAY = timedelta(days=31)
END_OF_DAY = time(23, 59)


class CannotTake(Exception):
    """The work stays where it was; the message is written for whoever wanted it."""


class CannotPutBack(Exception):
    """Nothing was put back; the message is written for the person."""


class CannotHandOver(Exception):
    """The work stays with whoever has it; the message is written for him."""


class CannotReassign(Exception):
    """The work stays where it is; the message is written for the head."""


@transaction.atomic
def take(*, worklist: str, subject: Name, by: Person, at: datetime) -> Lease:
    """Say that one works on this now, or still. Raises CannotTake."""
    taker = _locked_people(by)[by.pk]
    before = _locked(worklist, subject)
    if desk.sees(taker, worklist, subject, at) is None:
        raise CannotTake(_("This does not wait for you, or not any more."))
    if before and before.until > at and before.holder_id != by.pk:
        raise CannotTake(with_whom(before))
    until = at + settings.WORK_LEASE
    if before and before.holder_id == by.pk:
        _end(before, Lease.End.PROLONGED, at)
        until, act = max(until, before.until), "work.prolonged"
    else:
        _end_with_act(before, Lease.End.RAN_OUT, by=by, at=at)
        act = "work.taken"
    taken = _begin(worklist, subject, holder=by, given_by=by, at=at, until=until)
    trail.record(act, _named(worklist, subject), by=by, at=at, worklist=worklist, lease=taken.pk, until=until)
    return taken


@transaction.atomic
def put_back(*, worklist: str, subject: Name, by: Person, at: datetime) -> None:
    """Others may take it. Raises CannotPutBack."""
    lease = _locked(worklist, subject)
    if lease is None or lease.holder_id != by.pk:
        raise CannotPutBack(_("You do not have this any more."))
    _end(lease, Lease.End.RETURNED, at)
    trail.record("work.put-back", _named(worklist, subject), by=by, at=at, worklist=worklist, lease=lease.pk)


@transaction.atomic
def hand_over(*, worklist: str, subject: Name, to: Person, by: Person, at: datetime) -> Lease:
    """Give what one works on to a colleague for whom it waits as well. Raises CannotHandOver."""
    receiver = _locked_people(by, to)[to.pk]
    lease = _locked(worklist, subject)
    if lease is None or lease.holder_id != by.pk:
        raise CannotHandOver(_("You do not have this any more."))
    if to == by or desk.sees(receiver, worklist, subject, at) is None:
        raise CannotHandOver(_("This does not wait for %(person)s.") % {"person": to})
    _end(lease, Lease.End.HANDED_OVER, at)
    given = _begin(worklist, subject, holder=to, given_by=by, at=at, until=end_of_next_working_day(at))
    trail.record(
        "work.handed-over", _named(worklist, subject), by=by, at=at, worklist=worklist, lease=given.pk, to=to.pk
    )
    return given


@transaction.atomic
def reassign(
    *, worklist: str, subject: Name, seen: Person | None, to: Person, reason: str, by: Person, at: datetime
) -> Lease:
    """The head gives to one what another works on, or left behind; `seen` has it as far as he saw. Raises
    CannotReassign."""
    receiver = _locked_people(to, *([seen] if seen else []))[to.pk]
    lease = _locked(worklist, subject)
    held = lease if lease and lease.until > at else None
    if not reason.strip():
        raise CannotReassign(_("Say why."))
    if (held.holder if held else None) != seen:
        raise CannotReassign(with_whom(held) if held else _("Nobody has this any more."))
    if to == seen:
        raise CannotReassign(_("%(person)s has this already.") % {"person": to})
    if not all(_is_in_sight(by, one) for one in (to, seen) if one):
        raise CannotReassign(_("You give work to the people of your own body."))
    if desk.sees(receiver, worklist, subject, at) is None:
        raise CannotReassign(_("This does not wait for %(person)s.") % {"person": to})
    if lease:
        _end(lease, Lease.End.REASSIGNED if held else Lease.End.RAN_OUT, at)
    given = _begin(worklist, subject, holder=to, given_by=by, at=at, until=end_of_next_working_day(at))
    trail.record(
        "work.reassigned",
        _named(worklist, subject),
        by=by,
        at=at,
        right="office.reassign_work",
        reason=reason,
        worklist=worklist,
        lease=given.pk,
        before=seen and seen.pk,
        to=to.pk,
    )
    return given


def finish(*, subject: models.Model, by: Person, at: datetime, of: Person | None = None, on: str = "") -> None:
    """The thing is done with: nobody works on it any more; or one person alone has done his part, or it is done with on
    one worklist (`on`) and may wait on others. Inside the transaction that did it, and last there."""
    name = name_of(subject)
    ending = Lease.objects.live().over(name).order_by("pk")
    if on:
        ending = ending.filter(worklist=on)
    if of is not None:
        ending = ending.filter(holder=of)
        if not ending.exists():
            return
    _lock([name])
    for lease in ending.all():
        _end_with_act(lease, Lease.End.DONE, by=by, at=at)


def end_of_leaver(*, person: Person, by: Person, at: datetime) -> int:
    """Whoever leaves works on nothing. Inside the transaction of the leaving, and last there. Gives how many."""
    return _end_all(person, Lease.End.LEFT, by=by, at=at)


def end_without_right(*, person: Person, by: Person, at: datetime) -> int:
    """What lies on worklists that the person's duties of today no longer show him. Inside the transaction that ended
    the duty, and last there. Gives how many."""
    rights = access.rights_on(person, days.business_day(at))
    held = Lease.objects.live().filter(holder=person).values_list("worklist", flat=True)
    shut = [name for name in held if not ((found := desk.worklist(name)) and found.right in rights)]
    return _end_all(person, Lease.End.DUTY_ENDED, by=by, at=at, worklist__in=shut)


def end_of_unseen(*, person: Person, by: Person, at: datetime) -> int:
    """What waits no more for the person, who was taken off that which it belongs to. Inside the transaction that took
    him off, and last there. Gives how many."""
    held = Lease.objects.live().filter(holder=person)
    unseen = [one.pk for one in held if desk.sees(person, one.worklist, one.subject, at) is None]
    return _end_all(person, Lease.End.DUTY_ENDED, by=by, at=at, pk__in=unseen)


def end_of_next_working_day(at: datetime) -> datetime:
    """How long somebody has what another gave him: he may not sit at his desk, so he finds it on the next working day.
    Where the working-day table does not reach, the next day."""
    today = days.business_day(at)
    table = selectors.working_days(today, today + LONGEST_HOLIDAY)
    try:
        day = table.after(today, 1)
    except days.CalendarUnknown:
        day = today + days.ONE_DAY
    return datetime.combine(day, END_OF_DAY, days.SHANGHAI)


def with_whom(lease: Lease) -> str:
    """Who works on something, and until when."""
    return _("%(person)s works on this until %(until)s.") % {
        "person": lease.holder,
        "until": words.until(lease.until),
    }


def _end_all(person: Person, because: str, *, by: Person, at: datetime, **which: Sequence[str] | Sequence[int]) -> int:
    mine = Lease.objects.live().filter(holder=person, **which)
    _lock(one.subject for one in mine)
    ending = list(mine.order_by("pk"))
    for lease in ending:
        _end_with_act(lease, because, by=by, at=at)
    return len(ending)


def _begin(worklist: str, subject: Name, *, holder: Person, given_by: Person, at: datetime, until: datetime) -> Lease:
    return Lease.objects.create(
        worklist=worklist,
        subject_type=subject[0],
        subject_id=subject[1],
        holder=holder,
        given_by=given_by,
        taken_at=at,
        until=until,
    )


def _end(lease: Lease, because: str, at: datetime) -> None:
    lease.ended_at, lease.ended_because = at, because
    lease.save(update_fields=["ended_at", "ended_because"])


def _end_with_act(lease: Lease | None, because: str, *, by: Person, at: datetime) -> None:
    if lease is None:
        return
    _end(lease, because, at)
    named = _named(lease.worklist, lease.subject)
    trail.record(
        "work.ended", named, by=by, at=at, worklist=lease.worklist, lease=lease.pk, holder=lease.holder_id, how=because
    )


def _named(worklist: str, subject: Name) -> models.Model | None:
    """The thing itself, as far as the trail needs it: its kind and its number."""
    found = desk.worklist(worklist)
    kind = found and found.kind_of(subject)
    return kind(pk=subject[1]) if kind else None


def _is_in_sight(head: Person, person: Person) -> bool:
    """Whether somebody works, or worked, where the head's right reaches."""
    bodies = head.bodies_in_sight("office.reassign_work")
    return bodies is None or person.appointments.filter(body__in=bodies).exists()


def _locked_people(*people: Person) -> dict[int, Person]:
    """These people as they are now, none of whom leaves meanwhile."""
    found = Person.objects.filter(pk__in=[one.pk for one in people])
    return {one.pk: one for one in found.select_for_update(no_key=True).order_by("pk")}


def _locked(worklist: str, subject: Name) -> Lease | None:
    """Who works on a thing now; under the lock of the thing nobody takes it meanwhile."""
    _lock([subject])
    found = Lease.objects.live().over(subject).filter(worklist=worklist)
    return found.select_related("holder").first()


def _lock(subjects: Iterable[Name]) -> None:
    """Of two who want the same thing one waits until the other is done, also where nobody has it yet."""
    with connection.cursor() as cursor:
        for name in sorted({":".join(subject) for subject in subjects}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"work {name}"])
