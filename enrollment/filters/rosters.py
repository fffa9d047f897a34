"""What the lists of rosters can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from enrollment.models import FundYear, RosterImport
from office.filters import search_field


def _years(_request: object) -> object:
    return FundYear.objects.confirmed().select_related("scheme")


class RosterImportFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains", label=_("file"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, label=_("fund year"))

    class Meta:
        model = RosterImport
        fields = ("name", "fund_year")
