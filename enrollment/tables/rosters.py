"""The lists of rosters."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enrollment.models import Household, RosterImport

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


class NotWholeTable(tables.Table):
    number = tables.Column(linkify=("enrollment:household", [tables.A("pk")]))
    village = tables.Column(verbose_name=_("village"), accessor="village__name", order_by="village__name")
    people = tables.Column(verbose_name=_("people"), attrs=FIGURE)
    insured = tables.Column(verbose_name=_("insured"), attrs=FIGURE)

    class Meta:
        model = Household
        fields = ("number", "village", "people", "insured")
        empty_text = _("Every household is whole.")
