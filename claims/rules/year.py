"""What a person's plan year holds: each counter of the plans with what is used of it and the most that it can reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claims.rules.conditions import Unstated
from claims.rules.layers import AmountRow, Layer, Plan


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter of a plan year; `most` is None where nothing bounds it, or where that depends on the single claim."""

    name: str
    used: Decimal
    most: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """What is left of it."""
        return None if self.most is None else max(self.most - self.used, Decimal(0))


def counted(
    plans: Sequence[Plan],
    names: Sequence[str],
    used: Mapping[str, Decimal],
    facts: Mapping[str, Any],
    members: int | None,
) -> list[Counted]:
    """The counters called so, in that order; `facts` are the person's attributes, `members` those of the household."""
    layers = {layer.code: layer for plan in plans for layer in plan.layers}
    found = []
    for name in names:
        code, _dot, what = name.partition(".")
        rows = _rows(layers[code], what.partition(".")[0]) if code in layers else ()
        found.append(Counted(name, used.get(name, Decimal(0)), _most(rows, facts, members)))
    return found


def _rows(layer: Layer, what: str) -> tuple[AmountRow, ...]:
    """The rows that bound a counter of a layer."""
    if what == "deductible":
        return layer.deductible.rows if layer.deductible else ()
    if what == "eligible":
        return layer.eligible_ceiling.rows if layer.eligible_ceiling else ()
    return next((one.rows for one in layer.ceilings if one.counter.value == what), ())


def _most(rows: Sequence[AmountRow], facts: Mapping[str, Any], members: int | None) -> Decimal | None:
    """The amount of the first row that holds for the person alone."""
    for row in rows:
        try:
            holds = row.when.holds(facts)
        except Unstated:
            return None
        if holds and row.per_member:
            return None if members is None else row.amount * members
        if holds:
            return row.amount
    return None
