"""What the rules of allowances share: dated rows of law, amounts that are refused, refusals in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from office.rules import gettext_noop

REFUSALS: Final = {
    "too_early": gettext_noop("No rule of this kind is kept for days before {first}."),
    "wage": gettext_noop("A monthly wage is an amount of zero or more, not {wage}."),
    "unit_wage": gettext_noop("The unit's monthly average wage is an amount above zero, not {wage}."),
    "area_average": gettext_noop("The area's average wage is an amount above zero, not {wage}."),
    "no_months": gettext_noop("Without a single month's wage there is no average: enter at least one."),
    "too_many_months": gettext_noop("The average is of the {most} months before the accident, not of {count}."),
    "grade": gettext_noop("Grades of disability go from 1, the gravest, to 10: there is no grade {grade}."),
    "days": gettext_noop("Days of leave are a whole number of at least 1, not {days}."),
    "further": gettext_noop("Further days of local rules are 0 to {most}, not {days}."),
    "children": gettext_noop("A delivery is of 1 to {most} children, not of {count}."),
    "not_a_delivery": gettext_noop("Difficult labour and several children belong to a delivery, not to a miscarriage."),
    "certificate_missing": gettext_noop("How many days, {least} to {most}, the doctor's certificate says: enter them."),
    "certificate_beyond": gettext_noop("The certificate is for {days} days; the rule gives {least} to {most} days."),
    "certificate_not_asked": gettext_noop("The rule itself gives the days here: a certificate's days are not taken."),
}


class CannotGrant(ValueError):
    """There is nothing to reckon from what was said; `code` is stable, `sentence` is translatable."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.sentence = REFUSALS[code]
        self.params = params
        super().__init__(self.sentence.format(**params))


class Dated(Protocol):
    """A row of law with the first day on which it is in force."""

    @property
    def first(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], on: date) -> Row:
    """The row of law that holds on a day; the rows stand in order of their first days."""
    begun = [row for row in rows if row.first <= on]
    if not begun:
        raise CannotGrant("too_early", first=rows[0].first)
    return begun[-1]


def refuse_below(least: Decimal, wage: Decimal, code: str) -> None:
    """Refuse what is no number or less than the least; a float raises TypeError."""
    if not isinstance(wage, Decimal):
        raise TypeError(f"Money is a Decimal, never a {type(wage).__name__}.")
    if not wage.is_finite() or wage < least:
        raise CannotGrant(code, wage=wage)
