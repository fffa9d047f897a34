"""What the auditor sets of a screen: a dated row with its reason; what was set before stays."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import ScreenSetting
from audit.screens.screen import Screen
from office import trail
from office.models import Person
from office.rules import days

SET: Final = "audit.add_screensetting"


class CannotSet(Exception):
    """The screen stays as it was; the message is written for the auditor, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def set_value(
    *, screen: Screen, name: str, value: Decimal, since: date, reason: str, by: Person, at: datetime
) -> ScreenSetting:
    """Set a parameter of a screen from a day on, today or later. Raises CannotSet."""
    known = {one.name: one for one in screen.parameters_of()}
    parameter = known.get(name)
    if parameter is None:
        raise CannotSet(_("Choose the parameter."), "name")
    if not parameter.least <= value <= parameter.most:
        raise CannotSet(
            _("It lies between %(least)s and %(most)s.") % {"least": parameter.least, "most": parameter.most}, "value"
        )
    if since < days.business_day(at):
        raise CannotSet(
            _("A setting begins today or later: what was screened was screened with what held then."), "since"
        )
    if not reason.strip():
        raise CannotSet(_("Say why."), "reason")
    made = ScreenSetting.objects.create(
        screen=screen.code, name=name, value=value, since=since, reason=reason.strip(), set_by=by, set_at=at
    )
    trail.record("screen.set", made, by=by, at=at, right=SET, reason=made.reason, value=value, since=since)
    return made
