"""What lies behind an indicator: the rows that its two numbers are the sums of, each with where it leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from claims.selectors import month_sums
from claims.selectors.month_sums import Group
from enrollment.selectors import participation
from funds.models import Account
from funds.rules.indicators import Payer
from funds.selectors import figures, indicators
from funds.selectors.figures import Held
from funds.selectors.indicators import OfYear
from office.models import Person

NOTHING: Final = Decimal(0)
PEOPLE: Final = ("participation_rate", "target_completion")
INCOME: Final = ("collection_rate", "arrival_rate", "financing_per_head")
MONEY: Final = ("use_rate", "surplus_rate", "cumulative_surplus_rate", "months_payable")
STAYS: Final = ("inpatient_rate", "cost_per_stay", "paid_per_stay", "outside_share")
VISITS: Final = ("cost_per_visit", "paid_per_visit")


@dataclass(frozen=True)
class OfAccount:
    """What an account moved in the year, and whether it is of the pool."""

    account: Account
    amount: Decimal
    is_of_the_pool: bool


@dataclass(frozen=True)
class Behind:
    """Townships, accounts with payers and what stands, or groups of claims: as far as an indicator rests on them."""

    townships: Sequence[participation.Line] = ()
    accounts: Sequence[OfAccount] = ()
    payers: Sequence[tuple[str, Payer]] = ()
    held: Held | None = None
    groups: Sequence[Group] = ()


def of(asked: OfYear, code: str, person: Person) -> Behind:
    """The rows behind an indicator of a year."""
    if code in PEOPLE:
        year = asked.fund_year
        return Behind(townships=participation.by_township(year, person) if year else ())
    if code in INCOME:
        return Behind(accounts=_accounts(asked, lambda one: one.is_income), payers=_payers(asked))
    if code in MONEY:
        held = figures.held(asked.book, asked.last) if asked.book else None
        return Behind(accounts=_accounts(asked, lambda _one: True), held=held)
    return Behind(groups=_groups(asked, code))


def _accounts(asked: OfYear, counts: Callable[[figures.Moved], bool]) -> list[OfAccount]:
    found: dict[int, OfAccount] = {}
    for one in indicators.moved_in(asked):
        if counts(one):
            known = found.get(one.account.pk, OfAccount(one.account, NOTHING, one.is_of_the_pool))
            found[one.account.pk] = OfAccount(one.account, known.amount + one.amount, one.is_of_the_pool)
    return sorted(found.values(), key=lambda one: one.account.code)


def _payers(asked: OfYear) -> list[tuple[str, Payer]]:
    enrolled = indicators.heads(asked.fund_year).enrolled
    due = indicators.due_of(asked, enrolled, indicators.moved_in(asked))
    return list(due.payers.items())


def _groups(asked: OfYear, code: str) -> list[Group]:
    """Kinds of claims by level and region, all months of the year together."""
    sums: dict[tuple[str, str, str], Group] = {}
    for one in month_sums.of_months(asked.scheme, asked.first, asked.last):
        if (code in STAYS and not one.is_stay) or (code in VISITS and one.is_stay):
            continue
        key = one.kind, one.level, one.region
        known = sums.get(key)
        granted = one.granted + known.granted if known else one.granted
        sums[key] = Group(asked.first, *key, granted)
    return [sums[key] for key in sorted(sums)]
