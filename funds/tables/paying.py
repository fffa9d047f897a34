"""The lists of payments: batches, payments, what is payable, orders, fund requests, answers of the bank."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from claims.models import ClaimPart
from funds import paying_words
from funds.models import BankAnswer, FundRequest, Payment, PaymentBatch, PaymentOrder
from funds.selectors.paying import Standing
from funds.tables.books import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import masking, money

STATE = "funds/paying/_state.html"


def page_column(name: str, **more: Any) -> tables.Column:
    """The number, which leads to the page."""
    return tables.Column(linkify=(f"funds:{name}", [tables.A("pk")]), attrs=WHOLE, **more)


class StateTable(tables.Table):
    """A list whose rows have a state in words and an amount."""

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())

    def render_amount(self, value: Any) -> str:
        return money.shown(value)


class BatchTable(StateTable):
    """Batches, each with `count` and `sum` of its payments without those that were stopped."""

    number = page_column("batch")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    book = tables.Column(orderable=False)
    place = tables.Column(orderable=False, attrs=WHOLE)
    words = tables.Column(orderable=False)
    count = tables.Column(verbose_name=gettext_lazy("payments"), orderable=False, attrs=FIGURE)
    amount = tables.Column(verbose_name=gettext_lazy("sum, yuan"), orderable=False, attrs=FIGURE, empty_values=())
    made_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    made_by = tables.Column(orderable=False)

    class Meta:
        model = PaymentBatch
        fields = ("number", "state", "book", "place", "words", "count", "amount", "made_on", "made_by")
        empty_text = gettext_lazy("No batch like that was made.")

    def render_amount(self, value: Any) -> str:
        return money.shown(value or 0)


class PaymentTable(StateTable):
    """Payments."""

    number = page_column("payment")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    payee_name = tables.Column(orderable=False)
    payee_account = tables.Column(orderable=False, attrs=WHOLE)
    amount = tables.Column(attrs=FIGURE)
    summary = tables.Column(orderable=False)
    settled_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    reason = tables.Column(orderable=False)

    class Meta:
        model = Payment
        fields = ("number", "state", "payee_name", "payee_account", "amount", "summary", "settled_on", "reason")
        empty_text = gettext_lazy("No payment like that was made.")

    def render_payee_account(self, value: str) -> str:
        return masking.masked_account(value)

    value_payee_account = render_payee_account


class PayableTable(tables.Table):
    """Parts that are to be paid, each with how it stands now."""

    claim = tables.Column(
        accessor="approval__claim__number",
        verbose_name=gettext_lazy("claim"),
        linkify=("claims:claim", [tables.A("approval__claim_id")]),
        orderable=False,
        attrs=WHOLE,
    )
    stop = tables.Column(verbose_name=gettext_lazy("stopped because"), empty_values=(), orderable=False, accessor="pk")
    payee = tables.Column(accessor="approval__claim__payee_name", verbose_name=gettext_lazy("payee"), orderable=False)
    account = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("account"), empty_values=(), orderable=False, attrs=WHOLE
    )
    layer = tables.Column(orderable=False)
    amount = tables.Column(verbose_name=gettext_lazy("amount, yuan"), attrs=FIGURE)
    confirm = Fragment("funds/paying/_confirm.html", verbose_name="", orderable=False)

    def __init__(self, *args: Any, standings: dict[int, Standing] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standings = standings or {}

    class Meta:
        model = ClaimPart
        fields = ("claim", "stop", "payee", "account", "layer", "amount", "confirm")
        empty_text = gettext_lazy("Nothing waits to be paid.")

    def render_stop(self, record: ClaimPart) -> str:
        known = self.standings.get(record.pk)
        return paying_words.stop(known.stop) if known is not None and known.stop else "—"

    value_stop = render_stop

    def render_account(self, record: ClaimPart) -> str:
        known = self.standings.get(record.pk)
        account = known.account if known is not None else None
        return masking.masked_account(account.number) if account is not None and account.number else "—"

    value_account = render_account

    def render_amount(self, value: Any) -> str:
        return money.shown(value)


class OrderTable(StateTable):
    """Orders of payment."""

    number = page_column("payment_order")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    kind = tables.Column(orderable=False, attrs=WHOLE)
    payee_name = tables.Column(orderable=False)
    summary = tables.Column(orderable=False)
    amount = tables.Column(verbose_name=gettext_lazy("amount, yuan"), attrs=FIGURE)
    ordered_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    ordered_by = tables.Column(orderable=False)

    class Meta:
        model = PaymentOrder
        fields = ("number", "state", "kind", "payee_name", "summary", "amount", "ordered_on", "ordered_by")
        empty_text = gettext_lazy("Nothing like that was ordered.")


class FundRequestTable(StateTable):
    """Fund requests."""

    number = page_column("fund_request")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    book = tables.Column(orderable=False)
    month = tables.DateColumn(format="Y-m", attrs=WHOLE)
    amount = tables.Column(verbose_name=gettext_lazy("amount, yuan"), attrs=FIGURE)
    in_hand = tables.Column(orderable=False, attrs=FIGURE)
    reserved = tables.Column(orderable=False, attrs=FIGURE)
    arrived_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    made_by = tables.Column(orderable=False)

    class Meta:
        model = FundRequest
        fields = ("number", "state", "book", "month", "amount", "in_hand", "reserved", "arrived_on", "made_by")
        empty_text = gettext_lazy("No money like that was asked for.")

    def render_in_hand(self, value: Any) -> str:
        return money.shown(value)

    render_reserved = render_in_hand


class AnswerTable(tables.Table):
    """Answers of the bank, each with `doubtful`: how many of its lines somebody has to look into."""

    name = page_column("bank_answer")
    book = tables.Column(orderable=False)
    format = tables.Column(orderable=False, attrs=WHOLE)
    lines = tables.Column(orderable=False, attrs=FIGURE)
    doubtful = tables.Column(verbose_name=gettext_lazy("to look into"), orderable=False, attrs=FIGURE)
    total = tables.Column(verbose_name=gettext_lazy("sum, yuan"), attrs=FIGURE)
    taken_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    taken_by = tables.Column(orderable=False)

    class Meta:
        model = BankAnswer
        fields = ("name", "book", "format", "lines", "doubtful", "total", "taken_on", "taken_by")
        empty_text = gettext_lazy("No answer like that was taken.")

    def render_total(self, value: Any) -> str:
        return money.shown(value)
