"""What the list of benefit plans can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models import BenefitPlan
from claims.models.plans import BenefitPlanQuerySet
from enrollment.models import Scheme
from office.filters import search_field


class BenefitPlanFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("name, code or paper"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    year = filters.NumberFilter(method="in_year", label=_("year"), min_value=2003, max_value=2100)
    kind = filters.ChoiceFilter(choices=BenefitPlan.Kind.choices, label=_("kind of benefit"))
    state = filters.ChoiceFilter(choices=BenefitPlan.State.choices, label=_("state"))

    class Meta:
        model = BenefitPlan
        fields = ("words", "scheme", "year", "kind", "state")

    def named(self, found: BenefitPlanQuerySet, name: str, value: str) -> BenefitPlanQuerySet:
        """What has the words in one of its names, its code or the number of its paper."""
        fields = ("name_zh", "name_en", "code", "paper_number")
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": value})
        return found.filter(wanted)

    def in_year(self, found: BenefitPlanQuerySet, name: str, value: int) -> BenefitPlanQuerySet:
        """What is in force on a day of the year."""
        return found.of_year(int(value))
