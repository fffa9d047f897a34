"""What the list of levels can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from funds.models import Book, WarningLevel


class WarningLevelFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(queryset=Book.objects.order_by("pk"), label=_("books"))
    code = filters.ChoiceFilter(choices=WarningLevel.Code.choices, label=_("warning"))
    state = filters.ChoiceFilter(choices=WarningLevel.State.choices, label=_("state"))

    class Meta:
        model = WarningLevel
        fields = ("book", "code", "state")
