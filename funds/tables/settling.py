"""The lists of settlements: payments to providers, prepayments, terms, assessments, premiums, risk fund, recoveries."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from funds.models import (
    Assessment,
    Premium,
    Prepayment,
    ProviderPayment,
    Recovery,
    RetentionTerm,
    RiskMove,
    SecondRun,
)
from funds.tables.books import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import money


def number_column(page: str) -> tables.Column:
    """The number, which leads to the record's page."""
    return tables.Column(linkify=(f"funds:{page}", [tables.A("pk")]), attrs=WHOLE)


def amount_column(label: Any = None) -> tables.Column:
    """An amount in yuan."""
    return tables.Column(verbose_name=label or gettext_lazy("amount, yuan"), attrs=FIGURE)


class AskedTable(tables.Table):
    """What is asked for, with its state in words."""

    state = Fragment("funds/settling/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    book = tables.Column(orderable=False)
    paper = tables.Column(orderable=False)
    on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    proposed_by = tables.Column(orderable=False)

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())

    def render_amount(self, value: Any) -> str:
        return money.shown(value)

    render_gross = render_retained = render_set_off = render_per_head = render_amount

    def render_year(self, value: int) -> str:
        return str(value)

    render_spent_in = render_year


class ProviderPaymentTable(AskedTable):
    """Payments of settlements."""

    number = number_column("provider_payment")
    settlement = tables.Column(linkify=("claims:settlement", [tables.A("settlement_id")]), attrs=WHOLE, orderable=False)
    provider = tables.Column(accessor="settlement__provider", verbose_name=gettext_lazy("provider"), orderable=False)
    gross = amount_column(gettext_lazy("payable, yuan"))
    retained = amount_column(gettext_lazy("kept back, yuan"))
    set_off = amount_column(gettext_lazy("set off, yuan"))
    amount = amount_column(gettext_lazy("paid, yuan"))

    class Meta:
        model = ProviderPayment
        exclude = ("paper", "proposed_by")
        fields = ("number", "state", "provider", "settlement", "gross", "retained", "set_off", "amount", "on", "book")
        sequence = fields
        empty_text = gettext_lazy("No payment of a settlement like that was asked for.")


class PrepaymentTable(AskedTable):
    """Prepayments."""

    number = number_column("prepayment")
    provider = tables.Column(orderable=False)
    amount = amount_column()

    class Meta:
        model = Prepayment
        fields = ("number", "state", "provider", "year", "amount", "paper", "on", "book", "proposed_by")
        sequence = fields
        empty_text = gettext_lazy("No prepayment like that was asked for.")


class RetentionTermTable(AskedTable):
    """Terms of retention."""

    number = number_column("retention_term")
    provider = tables.Column(orderable=False)
    level = tables.Column(orderable=False)
    percent = tables.Column(attrs=FIGURE)

    class Meta:
        model = RetentionTerm
        exclude = ("proposed_by",)
        fields = ("number", "state", "on", "percent", "full_score", "floor_score", "provider", "level", "paper", "book")
        sequence = fields
        empty_text = gettext_lazy("No terms like that: nothing is kept back without them.")


class AssessmentTable(AskedTable):
    """Assessments."""

    number = number_column("assessment")
    provider = tables.Column(orderable=False)
    retained = amount_column(gettext_lazy("kept back, yuan"))
    amount = amount_column(gettext_lazy("given back, yuan"))

    class Meta:
        model = Assessment
        exclude = ("proposed_by",)
        fields = ("number", "state", "provider", "year", "score", "retained", "amount", "paper", "on", "book")
        sequence = fields
        empty_text = gettext_lazy("No assessment like that was entered.")


class PremiumTable(AskedTable):
    """Premiums."""

    number = number_column("premium")
    insurer = tables.Column(orderable=False)
    amount = amount_column()

    class Meta:
        model = Premium
        exclude = ("proposed_by",)
        fields = (
            "number",
            "state",
            "year",
            "instalment",
            "insurer",
            "heads",
            "per_head",
            "amount",
            "paper",
            "on",
            "book",
        )
        sequence = fields
        empty_text = gettext_lazy("No premium like that was asked for.")


class RiskMoveTable(AskedTable):
    """Moves of the risk fund."""

    number = number_column("risk_move")
    kind = tables.Column(orderable=False)
    amount = amount_column()

    class Meta:
        model = RiskMove
        fields = ("number", "state", "kind", "year", "amount", "paper", "on", "book", "proposed_by")
        sequence = fields
        empty_text = gettext_lazy("No move of the risk fund like that was asked for.")


class RecoveryTable(AskedTable):
    """Money that came back."""

    number = number_column("recovery")
    source = tables.Column(orderable=False)
    payer = tables.Column(orderable=False)
    amount = amount_column()

    class Meta:
        model = Recovery
        fields = ("number", "state", "source", "payer", "spent_in", "amount", "paper", "on", "book", "proposed_by")
        sequence = fields
        empty_text = gettext_lazy("No money like that came back.")


class SecondRunTable(tables.Table):
    """Runs of second compensation."""

    number = number_column("second_run")
    state = Fragment("funds/settling/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    book = tables.Column(orderable=False)
    paper = tables.Column(orderable=False)
    people = tables.Column(verbose_name=gettext_lazy("people"), orderable=False, attrs=FIGURE)
    budget = amount_column(gettext_lazy("to be given out, yuan"))
    granted = amount_column(gettext_lazy("granted, yuan"))
    papers_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = SecondRun
        fields = ("number", "state", "year", "people", "budget", "granted", "paper", "papers_by", "book")
        sequence = fields
        empty_text = gettext_lazy("No second compensation like that was drawn up.")

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())

    def render_year(self, value: int) -> str:
        return str(value)

    def render_budget(self, value: Any) -> str:
        return money.shown(value)

    render_granted = render_budget
