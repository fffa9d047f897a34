"""What is asked for, as the rules see it: a person, a stay or visit, its cost items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from claims.rules.conditions import Facts

ADMISSIONS: Final = frozenset(("inpatient", "delivery", "injury"))
OTHER_GROUP: Final = "other"
STAYS: Final = "stays"
FEN: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the invoice, or the sum of its lines of a class and group, in yuan."""

    amount: Decimal
    class_: str
    group: str = OTHER_GROUP


@dataclass(frozen=True, slots=True)
class Person:
    """The patient: attributes that conditions ask for, and what the household is."""

    attributes: Mapping[str, Any] = field(default_factory=dict)
    birth_date: date | None = None
    household_members: int | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """One stay or visit with its items; attributes that are not stated are absent.

    `accounts` is what the household's or the person's own account holds, by kind (household, personal), in yuan.
    """

    id: str
    attributes: Mapping[str, Any]
    items: tuple[Item, ...]
    days: Mapping[str, date]  # admitted, discharged, settled
    other_payers: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))


def amount_of(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity times price, rounded half up to the fen."""
    return (quantity * price).quantize(FEN, ROUND_HALF_UP)


def age_on(birth_date: date, day: date) -> int:
    """Whole years on a day; who is born on 29 February turns a year older on 1 March of common years."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def facts_of(person: Person, bill: Bill, stays: int) -> dict[str, Any]:
    """What conditions are asked of: the claim's and the person's attributes, the age on admission, which stay it is.

    `stays` is the person's admissions of the plan year before this one; it counts for kinds that are admissions.
    """
    facts: dict[str, Any] = {**person.attributes, **bill.attributes}
    if person.birth_date and "admitted" in bill.days:
        facts["age"] = age_on(person.birth_date, bill.days["admitted"])
    if "stay" not in facts and facts.get("kind") in ADMISSIONS:
        facts["stay"] = stays + 1
    return facts


def told(facts: Facts) -> str:
    """The facts as a sentence lists them."""
    return ", ".join(f"{name}={_word(value)}" for name, value in sorted(facts.items()))


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
