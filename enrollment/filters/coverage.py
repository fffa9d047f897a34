"""What the lists about coverage can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.models import (
    Account,
    AccountEntry,
    Coverage,
    Division,
    FundYear,
    Household,
    HouseholdException,
    Scheme,
)
from enrollment.rules import search_words
from office.filters import search_field

HOLDS = [("yes", _("holds")), ("no", _("taken back"))]
LEFT = [("yes", _("something left")), ("no", _("nothing left"))]


def _years(_request: Any) -> QuerySet[FundYear]:
    confirmed = FundYear.objects.confirmed().of_households()
    return confirmed.select_related("scheme").order_by("-year", "scheme")


def _schemes(_request: Any) -> QuerySet[Scheme]:
    return Scheme.objects.exclude(account=Scheme.Account.NONE)


def _townships(request: Any) -> QuerySet[Division]:
    seen = Division.objects.visible_to(request.user, "enrollment.view_coverage")
    return seen.filter(level=Division.Level.TOWNSHIP)


class ExceptionFilter(filters.FilterSet):
    name = filters.CharFilter(method="named", label=_("name or household number"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, label=_("fund year"))
    township = filters.ModelChoiceFilter(
        queryset=_townships, field_name="member__household__village__parent", label=_("township")
    )
    holds = filters.ChoiceFilter(choices=HOLDS, method="standing", label=_("state"))

    class Meta:
        model = HouseholdException
        fields = ("name", "fund_year", "township", "holds")

    def named(self, found: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
        by_name = Q(member__name__startswith=search_words.name_of(typed))
        return found.filter(by_name | Q(member__household__number__startswith=typed))

    def standing(self, found: QuerySet[Any], field: str, holds: str) -> QuerySet[Any]:
        return found.filter(ended_at__isnull=holds == "yes")


class NotWholeFilter(filters.FilterSet):
    """The year is the list's own: it says which households are looked at."""

    number = filters.CharFilter(lookup_expr="startswith", label=_("household number"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, method="as_is", label=_("fund year"), empty_label=None)
    township = filters.ModelChoiceFilter(queryset=_townships, field_name="village__parent", label=_("township"))

    class Meta:
        model = Household
        fields = ("number", "fund_year", "township")

    def as_is(self, found: QuerySet[Any], field: str, year: FundYear) -> QuerySet[Any]:
        return found


class DoubleFilter(filters.FilterSet):
    """The year is the list's own: it says which coverages are compared."""

    name = filters.CharFilter(method="named", label=_("Full name"), widget=search_field())
    year = filters.NumberFilter(method="as_is", label=_("year"), min_value=2003, max_value=2100)
    township = filters.ModelChoiceFilter(
        queryset=_townships, field_name="member__household__village__parent", label=_("township")
    )

    class Meta:
        model = Coverage
        fields = ("name", "year", "township")

    def named(self, found: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
        return found.filter(member__name__startswith=search_words.name_of(typed))

    def as_is(self, found: QuerySet[Any], field: str, year: int) -> QuerySet[Any]:
        return found


class AccountFilter(filters.FilterSet):
    owner = filters.CharFilter(method="owned", label=_("name or household number"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=_schemes, label=_("scheme"))
    left = filters.ChoiceFilter(choices=LEFT, method="with_balance", label=_("balance"))

    class Meta:
        model = Account
        fields = ("owner", "scheme", "left")

    def owned(self, found: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
        number = Q(household__number__startswith=typed) | Q(member__household__number__startswith=typed)
        return found.filter(number | Q(owner_name__startswith=search_words.name_of(typed)))

    def with_balance(self, found: QuerySet[Any], field: str, left: str) -> QuerySet[Any]:
        return found.filter(balance__gt=0) if left == "yes" else found.filter(balance=0)


class AccountEntryFilter(filters.FilterSet):
    reference = filters.CharFilter(lookup_expr="icontains", label=_("reference"), widget=search_field())
    kind = filters.ChoiceFilter(choices=AccountEntry.Kind.choices, label=_("kind"))

    class Meta:
        model = AccountEntry
        fields = ("reference", "kind")
