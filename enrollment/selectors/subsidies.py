"""What the levels of government and medical assistance owe for a fund year (补助资金): counted on a day, to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from enrollment.models import Contribution, Coverage, Division, FundYear, SubsidyClaim, SubsidyRate

ONE_DAY = timedelta(days=1)
NOTHING = Decimal(0)
Payer = SubsidyClaim.Payer


@dataclass(frozen=True)
class Place:
    """One township: how many people count for a payer there, and what is due for them in yuan."""

    code: str
    name: str
    heads: int
    due: Decimal


@dataclass(frozen=True)
class Due:
    """What one payer owes with one instalment, in yuan; medical assistance owes what it pays for people, by no rate."""

    payer: str
    rate: SubsidyRate | None
    counted_on: date
    places: Sequence[Place]
    claimed: Decimal

    @property
    def heads(self) -> int:
        return sum(place.heads for place in self.places)

    @property
    def due(self) -> Decimal:
        return sum((place.due for place in self.places), NOTHING)

    @property
    def open(self) -> Decimal:
        """What is due and not claimed yet; below nothing where too much was claimed."""
        return self.due - self.claimed

    @property
    def label(self) -> str:
        return str(Payer(self.payer).label)


def due_by_level(fund_year: FundYear, day: date) -> list[Due]:
    """What every level of government owes by instalment, and medical assistance, as counted on a day.

    Enrolled are those with a standing coverage of the year on that day; a day before the year counts its first, one
    after it its last. Assistance owes what was paid by it on the contributions that stand and were paid by that day.
    """
    counted_on = day_of(fund_year, day)
    townships = list(Division.objects.filter(level=Division.Level.TOWNSHIP).order_by("code"))
    heads = _heads(fund_year, counted_on)
    claimed = _claimed(fund_year)
    owed = [
        Due(
            rate.level,
            rate,
            counted_on,
            _places(townships, {pk: (count, count * rate.per_head) for pk, count in heads.items()}),
            claimed.get((rate.level, rate.pk), NOTHING),
        )
        for rate in _in_order(fund_year.subsidyrates.all())
    ]
    helped = _places(townships, _assisted(fund_year, day))
    return [*owed, Due(Payer.ASSISTANCE, None, day, helped, claimed.get((Payer.ASSISTANCE, None), NOTHING))]


def day_of(fund_year: FundYear, day: date) -> date:
    """The day of the year on which people are counted."""
    first: date = fund_year.period.lower
    last: date = fund_year.period.upper - ONE_DAY
    return min(max(day, first), last)


def of_payer(fund_year: FundYear, day: date, payer: str, rate: SubsidyRate | None) -> Due | None:
    """What one payer owes with one instalment; None where the year lays nothing down for it."""
    wanted = (payer, rate and rate.pk)
    found = (one for one in due_by_level(fund_year, day) if (one.payer, one.rate and one.rate.pk) == wanted)
    return next(found, None)


def together(owed: Iterable[Due]) -> tuple[Decimal, Decimal, Decimal]:
    """Due, claimed and open of all payers, in yuan."""
    lines = list(owed)
    due = sum((one.due for one in lines), NOTHING)
    claimed = sum((one.claimed for one in lines), NOTHING)
    return due, claimed, due - claimed


def _in_order(rates: Iterable[SubsidyRate]) -> list[SubsidyRate]:
    """From the highest level to the county, first instalments first; who gives nothing owes nothing."""
    order = list(SubsidyRate.Level.values)
    return sorted((one for one in rates if one.per_head), key=lambda one: (order.index(one.level), one.instalment))


def _heads(fund_year: FundYear, day: date) -> dict[int, int]:
    """People with a standing coverage on a day, by township; a double counts as the one he was merged into."""
    found = Coverage.objects.on(day).filter(fund_year=fund_year).order_by()
    counted = found.values_list(_township()).annotate(people=Count(_who(), distinct=True))
    return dict(counted)


def _assisted(fund_year: FundYear, day: date) -> dict[int, tuple[int, Decimal]]:
    """How many people assistance paid for by a day, and how much, by township."""
    paid = Contribution.objects.filter(fund_year=fund_year, void_reason="", assisted__gt=0).order_by()
    paid = paid.filter(Q(paid_on__isnull=True) | Q(paid_on__lte=day))
    counted = paid.values_list(_township()).annotate(people=Count(_who(), distinct=True), sum=Sum("assisted"))
    return {pk: (people, due) for pk, people, due in counted}


def _who() -> Any:
    return Coalesce("member__merged_into", "member")


def _township() -> Any:
    return Coalesce("member__merged_into__household__village__parent", "member__household__village__parent")


def _places(townships: Iterable[Division], counted: dict[int, tuple[int, Decimal]]) -> list[Place]:
    return [Place(one.code, one.name, *counted[one.pk]) for one in townships if one.pk in counted]


def _claimed(fund_year: FundYear) -> dict[tuple[str, int | None], Decimal]:
    claims = SubsidyClaim.objects.filter(fund_year=fund_year).order_by()
    return {
        (payer, rate): sum_ for payer, rate, sum_ in claims.values_list("payer", "rate").annotate(sum=Sum("amount"))
    }
