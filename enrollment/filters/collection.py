"""What the lists of collecting can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.filters.register import PlaceFilter
from enrollment.models import CollectionSheet, Division, FundYear, Receipt, ReceiptBook, Refund
from office.filters import search_field


def _township() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(method="in_township", label=_("township"))


def _village() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(method="in_village", label=_("village"))


def _fund_year(**more: Any) -> filters.ModelChoiceFilter:
    years = FundYear.objects.confirmed().select_related("scheme").order_by("-year", "scheme")
    return filters.ModelChoiceFilter(queryset=years, label=_("fund year"), **more)


class SheetFilter(PlaceFilter):
    places_right = "enrollment.view_collectionsheet"

    number = filters.CharFilter(lookup_expr="icontains", label=_("number"), widget=search_field())
    township, village = _township(), _village()
    fund_year = _fund_year()
    state = filters.ChoiceFilter(choices=CollectionSheet.State.choices, label=_("state"))

    class Meta:
        model = CollectionSheet
        fields = ("number", "township", "village", "fund_year", "state")


class RefundFilter(PlaceFilter):
    places_right = "enrollment.view_refund"
    village_path = "contribution__member__household__village"

    name = filters.CharFilter(
        field_name="contribution__member__name", lookup_expr="startswith", label=_("Full name"), widget=search_field()
    )
    township, village = _township(), _village()
    fund_year = _fund_year(field_name="contribution__fund_year")
    state = filters.ChoiceFilter(choices=Refund.State.choices, label=_("state"))

    class Meta:
        model = Refund
        fields = ("name", "township", "village", "fund_year", "state")


class BookFilter(filters.FilterSet):
    township = filters.ModelChoiceFilter(queryset=Division.objects.none(), label=_("township"))
    state = filters.ChoiceFilter(choices=ReceiptBook.State.choices, label=_("state"))

    class Meta:
        model = ReceiptBook
        fields = ("township", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Division.objects.visible_to(self.request.user, "enrollment.view_receiptbook")
        townships = seen.filter(level=Division.Level.TOWNSHIP).order_by("code")
        self.filters["township"].queryset = townships


class ReceiptFilter(filters.FilterSet):
    number = filters.CharFilter(method="numbered", label=_("number"), widget=search_field())
    state = filters.ChoiceFilter(choices=Receipt.State.choices, label=_("state"))

    class Meta:
        model = Receipt
        fields = ("number", "state")

    def numbered(self, found: QuerySet[Receipt], field: str, number: str) -> QuerySet[Receipt]:
        return found.filter(number__contains=number.strip().upper())
