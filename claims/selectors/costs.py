"""What a provider's claims of a year came to, and what its stays cost beside those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, QuerySet, Sum

from claims.models import Agreement, Claim, Kind, Provider
from claims.rules import costs
from claims.rules.costs import Group, Standing
from office.models import Person

LATEST = 10  # claims that a provider's page shows
RIGHT = "claims.view_claim"
NONE = Decimal(0)


@dataclass(frozen=True)
class OfKind:
    """The claims of one kind, or of all: what they cost, what of it was eligible and paid where they are approved."""

    kind: str
    words: str
    count: int
    total: Decimal
    approved: int = 0
    approved_total: Decimal = NONE
    eligible: Decimal = NONE
    fund_pays: Decimal = NONE
    own_items: Decimal = NONE
    of_level: Decimal | None = None

    @property
    def average(self) -> Decimal | None:
        """What one costs on average."""
        return costs.average(self.total, self.count)

    @property
    def above(self) -> Decimal | None:
        """How many percent above the average of its level."""
        if not self.of_level or self.average is None:
            return None
        return costs.above(self.average, self.of_level)

    @property
    def outside(self) -> Decimal | None:
        """How many percent of the approved cost lie outside the catalogues."""
        if not self.approved_total:
            return None
        return costs.share(self.own_items, self.approved_total)


@dataclass(frozen=True)
class ProviderYear:
    """A provider's claims of a year, as somebody may see them."""

    year: int
    kinds: Sequence[OfKind]
    whole: OfKind
    latest: Sequence[Claim]


def of_provider(provider: Provider, year: int, by: Person) -> ProviderYear:
    """The claims of a provider whose stays ended in a year, without those that ended without anything."""
    mine = _of_year(Claim.objects.visible_to(by).filter(provider=provider), year)
    rows = mine.order_by().values("kind").annotate(
        count=Count("pk"),
        sum=Sum("total"),
        approved=Count("approval"),
        approved_total=Sum("approval__total", default=NONE),
        eligible=Sum("approval__eligible", default=NONE),
        fund_pays=Sum("approval__fund_pays", default=NONE),
        own_items=Sum("approval__own_items", default=NONE),
    )  # fmt: skip
    peers = _averages(provider, year)
    found = {one["kind"]: one for one in rows}
    kinds = [_of_kind(code, str(words), found[code], peers.get(code)) for code, words in Kind.choices if code in found]
    latest = mine.select_related("member", "disease", "approval").order_by("-discharged_on", "-pk")[:LATEST]
    return ProviderYear(year, kinds, _whole(kinds), list(latest))


def standings(year: int) -> list[Standing]:
    """What stays of a year cost by provider and scheme, the farthest above what they may cost first."""
    everywhere = Claim.objects.filter(level__in=Provider.Level.values, region__in=Provider.Region.values)
    stays = _of_year(everywhere.filter(kind=Kind.INPATIENT), year)
    rows = stays.order_by().values_list("provider", "scheme", "level", "region").annotate(Count("pk"), Sum("total"))
    groups = [Group(*one) for one in rows]
    days = DateRange(date(year, 1, 1), date(year + 1, 1, 1))
    agreed = Agreement.objects.filter(period__overlap=days, average__isnull=False).order_by("period")
    return costs.ranked(groups, {(one.provider_id, one.scheme_id): one.average for one in agreed if one.average})


def _averages(provider: Provider, year: int) -> dict[str, Decimal | None]:
    """What a claim costs on average at all providers of the same level and region, by kind."""
    same = _of_year(Claim.objects.filter(level=provider.level, region=provider.region), year)
    rows = same.order_by().values_list("kind").annotate(Sum("total"), Count("pk"))
    return {kind: costs.average(total, count) for kind, total, count in rows}


def _of_year(claims: QuerySet[Claim], year: int) -> QuerySet[Claim]:
    days = (date(year, 1, 1), date(year, 12, 31))
    return claims.filter(discharged_on__range=days).exclude(state__in=Claim.ENDED_WITHOUT)


def _of_kind(kind: str, words: str, row: Mapping[str, Any], of_level: Decimal | None) -> OfKind:
    sums = {name: row[name] for name in ("count", "approved", "approved_total", "eligible", "fund_pays", "own_items")}
    return OfKind(kind, words, total=row["sum"], of_level=of_level, **sums)


def _whole(kinds: Sequence[OfKind]) -> OfKind:
    def amount(name: str) -> Decimal:
        return sum((getattr(one, name) for one in kinds), NONE)

    return OfKind(
        "",
        "",
        count=sum(one.count for one in kinds),
        total=amount("total"),
        approved=sum(one.approved for one in kinds),
        approved_total=amount("approved_total"),
        eligible=amount("eligible"),
        fund_pays=amount("fund_pays"),
        own_items=amount("own_items"),
    )
