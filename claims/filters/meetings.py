"""What the lists of the committee can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import DecisionNotice, Meeting
from office.filters import search_field


class MeetingFilter(filters.FilterSet):
    """By the number of the meeting or its minutes, the state, the year."""

    find = filters.CharFilter(method="called", label=_("meeting or minutes"), widget=search_field())
    state = filters.ChoiceFilter(choices=Meeting.State.choices, label=_("state"))
    year = filters.NumberFilter(
        field_name="held_on", lookup_expr="year", label=_("held in"), min_value=1990, max_value=2100
    )

    class Meta:
        model = Meeting
        fields = ("find", "state", "year")

    def called(self, found: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        return found.filter(Q(number__icontains=typed.strip()) | Q(minutes__number__icontains=typed.strip()))


class NoticeFilter(filters.FilterSet):
    """By its number, the claim or the patient; by whether it was served; by the year."""

    find = filters.CharFilter(method="called", label=_("notice, claim, patient"), widget=search_field())
    served = filters.ChoiceFilter(
        method="was_served", choices=[("yes", _("served")), ("no", _("to be served"))], label=_("way of service")
    )
    year = filters.NumberFilter(
        field_name="issued_on", lookup_expr="year", label=_("issued in"), min_value=1990, max_value=2100
    )

    class Meta:
        model = DecisionNotice
        fields = ("find", "served", "year")

    def called(self, found: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        typed = typed.strip()
        ways = Q(number__icontains=typed) | Q(claim__number__startswith=typed)
        return found.filter(ways | Q(claim__member__name__startswith=typed))

    def was_served(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(way="") if value == "no" else found.exclude(way="")
