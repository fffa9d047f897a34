"""What a posting has to be before the database is asked, and the hash by which the same event is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: The form in which a posting is hashed; a later form gets another name, so that old hashes stay what they are.
FORM = "posting-1"
DEBIT, CREDIT = "debit", "credit"
OTHER = {DEBIT: CREDIT, CREDIT: DEBIT}


@dataclass(frozen=True)
class Line:
    """A line as it is asked for: the account by its purpose, yuan with two decimals."""

    account: str
    side: str
    amount: Decimal
    words: str = ""


def debit(account: str, amount: Decimal, words: str = "") -> Line:
    """So much on the left of an account."""
    return Line(account, DEBIT, amount, words)


def credit(account: str, amount: Decimal, words: str = "") -> Line:
    """So much on the right of an account."""
    return Line(account, CREDIT, amount, words)


def difference(lines: Sequence[Line]) -> Decimal:
    """By how much debit is more than credit: nothing where the lines balance."""
    return sum((one.amount if one.side == DEBIT else -one.amount for one in lines), Decimal(0))


def mirrored(lines: Sequence[Line]) -> list[Line]:
    """The lines that take these back: each on the other side, to be entered in red."""
    return [Line(one.account, OTHER[one.side], one.amount, one.words) for one in lines]


def sha256(book: str, kind: str, on: date, summary: str, lines: Sequence[Line]) -> str:
    """The hash of what is asked for; written down field by field, never as a library happens to print it."""
    return sha256_of(
        book, kind, on, summary, [f"{one.account}|{one.side}|{one.amount:.2f}|{one.words}" for one in lines]
    )


def sha256_of(book: str, kind: str, on: date, summary: str, lines: Sequence[str]) -> str:
    """The same of lines that are written out already, account, side, amount and words with | between."""
    told = [FORM, book, kind, on.isoformat(), summary, *lines]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def closing_lines(balances: Mapping[str, tuple[str, Decimal]]) -> list[Line]:
    """What closes a year: each account of income (a credit balance) and of spending (a debit balance), by purpose with
    the fund it is closed to and what stands on it, brought to nothing against that fund."""
    lines: list[Line] = []
    for purpose, (fund, stands) in balances.items():
        if not stands:
            continue
        side = DEBIT if stands > 0 else CREDIT  # income stands on the right, as a positive sum; spending below nothing
        lines += [Line(purpose, side, abs(stands)), Line(fund, OTHER[side], abs(stands))]
    return lines
