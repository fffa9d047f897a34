"""Steps 2, 5, 6, 7 of a layer: eligible ceiling, floor, ceilings, rounding (docs/rules/benefits.md)."""

from __future__ import annotations

from decimal import Decimal

from claims.rules.forms_of_pay import Grant, Work
from claims.rules.layers import AmountRow, Ceiling, Counter, Of
from claims.rules.notes import percent
from claims.rules.paying import ZERO, Groups, less, rounded, scaled, summed
from claims.rules.standing import CannotAssess, Standing, every, first, unstated
from claims.rules.trace_words import UNITS


def enters(work: Work, groups: Groups) -> Groups:
    """Step 2: what of the eligible cost enters the rule; the rest is over the ceiling and stays in the burden."""
    ceiling = work.layer.eligible_ceiling
    if ceiling is None:
        return groups
    row = first(ceiling.rows, work.standing.facts)
    if row is None:
        return groups
    counter = f"{work.layer.code}.eligible"
    used = work.standing.used(counter)
    cost = summed(groups)
    entered = min(cost, less(row.amount, used))
    work.standing.move(counter, entered)
    work.standing.over_ceiling = cost - entered
    if work.notes:
        figures = {"amount": row.amount, "used": used, "entered": entered, "cut": cost - entered}
        work.notes.add(row.path, "enters", **figures)
    return scaled(groups, cost, entered)


def raised(work: Work, grant: Grant, full: Decimal, base: Decimal) -> None:
    """Step 5: items paid in full, the floor, and what the patient would bear over his ceiling."""
    if full:
        grant.amount += full
        if work.notes:
            work.notes.add(work.layer.path, "full", full=full, result=grant.amount)
    _floor(work, grant, base)
    _patient_ceiling(work, grant, base)


def _floor(work: Work, grant: Grant, base: Decimal) -> None:
    floor, standing = work.layer.floor, work.standing
    row = first(floor.rows, standing.facts) if floor else None
    if floor is None or row is None:
        return
    of = standing.total - standing.bill.other_payers if floor.of_total else base
    least = of * row.ratio
    if least <= grant.amount:
        return
    figures = {"of": of, "ratio": percent(row.ratio), "floor": least}
    if floor.by_hospital:
        unpaid = less(standing.unpaid - grant.hospital, grant.amount)
        added = min(rounded(least - grant.amount, work.rounding), rounded(unpaid))
        grant.hospital += added
        if work.notes:
            work.notes.add(row.path, "floor_hospital", hospital=added, **figures)
    else:
        grant.amount = least
        if work.notes:
            work.notes.add(row.path, "floor", result=least, **figures)


def _patient_ceiling(work: Work, grant: Grant, base: Decimal) -> None:
    row = work.layer.patient_ceiling
    if row is None:
        return
    borne = base - grant.amount - (grant.hospital - grant.outside)
    if borne > row.amount:
        grant.amount += borne - row.amount
        if work.notes:
            work.notes.add(row.path, "patient_ceiling", borne=borne, amount=row.amount, result=grant.amount)


def capped(work: Work, grant: Grant) -> Decimal:
    """Steps 6 and 7: what is paid in the end, under all ceilings and within the cost, rounded once."""
    amount, least = grant.amount, None
    standing = work.standing
    for ceiling in work.layer.ceilings:
        left = _left(work, ceiling, amount)
        if left is not None:
            least = left if least is None else min(least, left)
            amount = min(amount, left)
    if work.layer.of is Of.COST and least is not None:
        standing.cut_payment = less(rounded(grant.amount, work.rounding), least)
    most, key = max(standing.unpaid - grant.hospital, ZERO), "cost_cap"
    if grant.held is not None and grant.held < most:
        most, key = grant.held, "account_cap"
    if most < amount:
        amount = most
        if work.notes:
            work.notes.add(work.layer.path, key, left=most, result=amount)
    most = most if least is None else min(least, most)
    paid = min(rounded(amount, work.rounding), most)
    if work.notes and paid != amount:
        unit = work.rounding
        work.notes.add(work.layer.path, "rounded", unit=UNITS[unit], unit_en=unit, result=paid)
    return paid


def _left(work: Work, ceiling: Ceiling, amount: Decimal) -> Decimal | None:
    """What a ceiling still leaves; None where it is not for this claim."""
    if ceiling.counter is Counter.YEAR and excepted(work):
        return None
    row = first(ceiling.rows, work.standing.facts)
    if row is None:
        return None
    most = _most(row, work.standing)
    counter = counter_of(work, ceiling.counter)
    used = work.standing.used(counter) if counter else ZERO
    left = less(most, used)
    if work.notes and left < amount:
        work.notes.add(row.path, "ceiling", amount=most, used=used, left=left, result=left)
    return left


def _most(row: AmountRow, standing: Standing) -> Decimal:
    if not row.per_member:
        return row.amount
    members = standing.person.household_members
    if members is None:
        raise CannotAssess("person.household_members", "unstated", rule=row.path)
    return row.amount * members


def counter_of(work: Work, counter: Counter) -> str:
    """The name of the counter that a ceiling is measured by; one stay has none."""
    if counter is Counter.STAY:
        return ""
    if counter is Counter.DISEASE:
        disease = work.standing.facts.get("disease")
        if disease is None:
            raise unstated("disease", work.layer.path)
        return f"{work.layer.code}.disease.{disease}"
    return f"{work.layer.code}.{counter.value}"


def excepted(work: Work) -> bool:
    """Whether the claim is of a kind that neither counts against the year's ceiling nor fills it."""
    return bool(every(work.layer.excepted, work.standing.facts))


def count(work: Work, paid: Decimal) -> None:
    """The payment moves the counters of the layer's ceilings that are for this claim, each once."""
    for counter in dict.fromkeys(ceiling.counter for ceiling in work.layer.ceilings):
        if counter is Counter.STAY or (counter is Counter.YEAR and excepted(work)):
            continue
        rows = [row for each in work.layer.ceilings if each.counter is counter for row in each.rows]
        if counter is not Counter.DISEASE or first(rows, work.standing.facts):
            work.standing.move(counter_of(work, counter), paid)
