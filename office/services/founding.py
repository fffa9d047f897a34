"""Founding an office: its bodies, and the administrators who then give all other duties (docs/production.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from office import trail
from office.models import Appointment, Body, Duty, Person
from office.rules import duties
from office.services import signing_in

#: How many of each administrator an office begins with: two, where one asks and another decides.
NEEDED = {Duty.SYSTEM_ADMINISTRATOR: 2, Duty.SECURITY_ADMINISTRATOR: 2, Duty.SECURITY_AUDITOR: 1}


class CannotFound(Exception):
    """Nothing was written; the message says what is wrong with the office, and where."""


@dataclass(frozen=True)
class NewBody:
    """A body as the founding paper names it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class NewPerson:
    """An administrator as the founding paper names him."""

    username: str
    name: str
    duty: str
    body: str


@dataclass(frozen=True)
class Founded:
    """An administrator who came to office, with the one-time code for his first password."""

    person: Person
    code: str


@transaction.atomic
def found(*, bodies: Sequence[NewBody], people: Sequence[NewPerson], on: date, at: datetime) -> list[Founded]:
    """Found an office where nobody works yet. Raises CannotFound."""
    if Person.objects.exists():
        raise CannotFound(_("Somebody works here already."))
    _check_bodies(bodies)
    _check_people(people, {body.code for body in bodies})
    made = {one.code: Body.objects.create(code=one.code, name=one.name, kind=one.kind) for one in bodies}
    # the database lets administrators in without a round until the second security administrator has come
    last_to_come = sorted(people, key=lambda one: one.duty == Duty.SECURITY_ADMINISTRATOR)
    founded = [_appoint(one, made[one.body], on, at) for one in last_to_come]
    trail.record("office.founded", None, by=None, at=at, bodies=len(bodies), people=len(people))
    return founded


def _appoint(one: NewPerson, body: Body, on: date, at: datetime) -> Founded:
    person = Person.objects.create_person(username=one.username, full_name=one.name, password=None)
    Appointment.objects.create(person=person, duty=one.duty, body=body, period=DateRange(on, None))
    return Founded(person, signing_in.issue_founding_code(person=person, at=at))


def _check_bodies(bodies: Sequence[NewBody]) -> None:
    if twice := _twice([body.code for body in bodies]):
        raise CannotFound(_("Body code %(code)s stands there twice.") % {"code": twice})
    for body in bodies:
        if not body.code or not body.name:
            raise CannotFound(_("A body has no code or no name."))
        if body.kind not in Body.Kind.values:
            raise CannotFound(
                _("Body %(code)s: “%(kind)s” is no kind of body.") % {"code": body.code, "kind": body.kind}
            )


def _check_people(people: Sequence[NewPerson], codes: set[str]) -> None:
    if twice := _twice([person.username for person in people]):
        raise CannotFound(_("Sign-in name %(name)s stands there twice.") % {"name": twice})
    for person in people:
        if not person.username or not person.name:
            raise CannotFound(_("Somebody has no name or no sign-in name."))
        if person.duty not in duties.ADMINISTER:
            raise CannotFound(
                _("%(person)s: only administrators are named here; they give all other duties.")
                % {"person": person.username}
            )
        if person.body not in codes:
            raise CannotFound(
                _("%(person)s: body %(code)s does not exist.") % {"person": person.username, "code": person.body}
            )
    counted = Counter(person.duty for person in people)
    for duty, needed in NEEDED.items():
        if counted[duty] < needed:
            raise CannotFound(
                _("An office begins with at least %(count)s of: %(duty)s.") % {"count": needed, "duty": duty.label}
            )


def _twice(names: Sequence[str]) -> str:
    return next((name for name, count in Counter(names).items() if count > 1), "")
