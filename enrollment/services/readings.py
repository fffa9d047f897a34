"""Looking at what lists hide: a whole ID number is shown to whoever needs it, and the trail knows who looked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from enrollment.models import Member
from enrollment.services import keeping
from enrollment.services.keeping import OutOfSight
from office import trail
from office.models import Person

RIGHT = "enrollment.show_id_number"


class CannotShow(Exception):
    """The number is not shown; the message is written for the person who asked."""


@keeping.in_sight("id-number.shown", "member", CannotShow)
def show_id_number(*, member: Member, by: Person, at: datetime) -> str:
    """The whole ID number of somebody in sight. Raises CannotShow."""
    if not Member.objects.visible_to(by, RIGHT).filter(pk=member.pk).exists():
        raise OutOfSight(_("You may not see this person's whole ID number."))
    if not member.id_number:
        raise CannotShow(_("No ID number of this person is known yet."))
    trail.read("id-number.shown", member, by=by, at=at)
    return member.id_number
