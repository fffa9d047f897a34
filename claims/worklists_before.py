"""What waits before claims: applications to check, a panel to hold, injuries to look into, reviews, beds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from claims.models import Admission, BedCheck, CertificateApplication, ChronicCertificate, InjuryInquiry
from claims.services import admissions, certificates, injuries, panels
from office import desk
from office.rules import days

APPLIED = CertificateApplication.State.APPLIED
CHECKED = CertificateApplication.State.CHECKED


def register() -> None:
    """Called once when the app is ready."""
    for one in (_to_check(), _for_panel(), _injuries(), _reviews(), _beds()):
        desk.register(one)


def _to_check() -> desk.Worklist:
    return desk.Worklist(
        name="claims.applications",
        title=gettext_lazy("Applications for certificates to check"),
        icon="file-alert",
        right=certificates.CHECK,
        url=lambda: f"{reverse('claims:applications')}?state={APPLIED}",
        waiting=lambda person, look: look.over(
            applications(APPLIED).visible_to(person, certificates.CHECK).exclude(entered_by=person).order_by("pk"),
            _applications,
        ),
        takes={CertificateApplication: _still(lambda: applications(APPLIED), _applications)},
    )


def _for_panel() -> desk.Worklist:
    return desk.Worklist(
        name="claims.panel",
        title=gettext_lazy("Applications that wait for the panel"),
        icon="inbox",
        right=panels.RIGHT,
        url=lambda: f"{reverse('claims:applications')}?state={CHECKED}",
        waiting=lambda person, look: look.over(applications(CHECKED).order_by("pk"), _applications),
    )


def _injuries() -> desk.Worklist:
    return desk.Worklist(
        name="claims.injuries",
        title=gettext_lazy("Injuries to look into"),
        icon="alert-triangle",
        right=injuries.VISIT,
        url=lambda: f"{reverse('claims:injuries')}?state=open",
        waiting=lambda person, look: look.over(
            open_inquiries().visible_to(person, injuries.VISIT).order_by("pk"), _inquiries
        ),
        takes={InjuryInquiry: _still(open_inquiries, _inquiries)},
    )


def _reviews() -> desk.Worklist:
    return desk.Worklist(
        name="claims.reviews",
        title=gettext_lazy("Certificates to review"),
        icon="clock",
        right=certificates.REVIEW,
        url=lambda: f"{reverse('claims:certificates')}?standing=review",
        waiting=lambda person, look: look.over(
            to_review().visible_to(person, certificates.REVIEW).order_by("review_by", "pk"), _certificates
        ),
        takes={ChronicCertificate: _still(to_review, _certificates)},
    )


def _beds() -> desk.Worklist:
    return desk.Worklist(
        name="claims.beds",
        title=gettext_lazy("Beds that nobody has checked"),
        icon="building",
        right=admissions.CHECK,
        url=lambda: f"{reverse('claims:admissions')}?here=yes",
        waiting=lambda person, look: look.over(
            unchecked().visible_to(person, admissions.CHECK).order_by("admitted_on", "pk"), _admissions
        ),
        takes={Admission: _still(unchecked, _admissions)},
    )


def applications(state: str) -> Any:
    """Applications in a state."""
    return CertificateApplication.objects.filter(state=state).select_related("member", "disease", "entered_by")


def open_inquiries() -> Any:
    """Inquiries of which nothing is concluded nor waits to be decided."""
    return InjuryInquiry.objects.to_conclude().select_related("member")


def to_review() -> Any:
    """Certificates that hold and whose yearly review is due."""
    today = days.business_day(timezone.now())
    return ChronicCertificate.objects.on(today).filter(review_by__lte=today).select_related("member", "disease")


def unchecked() -> Any:
    """People in hospital today whose bed nobody has checked."""
    checks = BedCheck.objects.filter(admission=OuterRef("pk"))
    lying = Admission.objects.standing().filter(discharged_on__isnull=True)
    return lying.exclude(Exists(checks)).select_related("member", "provider")


def _still(
    waiting: Callable[[], QuerySet[Any]], lines: Callable[[Sequence[Any]], list[desk.Item]]
) -> Callable[[Collection[str]], list[desk.Item]]:
    """Of some records by number those that still wait."""
    return lambda numbers: desk.lines_with_subjects(list(waiting().filter(pk__in=numbers)), lines)


def _applications(some: Sequence[CertificateApplication]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.member.name} · {one.disease}",
            reverse("claims:application", args=[one.pk]),
            one.entered_at,
            one.entered_by.full_name,
        )
        for one in some
    ]


def _inquiries(some: Sequence[InjuryInquiry]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.member.name} · {one.get_cause_display()}",
            reverse("claims:injury", args=[one.pk]),
            one.entered_at,
            one.place,
        )
        for one in some
    ]


def _certificates(some: Sequence[ChronicCertificate]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.member.name} · {one.disease}",
            reverse("claims:certificate", args=[one.pk]),
            datetime.combine(one.review_by, time(), days.SHANGHAI),
        )
        for one in some
    ]


def _admissions(some: Sequence[Admission]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.provider} · {one.ward} {one.bed} · {one.member.name}",
            reverse("claims:admission", args=[one.pk]),
            one.entered_at,
            one.illness,
        )
        for one in some
    ]
