"""What to think over before a plan is adopted: gaps, rows never reached, rows that cross, bands that fall.

A plan with doubts can be assessed; whoever adopts it mends each or says why it is meant so (docs/rules/benefits.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from claims.rules.bills import told
from claims.rules.combinations import TooMany, holds, of
from claims.rules.conditions import ALWAYS, Condition, Facts
from claims.rules.faults import Fault, joined
from claims.rules.layers import Form, Layer, Of, Plan, Row

EXAMPLES: Final = 3  # how many combinations a gap names


def doubts(plan: Plan) -> tuple[Fault, ...]:
    """Everything about the plan that its adopters should have meant."""
    found = [*_unsaid(plan), *_layers(plan)]
    for layer in plan.layers:
        found += _falling(layer)
        try:
            found += _tables(layer)
        except TooMany as fault:
            found.append(Fault(layer.path, "too_many", {"count": fault.count}))
    return tuple(dict.fromkeys(found))


def _unsaid(plan: Plan) -> Iterator[Fault]:
    for key in ("name", "document"):
        if key not in plan.tree:
            yield Fault(key, "unnamed")
    for key in ("decided_by", "rounding"):
        if key not in plan.tree:
            yield Fault(key, "unsaid", {"value": getattr(plan, key)})
    for layer, tree in zip(plan.layers, plan.tree["layers"], strict=True):
        banded = any(len(row.bands) > 1 for row in layer.pay)
        if banded and layer.deductible and "bands_on" not in tree:
            yield Fault(joined(layer.path, "bands_on"), "unsaid", {"value": "gross"})


def _falling(layer: Layer) -> Iterator[Fault]:
    for row in layer.pay:
        for place, (before, after) in enumerate(pairwise(row.bands)):
            if after.ratio < before.ratio:
                figures = {"before": before.ratio, "after": after.ratio}
                yield Fault(joined(joined(row.path, "bands"), place + 1), "falls", figures)


def _layers(plan: Plan) -> Iterator[Fault]:
    """Layers on the cost are alternatives: one that the others before it leave nothing is never reached."""
    rows = [Row(layer.path, layer.when) for layer in plan.layers if layer.of is Of.COST]
    try:
        space = of([row.when for row in rows], ALWAYS)
    except TooMany as fault:
        yield Fault("layers", "too_many", {"count": fault.count})
        return
    yield from _never(rows, space)


def _tables(layer: Layer) -> Iterator[Fault]:
    yield from _pay(layer)
    for rows in _first_match(layer):
        space = of([row.when for row in rows], layer.when)
        yield from _absent(rows, space)
        yield from _never(rows, space)
        yield from _crossing(rows, space)
    for row in (*layer.adjust, *layer.excepted):
        space = of([row.when], layer.when)
        yield from _absent([row], space)
        if not any(holds(row.when, facts) for facts in space):
            yield Fault(row.path, "never_holds")


def _first_match(layer: Layer) -> Iterator[Sequence[Row]]:
    """The tables of which the first row that holds counts."""
    yield layer.pay
    yield layer.cover
    for table in (layer.deductible, layer.floor, layer.eligible_ceiling, *layer.ceilings):
        if table:
            yield table.rows


def _pay(layer: Layer) -> Iterator[Fault]:
    """Every combination finds a way of paying, and where a ratio pays also a deductible, if the layer has any."""
    rows = layer.deductible.rows if layer.deductible else ()
    space = of([row.when for row in (*layer.pay, *rows)], layer.when)
    gaps: list[Facts] = []
    free: list[Facts] = []
    for facts in space:
        pay = next((row for row in layer.pay if holds(row.when, facts)), None)
        if pay is None:
            gaps.append(facts)
        elif rows and pay.form is Form.BANDS and not any(holds(row.when, facts) for row in rows):
            free.append(facts)
    yield from _gaps(joined(layer.path, "pay"), "nothing_for", gaps, [row.when for row in layer.pay])
    if layer.deductible:
        yield from _gaps(layer.deductible.path, "deductible_none", free, [row.when for row in rows])


def _gaps(path: str, key: str, gaps: Sequence[Facts], asked: Sequence[Condition]) -> Iterator[Fault]:
    """The first few gaps, told by what the table asks for."""
    names = frozenset().union(*(condition.attributes for condition in asked))
    shown = dict.fromkeys(told({name: facts[name] for name in sorted(names) if name in facts}) for facts in gaps)
    for facts in list(shown)[:EXAMPLES]:
        yield Fault(path, key, {"facts": facts})


def _absent(rows: Sequence[Row], space: Sequence[Facts]) -> Iterator[Fault]:
    """Rows that ask for what a claim of their own kind does not have: it would be refused."""
    for row in rows:
        for name in sorted(row.when.attributes):
            facts = next((each for each in space if name not in each and holds(_without(row.when, name), each)), None)
            if facts is not None:
                yield Fault(row.path, "asks_absent", {"attribute": name, "facts": told(facts)})


def _without(condition: Condition, name: str) -> Condition:
    return replace(condition, tests=tuple(test for test in condition.tests if test[0] != name))


def _never(rows: Sequence[Row], space: Sequence[Facts]) -> Iterator[Fault]:
    """Rows that are the first to hold for nobody."""
    reached = {next((row.path for row in rows if holds(row.when, facts)), "") for facts in space}
    for row in rows:
        if row.path not in reached:
            before = any(holds(row.when, facts) for facts in space)
            yield Fault(row.path, "never_reached" if before else "never_holds")


def _crossing(rows: Sequence[Row], space: Sequence[Facts]) -> Iterator[Fault]:
    """Pairs of rows of which neither is the special case of the other, and both hold for somebody."""
    held = {row.path: [holds(row.when, facts) for facts in space] for row in rows}
    for place, row in enumerate(rows):
        for other in rows[place + 1 :]:
            if _same(row, other):
                continue
            pairs = list(zip(held[row.path], held[other.path], strict=True))
            if (True, True) in pairs and (True, False) in pairs and (False, True) in pairs:
                facts = told(space[pairs.index((True, True))])
                yield Fault(other.path, "overlaps", {"rule": row.path, "facts": facts})


def _same(row: Any, other: Any) -> bool:
    """Whether two rows say the same, whoever they are for."""
    return bool(replace(row, path="", when=ALWAYS) == replace(other, path="", when=ALWAYS))
