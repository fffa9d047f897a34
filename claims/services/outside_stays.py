"""Stays outside (外出备案): somebody reports that he lies in a hospital outside the county. A late report is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import OutsideStay, Provider, TimeLimit
from claims.selectors import before as selectors
from claims.services import before
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep, refusing
from office import trail
from office.models import Person
from office.rules import days

RIGHT = "claims.add_outsidestay"
VOID = "claims.change_outsidestay"


@dataclass(frozen=True)
class Report:
    """What was reported: the hospital as the office knows it or as it was named, since when, by whom, which phone."""

    member: Member
    admitted_on: date
    phone: str
    reported_by: str
    reported_on: date
    provider: Provider | None = None
    hospital: str = ""
    illness: str = ""
    note: str = ""


@transaction.atomic
def note(*, report: Report, by: Person, at: datetime) -> OutsideStay:
    """Note a stay outside. Raises CannotKeep."""
    before.refuse_days(report.admitted_on, report.reported_on, at=at, field="reported_on")
    if report.provider is not None and report.provider.region != Provider.Region.OUTSIDE:
        raise CannotKeep(_("This hospital lies inside the county: nothing is to be reported."), "provider")
    hospital = report.hospital.strip() or (report.provider.name if report.provider else "")
    if not hospital:
        raise CannotKeep(_("Say in which hospital: as the office knows it, or by its name."), "hospital")
    scheme = before.insured_by(report.member, report.admitted_on)
    within = selectors.limit_of(scheme, TimeLimit.Kind.OUTSIDE_REPORTED, report.admitted_on)
    with refusing("outside_stay_once", lambda: _("A stay that began on this day is noted already."), "admitted_on"):
        noted = OutsideStay.objects.create(
            number=before.next_number(OutsideStay, "BA", days.business_day(at)),
            scheme=scheme,
            member=report.member,
            body=before.desk_of(by, RIGHT),
            provider=report.provider,
            hospital=hospital,
            admitted_on=report.admitted_on,
            illness=report.illness.strip(),
            phone=before.said(report.phone, "phone"),
            reported_on=report.reported_on,
            reported_by=before.said(report.reported_by, "reported_by"),
            due_on=report.admitted_on + timedelta(days=within) if within else None,
            note=report.note.strip(),
            taken_by=by,
            taken_at=at,
        )
    trail.record(
        "outside-stay.noted", noted, by=by, at=at, right=RIGHT, member=report.member, hospital=hospital,
        admitted_on=noted.admitted_on, late=noted.is_late,
    )  # fmt: skip
    return noted


@transaction.atomic
def make_void(*, stay: OutsideStay, reason: str, by: Person, at: datetime) -> None:
    """It was noted by mistake. Raises CannotKeep."""
    current = OutsideStay.objects.select_for_update(of=["self"]).visible_to(by, VOID).filter(pk=stay.pk).first()
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    if current.void_reason:
        raise CannotKeep(_("This is void already."))
    current.void_reason, current.voided_by, current.voided_at = before.said(reason, "reason"), by, at
    current.save(update_fields=["void_reason", "voided_by", "voided_at"])
    trail.record("outside-stay.voided", current, by=by, at=at, right=VOID, reason=reason, member=current.member)
