"""How votes become an outcome: count, quorum, majority (docs/rules/rounds.md).

The function `office_outcome_of` of the database follows the same rule; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Choices that agree; a vote that cuts agrees with the rest.
AGREEING = ("approve", "cut")

#: By what share of those present an outcome is carried: (numerator, denominator, whether more than that is needed).
SHARES = {"half": (1, 2, True), "two_thirds": (2, 3, False), "all": (1, 1, False)}

#: An outcome, and the choices that speak for it. Abstaining and deferring speak for none.
CARRIED_BY: Mapping[str, Sequence[str]] = {"approved": AGREEING, "refused": ("refuse",), "returned": ("return",)}
DEFERRED = "deferred"


@dataclass(frozen=True)
class Required:
    """What a round asks for: by which rule, whose votes, how many at least, how many present, by what majority."""

    rule: str
    version: str
    duties: Sequence[str]
    count: int = 1
    quorum: int = 1
    majority: str = "all"
    by_seats: bool = False  # the deciding body is named at the opening; else whoever has the duty takes a seat
    own_code: bool = False  # each vote carries a code bound to the round's hash and amount


def is_complete(*, votes: int, present: int, required: Required) -> bool:
    """Whether everybody who is present has voted, and they are enough."""
    return votes >= required.count and present >= required.quorum and votes >= present


def may_close(*, votes: int, present: int, required: Required) -> bool:
    """Whether the round can be closed though somebody present has not voted."""
    return votes >= required.count and present >= required.quorum


def carries(supporters: int, *, present: int, majority: str) -> bool:
    """Whether so many of those present carry an outcome. Who abstains or stays silent counts among those present."""
    part, whole, more = SHARES[majority]
    weight, mark = supporters * whole, present * part
    return supporters > 0 and (weight > mark if more else weight >= mark)


def outcome_of(choices: Sequence[str], *, present: int, majority: str) -> str:
    """What was decided; deferred where nothing is carried."""
    for outcome, speaking in CARRIED_BY.items():
        if carries(sum(choice in speaking for choice in choices), present=present, majority=majority):
            return outcome
    return DEFERRED
