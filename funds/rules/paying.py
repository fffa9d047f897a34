"""To whom a part of a claim is paid, and what stops it (docs/rules/payments.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from funds.rules.postings import DEBIT, Line

#: The account from which money leaves, by the place.
PURPOSES: Final = {"spending": "spending_account", "special": "special_account", "cash": "cash"}

#: What stops a part, by code; the sentences are funds/paying_words.py's.
NOT_PAYABLE: Final = "not_payable"
HELD: Final = "held"
WITH_SETTLEMENT: Final = "with_settlement"
OTHER_BOOKS: Final = "other_books"
IN_PAYMENT: Final = "in_payment"
NO_ACCOUNT: Final = "no_account"
CHANGE_WAITS: Final = "change_waits"
CHANGED: Final = "changed"
CAME_BACK: Final = "came_back"
NO_CASH: Final = "no_cash"
STOP_CODES: Final = (
    NOT_PAYABLE,
    HELD,
    WITH_SETTLEMENT,
    OTHER_BOOKS,
    IN_PAYMENT,
    NO_ACCOUNT,
    CHANGE_WAITS,
    CHANGED,
    CAME_BACK,
    NO_CASH,
)


@dataclass(frozen=True)
class AccountOf:
    """An account as a paper names it, and since when the paper says so."""

    holder: str
    bank: str
    number: str
    since: datetime | None = None

    def is_same(self, other: AccountOf) -> bool:
        """Whether both name the same account of the same holder."""
        return (self.holder, self.bank, self.number) == (other.holder, other.bank, other.number)


@dataclass(frozen=True)
class Known:
    """What is known of where a claim is to be paid.

    `copied` stood on the claim when it was approved, `in_force` is the payee's confirmed account now, `confirmed` is
    what two people said of this claim since, `came_back` the account from which the bank gave its last payment back.
    """

    copied: AccountOf | None = None
    in_force: AccountOf | None = None
    confirmed: AccountOf | None = None
    came_back: AccountOf | None = None
    change_waits: bool = False


def account(known: Known) -> tuple[AccountOf | None, str]:
    """The account to pay to, or what stops it.

    An account that changed after the approval, or from which the money came back, is paid to only when two people have
    confirmed it for this claim.
    """
    if known.change_waits:
        return None, CHANGE_WAITS
    found = known.confirmed or known.in_force
    if found is None:
        return None, NO_ACCOUNT
    if known.confirmed is None:
        if known.copied is not None and not known.copied.is_same(found):
            return None, CHANGED
    elif _changed_since(known.confirmed, known.in_force):
        return None, CHANGED
    back = known.came_back
    if back is not None and not _is_later(known.confirmed, back):
        return None, CAME_BACK
    return found, ""


def _changed_since(confirmed: AccountOf, in_force: AccountOf | None) -> bool:
    return in_force is not None and _is_later(in_force, confirmed) and not in_force.is_same(confirmed)


def _is_later(one: AccountOf | None, other: AccountOf) -> bool:
    return one is not None and one.since is not None and other.since is not None and one.since > other.since


def remaining(lines: Sequence[Line]) -> Decimal:
    """What lines leave for the bank: debits less credits."""
    return sum((one.amount if one.side == DEBIT else -one.amount for one in lines), Decimal(0))


def unmatched(lines: Sequence[tuple[str, str]], allowed: set[tuple[str, str]]) -> list[str]:
    """Accounts (with their side) that stand against no other that the event moves, as the database looks."""
    sides = set(lines)
    debits = {account for account, side in sides if side == DEBIT}
    others = {account for account, side in sides if side != DEBIT}
    alone = [one for one in sorted(debits) if not any((one, other) in allowed for other in others)]
    return alone + [one for one in sorted(others) if not any((other, one) in allowed for other in debits)]
