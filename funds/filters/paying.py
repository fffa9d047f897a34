"""What the lists of payments can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimPart
from funds.models import AnswerLine, BankAnswer, Book, FundRequest, Payment, PaymentBatch, PaymentOrder, Place
from office.filters import search_field


class BatchFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number or words"), widget=search_field())
    state = filters.ChoiceFilter(choices=PaymentBatch.State.choices, label=_("state"))
    place = filters.ChoiceFilter(choices=Place.choices, label=_("paid from"))
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))
    year = filters.NumberFilter(field_name="made_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = PaymentBatch
        fields = ("words", "state", "place", "book", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(words__icontains=value))


class PaymentFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number, payee or claim"), widget=search_field())
    state = filters.ChoiceFilter(choices=Payment.State.choices, label=_("state"))
    batch = filters.CharFilter(field_name="batch__number", lookup_expr="iexact", label=_("batch"))
    year = filters.NumberFilter(field_name="batch__made_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = Payment
        fields = ("words", "state", "batch", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        of_claim = Q(items__part__approval__claim__number__iexact=value)
        return found.filter(Q(number__iexact=value) | Q(payee_name__icontains=value) | of_claim).distinct()


class PayableFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("claim or payee"), widget=search_field())
    kind = filters.ChoiceFilter(
        field_name="approval__claim__kind", choices=Claim._meta.get_field("kind").choices, label=_("kind of claim")
    )
    payee = filters.ChoiceFilter(
        field_name="approval__claim__payee_kind", choices=Claim.Payee.choices, label=_("paid to")
    )

    class Meta:
        model = ClaimPart
        fields = ("words", "kind", "payee")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        claim = Q(approval__claim__number__iexact=value)
        return found.filter(claim | Q(approval__claim__payee_name__icontains=value))


class OrderFilter(filters.FilterSet):
    words = filters.CharFilter(method="named", label=_("number, payee or words"), widget=search_field())
    state = filters.ChoiceFilter(choices=PaymentOrder.State.choices, label=_("state"))
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))
    year = filters.NumberFilter(field_name="ordered_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = PaymentOrder
        fields = ("words", "state", "book", "year")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(payee_name__icontains=value) | Q(summary__icontains=value))


class FundRequestFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=FundRequest.State.choices, label=_("state"))
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))
    year = filters.NumberFilter(field_name="month", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = FundRequest
        fields = ("state", "book", "year")


class AnswerFilter(filters.FilterSet):
    doubtful = filters.BooleanFilter(method="with_doubts", label=_("with lines to look into"))
    format = filters.ChoiceFilter(choices=BankAnswer.Format.choices, label=_("format"))
    book = filters.ModelChoiceFilter(queryset=Book.objects.all(), label=_("books"))
    year = filters.NumberFilter(field_name="taken_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = BankAnswer
        fields = ("doubtful", "format", "book", "year")

    def with_doubts(self, found: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  the filter's way
        told = found.filter(told__verdict__in=AnswerLine.DOUBTFUL).distinct()
        return told if value else found.exclude(pk__in=told.values("pk"))
