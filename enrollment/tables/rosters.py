"""The lists of rosters."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enrollment.models import RosterImport

FIGURE = {"td": {"class": "num"}, "th": {"class": "num"}}


class RosterImportTable(tables.Table):
    rows = tables.Column(attrs=FIGURE)
    good = tables.Column(attrs=FIGURE)
    held = tables.Column(attrs=FIGURE)
    written = tables.Column(attrs=FIGURE)
    written_by = tables.Column(verbose_name=_("by"), accessor="written_by__full_name", order_by="written_by__full_name")

    class Meta:
        model = RosterImport
        fields = ("name", "fund_year", "rows", "good", "held", "written", "written_by", "written_at")
        empty_text = _("No roster was written yet.")
