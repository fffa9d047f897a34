"""What the lists of budgets and final accounts can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from funds.models import Book, Budget, FinalAccount


class OfBooks(filters.FilterSet):
    book = filters.ModelChoiceFilter(queryset=Book.objects.order_by("pk"), label=_("books"))
    year = filters.NumberFilter(label=_("year"), min_value=2003)


class BudgetFilter(OfBooks):
    state = filters.ChoiceFilter(choices=Budget.State.choices, label=_("state"))

    class Meta:
        model = Budget
        fields = ("book", "year", "state")


class FinalAccountFilter(OfBooks):
    state = filters.ChoiceFilter(choices=FinalAccount.State.choices, label=_("state"))

    class Meta:
        model = FinalAccount
        fields = ("book", "year", "state")
