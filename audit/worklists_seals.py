"""What waits of the seals: sealing that stands still, and checks of the trail that found something."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from audit.selectors import seals as selectors
from audit.services import checking
from office import desk
from office.models import Person


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="audit.sealing",
            title=gettext_lazy("Sealing that stands still"),
            icon="alert-triangle",
            right="audit.view_seal",
            url=lambda: reverse("audit:sealing"),
            waiting=standing_still,
        )
    )
    desk.register(
        desk.Worklist(
            name="audit.faults",
            title=gettext_lazy("Faults found in the trail"),
            icon="alert-triangle",
            right=checking.RIGHT,
            url=lambda: reverse("audit:trail_checks"),
            waiting=faults,
        )
    )


def standing_still(person: Person, look: desk.Look) -> desk.Waiting:
    """Why rows stand unsealed."""
    alarm = selectors.alarm(look.at)
    items = [desk.Item(str(alarm.words), reverse("audit:sealing"), alarm.since, alarm.detail)] if alarm else []
    return look.among(items)


def faults(person: Person, look: desk.Look) -> desk.Waiting:
    """The newest check of each kind, where it found something."""
    items = [
        desk.Item(str(one), reverse("audit:trail_check", args=[one.pk]), one.begun_at, f"{one.found:,}")
        for one in selectors.newest_checks()
        if one.found
    ]
    return look.among(items)
