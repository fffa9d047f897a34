"""Files of evidence (证据材料): kept by SHA-256, with the day of the evidence itself apart from that of its upload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from audit.models import Evidence, EvidenceSheet, Rectification, Waiver, WorkPaper
from audit.services import auditing
from audit.services.auditing import RECTIFY, WRITE, CannotAudit
from claims.services.locks import refusing
from office import attachments, trail
from office.attachments import CannotAttach
from office.models import Person
from office.rules import days


@dataclass(frozen=True)
class EvidenceOf:
    """A file that was sent, the day of the evidence, and what it shows."""

    upload: UploadedFile[Any]
    dated_on: date
    words: str


@refusing("evidence.added", CannotAudit, about="paper")
def _to_paper(*, paper: WorkPaper, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    auditing.in_the_field(paper.engagement, by, WRITE)
    current = WorkPaper.objects.select_for_update(of=["self"]).get(pk=paper.pk)
    if current.state == WorkPaper.State.CHECKED:
        raise CannotAudit(_("This paper is checked: nothing is added to it any more."))
    return keep(current, stated, by, at, paper=current)


def add_to_paper(*, paper: WorkPaper, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    """Keep a file with a work paper. Raises CannotAudit."""
    done: Evidence = _to_paper(paper=paper, stated=stated, by=by, at=at)
    return done


@refusing("evidence.added", CannotAudit, about="sheet")
def _to_sheet(*, sheet: EvidenceSheet, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    auditing.in_the_field(sheet.engagement, by, WRITE)
    current = EvidenceSheet.objects.select_for_update(of=["self"]).get(pk=sheet.pk)
    if current.state == EvidenceSheet.State.VOID:
        raise CannotAudit(_("This sheet is void."))
    return keep(current, stated, by, at, sheet=current)


def add_to_sheet(*, sheet: EvidenceSheet, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    """Keep a file with an evidence sheet: the signed sheet itself, copies of papers. Raises CannotAudit."""
    done: Evidence = _to_sheet(sheet=sheet, stated=stated, by=by, at=at)
    return done


@refusing("evidence.added", CannotAudit, about="rectification")
def _to_rectification(*, rectification: Rectification, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    auditing.refuse_without(by, RECTIFY)
    current = Rectification.objects.select_for_update(of=["self"]).get(pk=rectification.pk)
    if current.state != Rectification.State.OPEN:
        raise CannotAudit(_("This measure is %(state)s.") % {"state": current.get_state_display()})
    return keep(current, stated, by, at, rectification=current, turn=current.turn)


def add_to_rectification(*, rectification: Rectification, stated: EvidenceOf, by: Person, at: datetime) -> Evidence:
    """Keep a file that shows that a measure was carried out. Raises CannotAudit."""
    done: Evidence = _to_rectification(rectification=rectification, stated=stated, by=by, at=at)
    return done


def keep(
    subject: WorkPaper | EvidenceSheet | Rectification | Waiver, stated: EvidenceOf, by: Person, at: datetime, **of: Any
) -> Evidence:
    """Keep a file inside the caller's transaction; `of` says what it is evidence of. Raises CannotAudit."""
    today = days.business_day(at)
    if stated.dated_on > today:
        raise CannotAudit(_("This day has not come yet."), "dated_on")
    words = auditing.said(stated.words, "words")
    try:
        kept = attachments.keep(subject=subject, upload=stated.upload, by=by, at=at)
    except CannotAttach as refusal:
        raise CannotAudit(str(refusal), "upload") from refusal
    added = Evidence.objects.create(
        attachment=kept, dated_on=stated.dated_on, words=words, added_by=by, added_at=at, added_on=today, **of
    )
    trail.record("evidence.added", subject, by=by, at=at, sha256=kept.sha256, dated_on=stated.dated_on)
    return added


def register() -> None:
    """Called once when the app is ready: who reads the files."""
    for kind in ("audit.workpaper", "audit.evidencesheet"):
        attachments.register(kind, lambda person, number: person.has_perm("audit.view_workpaper"))
    attachments.register("audit.rectification", _sees_rectification)


def _sees_rectification(person: Person, number: str) -> bool:
    right = "audit.view_rectification"
    return person.has_perm(right) and Rectification.objects.visible_to(person, right).filter(pk=number).exists()
