"""What the lists of seals and of checks of the trail can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Seal, TrailCheck
from office.filters import day_field


class SealFilter(filters.FilterSet):
    number = filters.NumberFilter(label=_("number"), min_value=1)
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("since"), widget=day_field())
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("until"), widget=day_field())

    class Meta:
        model = Seal
        fields = ("number", "since", "until")


class TrailCheckFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=TrailCheck.Kind.choices, label=_("kind of check"))
    result = filters.ChoiceFilter(
        choices=[("faulty", _("faults found")), ("well", _("no fault"))],
        method="came_to",
        label=pgettext_lazy("check", "result"),
    )
    since = filters.DateFilter(field_name="begun_at", lookup_expr="date__gte", label=_("since"), widget=day_field())

    class Meta:
        model = TrailCheck
        fields = ("kind", "result", "since")

    def came_to(self, found: QuerySet[TrailCheck], name: str, value: str) -> QuerySet[TrailCheck]:
        """Those that found something, or nothing."""
        return found.filter(found__gt=0) if value == "faulty" else found.filter(found=0)
