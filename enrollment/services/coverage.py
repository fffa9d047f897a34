"""Coverage that ends, because somebody died or moved away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from enrollment.models import Coverage, Member
from office import trail
from office.models import Person

ONE_DAY = timedelta(days=1)


@transaction.atomic
def end_all(*, member: Member, on: date, because: str, by: Person, at: datetime) -> None:
    """End every coverage of a member that reaches beyond a day: he is covered on the day itself. What would only begin
    later becomes void. The member is locked by whoever calls."""
    beyond = member.coverages.standing().filter(period__endswith__gt=on + ONE_DAY).order_by("pk")
    for one in beyond.select_for_update(no_key=True, of=["self"]):
        if one.period.lower > on:
            why = Coverage.End(because).label
            one.void_reason = _("before it began: %(why)s") % {"why": why}
            one.save(update_fields=["void_reason"])
            trail.record("coverage.voided", one, by=by, at=at, reason=one.void_reason)
        else:
            one.period, one.ended_because = DateRange(one.period.lower, on + ONE_DAY), because
            one.save(update_fields=["period", "ended_because"])
            trail.record("coverage.ended", one, by=by, at=at, on=on, because=because)
