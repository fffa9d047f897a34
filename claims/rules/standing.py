"""Where a claim stands while its layers are worked through: costs, what is paid so far, counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeVar

from claims.rules.bills import OTHER_GROUP, Bill, Item, Person, facts_of
from claims.rules.conditions import OF_PERSON, Unstated
from claims.rules.faults import Fault
from claims.rules.layers import DEFAULT_COVER, CoverRow, Layer, Of, Row
from claims.rules.notes import Notes, percent
from claims.rules.paying import FEN, ZERO, rounded, scaled, summed
from claims.rules.trace_words import CLASSES

ACCOUNT: Final = "account"
MOST_KEPT: Final = 300
R = TypeVar("R", bound=Row)


class CannotAssess(Exception):
    """The claim is refused; nothing of it counts. Paths begin with claim, person or accounts."""

    def __init__(self, path: str, key: str, **values: Any) -> None:
        self.fault = Fault(path, key, values)
        super().__init__(str(self.fault))


def first(rows: Sequence[R], facts: Mapping[str, Any]) -> R | None:
    """The first row that holds. Raises CannotAssess where a row asks for what is not stated."""
    for row in rows:
        try:
            if row.when.holds(facts):
                return row
        except Unstated as fault:
            raise unstated(fault.attribute, row.path) from None
    return None


def every(rows: Sequence[R], facts: Mapping[str, Any]) -> list[R]:
    """All rows that hold, in order."""
    return [row for row in rows if first((row,), facts)]


def unstated(attribute: str, rule: str) -> CannotAssess:
    owner = "person" if attribute in (*OF_PERSON, "household_members") else "claim"
    return CannotAssess(f"{owner}.{attribute}", "unstated", rule=rule)


@dataclass(slots=True)
class Cost:
    """The items as a layer's cover sees them, in yuan; `groups` and `full` are what is left after other payers."""

    eligible: Decimal  # as printed: before other payers, with what is paid in full
    own_items: Decimal
    first_share: Decimal
    groups: dict[str, Decimal]
    full: Decimal
    own_left: Decimal

    @property
    def base(self) -> Decimal:
        return summed(self.groups) + self.full


@dataclass(slots=True)
class Standing:
    """One claim at work."""

    bill: Bill
    person: Person
    counters: Mapping[str, Decimal]
    stays: int
    total: Decimal
    trace: bool
    facts: dict[str, Any] = field(default_factory=dict)
    moves: dict[str, Decimal] = field(default_factory=dict)
    paid: Decimal = ZERO
    hospital: Decimal = ZERO
    burden: Decimal = ZERO
    own_left: Decimal = ZERO
    price: Decimal = ZERO
    over_ceiling: Decimal = ZERO
    cut_payment: Decimal = ZERO

    def __post_init__(self) -> None:
        self.facts = facts_of(self.person, self.bill, self.stays)

    def used(self, counter: str) -> Decimal:
        """What a counter holds, with this claim's own moves."""
        return self.counters.get(counter, ZERO) + self.moves.get(counter, ZERO)

    def move(self, counter: str, by: Decimal) -> None:
        self.moves[counter] = self.moves.get(counter, ZERO) + by

    def held(self, account: str, rule: str) -> Decimal:
        """The balance of an account. Raises CannotAssess where it is not stated."""
        name = f"{ACCOUNT}.{account}"
        if name not in self.counters:
            raise CannotAssess(f"accounts.{account}", "unstated", rule=rule)
        return self.used(name)

    @property
    def unpaid(self) -> Decimal:
        """What of the cost nobody has paid or taken over yet."""
        return self.total - self.bill.other_payers - self.paid - self.hospital

    def settle(self, amount: Decimal) -> None:
        """Something was paid of the claim: it reduces the burden first, then own items."""
        off = min(amount, self.burden)
        self.burden -= off
        self.own_left = max(self.own_left - (amount - off), ZERO)


def cost_of(bill: Bill, layer: Layer, facts: Mapping[str, Any], notes: Notes | None) -> Cost:
    """Step 1: each item times its share, by group, rounded to the fen; then what other payers paid comes off."""
    total = own = ZERO
    groups: dict[str, Decimal] = {}
    fulls: dict[str, Decimal] = {}
    asked = dict(facts)
    for item in bill.items:
        row = _cover(layer, item, asked)
        total += item.amount
        groups.setdefault(item.group, ZERO)
        if not row.share:
            own += item.amount
        sums = fulls if row.paid_in_full else groups
        sums[item.group] = sums.get(item.group, ZERO) + item.amount * row.share
        if notes:
            _note_item(notes, layer, item, row)
    groups = {group: amount.quantize(FEN, ROUND_HALF_UP) for group, amount in groups.items()}
    full = sum((amount.quantize(FEN, ROUND_HALF_UP) for amount in fulls.values()), ZERO)
    eligible = sum(groups.values(), full)
    cost = Cost(eligible, own, total - eligible - own, groups, full, own)
    if notes and layer.of is Of.COST:
        figures = {"total": total, "own": own, "first": cost.first_share, "eligible": eligible}
        notes.add(layer.path, "eligible", **figures)
    return _less_others(cost, bill.other_payers, layer, notes) if bill.other_payers else cost


def _cover(layer: Layer, item: Item, asked: dict[str, Any]) -> CoverRow:
    """The item's row; where rows ask for nothing but class and group it is looked for once."""
    kept = layer.covered
    if kept is not None and (row := kept.get((item.class_, item.group))):
        return row
    asked["class"], asked["group"] = item.class_, item.group
    row = first(layer.cover, asked) or first(DEFAULT_COVER, asked)
    if row is None:
        raise AssertionError("the default cover holds for every item")
    if kept is not None and len(kept) < MOST_KEPT:
        kept[item.class_, item.group] = row
    return row


def _note_item(notes: Notes, layer: Layer, item: Item, row: CoverRow) -> None:
    key = "item_full" if row.paid_in_full else "item"
    notes.add(
        row.path or layer.path,
        key,
        class_=item.class_,
        class_zh=CLASSES[item.class_],
        group=item.group,
        amount=item.amount,
        share=percent(row.share),
        eligible=item.amount * row.share,
    )


def _less_others(cost: Cost, others: Decimal, layer: Layer, notes: Notes | None) -> Cost:
    """Other payers' money comes off the groups pro rata, then off what is paid in full, first share, own items."""
    whole = sum(cost.groups.values(), ZERO)
    left = others
    off = min(left, whole)
    cost.groups = scaled(cost.groups, whole, whole - off)
    left -= off
    off = min(left, cost.full)
    cost.full -= off
    left -= off
    left -= min(left, cost.first_share)
    cost.own_left = cost.own_items - left
    if notes:
        notes.add(layer.path, "others", others=others, base=rounded(cost.base), own=cost.own_left)
    return cost


def as_one(base: Decimal) -> dict[str, Decimal]:
    """A base that has no item groups."""
    return {OTHER_GROUP: base}
