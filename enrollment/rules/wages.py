"""Contributions out of wages (按工资缴费): the base of a month, and what employer and person pay of it.

Source: 国发〔1998〕44号 (about 6 % by the employer, generally 2 % by the person); the base is the wage, but never below
the floor or above the ceiling that the year's paper lays down, as a rule 60 % and 300 % of the local average wage.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """What a paper lays down for a group: percent of the base by who pays, and the bounds of the base, yuan a month."""

    employer: Decimal
    person: Decimal
    floor: Decimal
    ceiling: Decimal


@dataclass(frozen=True)
class Monthly:
    """What one person's month comes to, in yuan."""

    base: Decimal
    employer: Decimal
    person: Decimal

    @property
    def together(self) -> Decimal:
        """What is contributed for the person in the month."""
        return self.employer + self.person


def monthly(wage: Decimal, terms: Terms) -> Monthly:
    """The contribution of a month's wage: each payer's part is rounded to the fen, half up."""
    base = min(max(wage, terms.floor), terms.ceiling)
    return Monthly(base=base, employer=_part(base, terms.employer), person=_part(base, terms.person))


def _part(base: Decimal, percent: Decimal) -> Decimal:
    return (base * percent / HUNDRED).quantize(FEN, ROUND_HALF_UP)
