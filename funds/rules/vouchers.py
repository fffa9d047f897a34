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


def totals(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """Both sides."""
    sums = {side: sum((one.amount for one in lines if one.side == side), Decimal(0)) for side in (DEBIT, CREDIT)}
    return sums[DEBIT], sums[CREDIT]
