"""The list of levels of warnings."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from funds.models import WarningLevel
from funds.tables.books import WHOLE
from funds.tables.budgets import StateTable

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class WarningLevelTable(StateTable):
    """From which level on which fund warns, since when, by which paper."""

    book = tables.Column(orderable=False)
    code = tables.Column(orderable=False)
    level = tables.Column(attrs=NUMBER)
    since = tables.DateColumn(short=True, attrs=WHOLE)
    document = tables.Column(orderable=False)
    proposed_by = tables.Column(orderable=False)

    class Meta:
        model = WarningLevel
        fields = ("code", "book", "level", "since", "state", "document", "proposed_by")
        sequence = fields
        empty_text = gettext_lazy("No level was set: those of the papers hold.")
