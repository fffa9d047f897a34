"""Certificates of chronic diseases (慢性病证): asked for with evidence, checked by another, reviewed each year.

What the expert panel decides is the matter of panels.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from claims.models import CertificateApplication, CertificateReview, ChronicCertificate, Disease, ListedDisease
from claims.services import before
from enrollment.models import Member, Scheme
from enrollment.services.keeping import CannotKeep, refusing
from office import attachments, trail
from office.models import Person
from office.rules import days

RIGHT = "claims.add_certificateapplication"
CHECK = "claims.change_certificateapplication"
REVIEW = "claims.add_certificatereview"


@dataclass(frozen=True)
class Form:
    """The application as filled in."""

    member: Member
    disease: Disease
    hospital: str
    diagnosed_on: date
    phone: str = ""
    note: str = ""


@transaction.atomic
def apply(*, form: Form, evidence: Sequence[UploadedFile[Any]], by: Person, at: datetime) -> CertificateApplication:
    """Take an application in, with at least one file of evidence. Raises CannotKeep, CannotAttach."""
    today = days.business_day(at)
    before.refuse_days(form.diagnosed_on, today, at=at, field="diagnosed_on")
    scheme = before.insured_by(form.member, today)
    listing_of(scheme, form.disease, today)
    if not evidence:
        raise CannotKeep(_("Add the evidence: discharge summary, findings, a diagnosis."), "evidence")
    waiting = _("An application for this disease waits already.")
    with refusing("certificate_application_once", lambda: waiting, "disease"):
        asked = CertificateApplication.objects.create(
            number=before.next_number(CertificateApplication, "MB", today),
            scheme=scheme,
            member=form.member,
            body=before.desk_of(by, RIGHT),
            disease=form.disease,
            hospital=before.said(form.hospital, "hospital"),
            diagnosed_on=form.diagnosed_on,
            phone=form.phone.strip(),
            note=form.note.strip(),
            applied_on=today,
            entered_by=by,
            entered_at=at,
        )
    for one in evidence:
        attachments.keep(subject=asked, upload=one, by=by, at=at)
    trail.record("certificate.applied", asked, by=by, at=at, right=RIGHT, member=form.member, disease=form.disease.code)
    return asked


@transaction.atomic
def check(*, application: CertificateApplication, agrees: bool, words: str, by: Person, at: datetime) -> None:
    """Whoever did not enter it checks person, evidence and list; it goes to the panel, or is refused. Raises
    CannotKeep."""
    current = _locked(application, by, CHECK)
    if current.state != CertificateApplication.State.APPLIED:
        raise CannotKeep(_("This was checked already."))
    if current.entered_by_id == by.pk:
        raise CannotKeep(_("Somebody else than who entered it checks it."))
    current.checked_on, current.checked_by, current.check_words = days.business_day(at), by, before.said(words, "words")
    current.state = CertificateApplication.State.CHECKED if agrees else CertificateApplication.State.REFUSED
    current.save(update_fields=["checked_on", "checked_by", "check_words", "state"])
    trail.record("certificate.checked", current, by=by, at=at, right=CHECK, reason=words, agrees=agrees)


@transaction.atomic
def withdraw(*, application: CertificateApplication, by: Person, at: datetime) -> None:
    """Whoever entered an application takes it back before it is checked. Raises CannotKeep."""
    current = _locked(application, by, RIGHT)
    if current.state != CertificateApplication.State.APPLIED:
        raise CannotKeep(_("This was checked already."))
    if current.entered_by_id != by.pk:
        raise CannotKeep(_("Whoever entered it takes it back."))
    current.state = CertificateApplication.State.WITHDRAWN
    current.save(update_fields=["state"])
    trail.record("certificate.withdrawn", current, by=by, at=at, right=RIGHT, member=current.member)


@transaction.atomic
def review(
    *, certificate: ChronicCertificate, goes_on: bool, words: str, by: Person, at: datetime
) -> CertificateReview:
    """The yearly review: the certificate goes on for another year, or ends today. Raises CannotKeep."""
    seen = ChronicCertificate.objects.select_for_update(of=["self"]).visible_to(by, REVIEW)
    current = seen.filter(pk=certificate.pk).first()
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    today = days.business_day(at)
    if current.period.isempty or not current.period.lower <= today < current.period.upper:
        raise CannotKeep(_("This certificate does not hold today."))
    twice = _("It was reviewed today already.")
    with refusing("certificate_review_once_a_day", lambda: twice, "words"):
        noted = CertificateReview.objects.create(
            certificate=current, on=today, goes_on=goes_on, words=before.said(words, "words"), by=by, at=at
        )
    if goes_on:
        current.review_by = min(a_year_after(today), current.period.upper)
        current.save(update_fields=["review_by"])
    else:
        first = current.period.lower
        current.period = DateRange(first, today) if first < today else DateRange(empty=True)
        current.ended_because = noted.words[:200]
        current.save(update_fields=["period", "ended_because"])
    trail.record("certificate.reviewed", current, by=by, at=at, right=REVIEW, reason=words, goes_on=goes_on)
    return noted


def listing_of(scheme: Scheme, disease: Disease, day: date, field: str = "disease") -> ListedDisease:
    """The row of the scheme's list of chronic diseases. Raises CannotKeep where the disease is not on it."""
    found = ListedDisease.objects.on(day).filter(scheme=scheme, disease=disease, kind=ListedDisease.Kind.CHRONIC)
    listed = found.first()
    if listed is None:
        raise CannotKeep(
            _("%(disease)s is not on the list of chronic diseases of %(scheme)s.")
            % {"disease": disease, "scheme": scheme},
            field,
        )
    return listed


def a_year_after(day: date) -> date:
    """The same day of the next year; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def register() -> None:
    """Called once when the app is ready: who sees an application reads its evidence."""
    attachments.register(
        "claims.certificateapplication",
        lambda person, number: CertificateApplication.objects.visible_to(person).filter(pk=number).exists(),
    )


def _locked(application: CertificateApplication, by: Person, right: str) -> CertificateApplication:
    found = CertificateApplication.objects.select_for_update(of=["self"]).visible_to(by, right)
    current = found.filter(pk=application.pk).first()
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    return current
