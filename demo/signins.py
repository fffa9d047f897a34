"""The demo county's sign-ins: one fictitious person for every duty."""

from __future__ import annotations

from demo.models import DemoSignIn
from office.models import Appointment
from office.signin import ShownSignIn


def is_demo() -> bool:
    """Whether this database is the demo county."""
    return DemoSignIn.objects.exists()


def shown() -> list[ShownSignIn]:
    """Every demo sign-in with its duty and body, in the order of the duties."""
    known = DemoSignIn.objects.in_bulk(field_name="person_id")
    if not known:
        return []
    appointments = Appointment.objects.filter(person__in=known).select_related("person", "body").order_by("pk")
    return [
        ShownSignIn(
            username=one.person.username,
            password=known[one.person_id].password,
            duty=str(one.get_duty_display()),
            duty_code=one.duty,
            body=one.body.name,
            totp_secret=known[one.person_id].totp_secret or None,
        )
        for one in appointments
    ]


def rows() -> list[dict[str, str | None]]:
    """The same as plain rows, for programs."""
    return [
        {
            "user": one.username,
            "password": one.password,
            "totp_secret": one.totp_secret,
            "duty": one.duty_code,
            "body": one.body,
        }
        for one in shown()
    ]
