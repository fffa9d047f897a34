"""A bulletin's figures (通报) as they are kept: plain values, so that they stay what they were when it was made.

Money and rates are text with two places, days are 2010-03-01; a figure that nobody knows is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from enrollment.rules.campaign import Line, is_behind, missing

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A deadline that has passed: the rate in percent that was wanted by a day."""

    on: date
    rate: Decimal


@dataclass(frozen=True)
class Before:
    """The bulletin before: its number, its day, its rows."""

    number: int
    as_of: date
    rows: Sequence[Row]
    whole: Row


def figures(
    ranked: Iterable[tuple[int | None, Line]], whole: Line, *, passed: Wanted | None, before: Before | None
) -> dict[str, Any]:
    """Everything that a bulletin says of a day: townships in their rank, all together, who is behind, since when."""
    known = {row["code"]: row for row in before.rows} if before else {}
    lines = list(ranked)
    return {
        "rows": [_row(rank, line, known.get(line.code)) for rank, line in lines],
        "whole": _row(None, whole, before.whole if before else None),
        "behind": [
            {"code": line.code, "name": line.name, "rate": str(line.rate), "missing": missing(line, passed.rate)}
            for _rank, line in lines
            if is_behind(line.rate, passed.rate)
        ]
        if passed
        else [],
        "deadline": {"on": passed.on.isoformat(), "rate": str(passed.rate)} if passed else None,
        "before": {"number": before.number, "as_of": before.as_of.isoformat()} if before else None,
    }


def _row(rank: int | None, line: Line, before: Row | None) -> dict[str, Any]:
    so_far = line.so_far
    return {
        "rank": rank,
        "code": line.code,
        "name": line.name,
        "should": line.should,
        "enrolled": so_far.enrolled,
        "rate": _text(line.rate),
        "unpaid": line.unpaid,
        "target": line.target,
        "reached": _text(line.reached),
        "due": _text(line.due),
        "collected": _text(so_far.collected),
        "of_due": _text(line.of_due),
        "cash": _text(so_far.cash),
        "assisted": _text(so_far.assisted),
        "collective": _text(so_far.collective),
        "refunded": _text(so_far.refunded),
        "handed_in": _text(line.way.handed_in),
        "deposited": _text(line.way.deposited),
        "confirmed": _text(line.way.confirmed),
        "added_enrolled": line.added.enrolled,
        "added_collected": _text(line.added.collected),
        "more_enrolled": so_far.enrolled - before["enrolled"] if before else None,
        "more_collected": _text(so_far.collected - Decimal(before["collected"])) if before else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
