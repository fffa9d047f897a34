"""Which stays and persons can occur, as far as a plan's rows tell them apart (docs/rules/benefits.md, adoption).

Only attributes that the rows ask for are varied, each over its words or over the numbers where some row changes its
mind; combinations that no office ever sees (an inpatient at a village clinic, a newborn of forty) are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from claims.rules.bills import ADMISSIONS
from claims.rules.conditions import FLAGS, NUMBERS, WORDS, Condition, Facts, Range

MOST: Final = 200_000
ELSE: Final = "…"  # any disease or group that no row names
LEVELS_OF_TIER: Final = {
    1: ("village", "township", "county"),
    2: ("county", "city", "province"),
    3: ("city", "province"),
}
VISITS: Final = ("outpatient", "chronic")
YOUNGEST_GROWN: Final = 18
KIND: Final = "kind"


class TooMany(Exception):
    """There are more combinations than can be looked through."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(str(count))


def of(conditions: Sequence[Condition], only: Condition) -> list[dict[str, Any]]:
    """The combinations that occur and for which `only` holds. Raises TooMany."""
    values = _values([only, *conditions])
    # What `only` pins down by a plain list need not be varied any further.
    for name, allowed in only.tests:
        if isinstance(allowed, frozenset):
            values[name] = [value for value in values[name] if value in allowed]
    count = prod(len(each) for each in values.values())
    if count > MOST:
        raise TooMany(count)
    found = (_occurring(dict(zip(values, each, strict=True))) for each in product(*values.values()))
    return [facts for facts in _distinct(found) if holds(only, facts)]


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether it holds; what the combination does not have counts as no."""
    if not all(name in facts and facts[name] in allowed for name, allowed in condition.tests):
        return False
    return not any(holds(inner, facts) for inner in condition.nots)


def _values(conditions: Iterable[Condition]) -> dict[str, list[Any]]:
    """The values of each attribute asked for that rows can tell apart; the kind always, as it says what there is."""
    named: dict[str, set[Any]] = {KIND: set()}
    for name, allowed in _tests(conditions):
        found = named.setdefault(name, set())
        if isinstance(allowed, Range):
            found |= {limit for limit in (allowed.first, allowed.last) if limit is not None}
        else:
            found |= set(allowed)
    return {name: _spread(name, found) for name, found in named.items()}


def _tests(conditions: Iterable[Condition]) -> Iterator[tuple[str, Any]]:
    for condition in conditions:
        yield from condition.tests
        yield from _tests(condition.nots)


def _spread(name: str, found: set[Any]) -> list[Any]:
    if name in WORDS:
        return list(WORDS[name])
    if name in FLAGS:
        return [True, False]
    if name in NUMBERS:
        least, most = NUMBERS[name]
        around = {least, most} | {each + step for each in found for step in (-1, 0, 1)}
        return sorted(each for each in around if least <= each <= most)
    return [*sorted(found), ELSE]


def _occurring(facts: dict[str, Any]) -> dict[str, Any] | None:
    """The combination without what such a claim does not have; None where it cannot occur."""
    kind = facts[KIND]
    if kind != "delivery":
        facts.pop("delivery", None)
    if kind not in ADMISSIONS:
        facts.pop("stay", None)
    return facts if _place_fits(facts) and _age_fits(facts) else None


def _place_fits(facts: Facts) -> bool:
    level, tier = facts.get("level"), facts.get("tier")
    if level == "village" and facts[KIND] not in VISITS:
        return False
    return not level or not tier or level in LEVELS_OF_TIER[tier]


def _age_fits(facts: Facts) -> bool:
    age, category = facts.get("age"), facts.get("category")
    if age is None or category is None:
        return True
    if category == "newborn":
        return bool(age == 0)
    return category != "minor" or bool(age < YOUNGEST_GROWN)


def _distinct(found: Iterable[dict[str, Any] | None]) -> Iterator[dict[str, Any]]:
    seen = set()
    for facts in found:
        if facts is None:
            continue
        key = tuple(sorted(facts.items()))
        if key not in seen:
            seen.add(key)
            yield facts
