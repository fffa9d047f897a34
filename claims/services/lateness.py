"""Late claims (逾期申请): the head of the office lets one be taken in, with his reason and his second factor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.models import LateAllowance
from claims.selectors import before as selectors
from claims.services import before
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep
from office import trail
from office.models import Person
from office.proof import Proof
from office.rules import days

RIGHT: Final = "claims.add_lateallowance"


@transaction.atomic
def allow(
    *, member: Member, discharged_on: date, reason: str, by: Person, at: datetime, proof: Proof | None
) -> LateAllowance:
    """Let a claim of this discharge be taken in although its last day is over. Raises CannotKeep."""
    if proof is None or not proof.is_of(by, at=at):
        raise CannotKeep(_("Show your second factor for this decision."))
    words = before.said(reason, "reason")
    today = days.business_day(at)
    before.refuse_days(discharged_on, discharged_on, at=at, field="discharged_on")
    last = selectors.last_day_of(before.insured_by(member, discharged_on), discharged_on)
    if last is None or today <= last:
        until = last.isoformat() if last else "—"
        raise CannotKeep(
            _("Such a claim is not late: it is taken in until %(last)s.") % {"last": until}, "discharged_on"
        )
    try:
        with transaction.atomic():
            allowed = LateAllowance.objects.create(
                member=member,
                discharged_on=discharged_on,
                reason=words[:300],
                allowed_by=by,
                allowed_on=today,
                allowed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotKeep(_("This was allowed already."), "discharged_on") from refusal
    trail.record(
        "late-claim.allowed",
        allowed,
        by=by,
        at=at,
        right=RIGHT,
        proof=proof,
        reason=words,
        member=member.pk,
        discharged=discharged_on,
        last=last,
    )
    return allowed
