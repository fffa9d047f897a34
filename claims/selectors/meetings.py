"""What stands on a meeting's agenda, what of it is still to be decided, and by whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from claims.models import AgendaItem, Claim, ClaimsRound, Meeting
from office.models import Appointment, Duty, Person


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
    in_duty = (
        Appointment.objects.on(day).filter(duty__in=[Duty.COMMITTEE_CHAIR, Duty.COMMITTEE_MEMBER]).values("person")
    )
    found = meeting.invitees.filter(person__in=in_duty).select_related("person")
    return [(one.person, one.role) for one in found]


def waiting_claims() -> QuerySet[Claim]:
    """Claims before the committee that no meeting has on its agenda, the oldest first."""
    taken = AgendaItem.objects.filter(round__state="open", meeting__state__in=["called", "open"]).values("claim")
    found = Claim.objects.filter(state=Claim.State.COMMITTEE).exclude(pk__in=taken)
    return found.select_related("member", "provider").order_by("state_since", "pk")
