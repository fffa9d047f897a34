"""Stays and visits of one person beside each other: which days they share, which plan years they touch."""

from __future__ import annotations

from datetime import date


def overlap(first: date, last: date, other_first: date, other_last: date) -> bool:
    """Whether two stays share more than the day of a transfer; two visits meet where they are of one day.

    A visit on the day of admission or discharge is no overlap; one in between is.
    """
    if first == last and other_first == other_last:
        return first == other_first
    return first < other_last and other_first < last


def over_new_year(first: date, last: date) -> bool:
    """Whether a stay touches two years."""
    return first.year != last.year
