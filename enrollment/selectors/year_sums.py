"""What a fund year comes to, as it is kept: quick, however many people there are."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from enrollment.models import FundYear, YearMove, YearSum


@dataclass(frozen=True)
class Sums:
    """Standing coverages that come from a contribution, by record; contributions in yuan, by who paid."""

    coverages: int = 0
    own: Decimal = Decimal(0)
    assisted: Decimal = Decimal(0)
    collective: Decimal = Decimal(0)

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


FIGURES: Final = tuple(one.name for one in fields(Sums))


def of_year(fund_year: FundYear) -> Sums:
    """A year's sums, with what this transaction has moved and not ended yet."""
    kept = YearSum.objects.filter(fund_year=fund_year).values_list(*FIGURES)
    moved = YearMove.objects.filter(fund_year=fund_year).values("fund_year")
    moving = moved.annotate(**{f"moved_{name}": Sum(name) for name in FIGURES})
    found = kept.union(moving.values_list(*(f"moved_{name}" for name in FIGURES)), all=True)
    return sum((Sums(*figures) for figures in found), Sums())
