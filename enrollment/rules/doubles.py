"""Double enrollment (重复参合): which coverages of one year are two of one person (docs/rules/enrollment.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple


class Enrolled(NamedTuple):
    """A standing coverage in a basic scheme, from its first day to the day after its last.

    `person` is the record that is kept of whoever it is noted for, `member` the one under which it stands; `alike` is
    what two records of one person have in common (name, birth date, sex), None for a double, whose person is known.
    """

    coverage: int
    member: int
    person: int
    scheme: int
    first: date
    end: date
    went_over: bool
    alike: tuple[str, date, str] | None


def earlier_of(enrolled: Iterable[Enrolled]) -> Mapping[int, int]:
    """By each coverage that should not be there beside an earlier one of the same person, the earliest of those.

    Only coverages that have something in common are compared: the person, or name, birth date and sex.
    """
    groups: dict[object, list[Enrolled]] = defaultdict(list)
    for one in sorted(enrolled):
        groups[one.person].append(one)
        if one.alike is not None:
            groups[one.alike].append(one)
    found: dict[int, int] = {}
    for group in groups.values():
        for place, later in enumerate(group):
            earlier = _first_beside(later, group[:place])
            if earlier is not None:
                found[later.coverage] = min(found.get(later.coverage, earlier), earlier)
    return found


def _first_beside(later: Enrolled, others: Sequence[Enrolled]) -> int | None:
    return next((one.coverage for one in others if are_two(one, later)), None)


def are_two(one: Enrolled, other: Enrolled) -> bool:
    """Whether one person should not have both: on the same days, or in two schemes without having gone over."""
    if one.first < other.end and other.first < one.end:
        return True
    went_over = one.member == other.member and one.went_over
    return one.scheme != other.scheme and not went_over
