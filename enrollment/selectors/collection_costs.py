"""What collecting cost by township, for 100 yuan collected and for each person enrolled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from enrollment.models import CollectionCost, FundYear
from enrollment.rules import campaign as rules
from enrollment.rules.campaign import Line
from enrollment.selectors import campaign
from office.models import Person

RIGHT = "enrollment.view_collectioncost"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Cost:
    """What collecting cost one township, the county itself (without `line`), or all together, in yuan by kind."""

    line: Line | None
    by_kind: dict[str, Decimal]
    person_days: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """All kinds together."""
        return sum(self.by_kind.values(), NOTHING)

    @property
    def kinds(self) -> list[Decimal]:
        """What each kind cost, in the order of the kinds."""
        return [self.by_kind.get(kind, NOTHING) for kind in CollectionCost.Kind.values]

    @property
    def per_hundred(self) -> Decimal | None:
        """What collecting 100 yuan cost."""
        return rules.per_hundred(self.amount, self.line.so_far.collected) if self.line else None

    @property
    def per_head(self) -> Decimal | None:
        """What one person enrolled cost."""
        return rules.per_head(self.amount, self.line.so_far.enrolled) if self.line else None


@dataclass(frozen=True)
class Costs:
    """The costs of a fund year: its townships by code, the county's own where it is in sight, and all together."""

    townships: list[Cost]
    county: Cost | None
    whole: Cost


def by_township(fund_year: FundYear, day: date, person: Person) -> Costs:
    """What collecting cost until a day, for the townships in sight."""
    found = campaign.of_townships(fund_year, day, person)
    is_whole = person.bodies_in_sight(RIGHT) is None
    spent = CollectionCost.objects.visible_to(person).standing().filter(fund_year=fund_year, on__lte=day)
    kinds, person_days = _added_up(spent)
    lines = sorted((line for _rank, line in found.ranked), key=lambda line: line.code)
    townships = [
        Cost(line, kinds[number], person_days[number]) for line in lines for number in [found.places[line.code]]
    ]
    county = Cost(None, kinds[None], person_days[None]) if is_whole else None
    whole: dict[str, Decimal] = defaultdict(Decimal)
    parts = [*townships, *([county] if county else [])]
    for part in parts:
        for kind, amount in part.by_kind.items():
            whole[kind] += amount
    return Costs(townships, county, Cost(found.whole, whole, sum((one.person_days for one in parts), NOTHING)))


Kinds = defaultdict[int | None, dict[str, Decimal]]


def _added_up(spent: QuerySet[CollectionCost]) -> tuple[Kinds, defaultdict[int | None, Decimal]]:
    kinds: Kinds = defaultdict(dict)
    person_days: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    sums = (
        spent.order_by()
        .values_list("township", "kind")
        .annotate(spent=Sum("amount"), took=Sum("person_days", default=NOTHING))
    )
    for township, kind, amount, took in sums:
        kinds[township][kind] = amount
        person_days[township] += took
    return kinds, person_days
