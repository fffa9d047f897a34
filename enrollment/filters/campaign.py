"""What the lists of the campaign can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.models import Bulletin, CollectionCost, Division, FundYear, Reminder
from office.filters import search_field

ANSWERED = [("no", _("waiting for an answer")), ("yes", _("answered"))]
STANDS = [("yes", _("standing")), ("no", _("void"))]


def _years(_request: Any) -> QuerySet[FundYear]:
    return FundYear.objects.confirmed().of_sums().select_related("scheme").order_by("-year", "scheme")


def _townships(right: str) -> Any:
    def in_sight(request: Any) -> QuerySet[Division]:
        return Division.objects.visible_to(request.user, right).filter(level=Division.Level.TOWNSHIP)

    return in_sight


class BulletinFilter(filters.FilterSet):
    remark = filters.CharFilter(lookup_expr="icontains", label=_("remark"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, label=_("fund year"))

    class Meta:
        model = Bulletin
        fields = ("remark", "fund_year")


class ReminderFilter(filters.FilterSet):
    text = filters.CharFilter(lookup_expr="icontains", label=_("what is asked"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, field_name="deadline__fund_year", label=_("fund year"))
    township = filters.ModelChoiceFilter(queryset=_townships("enrollment.view_reminder"), label=_("township"))
    answered = filters.ChoiceFilter(choices=ANSWERED, method="with_answer", label=_("state"))

    class Meta:
        model = Reminder
        fields = ("text", "fund_year", "township", "answered")

    def with_answer(self, found: QuerySet[Any], field: str, answered: str) -> QuerySet[Any]:
        if answered == "yes":
            return found.filter(answered_at__isnull=False)
        waiting: QuerySet[Any] = found.unanswered()  # type: ignore[attr-defined]
        return waiting


class CostFilter(filters.FilterSet):
    note = filters.CharFilter(lookup_expr="icontains", label=_("for what"), widget=search_field())
    fund_year = filters.ModelChoiceFilter(queryset=_years, label=_("fund year"))
    township = filters.ModelChoiceFilter(queryset=_townships("enrollment.view_collectioncost"), label=_("township"))
    kind = filters.ChoiceFilter(choices=CollectionCost.Kind.choices, label=_("kind"))
    stands = filters.ChoiceFilter(choices=STANDS, method="standing", label=_("state"))

    class Meta:
        model = CollectionCost
        fields = ("note", "fund_year", "township", "kind", "stands")

    def standing(self, found: QuerySet[Any], field: str, stands: str) -> QuerySet[Any]:
        return found.filter(void_reason="") if stands == "yes" else found.exclude(void_reason="")
