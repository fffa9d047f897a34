"""What the list of limits can be narrowed by."""

from __future__ import annotations

from datetime import date

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import Limit
from claims.services.limits import STEPS
from enrollment.models import Scheme


class LimitFilter(filters.FilterSet):
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    step = filters.ChoiceFilter(choices=[(one.value, one.label) for one in STEPS], label=_("step"))
    state = filters.ChoiceFilter(choices=Limit.State.choices, label=_("state"))
    on = filters.DateFilter(method="in_force", label=_("in force on"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Limit
        fields = ("scheme", "step", "state", "on")

    def in_force(self, found: QuerySet[Limit], name: str, value: date) -> QuerySet[Limit]:
        """Those whose days hold a day."""
        return found.filter(period__contains=value)
