"""What the office's lists can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from office import trail
from office.models import Act, Body, Job, OfficeRound, Printer, WorkingDay
from office.models.rounds import Outcome, State

YES_NO = [("True", _("yes")), ("False", _("no"))]


def search_field() -> forms.TextInput:
    """The one search field of a list."""
    return forms.TextInput(attrs={"type": "search", "data-key": "Alt+Q"})


def day_field() -> forms.DateInput:
    """A day, by the browser's own picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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


class RoundFilter(filters.FilterSet):
    maker = filters.CharFilter(
        field_name="maker__full_name", lookup_expr="icontains", label=_("made by"), widget=search_field()
    )
    state = filters.ChoiceFilter(choices=State.choices, label=_("state"))
    outcome = filters.ChoiceFilter(choices=Outcome.choices, label=_("outcome"))

    class Meta:
        model = OfficeRound
        fields = ("maker", "state", "outcome")


class ActFilter(filters.FilterSet):
    person = filters.CharFilter(
        field_name="by__full_name", lookup_expr="icontains", label=_("person"), widget=search_field()
    )
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("since"), widget=day_field())
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("until"), widget=day_field())
    kind = filters.ChoiceFilter(choices=Act.Kind.choices, label=_("kind"))
    name = filters.ChoiceFilter(choices=trail.choices, label=_("act"))
    by = filters.NumberFilter(field_name="by", widget=forms.HiddenInput)
    subject_type = filters.CharFilter(widget=forms.HiddenInput)
    subject_id = filters.CharFilter(widget=forms.HiddenInput)

    class Meta:
        model = Act
        fields = ("person", "since", "until", "kind", "name", "by", "subject_type", "subject_id")
