"""The lists of bank accounts, statements, matches, reconciliation sheets and cash counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.prints.days import shown_days
from funds.models import BankAccount, CashCount, Match, Reconciliation, Statement
from funds.tables.books import WHOLE
from office.pages.columns import Fragment
from office.rules import money

ACCOUNT = pgettext_lazy("books", "account")
MADE_BY = pgettext_lazy("paper", "made by")
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class AmountColumn(tables.Column):
    """Yuan."""

    def __init__(self, **more: Any) -> None:
        super().__init__(attrs=NUMBER, orderable=False, **more)

    def render(self, value: Decimal) -> str:
        return money.shown(value)


class StateTable(tables.Table):
    """A list whose rows have a state in words."""

    state = Fragment("funds/banks/_state.html", verbose_name=_("state"), orderable=False)

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class BankAccountTable(StateTable):
    """Bank accounts of the books; their numbers are hidden but for the last digits."""

    account = tables.Column(
        linkify=("funds:bank_account", [tables.A("pk")]), verbose_name=ACCOUNT, orderable=False, attrs=WHOLE
    )
    book = tables.Column(accessor="account__book", verbose_name=_("books"), orderable=False)
    bank = tables.Column(orderable=False)
    number = tables.Column(accessor="masked_number", verbose_name=_("account number"), orderable=False, attrs=WHOLE)
    since = tables.DateColumn(orderable=False, attrs=WHOLE)

    class Meta:
        model = BankAccount
        fields = ("account", "book", "bank", "number", "since", "state", "proposed_by")
        sequence = fields
        empty_text = _("No bank account like that: enter which one each account of the books is.")


class StatementTable(StateTable):
    """Statements of banks and of finance."""

    period = tables.Column(linkify=("funds:statement", [tables.A("pk")]), attrs=WHOLE)
    account = tables.Column(accessor="bank_account__account", verbose_name=ACCOUNT, orderable=False)
    opening = AmountColumn(verbose_name=_("begins with, yuan"))
    came_in = AmountColumn(verbose_name=_("came in, yuan"))
    went_out = AmountColumn(verbose_name=_("went out, yuan"))
    closing = AmountColumn(verbose_name=_("ends with, yuan"))
    line_count = tables.Column(orderable=False, attrs=NUMBER)
    kept_by = tables.Column(orderable=False)

    class Meta:
        model = Statement
        fields = ("period", "account", "opening", "came_in", "went_out", "closing", "line_count", "state", "kept_by")
        sequence = fields
        empty_text = _("No statement like that: take in the file that the bank or finance sent.")

    def render_period(self, record: Statement) -> str:
        return shown_days(record.period)

    def value_period(self, record: Statement) -> str:
        return shown_days(record.period)


class MatchTable(StateTable):
    """What was matched, and what was undone."""

    last_on = tables.DateColumn(linkify=("funds:match", [tables.A("pk")]), attrs=WHOLE, verbose_name=_("day"))
    account = tables.Column(verbose_name=ACCOUNT, orderable=False)
    amount = AmountColumn(verbose_name=_("amount, yuan"))
    how = tables.Column(orderable=False)
    made_by = tables.Column(verbose_name=MADE_BY, orderable=False)
    undone_because = tables.Column(orderable=False)

    class Meta:
        model = Match
        fields = ("last_on", "account", "amount", "how", "made_by", "state", "undone_because")
        sequence = fields
        empty_text = _("Nothing like that was matched.")


class SheetTable(StateTable):
    """Reconciliation sheets."""

    on = tables.DateColumn(linkify=("funds:reconciliation", [tables.A("pk")]), attrs=WHOLE)
    account = tables.Column(verbose_name=ACCOUNT, orderable=False)
    book = tables.Column(accessor="account__book", verbose_name=_("books"), orderable=False)
    book_balance = AmountColumn(verbose_name=_("books, yuan"))
    statement_balance = AmountColumn(verbose_name=_("statement, yuan"))
    outstanding = AmountColumn(verbose_name=_("outstanding, yuan"))
    made_by = tables.Column(verbose_name=MADE_BY, orderable=False)

    class Meta:
        model = Reconciliation
        fields = ("on", "account", "book", "book_balance", "statement_balance", "outstanding", "state", "made_by")
        sequence = fields
        empty_text = _("No sheet like that: one is made when the statement of the day is matched.")


class CountTable(StateTable):
    """Counts of cash."""

    on = tables.DateColumn(linkify=("funds:cash_count", [tables.A("pk")]), attrs=WHOLE)
    book = tables.Column(accessor="account__book", verbose_name=_("books"), orderable=False)
    counted = AmountColumn(verbose_name=_("counted, yuan"))
    book_balance = AmountColumn(verbose_name=_("books, yuan"))
    difference = AmountColumn(verbose_name=_("difference, yuan"))
    counted_by = tables.Column(orderable=False)
    confirmed_by = tables.Column(orderable=False)

    class Meta:
        model = CashCount
        fields = ("on", "book", "counted", "book_balance", "difference", "state", "counted_by", "confirmed_by")
        sequence = fields
        empty_text = _("No count like that: cash is counted at the end of the day.")
