"""Which line of a bank is which entry of the books (勾对): what is certain, and what a person is asked about.

Certain is a number that only one open line and one open entry of the same sum carry, then a sum that only one of each
has on the same day. Everything else is proposed: the same sum some days apart, one sum for several, entries that lift
each other. Sums are signed: above nothing came in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final

NUMBER, AMOUNT = "number", "amount"
NEAR, TOGETHER, APART, LIFTED = "near", "together", "apart", "lifted"
NEAR_DAYS: Final = 5
#: How many open items on one side are tried in pairs and threes for one sum.
MOST_TRIED: Final = 24


@dataclass(frozen=True)
class Item:
    """An open line or an open entry: its number at the bank or in the books, and what it belongs to (the posting, or
    the one that is taken back)."""

    pk: int
    on: date
    amount: Decimal
    number: str = ""
    group: int = 0


@dataclass(frozen=True)
class Pair:
    """A line and an entry that are certainly the same money."""

    how: str
    line: Item
    entry: Item


@dataclass(frozen=True)
class Proposal:
    """Lines and entries that may be the same money; a person says whether."""

    why: str
    lines: tuple[Item, ...]
    entries: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.lines, *self.entries)


def certain(lines: Sequence[Item], entries: Sequence[Item]) -> list[Pair]:
    """What needs nobody's word, by number first."""
    numbered = [
        Pair(NUMBER, line, entry)
        for line, entry in _alone(lines, entries, lambda one: (one.number, one.amount) if one.number else None)
    ]
    taken = {(pair.line.pk, pair.entry.pk) for pair in numbered}
    lines = [one for one in lines if one.pk not in {line for line, _entry in taken}]
    entries = [one for one in entries if one.pk not in {entry for _line, entry in taken}]
    return numbered + [
        Pair(AMOUNT, line, entry)
        for line, entry in _alone(lines, entries, lambda one: (one.on, one.amount))
        if not _contradict(line, entry)
    ]


def _alone(
    lines: Iterable[Item], entries: Iterable[Item], key: Callable[[Item], Hashable]
) -> Iterator[tuple[Item, Item]]:
    """The line and the entry that are the only ones with their key."""
    ours, theirs = _by(entries, key), _by(lines, key)
    for said, some in theirs.items():
        if len(some) == 1 and len(ours.get(said, ())) == 1:
            yield some[0], ours[said][0]


def _by(items: Iterable[Item], key: Callable[[Item], Hashable]) -> dict[Hashable, list[Item]]:
    found: dict[Hashable, list[Item]] = defaultdict(list)
    for one in items:
        if (said := key(one)) is not None:
            found[said].append(one)
    return found


def _contradict(line: Item, entry: Item) -> bool:
    """Whether both say a number, and not the same."""
    return bool(line.number and entry.number and line.number != entry.number)


def proposals(lines: Sequence[Item], entries: Sequence[Item]) -> list[Proposal]:
    """What a person is asked about; every line and entry in one proposal at most."""
    found: list[Proposal] = []
    taken: set[tuple[str, int]] = set()
    for ask in (_lifted, _near, _whole_postings, _whole_days, _days_of_lines, _few):
        for one in ask(_left(lines, "line", taken), _left(entries, "entry", taken)):
            said = {("line", item.pk) for item in one.lines} | {("entry", item.pk) for item in one.entries}
            if not said & taken:
                taken |= said
                found.append(one)
    return found


def _left(items: Sequence[Item], side: str, taken: set[tuple[str, int]]) -> list[Item]:
    return [one for one in items if (side, one.pk) not in taken]


def _lifted(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """Entries of a posting and of the one that takes it back."""
    for some in _by(entries, lambda one: one.group or None).values():
        if len(some) > 1 and not sum(one.amount for one in some):
            yield Proposal(LIFTED, (), tuple(some))


def _near(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """The same sum once on each side, some days apart."""
    for line, entry in _alone(lines, entries, lambda one: one.amount):
        if _is_near(line, entry) and not _contradict(line, entry):
            yield Proposal(NEAR, (line,), (entry,))


def _is_near(one: Item, other: Item) -> bool:
    return abs(one.on - other.on) <= timedelta(days=NEAR_DAYS)


def _whole_postings(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """One line for all open entries of a posting."""
    return _sums(TOGETHER, lines, _by(entries, lambda one: one.group or None).values())


def _whole_days(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """One line for all that came in, or went out, in the books on a day."""
    return _sums(TOGETHER, lines, _by(entries, _day_and_side).values())


def _day_and_side(one: Item) -> Hashable:
    return one.on, one.amount > 0


def _sums(why: str, singles: Sequence[Item], groups: Iterable[Sequence[Item]]) -> Iterator[Proposal]:
    of_amount = _by(singles, lambda one: one.amount)
    for some in groups:
        if len(some) > 1:
            for single in of_amount.get(sum((one.amount for one in some), Decimal(0)), ()):
                if _is_near(single, some[0]):
                    yield Proposal(why, (single,), tuple(some))


def _days_of_lines(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """One entry for all that came in, or went out, at the bank on a day."""
    for one in _sums(APART, entries, _by(lines, _day_and_side).values()):
        yield Proposal(APART, one.entries, one.lines)


def _few(lines: Sequence[Item], entries: Sequence[Item]) -> Iterator[Proposal]:
    """One line for two or three entries, where only these add up to it."""
    for line in lines:
        near = [one for one in entries if _is_near(line, one) and (one.amount > 0) == (line.amount > 0)]
        if len(near) > MOST_TRIED:
            continue
        found = [
            some
            for size in (2, 3)
            for some in combinations(near, size)
            if sum(one.amount for one in some) == line.amount
        ]
        if len(found) == 1:
            yield Proposal(TOGETHER, (line,), found[0])
