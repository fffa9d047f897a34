"""Findings (审计发现问题): drafted with their evidence, sent for comment, answered, final or dropped, closed by
another, opened again (docs/rules/engagements.md).

Order of locks: the engagement, the finding, its measures by number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from audit.models import Citation, Engagement, EvidenceSheet, Finding, FindingAnswer, FindingSheet
from audit.rules import engagements as rules
from audit.selectors import findings as selectors
from audit.services import auditing, engagements
from audit.services.auditing import ANSWER, CHECK, DRAFT, CannotAudit
from audit.subjects import Subject
from claims.models import Provider
from claims.services import before
from claims.services.locks import refusing
from enrollment.models import Member
from office import selectors as office_selectors
from office import trail
from office.models import Person
from office.rules import days, money
from office.rules.days import CalendarUnknown
from office.services import work

PREFIX: Final = "WT"
State = Finding.State
TO_ANSWER: Final = "audit.findings-to-answer"  # the worklist of the audited
SIGNED: Final = (EvidenceSheet.State.CONFIRMED, EvidenceSheet.State.REFUSED)


@dataclass(frozen=True)
class FindingOf:
    """What a finding says: fact, article, cause, who is responsible, the money it is about and what of it must come
    back, in yuan."""

    title: str
    fact: str
    rule: str
    cause: str
    responsible: str
    amount: Decimal = Decimal(0)
    to_recover: Decimal = Decimal(0)
    provider: Provider | None = None
    member: Member | None = None


@refusing("finding.drafted", CannotAudit, about="engagement")
def _draft(*, engagement: Engagement, stated: FindingOf, by: Person, at: datetime) -> Finding:
    current = auditing.in_the_field(engagement, by, DRAFT)
    made = Finding.objects.create(
        engagement=current,
        number=before.next_number(Finding, PREFIX, days.business_day(at)),
        drafted_by=by,
        drafted_at=at,
        **_fields(stated),
    )
    trail.record(
        "finding.drafted",
        made,
        by=by,
        at=at,
        right=DRAFT,
        number=made.number,
        amount=made.amount,
        engagement=current.pk,
    )
    return made


def draft(*, engagement: Engagement, stated: FindingOf, by: Person, at: datetime) -> Finding:
    """Draft a finding. Raises CannotAudit."""
    done: Finding = _draft(engagement=engagement, stated=stated, by=by, at=at)
    return done


@refusing("finding.changed", CannotAudit, about="finding")
def _change(
    *, finding: Finding, stated: FindingOf, seen: Mapping[str, str] | None, by: Person, at: datetime
) -> Finding:
    current = _drafted(finding, by)
    auditing.refuse_stale(current, seen)
    told = _fields(stated)
    for name, value in told.items():
        setattr(current, name, value)
    current.save(update_fields=list(told))
    trail.record("finding.changed", current, by=by, at=at, right=DRAFT, amount=current.amount)
    return current


def change(
    *, finding: Finding, stated: FindingOf, by: Person, at: datetime, seen: Mapping[str, str] | None = None
) -> Finding:
    """Correct a draft; `seen` is what was on the screen. Raises CannotAudit, and Stale if it changed meanwhile."""
    done: Finding = _change(finding=finding, stated=stated, seen=seen, by=by, at=at)
    return done


def _fields(stated: FindingOf) -> dict[str, Any]:
    for name in ("title", "fact", "rule", "cause", "responsible"):
        auditing.said(getattr(stated, name), name)
    if not 0 <= stated.to_recover <= stated.amount:
        raise CannotAudit(_("No more comes back than the finding is about."), "to_recover")
    told = {one.name: getattr(stated, one.name) for one in fields(stated)}
    return {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}


@refusing("finding.sheet-added", CannotAudit, about="finding")
def _rest_on(*, finding: Finding, sheet: EvidenceSheet, by: Person, at: datetime) -> FindingSheet:
    current = _drafted(finding, by)
    if not current.engagement.sheets.filter(pk=sheet.pk, state__in=SIGNED).exists():
        raise CannotAudit(_("A finding rests on signed evidence sheets of its own engagement."), "sheet")
    if current.sheets.filter(sheet=sheet).exists():
        raise CannotAudit(_("The finding rests on this sheet already."), "sheet")
    added = FindingSheet.objects.create(finding=current, sheet=sheet, added_by=by, added_at=at)
    trail.record("finding.sheet-added", current, by=by, at=at, right=DRAFT, sheet=sheet.number)
    return added


def rest_on(*, finding: Finding, sheet: EvidenceSheet, by: Person, at: datetime) -> FindingSheet:
    """Rest a draft on an evidence sheet that came back. Raises CannotAudit."""
    done: FindingSheet = _rest_on(finding=finding, sheet=sheet, by=by, at=at)
    return done


@refusing("finding.cited", CannotAudit, about="finding")
def _cite(*, finding: Finding, subject: Subject, by: Person, at: datetime) -> Citation:
    current = _drafted(finding, by)
    auditing.refuse_own_work(by, subject.name)
    kind, number = subject.name
    if current.citations.filter(subject_type=kind, subject_id=number).exists():
        raise CannotAudit(_("This is cited already."), "number")
    added = Citation.objects.create(
        finding=current, subject_type=kind, subject_id=number, words=subject.words, added_by=by, added_at=at
    )
    trail.record("finding.cited", current, by=by, at=at, right=DRAFT, reason=subject.words)
    return added


def cite(*, finding: Finding, subject: Subject, by: Person, at: datetime) -> Citation:
    """Name a claim, a voucher, a lead that a draft is about, nothing in which one had a hand. Raises CannotAudit."""
    done: Citation = _cite(finding=finding, subject=subject, by=by, at=at)
    return done


@refusing("finding.sent-for-comment", CannotAudit, about="finding")
def _send(*, finding: Finding, by: Person, at: datetime) -> Finding:
    current = _drafted(finding, by)
    if not current.sheets.exists():
        raise CannotAudit(_("A draft is sent with its evidence: add a signed evidence sheet."))
    today = days.business_day(at)
    try:
        until = rules.comments_until(today, office_selectors.working_days(today, today + rules.REACH))
    except CalendarUnknown as unknown:
        raise CannotAudit(_(unknown.sentence).format(**unknown.params)) from unknown
    current.state, current.sent_at, current.comment_until = State.COMMENTING, at, until
    current.save(update_fields=["state", "sent_at", "comment_until"])
    trail.record("finding.sent-for-comment", current, by=by, at=at, right=DRAFT, until=until)
    return current


def send_for_comment(*, finding: Finding, by: Person, at: datetime) -> Finding:
    """Send a draft for comment (征求意见): the audited have ten working days. Raises CannotAudit."""
    done: Finding = _send(finding=finding, by=by, at=at)
    return done


@refusing("finding.answered", CannotAudit, about="finding")
def _answer(*, finding: Finding, agrees: bool, words: str, by: Person, at: datetime) -> FindingAnswer:
    auditing.refuse_without(by, ANSWER)
    current = _locked(finding, State.COMMENTING)
    if auditing.was_named(current.engagement, by):
        raise CannotAudit(_("The audited answer, not the auditors."))
    made = FindingAnswer.objects.create(
        finding=current,
        agrees=agrees,
        words=auditing.said(words, "words"),
        answered_by=by,
        answered_at=at,
        answered_on=days.business_day(at),
    )
    _move(current, State.ANSWERED)
    trail.record("finding.answered", current, by=by, at=at, right=ANSWER, agrees=agrees)
    work.finish(subject=current, by=by, at=at, on=TO_ANSWER)
    return made


def answer(*, finding: Finding, agrees: bool, words: str, by: Person, at: datetime) -> FindingAnswer:
    """Say what the audited office says to a draft. Raises CannotAudit."""
    done: FindingAnswer = _answer(finding=finding, agrees=agrees, words=words, by=by, at=at)
    return done


@refusing("finding.final", CannotAudit, about="finding")
def _settle(*, finding: Finding, by: Person, at: datetime) -> Finding:
    auditing.in_the_field(finding.engagement, by, DRAFT)
    current = _locked(finding, State.ANSWERED, State.COMMENTING)
    until = current.comment_until
    if current.state == State.COMMENTING and until is not None and days.business_day(at) <= until:
        raise CannotAudit(_("The office may answer until %(day)s.") % {"day": until.isoformat()})
    answered = current.state == State.ANSWERED
    _move(current, State.FINAL)
    trail.record("finding.final", current, by=by, at=at, right=DRAFT, answered=answered)
    work.finish(subject=current, by=by, at=at)
    return current


def settle(*, finding: Finding, by: Person, at: datetime) -> Finding:
    """Make a finding final: answered, or not answered in time. Raises CannotAudit."""
    done: Finding = _settle(finding=finding, by=by, at=at)
    return done


@refusing("finding.taken-up-again", CannotAudit, about="finding")
def _take_up(*, finding: Finding, by: Person, at: datetime) -> Finding:
    auditing.in_the_field(finding.engagement, by, DRAFT)
    current = _locked(finding, State.ANSWERED)
    _move(current, State.DRAFT)
    trail.record("finding.taken-up-again", current, by=by, at=at, right=DRAFT)
    work.finish(subject=current, by=by, at=at)
    return current


def take_up_again(*, finding: Finding, by: Person, at: datetime) -> Finding:
    """Correct a draft after its answer; it is sent for comment again. Raises CannotAudit."""
    done: Finding = _take_up(finding=finding, by=by, at=at)
    return done


@refusing("finding.dropped", CannotAudit, about="finding")
def _drop(*, finding: Finding, reason: str, by: Person, at: datetime) -> Finding:
    auditing.in_the_field(finding.engagement, by, DRAFT)
    current = _locked(finding, State.DRAFT, State.ANSWERED)
    if current.money.filter(state="standing").exists():
        raise CannotAudit(_("Postings stand for this finding: take them off first."))
    current.state, current.reason = State.DROPPED, auditing.said(reason, "reason")
    current.save(update_fields=["state", "reason"])
    trail.record("finding.dropped", current, by=by, at=at, right=DRAFT, reason=current.reason)
    work.finish(subject=current, by=by, at=at)
    return current


def drop(*, finding: Finding, reason: str, by: Person, at: datetime) -> Finding:
    """Drop a finding that does not hold, with the reason. Raises CannotAudit."""
    done: Finding = _drop(finding=finding, reason=reason, by=by, at=at)
    return done


@refusing("finding.closed", CannotAudit, about="finding")
def _close(*, finding: Finding, by: Person, at: datetime) -> Finding:
    auditing.refuse_without(by, CHECK)
    auditing.locked(finding.engagement, Engagement.State.NOTICED, Engagement.State.REPORTED)
    current = _locked(finding, State.FINAL)
    if current.drafted_by_id == by.pk:
        raise CannotAudit(_("Somebody else closes a finding than who drafted it."))
    standing = selectors.standing_of(current)
    refusal = rules.obstacle(standing)
    if refusal:
        raise CannotAudit(obstacle_in_words(refusal, standing.owed))
    current.state, current.closed_by, current.closed_on = State.CLOSED, by, days.business_day(at)
    current.save(update_fields=["state", "closed_by", "closed_on"])
    recovered, waived = standing.recovered, standing.waived
    trail.record("finding.closed", current, by=by, at=at, right=CHECK, recovered=recovered, waived=waived)
    work.finish(subject=current, by=by, at=at)
    return current


def close(*, finding: Finding, by: Person, at: datetime) -> Finding:
    """Close a finding (销号): its measures are carried out and were checked, its money stands in the books. By somebody
    else than who drafted it. Raises CannotAudit."""
    done: Finding = _close(finding=finding, by=by, at=at)
    return done


def obstacle_in_words(name: str, owed: Decimal) -> str:
    """What stands between a finding and its closing, for whoever would close it; "" for nothing."""
    return {
        "": "",
        "no-measure": _("No measure was asked for yet."),
        "open-measure": _("A measure is not closed."),
        "waiver": _("A waiver of its money waits to be decided."),
        "not-booked": _("The finding names money: link the posting that puts it right."),
        "owed": _("%(amount)s yuan have not come back yet.") % {"amount": money.shown(owed)},
    }[name]


@refusing("finding.opened-again", CannotAudit, about="finding")
def _reopen(*, finding: Finding, reason: str, by: Person, at: datetime) -> Finding:
    auditing.refuse_without(by, CHECK)
    states = (Engagement.State.NOTICED, Engagement.State.REPORTED, Engagement.State.CLOSED)
    engagement = auditing.locked(finding.engagement, *states)
    current = _locked(finding, State.CLOSED)
    why = auditing.said(reason, "reason")
    engagements.open_again(engagement, by, at)
    current.state, current.reason, current.closed_by, current.closed_on = State.FINAL, why, None, None
    current.save(update_fields=["state", "reason", "closed_by", "closed_on"])
    trail.record("finding.opened-again", current, by=by, at=at, right=CHECK, reason=why)
    work.finish(subject=current, by=by, at=at)
    return current


def reopen(*, finding: Finding, reason: str, by: Person, at: datetime) -> Finding:
    """Open a closed finding again: it happened anew, a measure did not hold, its money was taken back. Raises
    CannotAudit."""
    done: Finding = _reopen(finding=finding, reason=reason, by=by, at=at)
    return done


def _drafted(finding: Finding, by: Person) -> Finding:
    auditing.in_the_field(finding.engagement, by, DRAFT)
    return _locked(finding, State.DRAFT)


def _locked(finding: Finding, *states: str) -> Finding:
    current = (
        Finding.objects.select_for_update(of=["self"], no_key=True).select_related("engagement").get(pk=finding.pk)
    )
    if current.state not in states:
        raise CannotAudit(_("This finding is %(state)s.") % {"state": current.get_state_display()})
    return current


def _move(finding: Finding, state: str) -> None:
    finding.state = state
    finding.save(update_fields=["state"])
