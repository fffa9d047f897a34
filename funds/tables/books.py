"""The lists of books and of their accounts."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from funds.models import Account, Book

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
