"""The list of divisions."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enrollment.models import Division
from office.pages.columns import Fragment

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class DivisionTable(tables.Table):
    """Divisions, each with `villages`: how many lie in it."""

    name = Fragment("enrollment/_division_name.html", verbose_name=_("name"))
    villages = tables.Column(verbose_name=_("villages"), attrs=NUMBER)
    station = tables.Column(verbose_name=_("served by"), orderable=False, empty_values=())
    change = Fragment("enrollment/_division_change.html", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = Division
        fields = ("code", "name", "parent", "villages", "station", "change")
        empty_text = _("No division like that is known. The county's list is brought in with import_divisions.")

    def render_villages(self, value: int, record: Division) -> str:
        return f"{value:,}" if record.level == Division.Level.TOWNSHIP else "—"

    def render_station(self, record: Division) -> str:
        return self.value_station(record) or "—"

    def value_name(self, record: Division) -> str:
        return record.name

    def value_station(self, record: Division) -> str:
        served = record.station or (record.parent.station if record.parent else None)
        return served.name if served else ""
