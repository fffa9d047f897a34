"""Limits of the risk fund (风险基金) and how its moves, premiums and money that comes back are entered
(docs/rules/settlements.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from funds.rules.postings import Line, credit, debit
from funds.rules.settling import HUNDRED, ZERO, fen

#: Accounts that each move of the risk fund debits and credits.
MOVES: Final = {
    "extracted": ("general_pool", "risk_fund"),
    "deposited": ("risk_deposit", "special_account"),
    "given_back": ("special_account", "risk_deposit"),
    "drawn": ("risk_fund", "general_pool"),
}


@dataclass(frozen=True)
class Reserve:
    """What a move of the risk fund is measured by: the year's raising, what the risk fund and its deposit with the
    province hold, what was extracted this year, and by how much the pool has spent more than it has."""

    raised: Decimal
    held: Decimal
    deposited: Decimal
    extracted: Decimal
    deficit: Decimal


@dataclass(frozen=True)
class Limits:
    """How large the risk fund may become, and how much may go into it in a year: both percent of the raising."""

    whole: Decimal = Decimal(10)
    of_a_year: Decimal = Decimal(4)


def room(kind: str, reserve: Reserve, limits: Limits) -> Decimal:
    """How much such a move may be of, at most."""
    match kind:
        case "extracted":
            whole = fen(reserve.raised * limits.whole / HUNDRED) - reserve.held
            year = fen(reserve.raised * limits.of_a_year / HUNDRED) - reserve.extracted
            found = min(whole, year)
        case "deposited":
            found = reserve.held - reserve.deposited
        case "given_back":
            found = reserve.deposited
        case _:
            found = min(reserve.held, reserve.deficit)
    return max(found, ZERO)


def move_lines(kind: str, amount: Decimal) -> list[Line]:
    """The voucher of a move."""
    left, right = MOVES[kind]
    return [debit(left, amount), credit(right, amount)]


def recovery_account(source: str, *, spent_in: int, year: int, household: bool = False) -> str:
    """Where money that comes back is credited: against the spending of the same year, as other income where it was
    spent in an earlier one, to the pool where an insurer gives a surplus back."""
    if source == "insurer":
        return "general_pool"
    if spent_in != year:
        return "other_income"
    return "household_spending" if household else "pool_spending"
