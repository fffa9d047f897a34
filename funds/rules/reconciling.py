"""The sheet that brings books and bank to the same sum (余额调节表), and cash counted by its pieces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

NOTHING: Final = Decimal(0)
FORM: Final = "reconciliation-1"
#: Notes and coins of the renminbi, in yuan.
PIECES: Final = tuple(
    Decimal(one) for one in ("100", "50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01")
)


@dataclass(frozen=True)
class Open:
    """What one side has and the other not yet: a line of the bank, or an entry of the books by its voucher."""

    pk: int
    on: date
    amount: Decimal
    number: str
    words: str


@dataclass(frozen=True)
class Sheet:
    """Both sides of an account on a day, with all that hangs between them."""

    on: date
    book_balance: Decimal
    statement_balance: Decimal
    lines: Sequence[Open]  # at the bank, not in the books
    entries: Sequence[Open]  # in the books, not at the bank

    @property
    def bank_in(self) -> Decimal:
        return _sum(one.amount for one in self.lines if one.amount > 0)

    @property
    def bank_out(self) -> Decimal:
        return -_sum(one.amount for one in self.lines if one.amount < 0)

    @property
    def book_in(self) -> Decimal:
        return _sum(one.amount for one in self.entries if one.amount > 0)

    @property
    def book_out(self) -> Decimal:
        return -_sum(one.amount for one in self.entries if one.amount < 0)

    @property
    def book_adjusted(self) -> Decimal:
        return self.book_balance + self.bank_in - self.bank_out

    @property
    def statement_adjusted(self) -> Decimal:
        return self.statement_balance + self.book_in - self.book_out

    @property
    def apart(self) -> Decimal:
        """By how much the two sides still differ: nothing, where every match is the same money."""
        return self.book_adjusted - self.statement_adjusted

    @property
    def content(self) -> dict[str, list[list[object]]]:
        """Every item as it is kept with the sheet."""
        return {"lines": _rows(self.lines), "entries": _rows(self.entries)}

    @property
    def sha256(self) -> str:
        """The hash of what the sheet says, written down field by field."""
        told = [FORM, self.on.isoformat(), f"{self.book_balance:.2f}", f"{self.statement_balance:.2f}", self.content]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _rows(items: Sequence[Open]) -> list[list[object]]:
    return [[one.pk, one.on.isoformat(), f"{one.amount:.2f}", one.number, one.words] for one in items]


def opened(rows: Sequence[Sequence[str]]) -> list[Open]:
    """Items as a kept sheet says them."""
    return [Open(int(pk), date.fromisoformat(on), Decimal(amount), *said) for pk, on, amount, *said in rows]


def counted(pieces: Mapping[str, int]) -> Decimal:
    """What pieces of cash come to."""
    return _sum(Decimal(one) * count for one, count in pieces.items())
