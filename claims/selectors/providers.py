"""What a claim asks of its provider, and finding providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from claims.models import Agreement, Provider
from claims.models.searching import likeliest
from enrollment.models import Scheme


@dataclass(frozen=True)
class ProviderFacts:
    """What a benefit plan asks of a provider: level, tier and region as noted now, designated on the day."""

    level: str
    tier: int
    region: str
    designated: bool


def provider_facts(provider: Provider, scheme: Scheme, day: date) -> ProviderFacts:
    """A provider as a benefit plan of the scheme sees it on a day."""
    agreed = Agreement.objects.on(day).filter(provider=OuterRef("pk"), scheme=scheme)
    found = Provider.objects.filter(pk=provider.pk).values_list("level", "tier", "region", Exists(agreed))
    return ProviderFacts(*found.get())


def find_providers(text: str) -> list[Provider]:
    """The providers whom a clerk means by a code, a name or initials, the likeliest first; at most twenty."""
    return list(likeliest(Provider.objects.called(text), text))


def with_schemes(providers: QuerySet[Provider], day: date) -> QuerySet[Any]:
    """Providers, each with `schemes`: the names of the schemes that it is designated for on a day."""
    agreed: Any = Agreement.objects.on(day).filter(provider=OuterRef("pk")).order_by().values("provider")
    names = agreed.annotate(names=StringAgg("scheme__name", "、", order_by="scheme")).values("names")
    return providers.annotate(schemes=Subquery(names))
