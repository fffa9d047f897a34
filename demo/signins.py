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
    passwords = dict(DemoSignIn.objects.values_list("person_id", "password"))
    if not passwords:
        return []
    appointments = Appointment.objects.filter(person__in=passwords).select_related("person", "body").order_by("pk")
    return [
        ShownSignIn(
            username=one.person.username,
            password=passwords[one.person_id],
            duty=str(one.get_duty_display()),
            duty_code=one.duty,
            body=one.body.name,
        )
        for one in appointments
    ]
