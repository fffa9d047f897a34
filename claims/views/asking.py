"""What a claim's page asks of the person before it: a decision, a question to the hospital, a flag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from claims.models import Claim
from claims.services import checking, flags, reversing, verification
from office.access import Request
from office.rules import days
from office.services import rounds


def panel(request: Request, claim: Claim, rounds_of_it: Iterable[Any]) -> dict[str, Any]:
    """What stands above a claim: whether this person decides it now and as what it is seen, the hospital's answers,
    what holds it."""
    person = request.user
    alone = claim.state in checking.ALONE
    opened = next((one for one in rounds_of_it if alone and (one.state, one.step) == ("open", claim.state)), None)
    people = rounds.capacities(round=opened, by=person, at=timezone.now()) if opened else []
    asked = list(claim.verifications.select_related("asked_by", "answered_by").order_by("pk"))
    may_verify = claim.state == Claim.State.VERIFICATION and person.has_perm(verification.RIGHT)
    taken_back = (*reversing.BEFORE_PAYMENT, Claim.State.PAID)
    return {
        "decides": people,
        "seen": opened.subject_hash if opened else "",
        "asked": asked,
        "late": verification.late_of(asked, days.business_day(timezone.now())),
        "may_verify": may_verify,
        "holding": list(claim.flags.holding().select_related("set_by").order_by("pk")),
        "may_hold": claim.state not in Claim.OVER and person.has_perm(flags.RIGHT),
        "may_let_go": person.has_perm(flags.LIFT),
        "may_take_back": claim.state in taken_back and person.has_perm(reversing.RIGHT),
    }
