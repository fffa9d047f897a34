"""What a won appeal adds to what was granted: the same calculation with and without the cuts that are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from claims.rules.evaluation import Answer
from claims.rules.standing import ACCOUNT

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Further:
    """What each layer adds, by its code, what the hospital bears more, and by how much counters and accounts move."""

    layers: Mapping[str, Decimal]
    hospital: Decimal
    moves: Mapping[str, Decimal]

    @property
    def funds(self) -> Decimal:
        """What the funds add together."""
        return sum(self.layers.values(), NONE)

    @property
    def patient_saves(self) -> Decimal:
        """By how much less the patient pays."""
        return self.funds + self.hospital


def further(cut: Answer, restored: Answer, granted: Mapping[str, Decimal], most: Decimal) -> Further:
    """What is added to a claim, from the same counters once with the cuts and once without those taken back.

    No layer comes to more than it would pay of the restored claim, nor gives back what it paid; what a later layer pays
    less is taken off what the others add, from the last one on. Patient and hospital together save no more than `most`.
    """
    before = {one.code: one.pays for one in cut.layers}
    differences = {one.code: one.pays - before.get(one.code, NONE) for one in restored.layers}
    adds = {
        one.code: max(min(differences[one.code], one.pays - granted.get(one.code, NONE)), NONE)
        for one in restored.layers
    }
    hospital = restored.hospital_bears - cut.hospital_bears
    room = max(min(restored.fund_pays - cut.fund_pays, most - hospital), NONE)
    over = sum(adds.values(), NONE) - room
    for code in reversed(adds):
        off = min(max(over, NONE), adds[code])
        adds[code] -= off
        over -= off
    accounts = {one.code: f"{ACCOUNT}.{one.account}" for one in restored.layers if one.account}
    return Further(adds, hospital, _moves(cut, restored, differences, adds) | _debits(accounts, adds))


def _moves(
    cut: Answer, restored: Answer, differences: Mapping[str, Decimal], adds: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """By how much each counter moves: with what its layer adds where it follows the payment."""
    moves: dict[str, Decimal] = {}
    for name in sorted({*cut.moves, *restored.moves}):
        if name.startswith(f"{ACCOUNT}."):
            continue
        by = restored.moves.get(name, NONE) - cut.moves.get(name, NONE)
        layer = next((one for one in adds if name.startswith(f"{one}.") and by and by == differences[one]), "")
        moved = adds[layer] if layer else by
        if moved:
            moves[name] = moved
    return moves


def _debits(accounts: Mapping[str, str], adds: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By how much each account moves: by what the layers that pay from it add."""
    debits = {name: -sum((adds[one] for one in adds if accounts.get(one) == name), NONE) for name in accounts.values()}
    return {name: moved for name, moved in debits.items() if moved}
