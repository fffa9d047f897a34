"""The list of the hospitals' tokens."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.door_words import TOKEN_STATES
from claims.models import DoorToken
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}


class DoorTokenTable(tables.Table):
    """Tokens: whose, for whom they act, until when, and when one last handed a claim in."""

    label = tables.Column(linkify=("claims:door_token", [tables.A("pk")]))
    state = Fragment("claims/_token_state.html", verbose_name=_("state"), orderable=False, attrs=WHOLE)
    prefix = tables.Column(attrs=WHOLE)
    acts_for = tables.Column(accessor="acts_for__full_name", verbose_name=_("acts for"), attrs=WHOLE)
    given_by = tables.Column(
        accessor="given_by__full_name", verbose_name=pgettext_lazy("token", "given by"), attrs=WHOLE
    )
    ends_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)
    last_used = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("last claim handed in"), attrs=WHOLE)

    class Meta:
        model = DoorToken
        fields = ("label", "state", "provider", "acts_for", "prefix", "ends_at", "given_by", "last_used")
        empty_text = _("No hospital has a token like that.")

    def value_state(self, record: Any) -> str:
        return str(TOKEN_STATES[record.state][1])
