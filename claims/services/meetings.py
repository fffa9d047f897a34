"""Meetings of the large-claim committee: called, their agenda, who came, who withdrew (docs/rules/committee.md).

Votes and outcomes are in claims/services/sitting.py. Order of locks: as in claims/services/locks.py, the meeting first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import AgendaItem, Claim, ClaimsSeat, Invitee, Meeting
from claims.selectors import checking as committee
from claims.selectors import meetings as selectors
from claims.services import checking
from claims.services.locks import lock_many, refusing
from office import trail
from office.models import Person
from office.rules import days
from office.services import rounds
from office.services.rounds import CannotClose

KEEP: Final = "claims.add_meeting"
State = Meeting.State


class CannotMeet(Exception):
    """The meeting stays as it was; the message is written for whoever keeps it, leads it or votes."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class MeetingOf:
    """What a notice of a meeting says."""

    number: str
    held_on: date
    begins_at: time
    place: str
    notice_on: date


def call(*, stated: MeetingOf, by: Person, at: datetime) -> Meeting:
    """Call all who belong to the committee on the day of the meeting. The secretary keeps it and has no vote. Raises
    CannotMeet."""
    try:
        with transaction.atomic():
            return _call(stated, by, at)
    except CannotMeet as refusal:
        trail.refused("meeting.called", None, by=by, at=at, reason=str(refusal))
        raise


def _call(stated: MeetingOf, by: Person, at: datetime) -> Meeting:
    _refuse_stated(stated, at)
    members = committee.committee_on(stated.held_on)
    _refuse_members(members, by, selectors.asked_on(stated.held_on).least)
    called = Meeting.objects.create(
        number=stated.number.strip(),
        held_on=stated.held_on,
        begins_at=stated.begins_at,
        place=stated.place.strip(),
        notice_on=stated.notice_on,
        called_by=by,
        called_at=at,
    )
    for person, role in members:
        Invitee.objects.create(meeting=called, person=person, role=role)
    trail.record("meeting.called", called, by=by, at=at, right=KEEP, held_on=called.held_on, called=len(members))
    return called


def _refuse_stated(stated: MeetingOf, at: datetime) -> None:
    if not stated.number.strip():
        raise CannotMeet(_("A meeting has its number."), "number")
    if Meeting.objects.filter(number=stated.number.strip()).exists():
        raise CannotMeet(_("There is a meeting with this number already."), "number")
    if not stated.place.strip():
        raise CannotMeet(_("Say where the committee meets."), "place")
    if stated.held_on < days.business_day(at):
        raise CannotMeet(_("This day is over."), "held_on")
    if stated.notice_on > min(stated.held_on, days.business_day(at)):
        raise CannotMeet(_("Notice is given before the meeting, and no later than today."), "notice_on")


def _refuse_members(members: Sequence[tuple[Person, str]], by: Person, least: int) -> None:
    if len(members) < least:
        words = _("Fewer than %(least)s people belong to the committee on this day.") % {"least": least}
        raise CannotMeet(words, "held_on")
    if "chair" not in {role for _person, role in members}:
        raise CannotMeet(_("The committee has no chair on this day."), "held_on")
    if by in {person for person, _role in members}:
        raise CannotMeet(_("Whoever belongs to the committee does not keep its meeting."))


@refusing("meeting.agenda-changed", CannotMeet, about="meeting")
def put_on_agenda(*, meeting: Meeting, claims: Iterable[Claim], by: Person, at: datetime) -> list[AgendaItem]:
    """Claims that wait for the committee come on the agenda, in this order; those called are the seats of each claim's
    round. Raises CannotMeet."""
    current = kept(meeting, by, State.CALLED, State.OPEN)
    if current.invitees.filter(confirmed_at__isnull=False).exists():
        raise CannotMeet(_("A member has confirmed his sheet: the agenda is complete."))
    order = [one.pk for one in claims]
    locked = {one.pk: one for one in lock_many(order)}
    body = selectors.with_a_voice(current, days.business_day(at))
    last = current.agenda.order_by("-position").values_list("position", flat=True).first() or 0
    placed = []
    for position, number in enumerate(order, last + 1):
        claim = locked[number]
        _refuse_claim(current, claim)
        opened = _round_with(claim, body, by, at)
        _seat_as_noted(current, opened, by, at)
        placed.append(AgendaItem.objects.create(meeting=current, position=position, claim=claim, round=opened))
    trail.record("meeting.agenda-changed", current, by=by, at=at, right=KEEP, claims=len(placed))
    return placed


def _refuse_claim(meeting: Meeting, claim: Claim) -> None:
    words = {"claim": claim.number, "state": claim.get_state_display()}
    if claim.state != Claim.State.COMMITTEE:
        raise CannotMeet(_("%(claim)s does not wait for the committee: it is %(state)s.") % words)
    if AgendaItem.objects.filter(meeting=meeting, claim=claim).exists():
        raise CannotMeet(_("%(claim)s is on this agenda already.") % words)
    if not selectors.waiting_claims().filter(pk=claim.pk).exists():
        raise CannotMeet(_("%(claim)s is on the agenda of another meeting.") % words)
    if (held := claim.flags.holding().first()) is not None:
        raise CannotMeet(_("%(claim)s is held: %(reason)s") % (words | {"reason": held.reason}))


def _round_with(claim: Claim, body: Sequence[tuple[Person, str]], by: Person, at: datetime) -> Any:
    """The claim's open round where those called are its seats; else that one is void and theirs is opened."""
    opened = checking.round_of(claim)
    wanted = {(person.pk, role) for person, role in body if person != claim.entered_by}
    is_theirs = opened is not None and set(opened.seats.values_list("person", "role")) == wanted
    if is_theirs and not AgendaItem.objects.filter(round=opened).exists() and not opened.votes.exists():
        return opened
    rounds.void(subject=claim, by=by, at=at, reason=_("Another meeting was called."))
    return checking.seat_committee(claim, body, by=by, at=at)


def _seat_as_noted(meeting: Meeting, opened: Any, by: Person, at: datetime) -> None:
    noted = {one.person_id: bool(one.is_present) for one in meeting.invitees.exclude(is_present=None)}
    for seat in opened.seats.all():
        _note(seat, by, at, is_present=noted.get(seat.person_id, seat.is_present))


def _note(seat: ClaimsSeat, by: Person, at: datetime, *, is_present: bool) -> None:
    if seat.is_present == is_present:
        return
    try:
        rounds.note_attendance(seat=seat, is_present=is_present, recusal=seat.recusal, by=by, at=at)
    except CannotClose as refusal:
        raise CannotMeet(str(refusal)) from refusal


@refusing("meeting.agenda-changed", CannotMeet, about="item")
def take_off(*, item: AgendaItem, reason: str, by: Person, at: datetime) -> None:
    """A claim is not decided in this meeting: its votes stay readable, it waits for another. Raises CannotMeet."""
    current = kept(item.meeting, by, State.CALLED, State.OPEN)
    if not reason.strip():
        raise CannotMeet(_("Say why."), "reason")
    _put_back(current, [item.claim_id], reason.strip(), by, at)
    trail.record(
        "meeting.agenda-changed", current, by=by, at=at, right=KEEP, reason=reason.strip(), claim=item.claim_id
    )


def _put_back(meeting: Meeting, claims: Iterable[int], reason: str, by: Person, at: datetime) -> None:
    """Void what this meeting has open about some claims, and let them wait for the committee anew."""
    for claim in lock_many(claims):
        if not meeting.agenda.filter(claim=claim, round__state="open").exists():
            raise CannotMeet(_("%(claim)s is not open on this agenda.") % {"claim": claim.number})
        rounds.void(subject=claim, by=by, at=at, reason=reason[:200])
        checking.enter_step(claim=claim, step=claim.state, by=by, at=at)


@refusing("meeting.opened", CannotMeet, about="meeting")
def open_meeting(*, meeting: Meeting, by: Person, at: datetime) -> Meeting:
    """The meeting begins, on its day or, if that passed, later. Raises CannotMeet."""
    current = kept(meeting, by, State.CALLED)
    if days.business_day(at) < current.held_on:
        raise CannotMeet(_("The committee meets on %(day)s.") % {"day": current.held_on})
    if not selectors.undecided(current).exists():
        raise CannotMeet(_("Nothing is on the agenda."))
    return move(current, State.OPEN, "meeting.opened", by, at)


@refusing("meeting.cancelled", CannotMeet, about="meeting")
def cancel(*, meeting: Meeting, reason: str, by: Person, at: datetime) -> Meeting:
    """A meeting is not held, or breaks off because too few came: its claims wait for another. Raises CannotMeet."""
    current = kept(meeting, by, State.CALLED, State.OPEN)
    if not reason.strip():
        raise CannotMeet(_("Say why."), "reason")
    _put_back(current, selectors.undecided(current).values_list("claim", flat=True), reason.strip(), by, at)
    return move(current, State.CANCELLED, "meeting.cancelled", by, at, reason=reason.strip())


@refusing("meeting.attendance-noted", CannotMeet, about="meeting")
def note_attendance(*, meeting: Meeting, present: Collection[int], by: Person, at: datetime) -> None:
    """Who of those called is there, by number; the others are absent. It may be noted again when somebody comes late or
    leaves before he voted. Raises CannotMeet."""
    current = kept(meeting, by, State.OPEN)
    called = list(current.invitees.select_for_update(of=["self"]).select_related("person").order_by("pk"))
    if set(present) - {one.person_id for one in called}:
        raise CannotMeet(_("Only those who were called have a seat."))
    lock_many(selectors.undecided(current).values_list("claim", flat=True))
    for one in called:
        is_present = one.person_id in present
        if one.is_present == is_present:
            continue
        if one.confirmed_at is not None:
            raise CannotMeet(_("%(person)s has confirmed his sheet: he was there.") % {"person": one.person})
        one.is_present = is_present
        one.save(update_fields=["is_present"])
        for seat in seats_of(current, one.person):
            _note(seat, by, at, is_present=is_present)
    trail.record("meeting.attendance-noted", current, by=by, at=at, right=KEEP, present=len(set(present)))


@refusing("meeting.recused", CannotMeet, about="item")
def recuse(*, item: AgendaItem, person: Person, reason: str, by: Person, at: datetime) -> None:
    """A member withdraws from one claim, as a relative or for another reason that is written down; the secretary notes
    it, or he himself. Raises CannotMeet."""
    current = locked(item.meeting, State.CALLED, State.OPEN)
    if by != person:
        _refuse_member(current, by)
    if not reason.strip():
        raise CannotMeet(_("Say why."), "reason")
    lock_many([item.claim_id])
    seat = seats_of(current, person).filter(round=item.round_id).first()
    if seat is None:
        raise CannotMeet(_("%(person)s has no seat in this claim.") % {"person": person})
    if seat.recusal:
        raise CannotMeet(_("%(person)s has withdrawn already.") % {"person": person})
    try:
        rounds.note_attendance(seat=seat, is_present=seat.is_present, recusal=reason.strip()[:200], by=by, at=at)
    except CannotClose as refusal:
        raise CannotMeet(str(refusal)) from refusal
    trail.record("meeting.recused", item.claim, by=by, at=at, reason=reason.strip(), person=person.pk)


def seats_of(meeting: Meeting, person: Person) -> Any:
    """A person's seats in what a meeting has not decided."""
    return ClaimsSeat.objects.filter(person=person, round__in=selectors.undecided(meeting).values("round"))


def locked(meeting: Meeting, *states: str) -> Meeting:
    """A meeting as it is now, in one of some states; whoever moves it moves it alone. Raises CannotMeet."""
    current = Meeting.objects.select_for_update(of=["self"]).get(pk=meeting.pk)
    if current.state not in states:
        raise CannotMeet(_("This meeting is %(state)s.") % {"state": current.get_state_display()})
    return current


def kept(meeting: Meeting, by: Person, *states: str) -> Meeting:
    """The same, for whoever keeps it: nobody who votes in it. Raises CannotMeet."""
    current = locked(meeting, *states)
    _refuse_member(current, by)
    return current


def _refuse_member(meeting: Meeting, by: Person) -> None:
    if meeting.invitees.filter(person=by).exists():
        raise CannotMeet(_("Whoever belongs to the committee does not keep its meeting."))


def move(meeting: Meeting, state: str, act: str, by: Person, at: datetime, **told: Any) -> Meeting:
    """A locked meeting comes into another state."""
    meeting.state = state
    meeting.save(update_fields=["state"])
    trail.record(act, meeting, by=by, at=at, **told)
    return meeting
