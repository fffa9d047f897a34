"""What the lists of bank accounts, statements, matches, sheets and cash counts can be narrowed by."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funds.models import BankAccount, Book, CashCount, Match, Reconciliation, Statement


class BankAccountFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(field_name="account__book", queryset=Book.objects.order_by("pk"), label=_("books"))
    state = filters.ChoiceFilter(choices=BankAccount.State.choices, label=_("state"))

    class Meta:
        model = BankAccount
        fields = ("book", "state")


class StatementFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(
        field_name="bank_account__account__book", queryset=Book.objects.order_by("pk"), label=_("books")
    )
    year = filters.NumberFilter(method="of_year", label=_("year"), min_value=2003, max_value=2100)
    state = filters.ChoiceFilter(choices=Statement.State.choices, label=_("state"))

    class Meta:
        model = Statement
        fields = ("book", "year", "state")

    def of_year(self, found: QuerySet[Statement], name: str, value: int) -> QuerySet[Statement]:
        """Those that hold a day of a year."""
        return found.filter(period__overlap=(f"{int(value)}-01-01", f"{int(value) + 1}-01-01"))


class MatchFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(field_name="account__book", queryset=Book.objects.order_by("pk"), label=_("books"))
    how = filters.ChoiceFilter(choices=Match.How.choices, label=_("how"))
    state = filters.ChoiceFilter(choices=Match.State.choices, label=_("state"))
    year = filters.NumberFilter(field_name="last_on__year", label=_("year"), min_value=2003, max_value=2100)

    class Meta:
        model = Match
        fields = ("book", "how", "state", "year")


class SheetFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(field_name="account__book", queryset=Book.objects.order_by("pk"), label=_("books"))
    year = filters.NumberFilter(field_name="on__year", label=_("year"), min_value=2003, max_value=2100)
    state = filters.ChoiceFilter(choices=Reconciliation.State.choices, label=_("state"))

    class Meta:
        model = Reconciliation
        fields = ("book", "year", "state")


class CountFilter(filters.FilterSet):
    book = filters.ModelChoiceFilter(field_name="account__book", queryset=Book.objects.order_by("pk"), label=_("books"))
    year = filters.NumberFilter(field_name="on__year", label=_("year"), min_value=2003, max_value=2100)
    state = filters.ChoiceFilter(choices=CashCount.State.choices, label=_("state"))

    class Meta:
        model = CashCount
        fields = ("book", "year", "state")
