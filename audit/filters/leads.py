"""What the lists of leads, screenings and complaints can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Complaint, Lead, LeadClaim, LeadHold, Screening
from audit.screens.registry import choices
from audit.selectors import complaints
from claims.models import Claim
from enrollment.models import Member
from office.filters import day_field, search_field
from office.rules import days


def _screens() -> list[tuple[str, str]]:
    return [*choices(), (Lead.COMPLAINT, str(Lead._meta.get_field("complaint").verbose_name))]


def _about() -> filters.NumberFilter:
    return filters.NumberFilter(widget=forms.HiddenInput)


class LeadFilter(filters.FilterSet):
    """By number, claim or patient in one field; by state, screen, score; and whom or what they are about."""

    find = filters.CharFilter(method="called", label=_("lead, claim, patient"), widget=search_field())
    state = filters.ChoiceFilter(choices=Lead.State.choices, label=_("state"))
    screen = filters.ChoiceFilter(choices=_screens, label=_("found by"))
    score = filters.NumberFilter(
        field_name="score", lookup_expr="gte", label=_("score from"), min_value=1, max_value=100
    )
    held = filters.ChoiceFilter(
        method="that_hold", choices=[("yes", _("holds claims"))], label=pgettext_lazy("lead", "claims")
    )
    since = filters.DateFilter(field_name="found_on", lookup_expr="gte", label=_("found since"), widget=day_field())
    claim = filters.NumberFilter(field_name="lead_claims__claim", widget=forms.HiddenInput)
    member, provider, village, clerk = _about(), _about(), _about(), _about()
    doctor = filters.CharFilter(widget=forms.HiddenInput)

    class Meta:
        model = Lead
        fields = (
            *("find", "state", "screen", "score", "held", "since", "claim", "member", "provider", "village", "clerk"),
            "doctor",
        )

    def called(self, found: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        typed = typed.strip()
        number = typed.upper().removeprefix("XS")
        ways = Q(member__in=Member.objects.filter(name__startswith=typed).values("pk"))
        claims = Claim.objects.filter(number__startswith=typed).values("pk")
        ways |= Q(pk__in=LeadClaim.objects.filter(claim__in=claims).values("lead"))
        if number.isdecimal() and len(number) <= LONGEST:
            ways |= Q(pk=int(number))
        return found.filter(ways)

    def that_hold(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(Exists(LeadHold.objects.filter(lead=OuterRef("pk"), flag__lifted_at__isnull=True)))


class ScreeningFilter(filters.FilterSet):
    who = filters.ChoiceFilter(
        method="asked", choices=[("night", _("by night")), ("asked", _("asked for"))], label=_("asked by")
    )
    since = filters.DateFilter(field_name="begun_on", lookup_expr="gte", label=_("since"), widget=day_field())

    class Meta:
        model = Screening
        fields = ("who", "since")

    def asked(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(asked_by__isnull=value == "night")


class ComplaintFilter(filters.FilterSet):
    find = filters.CharFilter(method="called", label=_("number, whom, words"), widget=search_field())
    state = filters.ChoiceFilter(
        method="staged",
        choices=[("open", _("not answered")), ("late", _("overdue")), *Complaint.State.choices],
        label=_("state"),
    )
    channel = filters.ChoiceFilter(choices=Complaint.Channel.choices, label=pgettext_lazy("complaint", "came"))
    year = filters.NumberFilter(field_name="received_on", lookup_expr="year", label=_("year"), min_value=1990)

    class Meta:
        model = Complaint
        fields = ("find", "state", "channel", "year")

    def called(self, found: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        said = Q(about__icontains=typed) | Q(words__icontains=typed)
        return found.filter(Q(number__iexact=typed) | said)

    def staged(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "late":
            return found.filter(pk__in=complaints.late(days.business_day(timezone.now())).values("pk"))
        return found.exclude(state=Complaint.State.ANSWERED) if value == "open" else found.filter(state=value)


LONGEST = 18  # digits of a record's number
