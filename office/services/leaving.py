"""What ends of itself with a duty, or when somebody leaves: acting for each other, and work that was taken."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from office import trail
from office.models import Delegation, Person
from office.rules import days
from office.services import rounds, work


def end_all_of(*, person: Person, by: Person, at: datetime) -> None:
    """Whoever leaves acts for nobody, nobody acts for him, and he works on nothing; rounds in which he had a vote stay
    open for others. Inside the transaction and under the lock of the leaving."""
    today = days.business_day(at)
    his = Delegation.objects.filter(Q(person=person) | Q(to=person)).order_by("pk")
    for one in his.filter(state=Delegation.State.PROPOSED):
        rounds.void(subject=one, by=by, at=at, reason=_("%(person)s has left") % {"person": person})
    proposed, going_on = (
        Q(state=Delegation.State.PROPOSED),
        Q(state=Delegation.State.GRANTED, period__endswith__gt=today),
    )
    for one in his.filter(proposed | going_on).select_for_update(of=["self"]):
        _end(one, by=by, at=at)
    work.end_of_leaver(person=person, by=by, at=at)


def end_with_duty(*, person: Person, by: Person, at: datetime) -> None:
    """Of what rests on a duty that was cut short, what has nothing left to rest on. Inside the transaction and under
    the lock of the ending. A delegation that goes on until the duty's last day is worth nothing after it: a vote asks
    for the duty of the absent."""
    today = days.business_day(at)
    granted = Delegation.objects.filter(person=person, state=Delegation.State.GRANTED, period__endswith__gt=today)
    for one in granted.select_for_update(of=["self"]).order_by("pk"):
        grounds = person.appointments.beyond(today - days.ONE_DAY).filter(duty=one.duty, period__overlap=one.period)
        if not grounds.exists():
            _end(one, by=by, at=at)
    work.end_without_right(person=person, by=by, at=at)


def _end(one: Delegation, *, by: Person, at: datetime) -> None:
    was_granted = one.state == Delegation.State.GRANTED
    one.state = Delegation.State.ENDED if was_granted else Delegation.State.WITHDRAWN
    one.save(update_fields=["state"])
    act = "delegation.ended" if was_granted else "request.withdrawn"
    trail.record(act, one, by=by, at=at, person=one.person_id, to=one.to_id)
