"""The list of claims."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}


class ClaimTable(tables.Table):
    """Claims; the day of admission and the desk have no room on the screen and stand in the export alone."""

    number = tables.Column(verbose_name=_("claim number"), linkify=("claims:claim", [tables.A("pk")]), attrs=WHOLE)
    member = tables.Column(
        accessor="member__name",
        verbose_name=_("patient"),
        linkify=("claims:person_year", [tables.A("member_id")]),
        orderable=False,
        attrs=WHOLE,
    )
    state = Fragment("claims/_claim_state.html", verbose_name=_("state"))
    kind = tables.Column(verbose_name=_("kind of claim"), orderable=False)
    provider = tables.Column(orderable=False)
    disease = tables.Column(accessor="disease__name", verbose_name=_("diagnosis"), orderable=False)
    admitted_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE, visible=False)
    discharged_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    total = tables.Column(verbose_name=_("total, yuan"), attrs=FIGURE)
    proposed = tables.Column(verbose_name=_("proposed, yuan"), attrs=FIGURE)
    entered_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    body = tables.Column(verbose_name=_("desk"), orderable=False, visible=False)

    class Meta:
        model = Claim
        fields = (
            *("number", "member", "state", "kind", "provider", "disease", "admitted_on", "discharged_on", "total"),
            *("proposed", "entered_on", "body"),
        )
        empty_text = _("No claim like that was taken in.")

    def render_total(self, value: Any) -> str:
        return money.shown(value)

    def render_proposed(self, value: Any) -> str:
        return money.shown(value)

    def value_state(self, record: Claim) -> str:
        return record.get_state_display()
