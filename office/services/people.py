"""Bodies, people and their duties: who keeps them, and what no administrator may do alone or for himself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import trail, words
from office.models import Appointment, Body, Duty, Person, SignIn
from office.proof import Proof
from office.rules import days, duties, names
from office.services import leaving, sessions

ONE_DAY = timedelta(days=1)

#: Why the last security administrator stays one; the database refuses it as well.
LAST_ADMINISTRATOR = gettext_lazy("Nobody would be left to give duties: name another security administrator first.")


class CannotAddBody(Exception):
    """No body was added; the message is written for the administrator."""


class CannotRenameBody(Exception):
    """The name stays; the message is written for the administrator."""


class CannotAddPerson(Exception):
    """Nobody was added; the message is written for the administrator."""


class CannotGiveDuty(Exception):
    """No duty was given; the message is written for the administrator."""


class CannotEndDuty(Exception):
    """The duty goes on as it was; the message is written for the administrator."""


class CannotEndSessions(Exception):
    """The sessions go on; the message is written for the administrator."""


def add_body(*, code: str, name: str, kind: str, by: Person, at: datetime, proof: Proof | None) -> Body:
    """Make a body known that has people in the system. Raises CannotAddBody."""
    _ask_for(proof, by, at, CannotAddBody)
    try:
        with transaction.atomic():
            added = Body.objects.create(code=code, name=name, kind=kind)
            trail.record("body.added", added, by=by, at=at, right="office.add_body", proof=proof, code=code, kind=kind)
    except IntegrityError as refusal:
        raise CannotAddBody(_("A body of this code is known already.")) from refusal
    return added


@transaction.atomic
def rename_body(*, body: Body, seen: str, name: str, by: Person, at: datetime, proof: Proof | None) -> None:
    """A body has another name from now on, if it still has the one that was seen. Raises CannotRenameBody."""
    _ask_for(proof, by, at, CannotRenameBody)
    current = Body.objects.select_for_update().get(pk=body.pk)
    if current.name != seen:
        raise CannotRenameBody(_("Somebody has renamed this body: it is called “%(name)s”.") % {"name": current.name})
    current.name = name
    current.save(update_fields=["name"])
    trail.record(
        "body.renamed", current, by=by, at=at, right="office.change_body", proof=proof, before=seen, after=name
    )


def add_person(*, username: str, full_name: str, by: Person, at: datetime, proof: Proof | None) -> Person:
    """Somebody comes to work here; he sets his first password with a one-time code. Raises CannotAddPerson."""
    _ask_for(proof, by, at, CannotAddPerson)
    if not names.is_user_name(username):
        raise CannotAddPerson(_("A user name has lower-case letters, digits, dots and dashes alone."))
    try:
        with transaction.atomic():
            added = Person.objects.create_person(username=username, full_name=full_name, password=None)
            trail.record("person.added", added, by=by, at=at, right="office.add_person", proof=proof, username=username)
    except IntegrityError as refusal:
        raise CannotAddPerson(_("Somebody has this user name already, or had it before he left.")) from refusal
    return added


@transaction.atomic
def give_duty(
    *,
    person: Person,
    duty: str,
    body: Body,
    start: date,
    end: date | None = None,
    by: Person,
    at: datetime,
    proof: Proof | None,
) -> Appointment:
    """Charge a person with a plain duty from a day on; `end` is the first day without it. Raises CannotGiveDuty."""
    _ask_for(proof, by, at, CannotGiveDuty)
    if duties.is_given_by_two(duty):
        raise CannotGiveDuty(_("Two administrators give this duty."))
    if person == by:
        raise CannotGiveDuty(_("Nobody gives himself a duty."))
    if end is not None and end <= start:
        raise CannotGiveDuty(_("The last day comes before the first."))
    current = Person.objects.select_for_update().get(pk=person.pk)
    if not current.is_active:
        raise CannotGiveDuty(_("This person has left."))
    period = DateRange(start, end)
    try:
        with transaction.atomic():
            given = Appointment.objects.create(person=current, duty=duty, body=body, period=period)
    except IntegrityError as refusal:
        raise CannotGiveDuty(_in_the_way(current, duty, body, period)) from refusal
    trail.record(
        "duty.given",
        current,
        by=by,
        at=at,
        right="office.add_appointment",
        proof=proof,
        given_duty=duty,
        body=body,
        start=start,
        end=end,
    )
    return given


@transaction.atomic
def end_duty(*, appointment: Appointment, on: date, by: Person, at: datetime, proof: Proof | None) -> None:
    """A duty ends earlier than it would have, and what rests on it; `on` is the first day without it. Raises
    CannotEndDuty."""
    _ask_for(proof, by, at, CannotEndDuty)
    if by.pk == appointment.person_id:
        raise CannotEndDuty(_("Somebody else ends your duties."))
    Person.objects.select_for_update().get(pk=appointment.person_id)
    current = Appointment.objects.select_for_update(of=["self"]).select_related("person").get(pk=appointment.pk)
    upper = current.period.upper
    if upper is not None and upper <= days.business_day(at):
        raise CannotEndDuty(_("This duty has ended already."))
    if on <= current.period.lower:
        raise CannotEndDuty(_("A duty lasts one day at least."))
    if upper is not None and on >= upper:
        raise CannotEndDuty(_("This duty ends no later than that already; a longer one is given anew."))
    if current.duty == Duty.SECURITY_ADMINISTRATOR and not _others_administer(current.person, on):
        raise CannotEndDuty(LAST_ADMINISTRATOR)
    _shorten(current, on, by=by, at=at, right="office.change_appointment", proof=proof)
    leaving.end_with_duty(person=current.person, by=by, at=at)


def end_duties_of(*, person: Person, after: date, by: Person, at: datetime, proof: Proof | None) -> int:
    """Whoever leaves has no duty after his last day; one that has not begun keeps its first day, as duties are never
    deleted. Inside the transaction and under the lock of the leaving. Gives how many."""
    found = list(person.appointments.select_for_update(of=["self"]).beyond(after))
    ending = [(one, max(after, one.period.lower) + ONE_DAY) for one in found]
    ending = [(one, upper) for one, upper in ending if one.period.upper != upper]
    for one, upper in ending:
        _shorten(one, upper, by=by, at=at, right="office.change_person", proof=proof)
    return len(ending)


@transaction.atomic
def end_sessions(*, person: Person, by: Person, at: datetime, proof: Proof | None) -> int:
    """Somebody else is signed out everywhere at once. Gives from how many places. Raises CannotEndSessions."""
    _ask_for(proof, by, at, CannotEndSessions)
    if person == by:
        raise CannotEndSessions(_("Your own sessions you end on your own page."))
    count = sessions.end_all(person=person, because=SignIn.End.BY_OFFICE, at=at)
    trail.record("sessions.ended", person, by=by, at=at, right="office.change_person", proof=proof, sessions=count)
    return count


def is_last_administrator(*, person: Person, on: date) -> bool:
    """Whether nobody would be security administrator on a day if this person no longer was."""
    administers = person.appointments.filter(duty=Duty.SECURITY_ADMINISTRATOR).on(on)
    return administers.exists() and not _others_administer(person, on)


def _others_administer(person: Person, on: date) -> bool:
    others = Appointment.objects.filter(duty=Duty.SECURITY_ADMINISTRATOR, person__left_on__isnull=True)
    return others.exclude(person=person).on(on).exists()


def _shorten(
    appointment: Appointment, upper: date, *, by: Person, at: datetime, right: str, proof: Proof | None
) -> None:
    appointment.period = DateRange(appointment.period.lower, upper)
    appointment.save(update_fields=["period"])
    trail.record(
        "duty.ended",
        appointment.person,
        by=by,
        at=at,
        right=right,
        proof=proof,
        ended_duty=appointment.duty,
        body=appointment.body,
        end=upper,
    )


def _in_the_way(person: Person, duty: str, body: Body, period: DateRange) -> str:
    """Why the database refused a duty: the other one, with its days."""
    held = person.appointments.filter(period__overlap=period)
    same = held.filter(duty=duty, body=body).first()
    if same is not None:
        return _("This person has this duty already: %(period)s.") % {"period": words.period(same.period)}
    clash = next(one for one in held.order_by("period") if duties.excludes(one.duty, duty))
    return _("This duty and “%(other)s” (%(period)s) exclude each other.") % {
        "other": clash.get_duty_display(),
        "period": words.period(clash.period),
    }


def _ask_for(proof: Proof | None, by: Person, at: datetime, refusal: type[Exception]) -> None:
    if proof is None or not proof.is_of(by, at=at):
        raise refusal(_("Show your second factor first."))
