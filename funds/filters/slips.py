"""What the lists of slips and letters can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import Book, Slip, SubsidyLetter
from office.filters import day_field, search_field


class SlipFilter(filters.FilterSet):
    number = filters.CharFilter(
        lookup_expr="icontains", label=pgettext_lazy("money in", "number of the paper"), widget=search_field()
    )
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))
    kind = filters.ChoiceFilter(choices=Slip.Kind.choices, label=_("what came in"))
    state = filters.ChoiceFilter(choices=Slip.State.choices, label=_("state"))
    since = filters.DateFilter(field_name="on", lookup_expr="gte", label=_("from"), widget=day_field())
    until = filters.DateFilter(field_name="on", lookup_expr="lte", label=_("until"), widget=day_field())

    class Meta:
        model = Slip
        fields = ("number", "book", "kind", "state", "since", "until")


class LetterFilter(filters.FilterSet):
    number = filters.CharFilter(lookup_expr="icontains", label=_("number of the letter"), widget=search_field())
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))

    class Meta:
        model = SubsidyLetter
        fields = ("number", "book")
