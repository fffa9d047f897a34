"""The route of a claim: which steps decide it, by dated limits (docs/rules/claims.md, "Route").

A pure function of limits, figures and what the person's other claims of thirty days come to. The first check may be
part of intake; the second check is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

#: Claims of one person that end this near to one another are added up for the limits.
ADDED_UP: Final = timedelta(days=30)


class Stage(StrEnum):
    """The steps of a route in their order; the same as `Step` in claims/models/claims.py."""

    FIRST_CHECK = "first_check"
    VERIFICATION = "verification"
    SECOND_CHECK = "second_check"
    HEAD = "head"
    COMMITTEE = "committee"


class Basis(StrEnum):
    """Which figure a limit looks at."""

    TOTAL_COST = "total_cost"
    PROPOSED_PAYMENT = "proposed_payment"


class Why(StrEnum):
    """Why a step belongs to a route."""

    ALWAYS = "always"
    LIMIT = "limit"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """From which amount, in yuan, claims of a kind and region take a step; kind and region empty are any."""

    stage: str
    basis: str
    amount: Decimal
    kind: str = ""
    region: str = ""
    number: int | None = None

    @property
    def narrowness(self) -> tuple[bool, bool]:
        """How closely it says which claims it is for; the kind says more than the region."""
        return bool(self.kind), bool(self.region)

    def is_for(self, figures: Figures) -> bool:
        return self.kind in {"", figures.kind} and self.region in {"", figures.region}

    def takes(self, amount: Decimal) -> bool:
        """A verification is taken by what reaches its limit, a decision by what is above it."""
        return amount >= self.amount if self.stage == Stage.VERIFICATION else amount > self.amount


@dataclass(frozen=True, slots=True)
class Figures:
    """What limits look at in a claim, in yuan. What the plan gives is nothing where no plan can say it yet."""

    kind: str
    region: str
    total: Decimal
    proposed: Decimal

    def by(self, basis: str) -> Decimal:
        return self.total if basis == Basis.TOTAL_COST else self.proposed


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One step of a route and why it is there: the limit, and what of this claim and the added ones came against it."""

    stage: Stage
    why: Why = Why.ALWAYS
    limit: LimitRow | None = None
    amount: Decimal = Decimal(0)
    added: Decimal = Decimal(0)


def window(day: date) -> tuple[date, date]:
    """The first and last day on which other claims are added to one that ends on a day."""
    return day - ADDED_UP, day + ADDED_UP


def route(
    limits: Iterable[LimitRow],
    claim: Figures,
    others: Sequence[Figures] = (),
    *,
    intake_checks: bool = False,
    is_unanswered: bool = False,
) -> tuple[RouteStep, ...]:
    """The steps of a claim in their order. `others` are the person's other claims of thirty days.

    With `intake_checks` (受理兼初审) intake was the first check of a claim that no limit catches. A verification that
    nobody answered brings the claim before the committee.
    """
    steps = {Stage.SECOND_CHECK: RouteStep(Stage.SECOND_CHECK)}
    for row in _binding(limits, claim):
        if (step := _caught(row, claim, others)) is not None:
            steps.setdefault(step.stage, step)
    if is_unanswered:
        steps.setdefault(Stage.COMMITTEE, RouteStep(Stage.COMMITTEE, Why.UNANSWERED))
    if not intake_checks or len(steps) > 1:
        steps[Stage.FIRST_CHECK] = RouteStep(Stage.FIRST_CHECK)
    return tuple(steps[stage] for stage in Stage if stage in steps)


def after(steps: Sequence[str], stage: str) -> str:
    """The step of a route that follows one, whether that one is still in it or not; empty after the last."""
    order = list(Stage)
    later = order[order.index(Stage(stage)) + 1 :]
    return next((one.value for one in later if one in steps), "")


def is_under_all(steps: Sequence[str]) -> bool:
    """Whether no limit catches a claim with this route: it may be decided together with others of its kind."""
    return set(steps) <= {Stage.FIRST_CHECK, Stage.SECOND_CHECK}


def _binding(limits: Iterable[LimitRow], claim: Figures) -> list[LimitRow]:
    """Of the limits for a step and basis the one that says most closely for which claims it is."""
    closest: dict[tuple[str, str], LimitRow] = {}
    for row in limits:
        known = closest.get((row.stage, row.basis))
        if row.is_for(claim) and (known is None or row.narrowness > known.narrowness):
            closest[row.stage, row.basis] = row
    return [closest[key] for key in sorted(closest)]


def _caught(row: LimitRow, claim: Figures, others: Sequence[Figures]) -> RouteStep | None:
    own = claim.by(row.basis)
    added = sum((one.by(row.basis) for one in others if row.is_for(one)), Decimal(0))
    if own <= 0 or not row.takes(own + added):
        return None
    return RouteStep(Stage(row.stage), Why.LIMIT, row, own, added)
