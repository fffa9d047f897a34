"""What a plan document says, read and checked: layers and their rows as frozen values (docs/rules/benefits.md).

Every row keeps the path at which it stands in the document, so that the trace can cite it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from claims.rules.conditions import ALWAYS, OF_ITEM, Condition


class Form(StrEnum):
    """How a row of `pay` pays."""

    BANDS = "bands"  # a single ratio is one band without a limit
    PRICE = "price"
    LIMIT_PRICE = "limit_price"
    FIXED = "fixed"
    COPAY = "copay"
    ACCOUNT = "account"


class Of(StrEnum):
    """What a layer works on."""

    COST = "cost"
    BURDEN = "burden"
    OWN_ITEMS = "own_items"
    PRICE = "price"
    OVER_CEILING = "over_ceiling"
    CUT_PAYMENT = "cut_payment"


class Counter(StrEnum):
    """What a ceiling is measured by: one stay, or what the plan year has used."""

    STAY = "stay"
    YEAR = "year"
    HOUSEHOLD = "household"
    DISEASE = "disease"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands, for whom it is."""

    path: str
    when: Condition


@dataclass(frozen=True, slots=True)
class CoverRow(Row):
    """How much of an item's cost is eligible (0..1); `paid_in_full` goes round deductible and ratio."""

    share: Decimal
    paid_in_full: bool = False


@dataclass(frozen=True, slots=True)
class AmountRow(Row):
    """An amount in yuan; `per_member` is times the members of the household."""

    amount: Decimal
    per_member: bool = False


@dataclass(frozen=True, slots=True)
class RatioRow(Row):
    """A ratio, 0..1."""

    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """The part of an amount up to `upto` (None: without a limit) and the fund's ratio of it."""

    upto: Decimal | None
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class PayRow(Row):
    """One way of paying."""

    form: Form
    bands: tuple[Band, ...] = ()
    per_year_of_age: Decimal | None = None
    amount: Decimal | None = None
    ratio: Decimal | None = None
    patient_share: Decimal | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class AdjustRow(Row):
    """Points added to the ratio, or a factor on the result."""

    points: Decimal | None = None
    times: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Deductible:
    """What the patient bears before the rule, per stay or per year."""

    path: str
    yearly: bool
    rows: tuple[AmountRow, ...]
    group: str = ""  # taken from this item group first
    other_than: bool = False  # or from all others first


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most, by what it is measured; the first row that holds is the amount."""

    path: str
    counter: Counter
    rows: tuple[AmountRow, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that is paid, as a ratio of the total or of the eligible cost."""

    path: str
    of_total: bool
    rows: tuple[RatioRow, ...]
    by_hospital: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """A benefit that works on what the one before left."""

    path: str
    code: str
    fund: str
    name: dict[str, str]
    when: Condition
    of: Of
    over_year: bool
    cover: tuple[CoverRow, ...]
    has_cover: bool
    eligible_ceiling: Ceiling | None
    deductible: Deductible | None
    gross: bool
    pay: tuple[PayRow, ...]
    adjust: tuple[AdjustRow, ...]
    floor: Floor | None
    patient_ceiling: AmountRow | None
    ceilings: tuple[Ceiling, ...]
    excepted: tuple[Row, ...]
    by_group: bool = field(init=False)  # whether rows of `pay` are for item groups
    covered: dict[tuple[str, str], CoverRow] | None = field(init=False, compare=False)  # found rows; None: not by item

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_group", any("group" in row.when.attributes for row in self.pay))
        by_item = all(row.when.attributes <= set(OF_ITEM) for row in self.cover)
        object.__setattr__(self, "covered", {} if by_item else None)


@dataclass(frozen=True, slots=True)
class Plan:
    """A benefit plan of a scheme, from its first to its last day in force (None: until it is replaced)."""

    code: str
    scheme: str
    name: dict[str, str]
    document: str
    first: date
    last: date | None
    decided_by: str
    rounding: str
    layers: tuple[Layer, ...]
    tree: dict[str, Any]

    def in_force_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def counts_stays(self) -> bool:
        """Whether some row asks which stay of the year it is."""
        return any("stay" in condition.attributes for layer in self.layers for condition in conditions(layer))


def conditions(layer: Layer) -> tuple[Condition, ...]:
    """Every condition of a layer, its own first."""
    tables: list[tuple[Any, ...]] = [layer.cover, layer.pay, layer.adjust, layer.excepted]
    tables += [ceiling.rows for ceiling in (*layer.ceilings, layer.eligible_ceiling) if ceiling]
    tables += [table.rows for table in (layer.deductible, layer.floor) if table]
    if layer.patient_ceiling:
        tables.append((layer.patient_ceiling,))
    return (layer.when, *(row.when for table in tables for row in table))


DEFAULT_COVER: Final = (
    CoverRow("", Condition((("class", frozenset(("A", "B"))),)), Decimal(1)),
    CoverRow("", ALWAYS, Decimal(0)),
)
