"""The route of a claim as it stands: the limits of its day, what it comes to, other claims of thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from claims.models import Claim, Limit, Verification
from claims.rules import routes
from claims.rules.routes import Figures, LimitRow, RouteStep
from claims.selectors.valuing import person_number


def route_for(claim: Claim) -> list[RouteStep]:
    """The steps by which a claim is decided, in their order, each with the reason why it is there.

    `claim` may be unsaved; what it comes to is its `proposed`, which may be unknown yet.
    """
    return list(
        routes.route(
            limits_for(claim),
            figures_of(claim),
            others_of(claim),
            intake_checks=settings.INTAKE_IS_FIRST_CHECK,
            is_unanswered=is_unanswered(claim),
        )
    )


def limits_for(claim: Claim) -> list[LimitRow]:
    """The confirmed limits of a claim's scheme on the day it was taken in."""
    found = Limit.objects.on(claim.entered_on).filter(scheme=claim.scheme_id).order_by("pk")
    return [LimitRow(one.step, one.basis, one.amount, one.kind, one.region, one.pk) for one in found]


def figures_of(claim: Claim) -> Figures:
    """What limits look at in a claim."""
    return Figures(claim.kind, claim.region, claim.total, claim.proposed or Decimal(0))


def others_of(claim: Claim) -> Sequence[Figures]:
    """The same person's other living claims of the scheme that end within thirty days of this one."""
    first, last = routes.window(claim.discharged_on)
    found = Claim.objects.of_person(person_number(claim.member)).live().exclude(pk=claim.pk)
    return [
        figures_of(one)
        for one in found.filter(scheme=claim.scheme_id, discharged_on__range=(first, last)).only(
            "kind", "region", "total", "proposed"
        )
    ]


def is_unanswered(claim: Claim) -> bool:
    """Whether a letter about a claim stayed without an answer; after a call or a visit a letter follows."""
    if claim.pk is None:
        return False
    unanswered = {"way": Verification.Way.LETTER, "outcome": Verification.Outcome.NO_ANSWER}
    return claim.verifications.filter(**unanswered).exists()
