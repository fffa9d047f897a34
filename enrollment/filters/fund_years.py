"""What the list of fund years can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from enrollment.models import FundYear, Scheme
from office.filters import search_field


class SchemeFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="contains", label=_("name"), widget=search_field())

    class Meta:
        model = Scheme
        fields = ("name",)


class FundYearFilter(filters.FilterSet):
    paper = filters.CharFilter(
        field_name="paper_number", lookup_expr="contains", label=_("number of the paper"), widget=search_field()
    )
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    year = filters.NumberFilter(label=_("year"), min_value=2003, max_value=2100)
    state = filters.ChoiceFilter(choices=FundYear.State.choices, label=_("state"))

    class Meta:
        model = FundYear
        fields = ("paper", "scheme", "year", "state")
