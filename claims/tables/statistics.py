"""The list of statistics sheets."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.models import StatisticsSheet
from claims.prints import statistics as prints
from claims.tables.before import WHOLE, page_column
from office.pages.columns import Fragment


class SheetTable(tables.Table):
    """Sheets as they were given out, with what corrects them."""

    number = page_column("statistics_sheet")
    state = Fragment(
        "claims/statistics/_state.html", verbose_name=gettext_lazy("state"), orderable=False, empty_values=()
    )
    scheme = tables.Column(orderable=False)
    first = tables.Column(verbose_name=gettext_lazy("span"), attrs=WHOLE)
    corrects = tables.Column(orderable=False, attrs=WHOLE)
    reason = tables.Column(orderable=False)
    made_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    made_by = tables.Column(verbose_name=pgettext_lazy("statistics", "made by"), orderable=False)

    class Meta:
        model = StatisticsSheet
        fields = ("number", "state", "scheme", "first", "corrects", "reason", "made_on", "made_by")
        empty_text = gettext_lazy("No sheet like that was made.")

    def render_first(self, record: StatisticsSheet) -> str:
        return prints.span_words(record.span, record.first)

    def value_state(self, record: Any) -> str:
        return _("corrected") if hasattr(record, "corrected_by") else _("in force")
