"""The lists of books and of their accounts."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from funds.models import Account, Book, Voucher
from funds.rules import vouchers as rules
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num text-nowrap"}}


class BookTable(tables.Table):
    """The books of every fund."""

    name = tables.Column(linkify=("funds:chart", [tables.A("code")]), orderable=False)
    scheme = tables.Column(orderable=False)
    begins_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE, orderable=False)
    pays = tables.Column(orderable=False)
    collects = tables.Column(orderable=False)

    class Meta:
        model = Book
        fields = ("name", "scheme", "begins_on", "pays", "collects")
        empty_text = gettext_lazy("No books are open yet: open those of a scheme.")


class AccountTable(tables.Table):
    """The chart of a set of books."""

    code = tables.Column(attrs=WHOLE)
    name = tables.Column(orderable=False)
    kind = tables.Column(orderable=False, attrs=WHOLE)
    parent = tables.Column(orderable=False)
    place = tables.Column(orderable=False, attrs=WHOLE)
    closes_to = tables.Column(orderable=False)
    never_negative = tables.BooleanColumn(orderable=False)
    source = tables.Column(orderable=False)

    class Meta:
        model = Account
        fields = ("code", "name", "kind", "parent", "place", "closes_to", "never_negative", "source")
        empty_text = gettext_lazy("No account like that.")


class VoucherTable(tables.Table):
    """Vouchers made by hand."""

    number = tables.Column(linkify=("funds:voucher", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("funds/books/_voucher_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    book = tables.Column(orderable=False)
    on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    kind = tables.Column(orderable=False)
    summary = tables.Column(orderable=False)
    amount = tables.Column(accessor="lines", verbose_name=gettext_lazy("amount, yuan"), attrs=FIGURE, orderable=False)
    made_by = tables.Column(orderable=False)
    checked_by = tables.Column(orderable=False)

    class Meta:
        model = Voucher
        fields = ("number", "state", "book", "on", "kind", "summary", "amount", "made_by", "checked_by")
        sequence = fields
        empty_text = gettext_lazy("No voucher like that.")

    def render_number(self, record: Voucher) -> str:
        return str(record)

    def render_amount(self, record: Voucher) -> str:
        return money.shown(rules.totals(rules.lines_of(record.lines))[0])

    def value_state(self, record: Voucher) -> str:
        return str(record.get_state_display())
