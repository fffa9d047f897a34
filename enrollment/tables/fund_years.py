"""The lists of schemes and fund years."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.models import FundYear, Scheme
from enrollment.tables.divisions import NUMBER
from office import words
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}


class SchemeTable(tables.Table):
    class Meta:
        model = Scheme
        fields = ("code", "name", "insures", "contribution", "account", "is_basic")
        empty_text = _("No scheme like that is known.")


class FundYearTable(tables.Table):
    """Fund years, each with `heads`: how many should enroll, and `fee`: what an ordinary person contributes in all, or
    with `wages`: which part of his wage is contributed for somebody at work."""

    year = tables.Column(linkify=("enrollment:fund_year", [tables.A("pk")]))
    state = Fragment("enrollment/_fund_year_state.html", verbose_name=_("state"))
    scheme = tables.Column(attrs=WHOLE)
    period = tables.Column(orderable=False, attrs=WHOLE)
    paper_date = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    fee = tables.Column(verbose_name=_("contribution, yuan"), attrs=NUMBER, empty_values=())
    heads = tables.Column(verbose_name=_("should enroll"), attrs=NUMBER)
    proposed_by = tables.Column(attrs=WHOLE)

    class Meta:
        model = FundYear
        fields = ("year", "scheme", "state", "period", "fee", "heads", "paper_number", "paper_date", "proposed_by")
        empty_text = _("No fund year like that was entered.")

    def render_heads(self, value: int) -> str:
        return f"{value:,}"

    def render_fee(self, record: Any) -> str:
        if record.wages is not None:
            return gettext("%(percent)s %% of wages") % {"percent": f"{record.wages.normalize():f}"}
        return "—" if record.fee is None else money.shown(record.fee)

    def value_fee(self, record: Any) -> object:
        return record.fee if record.wages is None else self.render_fee(record)

    def render_period(self, record: FundYear) -> str:
        return words.period(record.period)

    def value_period(self, record: FundYear) -> str:
        return words.period(record.period)

    def value_state(self, record: FundYear) -> str:
        return str(record.get_state_display())
