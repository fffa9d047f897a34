"""Which accounts money moves that comes in (docs/rules/money-in.md): one posting for a slip, by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from funds.rules.postings import Line, credit, debit

NOTHING: Final = Decimal(0)
AHEAD: Final = "received_ahead"
SPECIAL: Final = "special_account"
INCOME: Final = "income_account"
OWN, OWN_ACCOUNTS = "own_income_pool", "own_income_household"

#: On which account each kind may lie; the first is the usual one.
ACCOUNTS: Final[Mapping[str, Sequence[str]]] = {
    "deposit": (INCOME, SPECIAL),
    "fee": (INCOME, SPECIAL),
    "collective": (INCOME, SPECIAL),
    "assistance": (SPECIAL,),
    "subsidy": (SPECIAL,),
    "interest": (SPECIAL, INCOME, "spending_account"),
    "other": (SPECIAL, INCOME),
    "transfer": (INCOME, "spending_account"),
    "refund": (INCOME, SPECIAL, "cash"),
    "turn": (AHEAD,),
}
#: Kinds that are of a fund year, and may come before it begins.
OF_A_YEAR: Final = frozenset({"deposit", "fee", "collective", "assistance", "subsidy", "refund", "turn"})
#: Kinds that are received ahead where they come before their year.
MAY_BE_AHEAD: Final = frozenset({"deposit", "fee", "collective", "assistance", "subsidy", "refund"})
#: What is collected from households, employers and collectives.
COLLECTED: Final = frozenset({"deposit", "fee", "collective"})
#: The kind of posting by the kind of slip.
EVENTS: Final[Mapping[str, str]] = {
    "deposit": "collected",
    "fee": "collected",
    "collective": "collected",
    "assistance": "assisted",
    "subsidy": "subsidised",
    "interest": "interest",
    "other": "other_income",
    "refund": "refunded",
    "turn": "year_turned",
}
#: The income by the kind of slip, where it is not contributions or a subsidy.
INCOMES: Final[Mapping[str, str]] = {
    "collective": "collective_income",
    "assistance": "assistance_income",
    "interest": "interest_income",
    "other": "other_income",
}


@dataclass(frozen=True)
class Told:
    """What a slip tells, in yuan; `shares` of a turn is what each kind of income becomes. The paper's number stands on
    the lines of the bank, as the bank's statement shows it."""

    kind: str
    account: str
    amount: Decimal
    number: str = ""
    payer: str = ""
    is_ahead: bool = False
    to_accounts: Decimal = NOTHING
    shares: Mapping[str, Decimal] = field(default_factory=dict)


def event_of(told: Told) -> str:
    """The kind of posting that a slip is entered with."""
    if told.kind == "transfer":  # what lies on the spending account and is passed up is its interest
        return "transferred" if told.account == INCOME else "interest"
    if told.is_ahead and told.kind in COLLECTED:
        return "collected_ahead"
    return EVENTS[told.kind]


def income_of(kind: str, payer: str = "") -> str:
    """The income that a kind of slip is in the end."""
    return f"subsidy_{payer}" if kind == "subsidy" else INCOMES.get(kind, OWN)


def lines_of(told: Told) -> list[Line]:
    """The lines of a slip's posting: debit first."""
    if told.kind == "transfer":
        return [debit(SPECIAL, told.amount, told.number), credit(told.account, told.amount, told.number)]
    if told.kind == "turn":
        shares = [credit(purpose, amount) for purpose, amount in told.shares.items() if amount]
        return [debit(AHEAD, told.amount), *shares]
    other = AHEAD if told.is_ahead else income_of(told.kind, told.payer)
    if told.kind == "refund":
        return [debit(other, told.amount), credit(told.account, told.amount, told.number)]
    pool = told.amount - told.to_accounts
    parts = [credit(other, pool)] if pool else []
    if told.to_accounts:
        parts.append(credit(OWN_ACCOUNTS, told.to_accounts))
    return [debit(told.account, told.amount, told.number), *parts]


def is_ahead(kind: str, on: date, begins: date | None) -> bool:
    """Whether money comes before the year that it is for: it is no income yet."""
    return kind in MAY_BE_AHEAD and begins is not None and on < begins


def shares_of_turn(known: Mapping[str, Decimal], stands: Decimal, to_accounts: Decimal) -> dict[str, Decimal]:
    """What becomes of the sum received ahead: each kind of income that slips tell of, what no slip tells of (the
    opening balance) as contributions, of these so much to household accounts. In yuan; nothing below nothing.

    Where less stands than the slips tell of, contributions lack it.
    """
    shares = {purpose: amount for purpose, amount in known.items() if amount > 0 and purpose != OWN}
    own = stands - sum(shares.values(), NOTHING) - to_accounts
    return {purpose: amount for purpose, amount in {OWN: own, OWN_ACCOUNTS: to_accounts, **shares}.items() if amount}


def shared(amount: Decimal, heads: Mapping[int, int]) -> dict[int, Decimal]:
    """What each account gets of a sum, by its number: the same for every head, whole fen, together the sum. What does
    not divide goes, a fen each, to the accounts of the lowest numbers. Nobody gets nothing: where the fen do not reach,
    the last accounts are left out."""
    people = sum(heads.values())
    if not people:
        return {}
    fen, given = int(amount * 100), {}
    each, over = divmod(fen, people)
    for number in sorted(heads):
        extra = min(over, heads[number])
        over -= extra
        given[number] = Decimal(each * heads[number] + extra) / 100
    return {number: part for number, part in given.items() if part}


@dataclass(frozen=True)
class Owed:
    """What one payer owes with one instalment, in yuan; arrivals that name no instalment settle the oldest first."""

    due: Decimal
    arrived: Decimal

    @property
    def owed(self) -> Decimal:
        return self.due - self.arrived


def settle(dues: Sequence[Decimal], named: Sequence[Decimal], unnamed: Decimal) -> list[Owed]:
    """How far each instalment is settled: by what arrived for it, then by what names none, in the order in which they
    fall due; what is over goes to the last."""
    settled: list[Owed] = []
    left = unnamed
    for place, (due, came) in enumerate(zip(dues, named, strict=True), start=1):
        taken = left if place == len(dues) else max(min(left, due - came), NOTHING)
        left -= taken
        settled.append(Owed(due, came + taken))
    return settled
