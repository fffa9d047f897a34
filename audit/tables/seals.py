"""The lists of seals and of checks of the trail."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Seal, TrailCheck
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num text-nowrap"}}


class SealTable(tables.Table):
    """Seals, each a checkpoint with its code."""

    number = tables.Column(linkify=("audit:seal", [tables.A("number")]), attrs=NUMBER)
    at = tables.DateTimeColumn(format="Y-m-d H:i:s", attrs=WHOLE)
    rows = tables.Column(attrs=NUMBER)
    total = tables.Column(attrs=NUMBER, orderable=False)
    code = tables.Column(verbose_name=pgettext_lazy("seal", "code"), orderable=False, attrs=WHOLE)
    key = tables.Column(orderable=False, attrs=WHOLE)

    class Meta:
        model = Seal
        fields = ("number", "at", "rows", "total", "code", "key")
        empty_text = _("No seal like that.")

    def render_number(self, value: int) -> str:
        return f"{value:,}"

    def render_rows(self, value: int) -> str:
        return f"{value:,}"

    def render_total(self, value: int) -> str:
        return f"{value:,}"


class TrailCheckTable(tables.Table):
    """Checks of the trail, and what they found."""

    begun_at = tables.DateTimeColumn(format="Y-m-d H:i", linkify=("audit:trail_check", [tables.A("pk")]), attrs=WHOLE)
    result = Fragment("audit/_check_result.html", verbose_name=pgettext_lazy("check", "result"), orderable=False)
    rows = tables.Column(attrs=NUMBER, orderable=False)
    unsealed = tables.Column(attrs=NUMBER, orderable=False)
    found = tables.Column(attrs=NUMBER)
    by = tables.Column(
        verbose_name=pgettext_lazy("check", "asked by"), orderable=False, default=_("the clock"), attrs=WHOLE
    )

    class Meta:
        model = TrailCheck
        fields = ("begun_at", "kind", "result", "rows", "unsealed", "found", "by")
        empty_text = _("The trail was not checked yet.")

    def value_result(self, record: TrailCheck) -> str:
        return str(_("faults found")) if record.found else str(_("no fault"))

    def render_rows(self, value: int) -> str:
        return f"{value:,}"

    def render_unsealed(self, value: int) -> str:
        return f"{value:,}"

    def render_found(self, value: int) -> str:
        return f"{value:,}"
