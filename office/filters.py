"""What the office's lists can be narrowed by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from office import sentences, trail
from office.models import Act, Appointment, Body, Duty, Job, OfficeRound, Person, Printer, WorkingDay
from office.models.acts import ActQuerySet
from office.models.rounds import Outcome, State
from office.rules import days

YES_NO = [("True", _("yes")), ("False", _("no"))]


def search_field() -> forms.TextInput:
    """The one search field of a list."""
    return forms.TextInput(attrs={"type": "search", "data-key": "Alt+Q"})


def day_field() -> forms.DateInput:
    """A day, by the browser's own picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class JobFilter(filters.FilterSet):
    title = filters.CharFilter(method="filter_title", label=_("title"), widget=search_field())
    state = filters.ChoiceFilter(choices=Job.State.choices, label=_("state"))

    class Meta:
        model = Job
        fields = ("state",)

    def filter_title(self, jobs: QuerySet[Job], name: str, word: str) -> QuerySet[Job]:
        return jobs.filter(sentences.saying(name, word, jobs))


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


class BodyFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains", label=_("name"), widget=search_field())
    kind = filters.ChoiceFilter(choices=Body.Kind.choices, label=_("kind"))

    class Meta:
        model = Body
        fields = ("name", "kind")


class PersonFilter(filters.FilterSet):
    """People by name, and by what they are charged with today: duty and body are those of one and the same duty."""

    name = filters.CharFilter(method="named", label=_("Full name"), widget=search_field())
    duty = filters.ChoiceFilter(choices=Duty.choices, method="with_duty", label=_("duty today"))
    body = filters.ModelChoiceFilter(queryset=Body.objects.all(), method="with_duty", label=_("body"))
    here = filters.ChoiceFilter(
        choices=[("yes", _("yes")), ("no", _("no"))], method="works_here", label=_("works here")
    )

    class Meta:
        model = Person
        fields = ("name", "duty", "body", "here")

    def named(self, people: QuerySet[Person], field: str, name: str) -> QuerySet[Person]:
        return people.filter(Q(full_name__icontains=name) | Q(username__icontains=name))

    def works_here(self, people: QuerySet[Person], field: str, here: str) -> QuerySet[Person]:
        return people.filter(left_on__isnull=here == "yes")

    def with_duty(self, people: QuerySet[Person], field: str, value: Any) -> QuerySet[Person]:
        asked = {name: said for name in ("duty", "body") if (said := self.form.cleaned_data.get(name))}
        today = Appointment.objects.on(days.business_day(timezone.now()))
        return people.filter(Exists(today.filter(person=OuterRef("pk"), **asked)))


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
    """People are looked up by name first and days turned into numbers: both are then found by an index. Kind and people
    are asked for together, so that somebody's few looks and refusals are found by the index over just these."""

    only: ClassVar[str] = ""  # of which kind the acts of the page are, whatever is asked for

    person = filters.CharFilter(method="together", label=_("person"), widget=search_field())
    since = filters.DateFilter(method="filter_since", label=_("since"), widget=day_field())
    until = filters.DateFilter(method="filter_until", label=_("until"), widget=day_field())
    kind = filters.ChoiceFilter(choices=Act.Kind.choices, method="together", label=_("kind"))
    name = filters.ChoiceFilter(choices=trail.choices, label=_("act"))
    by = filters.NumberFilter(method="together", widget=forms.HiddenInput)
    subject_type = filters.CharFilter(widget=forms.HiddenInput)
    subject_id = filters.CharFilter(widget=forms.HiddenInput)

    class Meta:
        model = Act
        fields = ("person", "since", "until", "kind", "name", "by", "subject_type", "subject_id")

    def filter_queryset(self, acts: ActQuerySet) -> ActQuerySet:
        """What is asked for one by one, then the kind with the people."""
        found: ActQuerySet = super().filter_queryset(acts)
        kind, people = self.form.cleaned_data.get("kind") or self.only, self._people()
        if self.only and kind != self.only:
            return found.none()
        if kind:
            return found.of_kind(kind, people)
        return found if people is None else found.filter(by__in=people)

    def together(self, acts: ActQuerySet, name: str, value: object) -> ActQuerySet:
        """Asked for with the others (`filter_queryset`)."""
        return acts

    def _people(self) -> list[int] | None:
        """The numbers of whom is asked for; None where nobody is named."""
        word, number = (self.form.cleaned_data.get(one) for one in ("person", "by"))
        if word:
            found = Person.objects.filter(full_name__icontains=word)
            return list((found if number is None else found.filter(pk=int(number))).values_list("pk", flat=True))
        return None if number is None else [int(number)]

    def filter_since(self, acts: ActQuerySet, name: str, day: date) -> ActQuerySet:
        """From the beginning of a day of the office."""
        return acts.since(days.beginning_of(day))

    def filter_until(self, acts: ActQuerySet, name: str, day: date) -> ActQuerySet:
        """To the end of a day of the office."""
        return acts.until(days.beginning_of(day + timedelta(days=1)))


class LookFilter(ActFilter):
    """Who looked."""

    only = Act.Kind.READ


class RefusedFilter(ActFilter):
    """What was refused to whom."""

    only = Act.Kind.REFUSED
