"""The lists of budgets and of final accounts."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from funds.models import Budget, FinalAccount
from funds.tables.books import WHOLE
from office.pages.columns import Fragment


class StateTable(tables.Table):
    """A list whose rows have a state in words."""

    state = Fragment("funds/budgets/_state.html", verbose_name=gettext_lazy("state"), orderable=False)

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class BudgetTable(StateTable):
    """Budgets and their adjustments."""

    year = tables.Column(linkify=("funds:budget", [tables.A("pk")]), attrs=WHOLE)
    book = tables.Column(orderable=False)
    version = tables.Column(orderable=False)
    reason = tables.Column(orderable=False)
    drafted_by = tables.Column(orderable=False)
    drafted_at = tables.DateTimeColumn(short=True, attrs=WHOLE)

    class Meta:
        model = Budget
        fields = ("year", "book", "version", "state", "reason", "drafted_by", "drafted_at")
        sequence = fields
        empty_text = gettext_lazy("No budget like that: draft that of a year.")


class FinalAccountTable(StateTable):
    """Final accounts."""

    year = tables.Column(linkify=("funds:final_account", [tables.A("pk")]), attrs=WHOLE)
    book = tables.Column(orderable=False)
    made_by = tables.Column(orderable=False)
    made_at = tables.DateTimeColumn(short=True, attrs=WHOLE)

    class Meta:
        model = FinalAccount
        fields = ("year", "book", "state", "made_by", "made_at")
        sequence = fields
        empty_text = gettext_lazy("No final account like that: one is made of a closed year.")
