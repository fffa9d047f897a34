"""What was granted by month, as it is kept; and counted anew over all decisions, for whoever proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from claims.models import MonthSum
from claims.rules.statistics import STAYS
from enrollment.models import Scheme

NONE: Final = Decimal(0)


@dataclass(frozen=True)
class Granted:
    """What decisions come to: times, yuan, claims at a limit (claims/models/month_sums.py)."""

    times: int = 0
    total: Decimal = NONE
    cut: Decimal = NONE
    struck: Decimal = NONE
    eligible: Decimal = NONE
    own_items: Decimal = NONE
    fund_pays: Decimal = NONE
    patient_pays: Decimal = NONE
    ceilings: int = 0
    floors: int = 0

    def __add__(self, other: Granted) -> Granted:
        return Granted(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def asked(self) -> Decimal:
        """What was asked for, with what documents asked for in vain."""
        return self.total + self.struck

    @property
    def deducted(self) -> Decimal:
        """What of it was cut or struck out."""
        return self.cut + self.struck


FIGURES: Final = tuple(one.name for one in fields(Granted))


@dataclass(frozen=True)
class Group:
    """The decisions of a month about one kind of claims of one level and region of hospital."""

    month: date
    kind: str
    level: str
    region: str
    granted: Granted

    @property
    def is_stay(self) -> bool:
        """Nights in hospital; the others are visits of one day."""
        return self.kind in STAYS

    @property
    def is_outside(self) -> bool:
        """Whether the hospital lies outside the county."""
        return self.region == "outside"


def of_months(scheme: Scheme, first: date, last: date) -> list[Group]:
    """What was decided from the month of `first` to that of `last`: one statement over kept sums."""
    found = MonthSum.objects.filter(scheme=scheme, month__range=(first.replace(day=1), last))
    return [
        Group(month, kind, level, region, Granted(*figures))
        for month, kind, level, region, *figures in found.values_list("month", "kind", "level", "region", *FIGURES)
    ]


def together(groups: Sequence[Group]) -> Granted:
    """All of some groups in one."""
    return sum((one.granted for one in groups), Granted())


def fund_pays_by_month(scheme: Scheme, first: date, last: date) -> dict[date, Decimal]:
    """What the funds pay of the decisions of each month."""
    found = MonthSum.objects.filter(scheme=scheme, month__range=(first.replace(day=1), last)).order_by()
    return dict(found.values_list("month").annotate(Sum("fund_pays")))
