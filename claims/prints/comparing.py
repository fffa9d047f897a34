"""Two documents side by side: which rule is in both, which differs, which is in one alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from claims.prints.plan_tables import Block, LayerTold, PlanTold, Rule


class Mark(StrEnum):
    """How a line differs."""

    SAME = "same"
    CHANGED = "changed"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Line:
    """One rule of two documents; a side without it has none."""

    left: Rule | None
    right: Rule | None

    @property
    def mark(self) -> Mark:
        if self.left is None:
            return Mark.RIGHT
        if self.right is None:
            return Mark.LEFT
        same = (self.left.who, self.left.what) == (self.right.who, self.right.what)
        return Mark.SAME if same else Mark.CHANGED


@dataclass(frozen=True)
class BlockPair:
    """A block of both documents, or of one."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class LayerPair:
    """A layer of both documents, or of one, by its code."""

    code: str
    title: str
    blocks: Sequence[BlockPair]


def compared(left: PlanTold, right: PlanTold) -> list[LayerPair]:
    """The layers of both documents in the order of the right one, those of the left alone at the end."""
    both = [_pair(one, _layer(left, one.code), one) for one in right.layers]
    return both + [_pair(one, one, None) for one in left.layers if _layer(right, one.code) is None]


def differences(layers: Sequence[LayerPair]) -> int:
    """How many rules differ."""
    return sum(line.mark != Mark.SAME for layer in layers for block in layer.blocks for line in block.lines)


def _layer(plan: PlanTold, code: str) -> LayerTold | None:
    return next((one for one in plan.layers if one.code == code), None)


def _pair(named: LayerTold, left: LayerTold | None, right: LayerTold | None) -> LayerPair:
    return LayerPair(named.code, named.title, [_facts(left, right), *_blocks(left, right)])


def _facts(left: LayerTold | None, right: LayerTold | None) -> BlockPair:
    """What a layer says of itself, as rules."""
    sides = [[Rule("", label, (value,)) for label, value in one.facts] if one else [] for one in (left, right)]
    return BlockPair("", list(_lines(*sides)))


def _blocks(left: LayerTold | None, right: LayerTold | None) -> Iterator[BlockPair]:
    found = [{block.key: block for block in one.blocks} if one else {} for one in (left, right)]
    for key in dict.fromkeys([*found[1], *found[0]]):
        title = (found[0] | found[1])[key].title
        yield BlockPair(title, list(_lines(*(_rules(side.get(key)) for side in found))))


def _rules(block: Block | None) -> Sequence[Rule]:
    """A block's rules, and its note as one."""
    if block is None:
        return []
    return [*block.rules, Rule("", "", (block.note,))] if block.note else list(block.rules)


def _lines(left: Sequence[Rule], right: Sequence[Rule]) -> Iterator[Line]:
    """Rules for the same people stand beside each other; the order of both is kept."""
    matcher = SequenceMatcher(None, [one.who for one in left], [one.who for one in right], autojunk=False)
    for _kind, low, high, start, end in matcher.get_opcodes():
        mine, other = left[low:high], right[start:end]
        for place in range(max(len(mine), len(other))):
            yield Line(
                mine[place] if place < len(mine) else None,
                other[place] if place < len(other) else None,
            )
