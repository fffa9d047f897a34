"""The lists of populations and of samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.models import Population, Sample
from funds.tables.books import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import money


class PopulationTable(tables.Table):
    """Populations, frozen or being frozen."""

    number = tables.Column(linkify=("audit:population", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("audit/sampling/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    engagement = tables.Column(orderable=False, attrs=WHOLE)
    source = tables.Column(orderable=False)
    since = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    until = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    items = tables.Column(attrs=FIGURE)
    amount = tables.Column(attrs=FIGURE)
    asked_by = tables.Column(orderable=False)

    class Meta:
        model = Population
        fields = ("number", "state", "engagement", "source", "since", "until", "items", "amount", "asked_by")
        empty_text = gettext_lazy("No population is frozen yet.")

    def value_state(self, record: Population) -> str:
        return str(record.get_state_display())

    def render_items(self, value: int) -> str:
        return f"{value:,}"

    def render_amount(self, value: Decimal) -> str:
        return money.shown(value)


class SampleTable(tables.Table):
    """Samples with how far they are."""

    number = tables.Column(linkify=("audit:sample", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("audit/sampling/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    engagement = tables.Column(accessor="population__engagement", orderable=False, attrs=WHOLE,
                               verbose_name=gettext_lazy("engagement"))  # fmt: skip
    population = tables.Column(orderable=False, attrs=WHOLE)
    method = tables.Column(orderable=False)
    purpose = tables.Column(orderable=False)
    drawn_items = tables.Column(verbose_name=gettext_lazy("number of items"), attrs=FIGURE)
    agreed_items = tables.Column(verbose_name=gettext_lazy("agreed"), attrs=FIGURE)
    wrong_items = tables.Column(verbose_name=pgettext_lazy("sample", "wrong"), attrs=FIGURE)

    class Meta:
        model = Sample
        fields = (
            "number", "state", "engagement", "population", "method", "purpose", "drawn_items", "agreed_items",
            "wrong_items",
        )  # fmt: skip
        empty_text = gettext_lazy("No sample is planned yet.")

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())
