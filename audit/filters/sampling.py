"""What the lists of populations and samples can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Engagement, Population, Sample
from office.filters import search_field


class PopulationFilter(filters.FilterSet):
    """By number, engagement, what it is of, and state."""

    words = filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("number"), widget=search_field())
    engagement = filters.ModelChoiceFilter(queryset=Engagement.objects.order_by("-pk"), label=_("engagement"))
    source = filters.ChoiceFilter(choices=Population.Source.choices, label=_("population of"))
    state = filters.ChoiceFilter(choices=Population.State.choices, label=_("state"))

    class Meta:
        model = Population
        fields = ("words", "engagement", "source", "state")


class SampleFilter(filters.FilterSet):
    """By number or what is tested, engagement, method and state."""

    words = filters.CharFilter(method="named", label=_("number or what is tested"), widget=search_field())
    engagement = filters.ModelChoiceFilter(
        field_name="population__engagement", queryset=Engagement.objects.order_by("-pk"), label=_("engagement")
    )
    method = filters.ChoiceFilter(choices=Sample.Method.choices, label=_("method"))
    state = filters.ChoiceFilter(choices=Sample.State.choices, label=_("state"))

    class Meta:
        model = Sample
        fields = ("words", "engagement", "method", "state")

    def named(self, found: QuerySet[Sample], name: str, value: str) -> QuerySet[Sample]:
        return found.filter(Q(number__icontains=value) | Q(purpose__icontains=value))
