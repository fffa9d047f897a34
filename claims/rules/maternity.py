"""Maternity allowance (生育津贴): the days of leave, and what the fund pays for them (docs/rules/allowances.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from claims.rules.allowances import CannotGrant, in_force, refuse_below
from office.rules import money

DAYS_OF_A_MONTH: Final = 30
MOST_CHILDREN: Final = 9
MOST_FURTHER: Final = 365


class Ending(StrEnum):
    """How the pregnancy ended."""

    DELIVERY = "delivery"
    EARLY_MISCARRIAGE = "early_miscarriage"  # before four months
    LATE_MISCARRIAGE = "late_miscarriage"  # from four months on


@dataclass(frozen=True)
class Terms:
    """Days of leave as one law gives them, from its first day on."""

    first: date
    delivery: int
    difficult: int  # more, for difficult labour
    each_further_child: int  # more
    early_miscarriage: tuple[int, int]  # least and most, by the doctor's certificate where they differ
    late_miscarriage: int


#: 女职工劳动保护规定 (国务院令第9号) Art. 8 with 劳险字〔1988〕2号; 女职工劳动保护特别规定 (国务院令第619号) Art. 7.
TERMS: Final = (
    Terms(date(1988, 9, 1), 90, 15, 15, (15, 30), 42),
    Terms(date(2012, 4, 28), 98, 15, 15, (15, 15), 42),
)


@dataclass(frozen=True)
class Leave:
    """What the days depend on; the day is that of the delivery or the miscarriage."""

    on: date
    ending: Ending = Ending.DELIVERY
    difficult: bool = False
    children: int = 1
    certified: int | None = None  # days of the doctor's certificate, where the law leaves them to it
    further: int = 0  # days that the province adds, such as for late childbirth


def days(leave: Leave) -> int:
    """Days of leave for which the allowance is paid."""
    terms = in_force(TERMS, leave.on)
    if not 0 <= leave.further <= MOST_FURTHER:
        raise CannotGrant("further", days=leave.further, most=MOST_FURTHER)
    if leave.ending == Ending.DELIVERY:
        return _delivery(leave, terms) + leave.further
    if leave.difficult or leave.children != 1:
        raise CannotGrant("not_a_delivery")
    if leave.ending == Ending.EARLY_MISCARRIAGE:
        return _certified(leave, *terms.early_miscarriage) + leave.further
    return _certified(leave, terms.late_miscarriage, terms.late_miscarriage) + leave.further


def allowance(unit_wage: Decimal, leave_days: int) -> Decimal:
    """The unit's monthly average wage of the year before, by 30 and by the days, rounded once to the fen."""
    refuse_below(money.FEN, unit_wage, "unit_wage")
    if isinstance(leave_days, bool) or not isinstance(leave_days, int) or leave_days < 1:
        raise CannotGrant("days", days=leave_days)
    return money.yuan(unit_wage * leave_days / DAYS_OF_A_MONTH)


def _delivery(leave: Leave, terms: Terms) -> int:
    if leave.certified is not None:
        raise CannotGrant("certificate_not_asked")
    if not 1 <= leave.children <= MOST_CHILDREN:
        raise CannotGrant("children", count=leave.children, most=MOST_CHILDREN)
    more = terms.difficult if leave.difficult else 0
    return terms.delivery + more + terms.each_further_child * (leave.children - 1)


def _certified(leave: Leave, least: int, most: int) -> int:
    """The law's days, or those of the certificate where the law gives a least and a most."""
    if least == most:
        if leave.certified is not None:
            raise CannotGrant("certificate_not_asked")
        return least
    if leave.certified is None:
        raise CannotGrant("certificate_missing", least=least, most=most)
    if not least <= leave.certified <= most:
        raise CannotGrant("certificate_beyond", days=leave.certified, least=least, most=most)
    return leave.certified
