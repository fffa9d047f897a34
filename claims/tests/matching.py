"""Conditions and tables of a plan document, read from its tree: a second reading, to compare the engine's with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

Tree = Mapping[str, Any]


def matches(when: Tree, facts: Mapping[str, Any]) -> bool:
    """Whether all parts of a condition hold; a visit has no number of the stay, and another part says so."""
    return all(
        not matches(asked, facts) if name == "not" else name in facts and _meets(facts[name], asked)
        for name, asked in when.items()
    )


def _meets(value: Any, asked: Any) -> bool:
    if isinstance(asked, Mapping):
        return all(LIMITS[name](value, int(limit)) for name, limit in asked.items())
    return str(value) in ([str(each) for each in asked] if isinstance(asked, list) else [str(asked)])


LIMITS = {
    "from": lambda value, limit: value >= limit,
    "to": lambda value, limit: value <= limit,
    "under": lambda value, limit: value < limit,
    "over": lambda value, limit: value > limit,
}


def first(rows: Iterable[Tree], facts: Mapping[str, Any]) -> Tree | None:
    """The first row whose condition holds."""
    return next((row for row in rows if matches(row.get("when", {}), facts)), None)


def amount_of(row: Tree | None, key: str = "amount") -> Fraction:
    """The row's figure, nothing where no row holds."""
    return Fraction(0) if row is None else Fraction(row[key])
