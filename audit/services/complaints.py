"""Complaints (举报投诉): taken down, given to somebody, looked into, answered in time; a source of leads.

Whoever takes a complaint down says whether its informant wants to be known; who he is sees whoever has the right, and
each look is an act. Nobody deals with a complaint about himself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from audit.models import Complaint, ComplaintFile, ComplaintNote, Lead, LeadClaim
from audit.selectors.complaints import may_read_file
from claims.models import Claim, Provider
from claims.services import before
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep
from office import access, attachments, trail
from office.attachments import CannotAttach
from office.models import Person
from office.rules import days
from office.services import work

TAKE: Final = "audit.add_complaint"
VIEW: Final = "audit.view_complaint"
WORK: Final = "audit.change_complaint"
INFORMANT: Final = "audit.show_informant"
ANSWERED_WITHIN: Final = timedelta(days=60)  # 信访条例（国务院令第431号）第三十三条
SCORE: Final = 50  # of a lead that a complaint points at: as much for it as against it
State, Result = Complaint.State, Complaint.Result
CHANGED: Final = (
    "state",
    "assigned_to",
    "assigned_by",
    "assigned_at",
    "result",
    "answer",
    "answered_on",
    "answered_by",
)


@dataclass(frozen=True)
class Told:
    """What somebody says, of whom, how and when it came, and who he is where he wants to be known."""

    channel: str
    about: str
    words: str
    received_on: date
    informant: str = ""
    contact: str = ""
    is_anonymous: bool = False
    about_member: Member | None = None
    about_provider: Provider | None = None
    about_person: Person | None = None


@dataclass(frozen=True)
class FilesOf:
    """Files that were sent together: what they are, and whether they show who complained."""

    uploads: Sequence[UploadedFile[Any]] = ()
    words: str = ""
    names_informant: bool = False


NONE: Final = FilesOf()


@transaction.atomic
def take_down(*, told: Told, by: Person, at: datetime, files: FilesOf = NONE) -> Complaint:
    """Take a complaint down, with the files that came with it; it is to be answered within sixty days. Raises
    CannotKeep."""
    today = days.business_day(at)
    if told.received_on > today:
        raise CannotKeep(_("This day has not come yet."), "received_on")
    if told.channel not in Complaint.Channel.values:
        raise CannotKeep(_("Choose how it came."), "channel")
    if told.is_anonymous and (told.informant.strip() or told.contact.strip()):
        raise CannotKeep(_("An anonymous complaint names nobody."), "informant")
    if not told.is_anonymous and not told.informant.strip():
        raise CannotKeep(_("Name who complains, or note it as anonymous."), "informant")
    if told.about_person == by:
        raise CannotKeep(_("Somebody else takes down a complaint about you."), "about_person")
    taken = Complaint.objects.create(
        number=before.next_number(Complaint, "JB", today),
        channel=told.channel,
        is_anonymous=told.is_anonymous,
        informant=told.informant.strip(),
        contact=told.contact.strip(),
        about=before.said(told.about, "about"),
        about_member=told.about_member,
        about_provider=told.about_provider,
        about_person=told.about_person,
        words=before.said(told.words, "words"),
        received_on=told.received_on,
        received_by=by,
        received_at=at,
        answer_by=told.received_on + ANSWERED_WITHIN,
    )
    trail.record("complaint.taken", taken, by=by, at=at, right=TAKE)
    _keep(taken, None, files, by, at)
    return taken


@transaction.atomic
def assign(*, complaint: Complaint, to: Person, by: Person, at: datetime) -> Complaint:
    """Give a complaint to somebody who looks into it. Raises CannotKeep."""
    current = _open(complaint, by)
    if WORK not in access.rights_on(to, days.business_day(at)):
        raise CannotKeep(_("%(person)s has no duty that looks into complaints.") % {"person": to}, "to")
    if to.pk == current.about_person_id:
        raise CannotKeep(_("Nobody looks into a complaint about himself."), "to")
    if to.pk == current.assigned_to_id:
        raise CannotKeep(_("%(person)s has it already.") % {"person": to}, "to")
    current.state, current.assigned_to, current.assigned_by, current.assigned_at = State.ASSIGNED, to, by, at
    current.save(update_fields=CHANGED)
    trail.record("complaint.assigned", current, by=by, at=at, right=WORK, to=to.pk)
    work.finish(subject=current, by=by, at=at)
    return current


@transaction.atomic
def note(
    *, complaint: Complaint, on: date, words: str, by: Person, at: datetime, files: FilesOf = NONE
) -> ComplaintNote:
    """Write down what was done to look into a complaint, with the files that it brought. Raises CannotKeep."""
    current = _open(complaint, by)
    before.refuse_days(current.received_on, on, at=at, field="on")
    written = ComplaintNote.objects.create(complaint=current, on=on, words=before.said(words, "words"), by=by, at=at)
    trail.record("complaint.noted", current, by=by, at=at, right=WORK)
    _keep(current, written, files, by, at)
    return written


def _keep(complaint: Complaint, written: ComplaintNote | None, files: FilesOf, by: Person, at: datetime) -> None:
    """Keep files with a complaint, under its number: their own names could tell who complained."""
    if not files.uploads:
        return
    words = before.said(files.words, "what")
    known = complaint.files.count()
    for place, upload in enumerate(files.uploads, start=known + 1):
        added = ComplaintFile.objects.create(
            complaint=complaint,
            note=written,
            words=words,
            names_informant=files.names_informant,
            added_by=by,
            added_at=at,
        )
        upload.name = f"{complaint.number}-{place}{PurePath(upload.name or '').suffix}"
        try:
            kept = attachments.keep(subject=added, upload=upload, by=by, at=at)
        except CannotAttach as refusal:
            raise CannotKeep(str(refusal), "uploads") from refusal
        trail.record("complaint.file-added", complaint, by=by, at=at, file=kept.name, sha256=kept.sha256)


def register() -> None:
    """Called once when the app is ready: who reads the files of complaints."""
    attachments.register(ComplaintFile._meta.label_lower, may_read_file)


@transaction.atomic
def answer(*, complaint: Complaint, result: str, words: str, by: Person, at: datetime) -> Complaint:
    """Answer a complaint: by whom it was given to, when something was written down of what he found; or not taken up,
    by anybody who deals with complaints. Raises CannotKeep."""
    current = _open(complaint, by)
    if result not in Result.values:
        raise CannotKeep(_("Choose what came of it."), "result")
    if result != Result.NOT_TAKEN_UP:
        if current.assigned_to_id != by.pk:
            raise CannotKeep(_("Whoever it was given to answers it."), "result")
        if not current.notes.exists():
            raise CannotKeep(_("Write down first what was looked into."), "result")
    current.state, current.result, current.answer = State.ANSWERED, result, before.said(words, "words")
    current.answered_on, current.answered_by = days.business_day(at), by
    current.save(update_fields=CHANGED)
    trail.record("complaint.answered", current, by=by, at=at, right=WORK)
    work.finish(subject=current, by=by, at=at)
    return current


@transaction.atomic
def point_at(*, complaint: Complaint, claims: Iterable[Claim], by: Person, at: datetime) -> Lead:
    """What a complaint says becomes a lead, about some claims or about whom it names. Raises CannotKeep."""
    current = Complaint.objects.select_for_update(of=["self"]).get(pk=complaint.pk)
    _refuse_own(current, by)
    some = sorted({one.pk for one in claims})
    found = Claim.objects.filter(pk__in=some)
    key = f"complaint:{current.pk}:{','.join(map(str, some))}"
    made, is_new = Lead.objects.get_or_create(
        screen=Lead.COMPLAINT,
        key=hashlib.sha256(key.encode()).hexdigest(),
        defaults={
            "complaint": current,
            "score": SCORE,
            "money": found.aggregate(sum=Sum("proposed"))["sum"] or Decimal(0),
            "figures": {"number": current.number},
            "member": current.about_member,
            "provider": current.about_provider,
            "clerk": current.about_person,
            "found_on": days.business_day(at),
            "found_at": at,
        },
    )
    if not is_new:
        raise CannotKeep(_("This complaint points at these claims already: %(lead)s.") % {"lead": made}, "claims")
    LeadClaim.objects.bulk_create(LeadClaim(lead=made, claim_id=one) for one in some)
    trail.record("complaint.led", made, by=by, at=at, right=WORK, complaint=current.pk, claims=len(some))
    return made


@transaction.atomic
def show_informant(*, complaint: Complaint, by: Person, at: datetime) -> tuple[str, str]:
    """Who complained and how he is reached; looking is an act. Raises CannotKeep."""
    if not by.has_perm(INFORMANT) or complaint.about_person_id == by.pk:
        raise CannotKeep(_("Who made this complaint is not shown to you."))
    if complaint.is_anonymous:
        raise CannotKeep(_("This complaint is anonymous."))
    trail.read("complaint.informant-read", complaint, by=by, at=at)
    return complaint.informant, complaint.contact


def _open(complaint: Complaint, by: Person) -> Complaint:
    """A complaint that is not answered, locked, for somebody whom it is not about."""
    current = Complaint.objects.select_for_update(of=["self"]).get(pk=complaint.pk)
    if current.state == State.ANSWERED:
        raise CannotKeep(_("This complaint is answered already."))
    _refuse_own(current, by)
    return current


def _refuse_own(complaint: Complaint, by: Person) -> None:
    if complaint.about_person_id == by.pk:
        raise CannotKeep(_("Nobody looks into a complaint about himself."))
