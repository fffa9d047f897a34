"""Work papers (底稿), written by one and checked by another; evidence sheets (取证单), signed by whoever is concerned.

Order of locks: the engagement, the paper or the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from audit.models import EvidenceSheet, WorkPaper
from audit.models.engagements import Engagement
from audit.services import auditing
from audit.services.auditing import WRITE, CannotAudit
from audit.subjects import Subject
from claims.services import before
from claims.services.locks import refusing
from office import trail
from office.models import Person
from office.rules import days
from office.services import work

PAPER_PREFIX: Final = "DG"
SHEET_PREFIX: Final = "QZ"
State = WorkPaper.State
Signed = EvidenceSheet.State


@dataclass(frozen=True)
class PaperOf:
    """What a work paper says, and what it is of where it is of one thing."""

    title: str
    procedure: str
    facts: str
    conclusion: str
    subject: Subject | None = None


@refusing("work-paper.written", CannotAudit, about="engagement")
def _write(*, engagement: Engagement, stated: PaperOf, by: Person, at: datetime) -> WorkPaper:
    current = auditing.in_the_field(engagement, by, WRITE)
    told = _said(stated)
    if stated.subject is not None:
        auditing.refuse_own_work(by, stated.subject.name)
        told |= {
            "subject_type": stated.subject.name[0],
            "subject_id": stated.subject.name[1],
            "subject_words": stated.subject.words,
        }
    made = WorkPaper.objects.create(
        engagement=current,
        number=before.next_number(WorkPaper, PAPER_PREFIX, days.business_day(at)),
        made_by=by,
        made_at=at,
        **told,
    )
    trail.record("work-paper.written", made, by=by, at=at, right=WRITE, number=made.number, engagement=current.pk)
    return made


def write_paper(*, engagement: Engagement, stated: PaperOf, by: Person, at: datetime) -> WorkPaper:
    """Write a work paper, of nothing in which one had a hand. Raises CannotAudit."""
    done: WorkPaper = _write(engagement=engagement, stated=stated, by=by, at=at)
    return done


def _said(stated: PaperOf) -> dict[str, str]:
    names = ("title", "procedure", "facts", "conclusion")
    return {name: auditing.said(getattr(stated, name), name) for name in names}


@refusing("work-paper.rewritten", CannotAudit, about="paper")
def _rewrite(
    *, paper: WorkPaper, stated: PaperOf, seen: Mapping[str, str] | None, by: Person, at: datetime
) -> WorkPaper:
    auditing.in_the_field(paper.engagement, by, WRITE)
    current = _locked_paper(paper, State.RETURNED)
    if current.made_by_id != by.pk:
        raise CannotAudit(_("Whoever wrote a paper rewrites it."))
    auditing.refuse_stale(current, seen)
    told = _said(stated)
    for name, value in told.items():
        setattr(current, name, value)
    current.state, current.checked_by, current.checked_at, current.remark = State.WRITTEN, None, None, ""
    current.made_at = at
    current.save(update_fields=["state", "checked_by", "checked_at", "remark", "made_at", *told])
    trail.record("work-paper.rewritten", current, by=by, at=at, right=WRITE)
    return current


def rewrite_paper(
    *, paper: WorkPaper, stated: PaperOf, by: Person, at: datetime, seen: Mapping[str, str] | None = None
) -> WorkPaper:
    """Write a paper anew that was sent back; what it is of stays, `seen` is what was on the screen. Raises CannotAudit,
    and Stale if it changed meanwhile."""
    done: WorkPaper = _rewrite(paper=paper, stated=stated, seen=seen, by=by, at=at)
    return done


@refusing("work-paper.checked", CannotAudit, about="paper")
def _check(
    *, paper: WorkPaper, agrees: bool, remark: str, seen: Mapping[str, str] | None, by: Person, at: datetime
) -> WorkPaper:
    auditing.in_the_field(paper.engagement, by, WRITE)
    current = _locked_paper(paper, State.WRITTEN)
    if current.made_by_id == by.pk:
        raise CannotAudit(_("Nobody checks his own work."))
    auditing.refuse_stale(current, seen)
    if not agrees:
        auditing.said(remark, "remark")
    current.state = State.CHECKED if agrees else State.RETURNED
    current.checked_by, current.checked_at, current.remark = by, at, remark.strip()
    current.save(update_fields=["state", "checked_by", "checked_at", "remark"])
    name = "work-paper.checked" if agrees else "work-paper.sent-back"
    trail.record(name, current, by=by, at=at, right=WRITE, reason=current.remark)
    work.finish(subject=current, by=by, at=at)
    return current


def check_paper(
    *,
    paper: WorkPaper,
    agrees: bool,
    remark: str,
    by: Person,
    at: datetime,
    seen: Mapping[str, str] | None = None,
) -> WorkPaper:
    """Check a paper that somebody else wrote (复核) as it was on the screen (`seen`), or send it back with the reason.
    Raises CannotAudit, and Stale if it was rewritten meanwhile."""
    done: WorkPaper = _check(paper=paper, agrees=agrees, remark=remark, seen=seen, by=by, at=at)
    return done


def _locked_paper(paper: WorkPaper, state: str) -> WorkPaper:
    current = WorkPaper.objects.select_for_update(of=["self"]).get(pk=paper.pk)
    if current.state != state:
        raise CannotAudit(_("This paper is %(state)s.") % {"state": current.get_state_display()})
    return current


@dataclass(frozen=True)
class SheetOf:
    """What an evidence sheet says, and the work paper that it is for."""

    title: str
    facts: str
    dated_on: date
    paper: WorkPaper | None = None


@refusing("evidence-sheet.taken", CannotAudit, about="engagement")
def _take(*, engagement: Engagement, stated: SheetOf, by: Person, at: datetime) -> EvidenceSheet:
    current = auditing.in_the_field(engagement, by, WRITE)
    if stated.dated_on > days.business_day(at):
        raise CannotAudit(_("This day has not come yet."), "dated_on")
    if stated.paper is not None and stated.paper.engagement_id != current.pk:
        raise CannotAudit(_("This paper is of another engagement."), "paper")
    made = EvidenceSheet.objects.create(
        engagement=current,
        paper=stated.paper,
        number=before.next_number(EvidenceSheet, SHEET_PREFIX, days.business_day(at)),
        title=auditing.said(stated.title, "title"),
        facts=auditing.said(stated.facts, "facts"),
        dated_on=stated.dated_on,
        taken_by=by,
        taken_at=at,
    )
    trail.record("evidence-sheet.taken", made, by=by, at=at, right=WRITE, number=made.number, engagement=current.pk)
    return made


def take_evidence(*, engagement: Engagement, stated: SheetOf, by: Person, at: datetime) -> EvidenceSheet:
    """Take facts down on an evidence sheet, to be signed. Raises CannotAudit."""
    done: EvidenceSheet = _take(engagement=engagement, stated=stated, by=by, at=at)
    return done


@dataclass(frozen=True)
class SignatureOf:
    """How an evidence sheet came back: signed or refused, by whom, when, with which words."""

    signed: bool
    by_name: str
    on: date
    words: str = ""


@refusing("evidence-sheet.signed", CannotAudit, about="sheet")
def _note_signature(*, sheet: EvidenceSheet, stated: SignatureOf, by: Person, at: datetime) -> EvidenceSheet:
    current = _locked_sheet(sheet, by)
    if not current.dated_on <= stated.on <= days.business_day(at):
        raise CannotAudit(_("It is signed after it was taken down, and not in days to come."), "on")
    if not stated.signed:
        auditing.said(stated.words, "words")
    current.state = Signed.CONFIRMED if stated.signed else Signed.REFUSED
    current.confirmed_by, current.confirmed_on = auditing.said(stated.by_name, "by_name"), stated.on
    current.words, current.noted_by = stated.words.strip(), by
    _keep(current)
    name = "evidence-sheet.signed" if stated.signed else "evidence-sheet.signature-refused"
    trail.record(name, current, by=by, at=at, right=WRITE, on=stated.on)
    return current


def note_signature(*, sheet: EvidenceSheet, stated: SignatureOf, by: Person, at: datetime) -> EvidenceSheet:
    """Note that a sheet was signed, or that the signature was refused, with what was said. Raises CannotAudit."""
    done: EvidenceSheet = _note_signature(sheet=sheet, stated=stated, by=by, at=at)
    return done


@refusing("evidence-sheet.voided", CannotAudit, about="sheet")
def _void(*, sheet: EvidenceSheet, reason: str, by: Person, at: datetime) -> EvidenceSheet:
    current = _locked_sheet(sheet, by)
    current.state, current.words, current.noted_by = Signed.VOID, auditing.said(reason, "reason"), by
    _keep(current)
    trail.record("evidence-sheet.voided", current, by=by, at=at, right=WRITE, reason=current.words)
    return current


def void_sheet(*, sheet: EvidenceSheet, reason: str, by: Person, at: datetime) -> EvidenceSheet:
    """Make a sheet void that nobody signed. Raises CannotAudit."""
    done: EvidenceSheet = _void(sheet=sheet, reason=reason, by=by, at=at)
    return done


def _locked_sheet(sheet: EvidenceSheet, by: Person) -> EvidenceSheet:
    auditing.in_the_field(sheet.engagement, by, WRITE)
    current = EvidenceSheet.objects.select_for_update(of=["self"]).get(pk=sheet.pk)
    if current.state != Signed.TAKEN:
        raise CannotAudit(_("This sheet is %(state)s.") % {"state": current.get_state_display()})
    return current


def _keep(sheet: EvidenceSheet) -> None:
    sheet.save(update_fields=["state", "confirmed_by", "confirmed_on", "words", "noted_by"])
