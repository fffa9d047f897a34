"""The list of go-live protocols."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enrollment.models import GoLiveProtocol
from enrollment.tables.coverage import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import money


class ProtocolTable(tables.Table):
    kind = tables.Column(linkify=("enrollment:go_live_protocol", [tables.A("pk")]), orderable=False, attrs=WHOLE)
    state = Fragment("enrollment/_go_live_state.html", verbose_name=_("state"), orderable=False)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    as_of = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    file = tables.Column(accessor="file__name", verbose_name=_("file"), orderable=False)
    rows = tables.Column(attrs=FIGURE, orderable=False)
    total = tables.Column(verbose_name=_("sum, yuan"), attrs=FIGURE, orderable=False)
    proposed_by = tables.Column(accessor="proposed_by__full_name", verbose_name=_("brought by"), orderable=False)
    proposed_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)

    class Meta:
        model = GoLiveProtocol
        fields = ("kind", "state", "fund_year", "as_of", "file", "rows", "total", "proposed_by", "proposed_at")
        empty_text = _("Nothing was brought along yet.")

    def render_rows(self, value: int) -> str:
        return f"{value:,}"

    def render_total(self, value: Any) -> str:
        return money.shown(value)

    def value_state(self, record: GoLiveProtocol) -> str:
        return str(record.get_state_display())
