"""What the list of statistics sheets can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import StatisticsSheet
from enrollment.models import Scheme
from office.filters import search_field


class SheetFilter(filters.FilterSet):
    number = filters.CharFilter(lookup_expr="istartswith", label=_("number"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    span = filters.ChoiceFilter(choices=StatisticsSheet.Span.choices, label=_("span"))
    year = filters.NumberFilter(field_name="first", lookup_expr="year", label=_("year"), min_value=1990)
    stage = filters.ChoiceFilter(
        method="staged", choices=[("holds", _("in force")), ("corrected", _("corrected"))], label=_("state")
    )

    class Meta:
        model = StatisticsSheet
        fields = ("number", "scheme", "span", "year", "stage")

    def staged(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(corrected_by__isnull=value == "holds")
