"""What the lists of what comes before a claim can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    ExpertPanel,
    InjuryConclusion,
    InjuryInquiry,
    LateAllowance,
    OutsideStay,
    Provider,
    Referral,
    TimeLimit,
)
from enrollment.models import Scheme
from office.filters import search_field
from office.rules import days

INJURY_STATES = [("open", _("to be concluded")), ("proposed", _("to be decided")), ("confirmed", _("concluded"))]


def _today() -> Any:
    return days.business_day(timezone.now())


class NamedFilter(filters.FilterSet):
    """By the number or the beginning of the person's name."""

    words = filters.CharFilter(method="named", label=_("number or name"), widget=search_field())

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Q(number__iexact=value) | Q(member__name__startswith=value))


class ReferralFilter(NamedFilter):
    state = filters.ChoiceFilter(choices=Referral.State.choices, label=_("state"))
    year = filters.NumberFilter(field_name="asked_on", lookup_expr="year", label=_("year"), min_value=1990)
    emergency = filters.ChoiceFilter(
        field_name="is_emergency", choices=[("True", _("yes")), ("False", _("no"))], label=_("emergency")
    )

    class Meta:
        model = Referral
        fields = ("words", "state", "year", "emergency")


class OutsideStayFilter(NamedFilter):
    year = filters.NumberFilter(field_name="admitted_on", lookup_expr="year", label=_("year"), min_value=1990)
    hospital = filters.CharFilter(lookup_expr="icontains", label=_("hospital"))

    class Meta:
        model = OutsideStay
        fields = ("words", "year", "hospital")


class ApplicationFilter(NamedFilter):
    state = filters.ChoiceFilter(choices=CertificateApplication.State.choices, label=_("state"))
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))

    class Meta:
        model = CertificateApplication
        fields = ("words", "state", "scheme")


class CertificateFilter(NamedFilter):
    standing = filters.ChoiceFilter(
        method="holding",
        label=_("validity"),
        choices=[("yes", _("holds today")), ("review", _("review is due")), ("over", _("over"))],
    )
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))

    class Meta:
        model = ChronicCertificate
        fields = ("words", "standing", "scheme")

    def holding(self, found: Any, name: str, value: str) -> QuerySet[Any]:
        today = _today()
        if value == "over":
            return found.filter(Q(period__isempty=True) | Q(period__endswith__lte=today))  # type: ignore[no-any-return]
        holding = found.on(today)
        return holding.filter(review_by__lte=today) if value == "review" else holding  # type: ignore[no-any-return]


class PanelFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=ExpertPanel.State.choices, label=_("state"))
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    year = filters.NumberFilter(field_name="held_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = ExpertPanel
        fields = ("state", "scheme", "year")


class InjuryFilter(NamedFilter):
    state = filters.ChoiceFilter(method="so_far", choices=INJURY_STATES, label=_("state"))
    cause = filters.ChoiceFilter(choices=InjuryInquiry.Cause.choices, label=_("cause stated"))
    year = filters.NumberFilter(field_name="injured_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = InjuryInquiry
        fields = ("words", "state", "cause", "year")

    def so_far(self, found: Any, name: str, value: str) -> QuerySet[Any]:
        if value == "open":
            return found.to_conclude()  # type: ignore[no-any-return]
        with_one = InjuryConclusion.objects.filter(inquiry=OuterRef("pk"), state=value)
        return found.filter(Exists(with_one))  # type: ignore[no-any-return]


class AdmissionFilter(NamedFilter):
    here = filters.ChoiceFilter(
        method="lying", label=_("in hospital"), choices=[("yes", _("in hospital today")), ("no", _("discharged"))]
    )
    provider = filters.ModelChoiceFilter(
        queryset=Provider.objects.filter(body__isnull=False).order_by("code"), label=_("hospital")
    )
    ward = filters.CharFilter(lookup_expr="startswith", label=_("ward"))

    class Meta:
        model = Admission
        fields = ("words", "here", "provider", "ward")

    def named(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(
            Q(number__iexact=value) | Q(hospital_number__iexact=value) | Q(member__name__startswith=value)
        )

    def lying(self, found: Any, name: str, value: str) -> QuerySet[Any]:
        if value == "yes":
            return found.in_hospital(_today())  # type: ignore[no-any-return]
        return found.filter(discharged_on__isnull=False)  # type: ignore[no-any-return]


class TimeLimitFilter(filters.FilterSet):
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.all(), label=_("scheme"))
    kind = filters.ChoiceFilter(choices=TimeLimit.Kind.choices, label=_("time limit"))
    state = filters.ChoiceFilter(choices=TimeLimit.State.choices, label=_("state"))

    class Meta:
        model = TimeLimit
        fields = ("scheme", "kind", "state")


class LateAllowanceFilter(filters.FilterSet):
    words = filters.CharFilter(
        field_name="member__name", lookup_expr="startswith", label=_("name"), widget=search_field()
    )
    year = filters.NumberFilter(field_name="allowed_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = LateAllowance
        fields = ("words", "year")
