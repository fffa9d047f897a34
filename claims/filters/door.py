"""What the list of tokens can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claims.door_words import TOKEN_STATES
from claims.models import DoorToken, Provider
from office.filters import search_field


class DoorTokenFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("name or beginning"), widget=search_field())
    state = filters.ChoiceFilter(
        field_name="state", choices=[(state, words) for state, (_tone, words) in TOKEN_STATES.items()], label=_("state")
    )
    provider = filters.ModelChoiceFilter(queryset=Provider.objects.filter(body__isnull=False), label=_("provider"))

    class Meta:
        model = DoorToken
        fields = ("words", "state", "provider")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(label__contains=value) | found.filter(prefix__startswith=value.removeprefix("hd_").lower())
