"""The lists of slips and of letters for subsidies."""

from __future__ import annotations

from decimal import Decimal

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from funds.models import Slip, SubsidyLetter
from funds.tables.books import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import money


class SlipTable(tables.Table):
    """Slips, each with its books."""

    number = tables.Column(linkify=("funds:slip", [tables.A("pk")]), attrs=WHOLE)
    on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    book = tables.Column(attrs={"td": {"class": "cell-words"}})
    account = tables.Column(attrs={"td": {"class": "cell-short"}})
    amount = tables.Column(verbose_name=_("amount, yuan"), attrs=FIGURE)
    state = Fragment("funds/in/_slip_state.html", verbose_name=_("state"))
    seen_on = tables.DateColumn(format="Y-m-d", attrs={**WHOLE, "th": {"class": "head-wraps"}})

    class Meta:
        model = Slip
        fields = ("number", "on", "book", "kind", "fund_year", "account", "amount", "state", "seen_on", "noted_by")
        orderable = False
        empty_text = _("No money like that came in.")

    def render_amount(self, value: Decimal) -> str:
        return money.shown(value)


class LetterTable(tables.Table):
    """Letters for subsidies that are owed."""

    number = tables.Column(linkify=("funds:subsidy_letter_print", [tables.A("pk")]), attrs=WHOLE)
    as_of = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    pay_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    due = tables.Column(attrs=FIGURE)
    arrived = tables.Column(attrs=FIGURE)
    owed = tables.Column(attrs=FIGURE)

    class Meta:
        model = SubsidyLetter
        fields = ("number", "as_of", "fund_year", "payer", "due", "arrived", "owed", "pay_by", "made_by")
        orderable = False
        empty_text = _("No payer was reminded yet.")

    def render_due(self, value: Decimal) -> str:
        return money.shown(value)

    render_arrived = render_owed = render_due
