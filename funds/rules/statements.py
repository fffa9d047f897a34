"""Statements of banks and of finance (对账单): what one says, and whether it is whole.

Sums are in yuan as the account's owner sees them: above nothing is what came in, below nothing what went out. A
statement that is cut, or to which a line was added, does not come out at its own totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from office.rules import gettext_noop

NOTHING: Final = Decimal(0)
MOST_LINES: Final = 200_000
LONGEST: Final = {"reference": 120, "bank_id": 60, "party": 120, "party_account": 40, "words": 200}

REFUSALS: Final = {
    "no_account": gettext_noop("The file does not say of which account it is."),
    "no_days": gettext_noop("The file does not say from which day to which day it goes."),
    "no_balance": gettext_noop("The file does not say with what balance it begins and ends."),
    "no_columns": gettext_noop("No row of the file names the columns day, money in and money out."),
    "several": gettext_noop("The file holds %(count)s statements: send one at a time."),
    "unreadable": gettext_noop("The file cannot be read as a statement: %(reason)s"),
    "currency": gettext_noop("The statement is in %(currency)s, not in yuan."),
    "days_turned": gettext_noop("The statement ends on %(last)s, before it begins on %(first)s."),
    "too_many": gettext_noop("The statement has more than %(most)s lines: send it in parts."),
    "bad_day": gettext_noop("Row %(row)s: “%(value)s” is no day."),
    "bad_amount": gettext_noop("Row %(row)s: “%(value)s” is no amount in yuan."),
    "both_sides": gettext_noop("Row %(row)s says money in and money out at once, or neither."),
    "no_amount": gettext_noop("Line %(line)s is of no amount in whole fen."),
    "outside": gettext_noop("Line %(line)s is of %(on)s, which is not among the days of the statement."),
    "twice": gettext_noop("The bank's number %(bank_id)s stands on %(count)s lines."),
    "too_long": gettext_noop("Line %(line)s has a text of more than %(most)s letters."),
    "balance_differs": gettext_noop(
        "After line %(line)s the balance should be %(reckoned)s, the file says %(stated)s: a line is lost or altered."
    ),
    "count_differs": gettext_noop(
        "The file says %(stated)s lines and has %(counted)s: it was cut, or lines were added."
    ),
    "in_differs": gettext_noop("The file says %(stated)s came in, its lines add up to %(reckoned)s."),
    "out_differs": gettext_noop("The file says %(stated)s went out, its lines add up to %(reckoned)s."),
    "closing_differs": gettext_noop(
        "From %(opening)s the lines lead to %(reckoned)s, the file says %(closing)s: it was cut, or lines were added."
    ),
}


class BadStatement(ValueError):
    """The file is no statement that can be kept; `code` is one of REFUSALS, `facts` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.sentence = REFUSALS[code]
        self.facts = facts
        super().__init__(self.sentence % facts)


@dataclass(frozen=True)
class StatementLineOf:
    """A line as the bank says it. `reference` is what the office gave the bank (the number of a payment or of a slip)
    and the bank gives back, `bank_id` the bank's own number of the movement."""

    on: date
    amount: Decimal
    reference: str = ""
    bank_id: str = ""
    party: str = ""
    party_account: str = ""
    words: str = ""
    balance: Decimal | None = None  # after it, where the bank says so


@dataclass(frozen=True)
class StatementOf:
    """A statement as the bank says it; totals are None where it states none."""

    account_number: str
    first: date
    last: date
    opening: Decimal
    closing: Decimal
    lines: Sequence[StatementLineOf]
    number: str = ""
    count: int | None = None
    came_in: Decimal | None = None
    went_out: Decimal | None = None

    @property
    def sum_in(self) -> Decimal:
        return sum((one.amount for one in self.lines if one.amount > 0), NOTHING)

    @property
    def sum_out(self) -> Decimal:
        return -sum((one.amount for one in self.lines if one.amount < 0), NOTHING)


def check(stated: StatementOf) -> None:
    """That a statement is whole and comes out at its own totals. Raises BadStatement with the first that does not."""
    for fault in (*_of_days(stated), *_of_lines(stated), *_of_totals(stated)):
        raise fault


def _of_days(stated: StatementOf) -> Iterator[BadStatement]:
    if stated.last < stated.first:
        yield BadStatement("days_turned", first=stated.first, last=stated.last)
    if len(stated.lines) > MOST_LINES:
        yield BadStatement("too_many", most=f"{MOST_LINES:,}")


def _of_lines(stated: StatementOf) -> Iterator[BadStatement]:
    for place, one in enumerate(stated.lines, start=1):
        if not one.amount or one.amount != round(one.amount, 2):
            yield BadStatement("no_amount", line=place)
        if not stated.first <= one.on <= stated.last:
            yield BadStatement("outside", line=place, on=one.on)
        for name, most in LONGEST.items():
            if len(getattr(one, name)) > most:
                yield BadStatement("too_long", line=place, most=most)
    for bank_id, count in Counter(one.bank_id for one in stated.lines if one.bank_id).items():
        if count > 1:
            yield BadStatement("twice", bank_id=bank_id, count=count)


def _of_totals(stated: StatementOf) -> Iterator[BadStatement]:
    if stated.count is not None and stated.count != len(stated.lines):
        yield BadStatement("count_differs", stated=stated.count, counted=len(stated.lines))
    if stated.came_in is not None and stated.came_in != stated.sum_in:
        yield BadStatement("in_differs", stated=_shown(stated.came_in), reckoned=_shown(stated.sum_in))
    if stated.went_out is not None and stated.went_out != stated.sum_out:
        yield BadStatement("out_differs", stated=_shown(stated.went_out), reckoned=_shown(stated.sum_out))
    reckoned = stated.opening + stated.sum_in - stated.sum_out
    if reckoned != stated.closing:
        told = {"opening": stated.opening, "reckoned": reckoned, "closing": stated.closing}
        yield BadStatement("closing_differs", **{name: _shown(value) for name, value in told.items()})
    yield from _of_balances(stated)


def _of_balances(stated: StatementOf) -> Iterator[BadStatement]:
    """Where every line says the balance after it, the lines lead from one to the next; a bank may begin with the
    newest."""
    if not stated.lines or any(one.balance is None for one in stated.lines):
        return
    upward = _first_apart(stated.opening, stated.lines)
    if upward is not None and _first_apart(stated.opening, stated.lines[::-1]) is not None:
        place, reckoned = upward
        told = stated.lines[place - 1].balance or NOTHING
        yield BadStatement("balance_differs", line=place, reckoned=_shown(reckoned), stated=_shown(told))


def _first_apart(opening: Decimal, lines: Sequence[StatementLineOf]) -> tuple[int, Decimal] | None:
    """The first line after which the balance is another than the lines lead to, with what they lead to."""
    stands = opening
    for place, one in enumerate(lines, start=1):
        stands += one.amount
        if stands != one.balance:
            return place, stands
    return None


def _shown(amount: Decimal) -> str:
    return f"{amount:,.2f}"
