"""The admission register (住院登记) of a hospital with a desk of its own, and the office's bed checks (查床)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Admission, BedCheck
from claims.services import before
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep, refusing
from office import trail
from office.models import Person
from office.rules import days

RIGHT = "claims.add_admission"
CHANGE = "claims.change_admission"
CHECK = "claims.add_bedcheck"


@dataclass(frozen=True)
class Arrival:
    """Who came, when, to which ward and bed, with what illness."""

    member: Member
    hospital_number: str
    admitted_on: date
    ward: str
    bed: str
    illness: str
    doctor: str = ""
    is_injury: bool = False


@transaction.atomic
def admit(*, arrival: Arrival, by: Person, at: datetime) -> Admission:
    """Note at a hospital's own desk that somebody was admitted. Raises CannotKeep."""
    desk = before.desk_of(by, RIGHT)
    hospital = before.own_hospital(desk)
    if hospital is None:
        raise CannotKeep(_("%(desk)s is no hospital's desk: its provider is not known yet.") % {"desk": desk})
    before.refuse_days(arrival.admitted_on, arrival.admitted_on, at=at, field="admitted_on")
    before.insured_by(arrival.member, arrival.admitted_on)
    with (
        refusing("admission_to_one_hospital_at_a_time", lambda: _elsewhere(arrival.member), "member"),
        refusing("admission_once", lambda: _("This number at the hospital is noted already."), "hospital_number"),
    ):
        noted = Admission.objects.create(
            number=before.next_number(Admission, "ZY", days.business_day(at)),
            provider=hospital,
            body=desk,
            member=arrival.member,
            hospital_number=before.said(arrival.hospital_number, "hospital_number"),
            admitted_on=arrival.admitted_on,
            ward=before.said(arrival.ward, "ward"),
            bed=before.said(arrival.bed, "bed"),
            illness=before.said(arrival.illness, "illness"),
            doctor=arrival.doctor.strip(),
            is_injury=arrival.is_injury,
            entered_by=by,
            entered_at=at,
            changed_by=by,
            changed_at=at,
        )
    trail.record("admission.noted", noted, by=by, at=at, right=RIGHT, member=arrival.member, hospital=hospital.code)
    return noted


@transaction.atomic
def move_bed(*, admission: Admission, ward: str, bed: str, by: Person, at: datetime) -> None:
    """The patient lies in another bed. Raises CannotKeep."""
    current = _here(admission, by)
    current.ward, current.bed = before.said(ward, "ward"), before.said(bed, "bed")
    _save(current, "ward", "bed", by=by, at=at)
    trail.record("admission.moved", current, by=by, at=at, right=CHANGE, ward=current.ward, bed=current.bed)


@transaction.atomic
def discharge(*, admission: Admission, on: date, by: Person, at: datetime) -> None:
    """The patient left the hospital; once. Raises CannotKeep."""
    current = _here(admission, by)
    before.refuse_days(current.admitted_on, on, at=at, field="on")
    last = current.checks.order_by("-on").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise CannotKeep(_("His bed was checked on %(day)s, after this day.") % {"day": last.isoformat()}, "on")
    current.discharged_on = on
    _save(current, "discharged_on", by=by, at=at)
    trail.record("admission.discharged", current, by=by, at=at, right=CHANGE, member=current.member, on=on)


@transaction.atomic
def make_void(*, admission: Admission, reason: str, by: Person, at: datetime) -> None:
    """It was noted by mistake. Raises CannotKeep."""
    current = _here(admission, by)
    if current.checks.exists():
        raise CannotKeep(_("His bed was checked: the admission stays, and ends with a discharge."))
    current.void_reason = before.said(reason, "reason")
    _save(current, "void_reason", by=by, at=at)
    trail.record("admission.voided", current, by=by, at=at, right=CHANGE, reason=reason, member=current.member)


@transaction.atomic
def check_bed(*, admission: Admission, finding: str, words: str, by: Person, at: datetime) -> BedCheck:
    """Somebody of the office stands at the bed. Raises CannotKeep."""
    seen = Admission.objects.select_for_update(of=["self"]).visible_to(by, CHECK)
    current = seen.filter(pk=admission.pk).first()
    today = days.business_day(at)
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    if current.entered_by_id == by.pk:
        raise CannotKeep(_("Somebody else than who noted the admission checks the bed."))
    if current.void_reason or (current.discharged_on is not None and current.discharged_on < today):
        raise CannotKeep(_("He does not lie there any more."))
    if finding != BedCheck.Finding.FOUND:
        before.said(words, "words")
    noted = BedCheck.objects.create(admission=current, on=today, finding=finding, words=words.strip(), by=by, at=at)
    trail.record("admission.bed-checked", current, by=by, at=at, right=CHECK, reason=words, finding=finding)
    return noted


def _here(admission: Admission, by: Person) -> Admission:
    """An admission of one's own hospital that is not over, under its lock."""
    seen = Admission.objects.select_for_update(of=["self"]).visible_to(by, CHANGE)
    current = seen.filter(pk=admission.pk).first()
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    if current.void_reason or current.discharged_on is not None:
        raise CannotKeep(_("This admission is over."))
    return current


def _elsewhere(member: Member) -> str:
    lying = Admission.objects.standing().filter(member=member, discharged_on__isnull=True)
    known = lying.select_related("provider").get()
    told = {"name": member.name, "hospital": known.provider, "day": known.admitted_on.isoformat()}
    return _("%(name)s lies in %(hospital)s since %(day)s and was not discharged.") % told


def _save(current: Admission, *fields: str, by: Person, at: datetime) -> None:
    current.changed_by, current.changed_at = by, at
    current.save(update_fields=[*fields, "changed_by", "changed_at"])
