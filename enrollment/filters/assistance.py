"""What the lists of those helped can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.models import AssistanceLine, AssistanceList, Division, FundYear, Member
from enrollment.rules import search_words
from enrollment.selectors.assistance import RIGHT
from enrollment.services.assistance_lists import LISTED
from office.filters import YES_NO, search_field


def _years(_request: Any) -> QuerySet[FundYear]:
    return FundYear.objects.confirmed().select_related("scheme").order_by("-year", "scheme")


def _townships(request: Any) -> QuerySet[Division]:
    return Division.objects.visible_to(request.user, RIGHT).filter(level=Division.Level.TOWNSHIP)


class AssistanceListFilter(filters.FilterSet):
    paper_number = filters.CharFilter(lookup_expr="icontains", label=_("number of the paper"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, label=_("fund year"))
    category = filters.ChoiceFilter(choices=[(one.value, one.label) for one in LISTED], label=_("category"))
    in_force = filters.ChoiceFilter(choices=YES_NO, field_name="is_in_force", label=_("in force"))

    class Meta:
        model = AssistanceList
        fields = ("paper_number", "fund_year", "category", "in_force")


class ComparedFilter(filters.FilterSet):
    """The township is that of the register."""

    name = filters.CharFilter(method="named", label=_("Full name"), widget=search_field())
    township = filters.ModelChoiceFilter(queryset=_townships, method="living_in", label=_("township"))

    class Meta:
        model = AssistanceLine
        fields = ("name", "township")

    def named(self, found: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
        return found.filter(name__startswith=search_words.name_of(typed))

    def living_in(self, found: QuerySet[Any], field: str, township: Division) -> QuerySet[Any]:
        return found.filter(Exists(Member.objects.filter(pk=OuterRef("who"), household__village__parent=township)))


class UnlistedFilter(filters.FilterSet):
    name = filters.CharFilter(method="named", label=_("Full name"), widget=search_field())
    township = filters.ModelChoiceFilter(
        queryset=_townships, field_name="household__village__parent", label=_("township")
    )

    class Meta:
        model = Member
        fields = ("name", "township")

    def named(self, found: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
        return found.filter(name__startswith=search_words.name_of(typed))
