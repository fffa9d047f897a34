"""What the funds pay of a claim: the layers of a scheme's documents in their order (docs/rules/benefits.md).

A pure function of plans, person, bill and counters. Counters are amounts in yuan by name (`inpatient.year`), accounts
are `account.household` and `account.personal`, `stays` is a number; the answer says by how much each moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from claims.rules import limits
from claims.rules.bills import ADMISSIONS, STAYS, Bill, Person, told
from claims.rules.conditions import Unstated
from claims.rules.forms_of_pay import Grant, Work, by_bands, by_sum, by_year, chosen
from claims.rules.layers import Form, Layer, Of, PayRow, Plan
from claims.rules.notes import Line, Notes
from claims.rules.paying import ZERO, less, summed
from claims.rules.standing import ACCOUNT, CannotAssess, Standing, as_one, cost_of, unstated

__all__ = ["Answer", "CannotAssess", "LayerAnswer", "after", "assess", "deciding_day", "reverse"]

SUMS: Final = (Form.FIXED, Form.PRICE)
#: Forms that pay of the whole bill and do not ask what is eligible: nothing enters for them, nothing is added in full.
OF_THE_BILL: Final = (Form.PRICE, Form.LIMIT_PRICE, Form.FIXED)


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """What one layer pays, in yuan, and from whose account if it pays from one (`household`, `personal`). `holds` is
    False where the layer is not for this claim."""

    code: str
    fund: str
    name: Mapping[str, str]
    holds: bool
    base: Decimal
    deductible: Decimal
    pays: Decimal
    lines: tuple[Line, ...]
    account: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is paid of one claim and by whom; total = funds + hospital + other payers + patient, to the fen."""

    id: str
    total: Decimal
    eligible: Decimal
    own_items: Decimal
    first_share: Decimal
    other_payers: Decimal
    layers: tuple[LayerAnswer, ...]
    fund_pays: Decimal
    hospital_bears: Decimal
    burden: Decimal
    moves: Mapping[str, Decimal]

    @property
    def patient_pays(self) -> Decimal:
        return self.total - self.fund_pays - self.hospital_bears - self.other_payers


def assess(
    plans: Sequence[Plan],
    person: Person,
    bill: Bill,
    counters: Mapping[str, Decimal],
    *,
    trace: bool = False,
) -> Answer:
    """What a scheme's documents, in their order, pay of a bill. Raises CannotAssess; then nothing counts."""
    total = bill.total
    if bill.other_payers > total:
        raise CannotAssess("claim.other_payers", "others_over_total", others=bill.other_payers, total=total)
    standing = Standing(bill, person, counters, int(counters.get(STAYS, 0)), total, trace)
    basic, rounding = _basic(plans, standing)
    notes = Notes() if trace else None
    cost = cost_of(bill, basic, standing.facts, notes)
    standing.own_left = cost.own_left
    first_answer = _work(Work(standing, basic, rounding, notes), cost.groups, cost.full)
    answers: list[LayerAnswer] = []
    for place, plan in enumerate(plans):
        prefix = f"plans[{place}]." if place else ""
        stands = plan.in_force_on(deciding_day(plan, bill))
        for layer in plan.layers:
            answer = first_answer if layer is basic else _later(standing, plan, layer, basic, stands=stands)
            answers.append(_placed(answer, prefix) if prefix and trace else answer)
    if standing.facts.get("kind") in ADMISSIONS:
        standing.moves[STAYS] = Decimal(1)
    return Answer(
        bill.id,
        total,
        cost.eligible,
        cost.own_items,
        cost.first_share,
        bill.other_payers,
        tuple(answers),
        standing.paid,
        standing.hospital,
        standing.burden,
        standing.moves,
    )


def after(counters: Mapping[str, Decimal], moves: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The counters once a claim counts."""
    return {**counters, **{name: counters.get(name, ZERO) + by for name, by in moves.items()}}


def reverse(counters: Mapping[str, Decimal], moves: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The counters once a claim no longer counts: exactly its own moves are taken back."""
    return {**counters, **{name: counters.get(name, ZERO) - by for name, by in moves.items()}}


def deciding_day(plan: Plan, bill: Bill) -> date:
    """The day that picks the plan and the plan year: of admission, discharge or settlement."""
    day = bill.days.get(plan.decided_by)
    if day is None:
        raise CannotAssess(f"claim.{plan.decided_by}", "unstated", rule="decided_by")
    return day


def _basic(plans: Sequence[Plan], standing: Standing) -> tuple[Layer, str]:
    """The first layer on the cost that holds, and its document's rounding; the first document must be in force."""
    for place, plan in enumerate(plans):
        day = deciding_day(plan, standing.bill)
        if not plan.in_force_on(day):
            if place:
                continue
            raise CannotAssess(
                f"claim.{plan.decided_by}",
                "no_plan_day",
                day=day,
                plan=plan.code,
                first=plan.first,
                last=plan.last or "…",
            )
        for layer in plan.layers:
            if layer.of is Of.COST and _holds(layer, standing):
                return layer, plan.rounding
    raise CannotAssess("claim", "no_basic_layer", facts=told(standing.facts))


def _holds(layer: Layer, standing: Standing) -> bool:
    try:
        return layer.when.holds(standing.facts)
    except Unstated as fault:
        raise unstated(fault.attribute, f"{layer.path}.when") from None


def _later(standing: Standing, plan: Plan, layer: Layer, basic: Layer, *, stands: bool) -> LayerAnswer:
    """A layer that is not the basic one: it works on what is left, or says why it pays nothing."""
    notes = Notes() if standing.trace else None
    if layer.of is Of.COST:
        if notes:
            notes.add(layer.path, "other_basic", basic=basic.code)
        return _idle(layer, notes)
    if not stands:
        if notes:
            notes.add(layer.path, "not_in_force", plan=plan.code, day=str(deciding_day(plan, standing.bill)))
        return _idle(layer, notes)
    if not _holds(layer, standing):
        if notes:
            notes.add(layer.path, "off")
        return _idle(layer, notes)
    work = Work(standing, layer, plan.rounding, notes)
    return _work(work, as_one(_base(work)), ZERO)


def _idle(layer: Layer, notes: Notes | None) -> LayerAnswer:
    lines = tuple(notes.lines) if notes else ()
    return LayerAnswer(
        layer.code, layer.fund, layer.name, holds=False, base=ZERO, deductible=ZERO, pays=ZERO, lines=lines
    )


def _base(work: Work) -> Decimal:
    """What a later layer works on."""
    standing, layer = work.standing, work.layer
    if layer.of is Of.BURDEN and layer.has_cover:
        view = cost_of(standing.bill, layer, standing.facts, work.notes).eligible
        figures = {"others": standing.bill.other_payers, "paid": standing.paid, "hospital": standing.hospital}
        base = less(view - standing.bill.other_payers - standing.paid - standing.hospital, ZERO)
        if work.notes:
            work.notes.add(layer.path, "view", view=view, base=base, **figures)
        return base
    base = {
        Of.BURDEN: standing.burden,
        Of.OWN_ITEMS: standing.own_left,
        Of.PRICE: standing.price,
        Of.OVER_CEILING: standing.over_ceiling,
        Of.CUT_PAYMENT: standing.cut_payment,
    }[layer.of]
    if work.notes:
        work.notes.add(layer.path, layer.of.value, base=base)
    return base


def _work(work: Work, groups: Mapping[str, Decimal], full: Decimal) -> LayerAnswer:
    """Steps 2 to 7 of one layer, and what it leaves for the next."""
    standing, layer = work.standing, work.layer
    whole = summed(groups) + full
    rows = chosen(work, groups)
    pay = rows[0][0]
    grant = _grant(work, rows, groups)
    base = whole if grant.base is None else grant.base
    limits.raised(work, grant, ZERO if pay.form in OF_THE_BILL else full, base)
    paid = limits.capped(work, grant)
    limits.count(work, paid)
    if pay.form is Form.ACCOUNT:
        standing.move(f"{ACCOUNT}.{pay.account}", -paid)
    if layer.of is Of.COST:
        _leave(standing, grant, base, is_sum=pay.form in SUMS)
    standing.paid += paid
    standing.settle(paid)
    lines: tuple[Line, ...] = ()
    if work.notes:
        work.notes.add(layer.path, "pays", result=paid, burden=standing.burden)
        lines = tuple(work.notes.lines)
    return LayerAnswer(
        layer.code,
        layer.fund,
        layer.name,
        holds=True,
        base=base,
        deductible=grant.deductible,
        pays=paid,
        lines=lines,
        account=pay.account if pay.form is Form.ACCOUNT else "",
    )


def _grant(work: Work, rows: list[tuple[PayRow, list[str]]], groups: Mapping[str, Decimal]) -> Grant:
    """Steps 2 to 4."""
    pay = rows[0][0]
    if pay.form in OF_THE_BILL:
        return by_sum(work, pay, ZERO)
    entered = limits.enters(work, groups)
    if pay.form is not Form.BANDS:
        return by_sum(work, pay, summed(entered))
    if work.layer.over_year:
        return by_year(work, pay, summed(entered))
    return by_bands(work, rows, entered)


def _leave(standing: Standing, grant: Grant, base: Decimal, *, is_sum: bool) -> None:
    """What the basic layer leaves behind for the layers after it: the running burden, and how it paid."""
    standing.hospital = grant.hospital
    standing.burden = base
    standing.facts["case_paid"] = is_sum
    standing.settle(grant.hospital - grant.outside)


def _placed(answer: LayerAnswer, prefix: str) -> LayerAnswer:
    """The lines of a document that follows others say which one it is."""
    return replace(answer, lines=tuple(line.under(prefix) for line in answer.lines))
