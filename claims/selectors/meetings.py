"""What stands on a meeting's agenda, what of it is still to be decided, by whom, and who leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import AgendaItem, Claim, ClaimsRound, ClaimsSeat, CommitteeRule, Invitee, Meeting
from claims.rules.committee import BUILT_IN, Asks
from office.models import Appointment, Duty, Person

Rule = CommitteeRule
SITS = (Duty.COMMITTEE_CHAIR, Duty.COMMITTEE_MEMBER)


def asked_on(day: date) -> Asks:
    """What the committee asks for on a day: by the county's newest paper that has begun, else as it is built in."""
    found = Rule.objects.filter(state=Rule.State.CONFIRMED, since__lte=day).first()
    if found is None:
        return BUILT_IN
    return Asks(found.quorum, found.majority, found.least, found.since.isoformat())


def undecided(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The items whose round is open."""
    found = meeting.agenda.filter(round__state="open").select_related("claim__member", "claim__scheme", "round")
    return found.order_by("position")


def sheet_for(meeting: Meeting, person: Person) -> list[AgendaItem]:
    """The items in which a member has a voice: a seat, there, and not recused."""
    seats: QuerySet[Any] = ClaimsRound.objects.filter(
        seats__person=person, seats__is_present=True, seats__recusal=""
    ).values("pk")
    return list(undecided(meeting).filter(round__in=seats))


def with_a_voice(meeting: Meeting, day: date) -> list[tuple[Person, str]]:
    """Whom a meeting called and who still belongs to the committee, with his role."""
    in_duty = Appointment.objects.on(day).filter(duty__in=SITS).values("person")
    found = meeting.invitees.filter(person__in=in_duty).select_related("person")
    return [(one.person, one.role) for one in found]


def waiting_claims() -> QuerySet[Claim]:
    """Claims before the committee that no meeting has on its agenda, the oldest first."""
    taken = AgendaItem.objects.filter(round__state="open", meeting__state__in=["called", "open"]).values("claim")
    found = Claim.objects.filter(state=Claim.State.COMMITTEE).exclude(pk__in=taken)
    return found.select_related("member", "provider").order_by("state_since", "pk")


def leader_of(meeting: Meeting, called: Sequence[Invitee]) -> Person | None:
    """Who leads: the chair; where he is noted as absent, of those who are there another with the chair's duty, else
    whoever belongs to the committee longest. Nobody where nobody came."""
    chair = next((one for one in called if one.role == Invitee.Role.CHAIR), None)
    if chair is not None and chair.is_present is not False:
        return chair.person
    there = {one.person_id: one.person for one in called if one.is_present}
    sitting = Appointment.objects.on(meeting.held_on).filter(duty__in=SITS, person__in=there)
    order = sorted((one.duty != Duty.COMMITTEE_CHAIR, one.period.lower, one.person_id) for one in sitting)
    return there[order[0][2]] if order else None


def asking(person: Person) -> QuerySet[Meeting]:
    """Meetings to which somebody is called and that are not in session yet; in session those that wait for his sheet,
    and those that wait for nobody's but for him to close them. Each with `asks_for_sheet`."""
    own = Invitee.objects.filter(meeting=OuterRef("pk"), person=person)
    voice = ClaimsSeat.objects.filter(person=person, is_present=True, recusal="", round__state="open")
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"), round__in=voice.values("round"))
    silent = Invitee.objects.filter(meeting=OuterRef("pk"), is_present=True, confirmed_at__isnull=True)
    open_ones = Meeting.objects.filter(state=Meeting.State.OPEN, invitees__person=person)
    led = [one.pk for one in open_ones if leader_of(one, list(one.invitees.select_related("person"))) == person]
    found = Meeting.objects.filter(Exists(own)).annotate(
        asks_for_sheet=Exists(own.filter(is_present=True, confirmed_at__isnull=True)) & Exists(items)
    )
    to_close = Q(pk__in=led) & ~Exists(silent)
    asked = Q(state=Meeting.State.CALLED) | Q(state=Meeting.State.OPEN) & (Q(asks_for_sheet=True) | to_close)
    return found.filter(asked).order_by("held_on", "pk")


def membership(day: date) -> list[Appointment]:
    """Who belongs to the committee on a day or later, with his days, the chair first."""
    found = Appointment.objects.beyond(day) | Appointment.objects.on(day)
    return list(found.filter(duty__in=SITS).select_related("person", "body").order_by("duty", "period", "pk"))
