"""What the lists of engagements, findings, measures and reports can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import AuditReport, Engagement, Finding, Rectification
from office.filters import day_field, search_field
from office.rules import days

STANDINGS = [
    ("overdue", _("overdue")),
    ("open", pgettext_lazy("rectification", "to be carried out")),
    ("handed_in", pgettext_lazy("rectification", "to be checked")),
    ("closed", pgettext_lazy("rectification", "closed")),
]


class NumberedFilter(filters.FilterSet):
    """By the number or some words of the title."""

    words = filters.CharFilter(method="called", label=_("number or title"), widget=search_field())
    titled = "title"

    def called(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(**{f"{self.titled}__icontains": value}))


class EngagementFilter(NumberedFilter):
    state = filters.ChoiceFilter(choices=Engagement.State.choices, label=_("state"))
    kind = filters.ChoiceFilter(choices=Engagement.Kind.choices, label=_("kind"))
    done_by = filters.ChoiceFilter(choices=Engagement.DoneBy.choices, label=_("done by"))

    class Meta:
        model = Engagement
        fields = ("words", "state", "kind", "done_by")


class FindingFilter(NumberedFilter):
    state = filters.ChoiceFilter(choices=Finding.State.choices, label=_("state"))
    engagement = filters.CharFilter(
        field_name="engagement__number", lookup_expr="iexact", label=_("number of the engagement")
    )

    class Meta:
        model = Finding
        fields = ("words", "state", "engagement")


class RectificationFilter(NumberedFilter):
    standing = filters.ChoiceFilter(method="stands", choices=STANDINGS, label=_("state"))
    engagement = filters.CharFilter(
        field_name="finding__engagement__number", lookup_expr="iexact", label=_("number of the engagement")
    )
    due_until = filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("due until"), widget=day_field())
    titled = "measure"

    class Meta:
        model = Rectification
        fields = ("words", "standing", "engagement", "due_until")

    def stands(self, found: Any, name: str, value: str) -> QuerySet[Any]:
        if value == "overdue":
            overdue: QuerySet[Any] = found.overdue(days.business_day(timezone.now()))
            return overdue
        narrowed: QuerySet[Any] = found.filter(state=value)
        return narrowed


class AuditReportFilter(NumberedFilter):
    state = filters.ChoiceFilter(choices=AuditReport.State.choices, label=_("state"))
    titled = "engagement__title"

    class Meta:
        model = AuditReport
        fields = ("words", "state")
