"""Ranges of numbers, both ends of each in it: what was missed when higher numbers were sealed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


def without(ranges: Iterable[tuple[int, int]], numbers: set[int]) -> list[tuple[int, int]]:
    """Ranges without some numbers; both ends of a range are in it."""
    left = []
    rising = sorted(numbers)
    for low, high in ranges:
        start = low
        for number in rising[bisect_left(rising, low) : bisect_right(rising, high)]:
            if number > start:
                left.append((start, number - 1))
            start = number + 1
        if start <= high:
            left.append((start, high))
    return left


def within(ranges: Iterable[tuple[int, int]], numbers: set[int]) -> list[tuple[int, int]]:
    """The numbers that lie in some ranges, each a range of its own."""
    rising = sorted(numbers)
    return [(one, one) for low, high in ranges for one in rising[bisect_left(rising, low) : bisect_right(rising, high)]]
