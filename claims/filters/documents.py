"""What the lists of documents and settlements can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import BulkDocument, Settlement
from enrollment.models import Scheme
from office.filters import search_field


class DocumentFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number or provider"), widget=search_field())
    kind = filters.ChoiceFilter(choices=BulkDocument.Kind.choices, label=_("kind"))
    state = filters.ChoiceFilter(choices=BulkDocument.State.choices, label=_("state"))
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    year = filters.NumberFilter(field_name="month", lookup_expr="year", label=_("year"), min_value=1990)
    month = filters.NumberFilter(field_name="month", lookup_expr="month", label=_("month"), min_value=1, max_value=12)

    class Meta:
        model = BulkDocument
        fields = ("words", "kind", "state", "scheme", "year", "month")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(provider__name__icontains=value))


class SettlementFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number or provider"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    year = filters.NumberFilter(field_name="month", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = Settlement
        fields = ("words", "scheme", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        numbers = Q(number__iexact=value) | Q(document__number__iexact=value)
        return found.filter(numbers | Q(provider__name__icontains=value))
