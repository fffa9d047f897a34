"""What the lists of books and accounts can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funds.models import Account, Book, Voucher
from office.filters import search_field


class BookFilter(filters.FilterSet):
    class Meta:
        model = Book
        fields = ("pays", "collects")


class AccountFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("code or name"), widget=search_field())
    kind = filters.ChoiceFilter(choices=Account.Kind.choices, label=_("kind"))

    class Meta:
        model = Account
        fields = ("words", "kind")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(code__startswith=value) | Q(name__icontains=value))


class VoucherFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(queryset=Book.objects.order_by("pk"), label=_("books"))
    state = filters.ChoiceFilter(choices=Voucher.State.choices, label=_("state"))
    summary = filters.CharFilter(lookup_expr="icontains", label=_("summary"), widget=search_field())

    class Meta:
        model = Voucher
        fields = ("book", "state", "summary")
