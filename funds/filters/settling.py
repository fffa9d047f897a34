"""What the lists of settlements can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funds.models import (
    Assessment,
    Book,
    Premium,
    Prepayment,
    ProviderPayment,
    Recovery,
    RetentionTerm,
    RiskMove,
    SecondRun,
)
from office.filters import search_field


class AskedFilter(filters.FilterSet):
    """By number or paper, books and state."""

    words = filters.CharFilter(method="named", label=_("number or paper"), widget=search_field())
    book = filters.ModelChoiceFilter(queryset=Book.objects.order_by("pk"), label=_("books"))
    state = filters.ChoiceFilter(choices=Prepayment.State.choices, label=_("state"))

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(paper__icontains=value))


class OfProvider(AskedFilter):
    """Also by provider."""

    path = "provider"

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        told = Q(number__iexact=value) | Q(paper__icontains=value)
        return found.filter(told | Q(**{f"{self.path}__name__icontains": value}))


class AssessmentFilter(OfProvider):
    class Meta:
        model = Assessment
        fields = ("words", "book", "year", "state")


class PremiumFilter(AskedFilter):
    class Meta:
        model = Premium
        fields = ("words", "book", "year", "state")


class PrepaymentFilter(OfProvider):
    class Meta:
        model = Prepayment
        fields = ("words", "book", "year", "state")


class ProviderPaymentFilter(OfProvider):
    path = "settlement__provider"

    class Meta:
        model = ProviderPayment
        fields = ("words", "book", "state")


class RecoveryFilter(OfProvider):
    class Meta:
        model = Recovery
        fields = ("words", "book", "source", "state")


class RetentionTermFilter(OfProvider):
    class Meta:
        model = RetentionTerm
        fields = ("words", "book", "level", "state")


class RiskMoveFilter(AskedFilter):
    class Meta:
        model = RiskMove
        fields = ("words", "book", "kind", "year", "state")


class SecondRunFilter(AskedFilter):
    state = filters.ChoiceFilter(choices=SecondRun.State.choices, label=_("state"))

    class Meta:
        model = SecondRun
        fields = ("words", "book", "year", "state")
