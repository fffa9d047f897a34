"""The one-time disability benefit of work injuries (一次性伤残补助金), by grade (docs/rules/allowances.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from claims.rules.allowances import CannotGrant, in_force, refuse_below
from office.rules import money

LEAST_OF_AVERAGE: Final = Decimal("0.6")
MOST_OF_AVERAGE: Final = Decimal(3)
MOST_MONTHS: Final = 12


@dataclass(frozen=True)
class Scale:
    """Months of the own wage for grades 1 to 10, from a day on."""

    first: date
    months: tuple[int, ...]


#: 工伤保险条例 Art. 33-35 (国务院令第375号), and Art. 35-37 as revised by 国务院令第586号.
SCALES: Final = (
    Scale(date(2004, 1, 1), (24, 22, 20, 18, 16, 14, 12, 10, 8, 6)),
    Scale(date(2011, 1, 1), (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)),
)
GRADES: Final = range(1, 11)


@dataclass(frozen=True)
class Benefit:
    """What is paid, and what it was reckoned from."""

    months: int
    wage: Decimal
    amount: Decimal


def average_wage(wages: Sequence[Decimal]) -> Decimal:
    """The average contribution wage of the 12 months before the accident, or of as many months as there are."""
    if not wages:
        raise CannotGrant("no_months")
    if len(wages) > MOST_MONTHS:
        raise CannotGrant("too_many_months", most=MOST_MONTHS, count=len(wages))
    for wage in wages:
        refuse_below(Decimal(0), wage, "wage")
    return money.yuan(sum(wages, Decimal(0)) / len(wages))


def own_wage(average: Decimal, area_average: Decimal) -> Decimal:
    """The wage that counts (本人工资): not below 60 % and not above 300 % of the area's average, to the fen."""
    refuse_below(Decimal(0), average, "wage")
    refuse_below(money.FEN, area_average, "area_average")
    least, most = money.yuan(area_average * LEAST_OF_AVERAGE), money.yuan(area_average * MOST_OF_AVERAGE)
    return min(max(money.yuan(average), least), most)


def disability_benefit(*, grade: int, average: Decimal, area_average: Decimal, recognised_on: date) -> Benefit:
    """The one-time benefit of a grade; the law of the day on which the injury was recognised counts."""
    if grade not in GRADES:
        raise CannotGrant("grade", grade=grade)
    months = in_force(SCALES, recognised_on).months[grade - 1]
    wage = own_wage(average, area_average)
    return Benefit(months=months, wage=wage, amount=money.yuan(wage * months))
