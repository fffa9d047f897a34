"""The lists of what comes before a claim."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    ExpertPanel,
    InjuryInquiry,
    LateAllowance,
    OutsideStay,
    Referral,
    TimeLimit,
)
from claims.prints.days import shown_days
from office import words
from office.pages.columns import Fragment
from office.rules import days, masking

WHOLE = {"td": {"class": "text-nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
STATE = "claims/_before_state.html"
PATIENT = gettext_lazy("patient")


def page_column(name: str, **more: Any) -> tables.Column:
    """The number, which leads to the page."""
    return tables.Column(linkify=(f"claims:{name}", [tables.A("pk")]), attrs=WHOLE, **more)


def name_column(label: Any = PATIENT) -> tables.Column:
    """Whom it is about."""
    return tables.Column(accessor="member__name", verbose_name=label, orderable=False, attrs=WHOLE)


def village_column() -> tables.Column:
    """Where he lives."""
    return tables.Column(accessor="member__household__village", verbose_name=gettext_lazy("village"), orderable=False)


class StateTable(tables.Table):
    """A list whose rows have a state in words."""

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class ReferralTable(StateTable):
    """Referrals."""

    number = page_column("referral")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    member, village = name_column(), village_column()
    origin = tables.Column(orderable=False)
    destination = tables.Column(orderable=False)
    disease = tables.Column(orderable=False)
    asked_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    late = tables.Column(empty_values=(), verbose_name=gettext_lazy("filed"), orderable=False, attrs=WHOLE)
    valid = tables.Column(attrs=WHOLE, orderable=False)

    class Meta:
        model = Referral
        fields = (
            "number", "state", "member", "village", "origin", "destination", "disease", "asked_on", "late", "valid",
        )  # fmt: skip
        empty_text = gettext_lazy("No referral like that was asked for.")

    def render_late(self, record: Referral) -> str:
        if not record.is_emergency:
            return _("in advance")
        return _("afterwards, late") if record.is_late else _("afterwards")

    value_late = render_late

    def render_valid(self, record: Referral) -> str:
        return words.period(record.valid)

    value_valid = render_valid


class OutsideStayTable(tables.Table):
    """Stays outside."""

    number = page_column("outside_stay")
    member, village = name_column(), village_column()
    hospital = tables.Column(orderable=False)
    illness = tables.Column(orderable=False)
    admitted_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    reported_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    phone = tables.Column(orderable=False, attrs=WHOLE)
    late = Fragment("claims/_stay_state.html", verbose_name=gettext_lazy("state"), orderable=False)

    class Meta:
        model = OutsideStay
        fields = (
            "number", "late", "member", "village", "hospital", "illness", "admitted_on", "reported_on", "phone",
        )  # fmt: skip
        empty_text = gettext_lazy("No stay like that was reported.")

    def render_phone(self, value: str) -> str:
        return masking.masked_phone(value)

    def value_phone(self, record: OutsideStay) -> str:
        return masking.masked_phone(record.phone)

    def value_late(self, record: OutsideStay) -> str:
        if record.void_reason:
            return _("void")
        return _("reported late") if record.is_late else _("reported in time")


class ApplicationTable(StateTable):
    """Applications for certificates."""

    number = page_column("application")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    member, village = name_column(gettext_lazy("person")), village_column()
    disease = tables.Column(orderable=False)
    hospital = tables.Column(orderable=False)
    applied_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    checked_by = tables.Column(orderable=False)

    class Meta:
        model = CertificateApplication
        fields = ("number", "state", "member", "village", "disease", "hospital", "applied_on", "checked_by")
        empty_text = gettext_lazy("No application like that was taken in.")


#: How a certificate stands (ChronicCertificate.standing_on): its tone and its word.
STANDINGS = {
    "holds": ("done", pgettext_lazy("certificate", "in force")),
    "late": ("failed", gettext_lazy("review overdue")),
    "coming": ("waiting", gettext_lazy("not yet in force")),
    "over": ("", gettext_lazy("over")),
}


def certificate_standing(record: ChronicCertificate) -> tuple[str, str]:
    """How a certificate stands today: its tone and its word."""
    tone, said = STANDINGS[record.standing_on(days.business_day(timezone.now()))]
    return tone, str(said)


class CertificateTable(tables.Table):
    """Chronic-disease certificates."""

    number = page_column("certificate")
    standing = tables.Column(verbose_name=gettext_lazy("validity"), empty_values=(), orderable=False)
    member, village = name_column(gettext_lazy("person")), village_column()
    disease = tables.Column(orderable=False)
    scheme = tables.Column(orderable=False, attrs=WHOLE)
    period = tables.Column(orderable=False, attrs=WHOLE)
    review_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    ended_because = tables.Column(orderable=False)

    class Meta:
        model = ChronicCertificate
        fields = (
            "number", "standing", "member", "village", "disease", "scheme", "period", "review_by", "ended_because",
        )  # fmt: skip
        empty_text = gettext_lazy("No certificate like that was given.")

    def render_standing(self, record: ChronicCertificate) -> str:
        tone, said = certificate_standing(record)
        return render_to_string("components/_status.html", {"tone": tone, "words": said})

    def value_standing(self, record: ChronicCertificate) -> str:
        return certificate_standing(record)[1]

    def render_period(self, record: ChronicCertificate) -> str:
        return shown_days(record.period)

    value_period = render_period


class PanelTable(StateTable):
    """Sessions of the expert panel."""

    held_on = tables.DateColumn(format="Y-m-d", linkify=("claims:panel", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    scheme = tables.Column(orderable=False)
    place = tables.Column(orderable=False)
    found = tables.Column(verbose_name=gettext_lazy("findings"), orderable=False, attrs=NUMBER)
    entered_by = tables.Column(orderable=False)

    class Meta:
        model = ExpertPanel
        fields = ("held_on", "state", "scheme", "place", "found", "entered_by")
        empty_text = gettext_lazy("No session like that was held.")


class InjuryTable(tables.Table):
    """Injury inquiries, each with `conclusion`: what came of it."""

    number = page_column("injury")
    conclusion = Fragment("claims/_injury_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    member, village = name_column(gettext_lazy("injured person")), village_column()
    injured_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    place = tables.Column(orderable=False)
    cause = tables.Column(orderable=False)
    visited = tables.Column(verbose_name=gettext_lazy("visits"), orderable=False, attrs=NUMBER)
    stated_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = InjuryInquiry
        fields = ("number", "conclusion", "member", "village", "injured_on", "place", "cause", "visited", "stated_on")
        empty_text = gettext_lazy("No injury like that was stated.")

    def value_conclusion(self, record: Any) -> str:
        return said_of_injury(record)[1]


class AdmissionTable(tables.Table):
    """Admissions, each with `checked`: how often its bed was checked, and `missed`: how often the patient was not
    found."""

    number = page_column("admission")
    provider = tables.Column(orderable=False)
    member, village = name_column(), village_column()
    ward = tables.Column(orderable=False)
    bed = tables.Column(orderable=False)
    illness = tables.Column(orderable=False)
    admitted_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    discharged_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    checked = Fragment("claims/_bed_state.html", verbose_name=gettext_lazy("bed checks"), orderable=False)
    days = tables.Column(empty_values=(), verbose_name=gettext_lazy("number of days"), orderable=False, attrs=NUMBER)

    class Meta:
        model = Admission
        fields = (
            "number", "provider", "member", "village", "ward", "bed", "illness", "admitted_on", "discharged_on",
            "days", "checked",
        )  # fmt: skip
        empty_text = gettext_lazy("Nobody like that was admitted.")

    def value_checked(self, record: Any) -> str:
        return f"{record.checked} / {record.missed}"

    def render_days(self, record: Admission) -> int:
        until = record.discharged_on or days.business_day(timezone.now())
        return (until - record.admitted_on).days

    value_days = render_days


class TimeLimitTable(StateTable):
    """Time limits."""

    kind = tables.Column(orderable=False)
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    scheme = tables.Column(orderable=False)
    days = tables.Column(orderable=False, attrs=NUMBER)
    period = tables.Column(orderable=False, attrs=WHOLE)
    document = tables.Column(orderable=False)
    proposed_by = tables.Column(orderable=False)

    class Meta:
        model = TimeLimit
        fields = ("kind", "state", "scheme", "days", "period", "document", "proposed_by")
        empty_text = gettext_lazy("No time limit like that was entered.")

    def render_period(self, record: TimeLimit) -> str:
        return words.period(record.period)

    value_period = render_period


class LateAllowanceTable(tables.Table):
    """Late claims that may be taken in."""

    member, village = name_column(), village_column()
    discharged_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    reason = tables.Column(orderable=False)
    allowed_by = tables.Column(orderable=False)
    allowed_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = LateAllowance
        fields = ("member", "village", "discharged_on", "reason", "allowed_by", "allowed_on")
        empty_text = gettext_lazy("No late claim was allowed.")


def said_of_injury(record: Any) -> tuple[str, str]:
    """How far an inquiry is: the tone and the words."""
    if record.conclusion is None:
        return ("waiting", _("to be visited")) if not record.visited else ("waiting", _("to be concluded"))
    if record.conclusion == "proposed":
        return "waiting", _("to be decided")
    return ("done", pgettext("injury", "payable")) if record.is_payable else ("failed", _("not payable"))
