"""What the list of go-live protocols can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from enrollment.models import GoLiveProtocol
from office.filters import search_field


class ProtocolFilter(filters.FilterSet):
    name = filters.CharFilter(field_name="file__name", lookup_expr="icontains", label=_("file"), widget=search_field())
    kind = filters.ChoiceFilter(choices=GoLiveProtocol.Kind.choices, label=_("what"))
    state = filters.ChoiceFilter(choices=GoLiveProtocol.State.choices, label=_("state"))

    class Meta:
        model = GoLiveProtocol
        fields = ("name", "kind", "state")
