"""What the list of claims can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Invoice, Kind, Provider
from enrollment.models import Member, Scheme
from enrollment.rules import search_words
from office.filters import day_field, search_field


class ClaimFilter(filters.FilterSet):
    """By number, patient or invoice in one field; by state, kind, scheme, provider's name, the days of discharge."""

    find = filters.CharFilter(method="called", label=_("claim, patient, invoice"), widget=search_field())
    state = filters.ChoiceFilter(choices=Claim.State.choices, label=_("state"))
    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("kind of claim"))
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    provider = filters.CharFilter(method="at_provider", label=_("provider, by name or code"))
    year = filters.NumberFilter(method="of_year", label=_("taken in in"), min_value=1990, max_value=2100)
    since = filters.DateFilter(
        field_name="discharged_on", lookup_expr="gte", label=_("discharged since"), widget=day_field()
    )
    until = filters.DateFilter(
        field_name="discharged_on", lookup_expr="lte", label=_("discharged until"), widget=day_field()
    )

    class Meta:
        model = Claim
        fields = ("find", "state", "kind", "scheme", "provider", "year", "since", "until")

    def called(self, claims: QuerySet[Claim], name: str, typed: str) -> QuerySet[Claim]:
        typed = typed.strip()
        people = Member.objects.filter(name__startswith=typed)
        if search_words.are_initials(typed):
            people = Member.objects.filter(search_keys__contains=[search_words.key_of(typed)])
        found = Claim.objects.order_by().values("pk")
        ways = (
            found.filter(number__startswith=typed),
            found.filter(member__in=people.values("pk")),
            found.filter(pk__in=Invoice.objects.filter(number=typed).values("claim")),
        )
        return claims.filter(pk__in=ways[0].union(*ways[1:], all=True))  # each way by its own index

    def at_provider(self, claims: QuerySet[Claim], name: str, typed: str) -> QuerySet[Claim]:
        typed = typed.strip()
        some = Provider.objects.filter(Q(name__icontains=typed) | Q(code=typed.upper()))
        return claims.filter(provider__in=some.order_by().values("pk"))

    def of_year(self, claims: QuerySet[Claim], name: str, year: Any) -> QuerySet[Claim]:
        return claims.filter(entered_on__year=int(year))
