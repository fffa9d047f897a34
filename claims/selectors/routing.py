"""The route of a claim as it stands: the limits of its day, what it comes to, other claims of thirty days."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, QuerySet

from claims.models import Claim, Limit, Verification
from claims.rules import routes
from claims.rules.routes import Figures, LimitRow, RouteStep
from claims.selectors.valuing import person_number
from claims.selectors.written import read, written
from enrollment.models import Scheme


def route_for(claim: Claim) -> list[RouteStep]:
    """The steps by which a claim is decided, in their order, each with the reason why it is there.

    `claim` may be unsaved; what it comes to is its `proposed`, which may be unknown yet. Limits, other claims and
    letters are asked for in one statement.
    """
    limits, others, is_unanswered = (
        Scheme.objects.filter(pk=claim.scheme_id)
        .values_list(
            written(_limits_for(claim), "step", "basis", "amount", "kind", "region", "pk"),
            written(_others_of(claim), "kind", "region", "total", "proposed"),
            Exists(_unanswered_of(claim)),
        )
        .get()
    )
    return list(
        routes.route(
            [_limit(*read(one)) for one in limits],
            figures_of(claim),
            [_figures(*read(one)) for one in others],
            intake_checks=settings.INTAKE_IS_FIRST_CHECK,
            is_unanswered=is_unanswered,
        )
    )


def _limits_for(claim: Claim) -> QuerySet[Limit]:
    """The confirmed limits of a claim's scheme on the day it was taken in."""
    return Limit.objects.on(claim.entered_on).filter(scheme=claim.scheme_id).order_by("pk")


def _limit(step: str, basis: str, amount: str, kind: str, region: str, number: str) -> LimitRow:
    return LimitRow(step, basis, Decimal(amount), kind, region, int(number))


def figures_of(claim: Claim) -> Figures:
    """What limits look at in a claim."""
    return Figures(claim.kind, claim.region, claim.total, claim.proposed or Decimal(0))


def _figures(kind: str, region: str, total: str, proposed: str) -> Figures:
    return Figures(kind, region, Decimal(total), Decimal(proposed or 0))


def _others_of(claim: Claim) -> QuerySet[Claim]:
    """The same person's other living claims of the scheme that end within thirty days of this one."""
    found = Claim.objects.of_person(person_number(claim.member)).live().exclude(pk=claim.pk)
    return found.filter(scheme=claim.scheme_id, discharged_on__range=routes.window(claim.discharged_on)).order_by()


def _unanswered_of(claim: Claim) -> QuerySet[Verification]:
    """Letters about a claim that stayed without an answer; after a call or a visit a letter follows."""
    unanswered = {"way": Verification.Way.LETTER, "outcome": Verification.Outcome.NO_ANSWER}
    return Verification.objects.filter(claim=claim.pk, **unanswered)
