"""The list of limits."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from claims.models import Limit
from claims.prints.days import shown_days
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class LimitTable(tables.Table):
    """Limits: from which amount claims of which scheme, kind and region take a step, on which days, by which paper."""

    kind = tables.Column(verbose_name=_("kind of claim"), default=_("any"), attrs=WHOLE)
    region = tables.Column(default=_("any"), attrs=WHOLE)
    amount = tables.Column(verbose_name=_("amount, yuan"), attrs=NUMBER)
    period = tables.Column(attrs=WHOLE)
    state = Fragment("claims/_before_state.html", verbose_name=_("state"))

    class Meta:
        model = Limit
        fields = ("scheme", "step", "basis", "amount", "kind", "region", "period", "document", "state", "proposed_by")
        empty_text = _("No limit like that was entered.")

    def render_amount(self, value: object) -> str:
        return money.shown(value)  # type: ignore[arg-type]

    def render_period(self, record: Limit) -> str:
        return shown_days(record.period)

    def value_state(self, record: Limit) -> str:
        return record.get_state_display()

    def value_period(self, record: Limit) -> str:
        return shown_days(record.period)
