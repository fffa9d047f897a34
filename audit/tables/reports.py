"""The list of texts of reports."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.models import ReportText

WHOLE = {"td": {"class": "text-nowrap"}}


class ReportTextTable(tables.Table):
    """Texts that were given in, the newest first."""

    given_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)
    title = tables.Column(orderable=False)
    year = tables.Column(attrs=WHOLE, localize=False)
    given_by = tables.Column(orderable=False, attrs=WHOLE)

    class Meta:
        model = ReportText
        fields = ("given_at", "title", "year", "span", "given_by")
        order_by = "-given_at"
        empty_text = _("No text of a report was given in.")

    def render_title(self, record: ReportText) -> str:
        return format_html('<a href="{}">{}</a>', reverse("audit:report_text", args=[record.pk]), record.title)

    def value_title(self, record: ReportText) -> str:
        return record.title
