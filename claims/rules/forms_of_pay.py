"""Step 4 of a layer: what a row grants before items paid in full, floor and ceilings (docs/rules/benefits.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.rules.bills import told
from claims.rules.layers import AmountRow, Form, Layer, PayRow
from claims.rules.notes import Notes, formula, number, percent
from claims.rules.paying import ZERO, Groups, granted, less, pieces, rounded, span, summed, taken, with_points
from claims.rules.standing import CannotAssess, Standing, every, first, unstated

HUNDRED = Decimal(100)


@dataclass(slots=True)
class Grant:
    """What step 4 gives: the fund's part, the hospital's, the deductible, and what the layer then worked on.

    `base` is None where the layer's base stays what it was; a case price takes its place. `outside` is the hospital's
    part beside a case price, which is no part of that base. `held` is what an account that pays holds: no floor, factor
    or rounding takes more from it.
    """

    amount: Decimal
    deductible: Decimal = ZERO
    hospital: Decimal = ZERO
    outside: Decimal = ZERO
    base: Decimal | None = None
    held: Decimal | None = None


@dataclass(slots=True)
class Work:
    """A layer at work on a claim, with its notes."""

    standing: Standing
    layer: Layer
    rounding: str
    notes: Notes | None


def by_sum(work: Work, row: PayRow, cost: Decimal) -> Grant:
    """Price, limit_price, fixed, copay, account: rows that use no deductible. `cost` is E."""
    grant = {
        Form.PRICE: _price,
        Form.LIMIT_PRICE: _limit_price,
        Form.FIXED: _fixed,
        Form.COPAY: _copay,
        Form.ACCOUNT: _account,
    }[row.form](work, row, cost)
    grant.amount = _times(work, grant.amount)
    return grant


def by_bands(work: Work, rows: Sequence[tuple[PayRow, list[str]]], groups: Groups) -> Grant:
    """Ratios and bands: each row on the part of its groups, the deductible taken off as the layer says."""
    cost = summed(groups)
    row, used = deductible(work)
    off = min(less(row.amount, used), cost) if row else ZERO
    by_group = taken(groups, off, _leading(work.layer, groups)) if len(rows) > 1 else {}
    _note_deductible(work, row, used, off)
    points = _points(work)
    amount = ZERO
    for pay, names in rows:
        part = sum((groups[name] for name in names), ZERO) if len(rows) > 1 else cost
        part_off = sum((by_group[name] for name in names), ZERO) if len(rows) > 1 else off
        amount += _granted(work, pay, names if work.layer.by_group else (), part, part_off, points)
    if work.layer.deductible and work.layer.deductible.yearly and row:
        work.standing.move(f"{work.layer.code}.deductible", off)
    return Grant(_times(work, amount), off)


def by_year(work: Work, pay: PayRow, cost: Decimal) -> Grant:
    """A layer over the year pays the difference of one function at two totals: with this claim and without."""
    layer, standing, notes = work.layer, work.standing, work.notes
    row, _used = deductible(work)
    off = row.amount if row else ZERO
    before = standing.used(f"{layer.code}.base")
    after = before + cost
    bands = with_points(pay.bands, _points(work) + _age_points(work, pay))
    times = _factor(work)
    due = []
    parts = []
    for total in (before, after):
        filled = list(pieces(bands, *span(total, off, gross=layer.gross)))
        parts.append(filled)
        due.append(rounded(granted(filled) * times, work.rounding))
    standing.move(f"{layer.code}.base", cost)
    amount = due[1] - due[0]
    taken_off = min(off, after) - min(off, before)
    if notes:
        if row:
            notes.add(row.path, "deductible_year", amount=off, used=min(off, before), taken=taken_off)
        notes.add(
            pay.path,
            "over_year",
            before=before,
            after=after,
            formula_before=formula(parts[0], times),
            formula_after=formula(parts[1], times),
            due_before=due[0],
            due_after=due[1],
            result=amount,
        )
    return Grant(amount, taken_off)


def deductible(work: Work) -> tuple[AmountRow | None, Decimal]:
    """The deductible's row that holds, and what of it the year has used already."""
    table = work.layer.deductible
    if table is None:
        return None, ZERO
    row = first(table.rows, work.standing.facts)
    yearly = table.yearly and not work.layer.over_year
    return row, work.standing.used(f"{work.layer.code}.deductible") if yearly else ZERO


def _leading(layer: Layer, groups: Groups) -> Iterable[str]:
    """The groups from which the deductible comes off first."""
    if not layer.deductible or not layer.deductible.group:
        return ()
    return [name for name in groups if (name == layer.deductible.group) != layer.deductible.other_than]


def _note_deductible(work: Work, row: AmountRow | None, used: Decimal, off: Decimal) -> None:
    table = work.layer.deductible
    if not work.notes or table is None:
        return
    if row is None:
        work.notes.add(table.path, "deductible_none")
    elif table.yearly:
        work.notes.add(row.path, "deductible_year", amount=row.amount, used=used, taken=off)
    else:
        work.notes.add(row.path, "deductible", amount=row.amount, taken=off)


def _granted(work: Work, pay: PayRow, names: Sequence[str], cost: Decimal, off: Decimal, points: Decimal) -> Decimal:
    """One row of bands on its part of the cost, less its part of the deductible."""
    layer = work.layer
    bands = with_points(pay.bands, points + _age_points(work, pay))
    filled = list(pieces(bands, *span(cost, off, gross=layer.gross)))
    amount = granted(filled)
    if work.notes:
        figures = {"formula": formula(filled), "result": amount}
        if names:
            if layer.deductible:
                work.notes.add(layer.deductible.path, "deductible_group", group="、".join(names), cost=cost, taken=off)
            work.notes.add(pay.path, "bands_group", groups="、".join(names), **figures)
        else:
            work.notes.add(pay.path, "bands", **figures)
    return amount


def _points(work: Work) -> Decimal:
    """Points of all adjustments that hold, as a ratio."""
    points = ZERO
    for row in every(work.layer.adjust, work.standing.facts):
        if row.points is not None:
            points += row.points / HUNDRED
            if work.notes:
                work.notes.add(row.path, "points", points=f"{row.points:+f}")
    return points


def _age_points(work: Work, pay: PayRow) -> Decimal:
    """What a row adds to its ratio for each year of age."""
    if pay.per_year_of_age is None:
        return ZERO
    age = work.standing.facts.get("age")
    if age is None:
        raise unstated("age", pay.path)
    points = pay.per_year_of_age * Decimal(age)
    if work.notes:
        figures = {"each": percent(pay.per_year_of_age), "age": age, "points": number(points * HUNDRED)}
        work.notes.add(pay.path, "age", **figures)
    return points


def _factor(work: Work) -> Decimal:
    """The product of all factors that hold."""
    times = Decimal(1)
    for row in every(work.layer.adjust, work.standing.facts):
        if row.times is not None:
            times *= row.times
    return times


def _times(work: Work, amount: Decimal) -> Decimal:
    """The result, multiplied by each factor that holds."""
    if not work.layer.adjust:
        return amount
    for row in every(work.layer.adjust, work.standing.facts):
        if row.times is not None:
            result = amount * row.times
            if work.notes:
                work.notes.add(row.path, "times", before=amount, times=number(row.times), result=result)
            amount = result
    return amount


def _stated(value: Decimal | None) -> Decimal:
    """A figure that the reader has made sure of."""
    if value is None:
        raise AssertionError("a row without its figure was read")
    return value


def _price(work: Work, row: PayRow, _cost: Decimal) -> Grant:
    """Case payment (定额): a ratio of the price whatever the cost, or all but the patient's share of the cost."""
    standing = work.standing
    price, total, others = _stated(row.amount), standing.total, standing.bill.other_payers
    standing.price = price
    met = max(price, others)  # what others paid beyond the price comes off the hospital's part
    if row.patient_share is None:
        ratio = _stated(row.ratio)
        amount, hospital, base = price * ratio, total - met, price
        figures: dict[str, Decimal | str] = {"ratio": percent(ratio), "met": met}
    else:
        base = min(total, price)
        patient = total * row.patient_share
        amount, hospital = less(base, patient), less(total, met)
        figures = {"share": percent(row.patient_share), "patient": patient, "lesser": base}
    if work.notes:
        key = "price_ratio" if row.patient_share is None else "price_share"
        work.notes.add(row.path, key, amount=price, total=total, hospital=hospital, result=amount, **figures)
    return Grant(amount, hospital=hospital, outside=hospital, base=less(base, others))


def _limit_price(work: Work, row: PayRow, _cost: Decimal) -> Grant:
    """Limit (限额): a ratio of the lesser of cost and limit; the patient bears the excess."""
    ratio = _stated(row.ratio)
    lesser = min(work.standing.total, _stated(row.amount))
    work.standing.price = lesser
    amount = lesser * ratio
    if work.notes:
        work.notes.add(row.path, "limit_price", lesser=lesser, ratio=percent(ratio), result=amount)
    return Grant(amount)


def _fixed(work: Work, row: PayRow, _cost: Decimal) -> Grant:
    """A fixed sum, not more than the cost that others have not paid."""
    amount = min(_stated(row.amount), work.standing.total - work.standing.bill.other_payers)
    if work.notes:
        work.notes.add(row.path, "fixed", amount=_stated(row.amount), result=amount)
    return Grant(amount)


def _copay(work: Work, row: PayRow, cost: Decimal) -> Grant:
    """The patient pays a sum, the fund the rest of the eligible cost."""
    amount = less(cost, _stated(row.amount))
    if work.notes:
        work.notes.add(row.path, "copay", base=cost, amount=_stated(row.amount), result=amount)
    return Grant(amount)


def _account(work: Work, row: PayRow, cost: Decimal) -> Grant:
    """From the household's or the person's account, as far as it reaches."""
    held = work.standing.held(row.account, row.path)
    amount = min(held, cost)
    if work.notes:
        work.notes.add(row.path, "account", held=held, base=cost, result=amount)
    return Grant(amount, held=held)


def chosen(work: Work, groups: Groups) -> list[tuple[PayRow, list[str]]]:
    """The rows that pay, each with its item groups. Raises CannotAssess where a part of the cost has none."""
    layer, facts = work.layer, work.standing.facts
    if not layer.by_group:
        row = first(layer.pay, facts)
        if row is None:
            raise no_row(work)
        return [(row, list(groups))]
    found: dict[str, tuple[PayRow, list[str]]] = {}
    for name, amount in groups.items():
        row = first(layer.pay, {**facts, "group": name})
        if row is not None:
            found.setdefault(row.path, (row, []))[1].append(name)
        elif amount:
            raise no_row(work, group=name)
    if not found:
        raise no_row(work)
    return list(found.values())


def no_row(work: Work, **more: str) -> CannotAssess:
    return CannotAssess("claim", "no_row", rule=f"{work.layer.path}.pay", facts=told(work.standing.facts | more))
