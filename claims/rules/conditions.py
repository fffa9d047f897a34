"""`when`: which stays, persons and items a row is for (docs/rules/benefits.md, conditions).

A condition is asked of facts, a mapping of attribute to value. An attribute that the facts do not state leaves the
answer open, unless another part of the condition already says no: what is not stated is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Facts: TypeAlias = Mapping[str, Any]

#: What an attribute can be: the words of an enumeration, or the kind of value it takes.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "kind": ("inpatient", "delivery", "chronic", "outpatient", "injury", "special"),
    "level": ("village", "township", "county", "city", "province"),
    "region": ("county", "outside"),
    "delivery": ("normal", "caesarean"),
    "ground": ("none", "referred", "emergency", "migrant_work"),
    "category": (
        "ordinary",
        "five_guarantees",
        "low_income",
        "veteran",
        "disabled",
        "student",
        "minor",
        "newborn",
    ),
    "employment": ("active", "retired", "none"),
    "class": ("A", "B", "C"),
}
NUMBERS: Final[dict[str, tuple[int, int]]] = {
    "tier": (1, 3),
    "stay": (1, 999),
    "age": (0, 150),
    "years_enrolled": (0, 150),
}
FLAGS: Final = ("designated", "referred", "emergency", "tcm", "case_paid")
TEXTS: Final = ("disease", "disease_group", "group")

OF_ITEM: Final = ("class", "group")
OF_PERSON: Final = ("age", "category", "employment", "years_enrolled")
OF_CLAIM: Final = (
    "kind",
    "tier",
    "level",
    "region",
    "designated",
    "referred",
    "emergency",
    "disease",
    "disease_group",
    "delivery",
    "stay",
    "tcm",
    "ground",
    "case_paid",
)


class Unstated(Exception):
    """A row asks for an attribute that the claim does not state."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        super().__init__(attribute)


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers between two limits; None is no limit. `first` and `last` belong to it."""

    first: int | None
    last: int | None

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            raise AssertionError("a range is for whole numbers")
        return (self.first is None or value >= self.first) and (self.last is None or value <= self.last)


@dataclass(frozen=True, slots=True)
class Condition:
    """All of `tests` hold and none of `nots` does. Without either it always holds."""

    tests: tuple[tuple[str, Container[Any]], ...] = ()
    nots: tuple[Condition, ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether it holds. Raises Unstated where the facts leave it open."""
        open_at = None
        for attribute, allowed in self.tests:
            value = facts.get(attribute)
            if value is None:
                open_at = open_at or attribute
            elif value not in allowed:
                return False
        for inner in self.nots:
            try:
                if inner.holds(facts):
                    return False
            except Unstated as fault:
                open_at = open_at or fault.attribute
        if open_at is not None:
            raise Unstated(open_at)
        return True

    @property
    def attributes(self) -> frozenset[str]:
        """Every attribute it asks for."""
        return frozenset(name for name, _allowed in self.tests).union(*(inner.attributes for inner in self.nots))


ALWAYS: Final = Condition()
