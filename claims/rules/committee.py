"""What a committee asks for: how many are there, by what majority it decides, how many people are one."""

from __future__ import annotations

from dataclasses import dataclass

from office.rules.rounds import SHARES


@dataclass(frozen=True)
class Asks:
    """The rule of a day: shares by their names in office/rules/rounds.py, the fewest members, which version."""

    quorum: str = "two_thirds"
    majority: str = "half"
    least: int = 3
    version: str = "1"


#: Where the county has no paper of its own (docs/rules/committee.md).
BUILT_IN = Asks()


def quorum_of(members: int, share: str) -> int:
    """How many of so many make up a share: two thirds of five are four, more than half of four are three."""
    part, whole, more = SHARES[share]
    least = members * part // whole + 1 if more else -(-members * part // whole)
    return max(least, 1)
