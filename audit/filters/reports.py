"""What the list of texts of reports can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from audit.models import ReportText
from office.filters import search_field


class ReportTextFilter(filters.FilterSet):
    title = filters.CharFilter(lookup_expr="icontains", label=_("title"), widget=search_field())
    year = filters.NumberFilter(label=_("year"), min_value=1990, max_value=2100)
    span = filters.ChoiceFilter(choices=ReportText.Span.choices, label=_("span"))

    class Meta:
        model = ReportText
        fields = ("title", "year", "span")
