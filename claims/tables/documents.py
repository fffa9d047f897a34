"""The lists of documents of many claims, and of what providers are owed for them."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from claims.models import BulkDocument, Settlement
from claims.tables.before import WHOLE, StateTable, page_column
from claims.tables.claims import FIGURE
from office.pages.columns import Fragment
from office.rules import money


class DocumentTable(StateTable):
    """Village registers and hospitals' lists, each with `faulty`: how many of its rows have faults."""

    number = page_column("bulk_document")
    state = Fragment("claims/document/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    kind = tables.Column(orderable=False, attrs=WHOLE)
    provider = tables.Column(orderable=False)
    scheme = tables.Column(orderable=False, attrs=WHOLE)
    month = tables.DateColumn(format="Y-m", attrs=WHOLE)
    row_count = tables.Column(verbose_name=gettext_lazy("rows"), orderable=False, attrs=FIGURE)
    faulty = tables.Column(verbose_name=gettext_lazy("with faults"), orderable=False, attrs=FIGURE)
    total = tables.Column(verbose_name=gettext_lazy("total cost, yuan"), attrs=FIGURE)
    proposed = tables.Column(verbose_name=gettext_lazy("proposed, yuan"), attrs=FIGURE)
    entered_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    entered_by = tables.Column(orderable=False)

    class Meta:
        model = BulkDocument
        fields = (
            "number", "state", "kind", "provider", "scheme", "month", "row_count", "faulty", "total", "proposed",
            "entered_on", "entered_by",
        )  # fmt: skip
        empty_text = gettext_lazy("No register or list like that was begun.")

    def render_total(self, value: Any) -> str:
        return money.shown(value)

    render_proposed = render_total


class SettlementTable(tables.Table):
    """Settlements."""

    number = page_column("settlement")
    document = tables.Column(
        verbose_name=gettext_lazy("register or list"),
        linkify=("claims:bulk_document", [tables.A("document_id")]),
        orderable=False,
        attrs=WHOLE,
    )
    provider = tables.Column(orderable=False)
    scheme = tables.Column(orderable=False, attrs=WHOLE)
    month = tables.DateColumn(format="Y-m", attrs=WHOLE)
    claims = tables.Column(orderable=False, attrs=FIGURE)
    total = tables.Column(verbose_name=gettext_lazy("total cost, yuan"), attrs=FIGURE)
    deducted = tables.Column(verbose_name=gettext_lazy("deducted, yuan"), attrs=FIGURE)
    fund_pays = tables.Column(verbose_name=gettext_lazy("the funds pay, yuan"), attrs=FIGURE)
    made_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = Settlement
        fields = (
            "number", "document", "provider", "scheme", "month", "claims", "total", "deducted", "fund_pays", "made_on",
        )  # fmt: skip
        empty_text = gettext_lazy("Nothing like that was settled.")

    def render_total(self, value: Any) -> str:
        return money.shown(value)

    render_deducted = render_fund_pays = render_total
