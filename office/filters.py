"""What the office's lists can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from office.models import Body, Job, Printer, WorkingDay

YES_NO = [("True", _("yes")), ("False", _("no"))]


def search_field() -> forms.TextInput:
    """The one search field of a list."""
    return forms.TextInput(attrs={"type": "search", "data-key": "Alt+Q"})


class JobFilter(filters.FilterSet):
    title = filters.CharFilter(lookup_expr="icontains", label=_("title"), widget=search_field())
    state = filters.ChoiceFilter(choices=Job.State.choices, label=_("state"))

    class Meta:
        model = Job
        fields = ("title", "state")


class WorkingDayFilter(filters.FilterSet):
    reason = filters.CharFilter(lookup_expr="icontains", label=_("reason"), widget=search_field())
    year = filters.NumberFilter(field_name="day", lookup_expr="year", label=_("year"), min_value=1990, max_value=2100)
    month = filters.NumberFilter(field_name="day", lookup_expr="month", label=_("month"), min_value=1, max_value=12)
    is_working = filters.ChoiceFilter(choices=YES_NO, label=_("working day"))
    source = filters.ChoiceFilter(choices=WorkingDay.Source.choices, label=_("source"))

    class Meta:
        model = WorkingDay
        fields = ("reason", "year", "month", "is_working", "source")


class PrinterFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains", label=_("name"), widget=search_field())
    body = filters.ModelChoiceFilter(queryset=Body.objects.all(), label=_("body"))

    class Meta:
        model = Printer
        fields = ("name", "body")
