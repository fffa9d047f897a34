"""What the list of divisions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enrollment.models import Division
from office.access import Request
from office.filters import search_field
from office.models import Body


def townships_in_sight(request: Request | HttpRequest | None) -> QuerySet[Division]:
    """The townships that whoever asks may see."""
    if request is None:
        return Division.objects.none()
    seen = Division.objects.visible_to(request.user)  # type: ignore[arg-type]  # behind the sign-in
    return seen.filter(level=Division.Level.TOWNSHIP)


class DivisionFilter(filters.FilterSet):
    """Townships; the villages of one of them; or whatever has a name, code or initials like that."""

    name = filters.CharFilter(method="named", label=_("name, code or initials"), widget=search_field())
    township = filters.ModelChoiceFilter(
        field_name="parent", queryset=townships_in_sight, label=_("villages of"), empty_label=_("all townships")
    )
    station = filters.ModelChoiceFilter(
        method="served_by", queryset=Body.objects.filter(kind=Body.Kind.TOWNSHIP_STATION), label=_("served by")
    )

    class Meta:
        model = Division
        fields = ("name", "township", "station")

    def filter_queryset(self, queryset: QuerySet[Division]) -> QuerySet[Division]:
        found: QuerySet[Division] = super().filter_queryset(queryset)
        typed = self.form.cleaned_data
        if typed.get("name") or typed.get("township"):
            return found
        return found.filter(level=Division.Level.TOWNSHIP)

    def named(self, divisions: QuerySet[Division], field: str, typed: str) -> QuerySet[Division]:
        asked = typed.strip()
        return divisions.filter(
            Q(name__contains=asked) | Q(code__startswith=asked) | Q(search_keys__contains=[asked.lower()])
        )

    def served_by(self, divisions: QuerySet[Division], field: str, body: Any) -> QuerySet[Division]:
        return divisions.filter(Q(station=body) | Q(parent__station=body))
