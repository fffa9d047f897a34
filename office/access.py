"""May she? Rights follow the duties a person has today; whatever is not granted is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from office.models import Appointment, Body, Person
from office.rules import days

Rights = Mapping[str, frozenset[str]]

#: Whoever has a duty at one of these works for the whole county; everybody else for his own body alone.
WHOLE_COUNTY = frozenset(
    {
        Body.Kind.COUNTY_CENTRE,
        Body.Kind.FINANCE_BUREAU,
        Body.Kind.CIVIL_AFFAIRS_BUREAU,
        Body.Kind.AUDIT_BUREAU,
        Body.Kind.SUPERVISION_COMMITTEE,
        Body.Kind.CITY_CENTRE,
    }
)


class Request(HttpRequest):
    """A request behind the sign-in: the user is a person."""

    user: Person


class DutyBackend(BaseBackend):
    """Signs people in by name and password and answers `has_perm` from their duties of today."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        """The person, if the password is right and the person has not left."""
        if username is None or password is None:
            return None
        person = Person.objects.filter(username=username).first()
        if person is None:
            Person().set_password(password)  # as slow as a right name, so that names cannot be guessed by time
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; nobody once he has left."""
        return Person.objects.filter(pk=user_id, left_on__isnull=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a duty of today grants this right."""
        return isinstance(user_obj, Person) and perm in rights_of(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether any right in this app is granted."""
        return isinstance(user_obj, Person) and any(right.startswith(f"{app_label}.") for right in rights_of(user_obj))

    def bodies_in_sight(self, user_obj: Person, right: str) -> frozenset[int] | None:
        """Whose things a right shows, by the duties of today."""
        return bodies_in_sight(user_obj, right)


def duties_of(person: Person) -> list[Appointment]:
    """The person's duties of today, asked once a request."""
    known: list[Appointment] | None = getattr(person, "_duties_today", None)
    if known is None:
        today = days.business_day(timezone.now())
        known = list(person.appointments.on(today).select_related("body"))
        person._duties_today = known  # type: ignore[attr-defined]  # kept with the person for the request
    return known


def rights_of(person: Person) -> frozenset[str]:
    """Everything the person's duties of today allow."""
    return _granted(one.duty for one in duties_of(person)) if person.is_active else frozenset()


def rights_on(person: Person, day: date) -> frozenset[str]:
    """Everything the person's duties of a day allow, asked anew."""
    duties = person.appointments.on(day).values_list("duty", flat=True)
    return _granted(duties) if person.is_active else frozenset()


def granting(right: str) -> list[str]:
    """The duties that grant a right."""
    return [duty for duty, rights in _rights_by_duty().items() if right in rights]


def grants(duty: str, right: str) -> bool:
    """Whether a duty grants a right."""
    return right in _rights_by_duty().get(duty, frozenset())


def bodies_in_sight(person: Person, right: str) -> frozenset[int] | None:
    """The bodies whose things a right shows, by the duties of today that grant it; None for the whole county."""
    if not person.is_active:
        return frozenset()
    bodies = [one.body for one in duties_of(person) if grants(one.duty, right)]
    if any(body.kind in WHOLE_COUNTY for body in bodies):
        return None
    return frozenset(body.pk for body in bodies)


def needs_second_factor(person: Person) -> bool:
    """Whether a duty of today asks for a second factor."""
    duties: frozenset[str] = import_string(settings.DUTIES_WITH_SECOND_FACTOR)
    return any(one.duty in duties for one in duties_of(person))


def _granted(duties: Iterable[str]) -> frozenset[str]:
    rights = _rights_by_duty()
    return frozenset().union(*(rights.get(duty, frozenset()) for duty in duties))


@cache
def _rights_by_duty() -> Rights:
    rights: Rights = import_string(settings.PERMISSIONS_OF_DUTIES)
    return rights
