"""What the lists of publicity, objections and appeals can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Appeal, Objection, PublicityList
from claims.selectors import appeals
from enrollment.models import Scheme
from office.filters import search_field
from office.rules import days

STAGES = [
    ("made", _("to be posted")),
    ("posted", _("posted")),
    ("late", _("without their slip, though the days have run")),
    ("to_end", _("to end")),
    ("over", _("over")),
    ("void", _("void")),
]


def _today() -> Any:
    return days.business_day(timezone.now())


class PublicityFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number or village"), widget=search_field())
    stage = filters.ChoiceFilter(method="staged", choices=STAGES, label=_("state"))
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    timing = filters.ChoiceFilter(choices=PublicityList.Timing.choices, label=_("time of posting"))
    year = filters.NumberFilter(field_name="month", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = PublicityList
        fields = ("words", "stage", "scheme", "timing", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        village = Q(village__name__startswith=value) | Q(village__parent__name__startswith=value)
        return found.filter(Q(number__iexact=value) | village)

    def staged(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        run = found.filter(state=PublicityList.State.POSTED, posted_until__lte=_today())
        if value == "late":
            return run.filter(slip_by="")
        return run.exclude(slip_by="") if value == "to_end" else found.filter(state=value)


class ObjectionFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number or name"), widget=search_field())
    stage = filters.ChoiceFilter(
        method="staged",
        choices=[("open", _("to be answered")), ("late", _("overdue")), *Objection.Result.choices],
        label=_("state"),
    )
    year = filters.NumberFilter(field_name="made_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = Objection
        fields = ("words", "stage", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(entry__patient__startswith=value) | Q(by_name=value))

    def staged(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "late":
            return found.filter(result="", answer_by__lt=_today())
        return found.filter(result="" if value == "open" else value)


class AppealFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number, claim or name"), widget=search_field())
    state = filters.ChoiceFilter(
        method="staged", choices=[("late", _("overdue")), *Appeal.State.choices], label=_("state")
    )
    year = filters.NumberFilter(field_name="filed_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = Appeal
        fields = ("words", "state", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        claim = Q(claim__number__iexact=value) | Q(claim__member__name__startswith=value)
        return found.filter(Q(number__iexact=value) | claim)

    def staged(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return (
            found.filter(pk__in=appeals.late(_today()).values("pk")) if value == "late" else found.filter(state=value)
        )
