"""Lines of a voucher as they are kept: read, written, and which events a voucher made by hand may be of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from funds.rules.postings import CREDIT, DEBIT, Line

#: Events without a door of their own: slips, payments, settlements and the year end post themselves.
BY_HAND: Final = (
    "borrowed", "levels", "moved", "swept", "interest", "other_income", "transferred", "cash_difference", "bank_fee",
)  # fmt: skip


def kept(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Lines as they are kept."""
    return [
        {"account": one.account, "side": one.side, "amount": f"{one.amount:.2f}", "words": one.words} for one in lines
    ]


def lines_of(kept_lines: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Lines out of what was kept."""
    return [Line(one["account"], one["side"], Decimal(one["amount"]), one["words"]) for one in kept_lines]


def moved(lines: Sequence[Line], account: str) -> Decimal:
    """By how much lines move an account of assets, in yuan: below nothing where they take away."""
    signs = {DEBIT: 1, CREDIT: -1}
    return sum((signs[one.side] * one.amount for one in lines if one.account == account), Decimal(0))


def of_difference(amount: Decimal, account: str, words: str) -> list[Line]:
    """How a difference of cash is entered: what is over is other income, what is short is owed by somebody (暂付款)."""
    if amount > 0:
        return [Line(account, DEBIT, amount, words), Line("other_income", CREDIT, amount, words)]
    return [Line("prepaid", DEBIT, -amount, words), Line(account, CREDIT, -amount, words)]


def totals(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """Both sides."""
    sums = {side: sum((one.amount for one in lines if one.side == side), Decimal(0)) for side in (DEBIT, CREDIT)}
    return sums[DEBIT], sums[CREDIT]
