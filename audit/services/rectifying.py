"""Measures (整改): asked for of a final finding, handed in with evidence, checked by another, sent back or opened
again; the office is reminded of them (docs/rules/engagements.md).

Order of locks: the engagement where a measure is asked for, the finding, the measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.models import Finding, Rectification, RectificationCheck, RectificationReminder
from audit.rules import engagements as rules
from audit.services import auditing
from audit.services.auditing import CHECK, DRAFT, RECTIFY, CannotAudit
from claims.services import before
from claims.services.locks import refusing
from office import trail
from office.models import Person
from office.rules import days
from office.services import work

PREFIX: Final = "ZG"
State = Rectification.State
Outcome = RectificationCheck.Outcome


@dataclass(frozen=True)
class MeasureOf:
    """What is to be done, by whom, by when."""

    measure: str
    responsible: str
    due_on: date


@refusing("rectification.asked", CannotAudit, about="finding")
def _ask(*, finding: Finding, stated: MeasureOf, by: Person, at: datetime) -> Rectification:
    auditing.refuse_without(by, DRAFT)
    auditing.hold_for(finding.engagement, by)
    current = _final(finding)
    _refuse_day(stated.due_on, at)
    made = Rectification.objects.create(
        finding=current,
        number=before.next_number(Rectification, PREFIX, days.business_day(at)),
        measure=auditing.said(stated.measure, "measure"),
        responsible=auditing.said(stated.responsible, "responsible"),
        due_on=stated.due_on,
        asked_by=by,
        asked_at=at,
    )
    trail.record("rectification.asked", made, by=by, at=at, right=DRAFT, number=made.number, due_on=made.due_on)
    return made


def ask(*, finding: Finding, stated: MeasureOf, by: Person, at: datetime) -> Rectification:
    """Ask for a measure of a final finding. Raises CannotAudit."""
    done: Rectification = _ask(finding=finding, stated=stated, by=by, at=at)
    return done


def _refuse_day(due_on: date, at: datetime) -> None:
    if due_on <= days.business_day(at):
        raise CannotAudit(_("The office needs time: choose a day to come."), "due_on")


@refusing("rectification.handed-in", CannotAudit, about="rectification")
def _hand_in(*, rectification: Rectification, result: str, by: Person, at: datetime) -> Rectification:
    auditing.refuse_without(by, RECTIFY)
    current = _locked(rectification, State.OPEN)
    if not current.evidence.filter(turn=current.turn).exists():
        raise CannotAudit(_("A measure is handed in with its evidence: add a file first."))
    current.state, current.result = State.HANDED_IN, auditing.said(result, "result")
    current.handed_in_by, current.handed_in_at = by, at
    current.checked_by, current.checked_at = None, None
    current.save(update_fields=["state", "result", "handed_in_by", "handed_in_at", "checked_by", "checked_at"])
    trail.record("rectification.handed-in", current, by=by, at=at, right=RECTIFY, turn=current.turn)
    work.finish(subject=current, by=by, at=at)
    return current


def hand_in(*, rectification: Rectification, result: str, by: Person, at: datetime) -> Rectification:
    """Say that a measure was carried out, on its evidence. Raises CannotAudit."""
    done: Rectification = _hand_in(rectification=rectification, result=result, by=by, at=at)
    return done


@refusing("rectification.closed", CannotAudit, about="rectification")
def _close(*, rectification: Rectification, words: str, by: Person, at: datetime) -> Rectification:
    auditing.refuse_without(by, CHECK)
    current = _locked(rectification, State.HANDED_IN)
    if not may_check(current, by):
        raise CannotAudit(_("Somebody else checks a measure than who handed it in or brought its evidence."))
    current.state, current.remark = State.CLOSED, auditing.said(words, "words")
    current.checked_by, current.checked_at = by, at
    current.save(update_fields=["state", "remark", "checked_by", "checked_at"])
    _note(current, current.turn, Outcome.CLOSED, by, at)
    trail.record("rectification.closed", current, by=by, at=at, right=CHECK, reason=current.remark)
    work.finish(subject=current, by=by, at=at)
    return current


def close(*, rectification: Rectification, words: str, by: Person, at: datetime) -> Rectification:
    """Close a measure (销号) after having looked at its evidence, by another person. Raises CannotAudit."""
    done: Rectification = _close(rectification=rectification, words=words, by=by, at=at)
    return done


def may_check(rectification: Rectification, person: Person) -> bool:
    """Whether somebody had no hand in what was handed in."""
    brought = rectification.evidence.filter(turn=rectification.turn, added_by=person).exists()
    return rectification.handed_in_by_id != person.pk and not brought


@refusing("rectification.sent-back", CannotAudit, about="rectification")
def _send_back(*, rectification: Rectification, words: str, due_on: date, by: Person, at: datetime) -> Rectification:
    auditing.refuse_without(by, CHECK)
    current = _locked(rectification, State.HANDED_IN)
    _begin_again(current, Outcome.SENT_BACK, words, due_on, by, at)
    trail.record("rectification.sent-back", current, by=by, at=at, right=CHECK, reason=current.remark, due_on=due_on)
    work.finish(subject=current, by=by, at=at)
    return current


def send_back(*, rectification: Rectification, words: str, due_on: date, by: Person, at: datetime) -> Rectification:
    """What was handed in does not do: it is to be carried out again, by another day. Raises CannotAudit."""
    done: Rectification = _send_back(rectification=rectification, words=words, due_on=due_on, by=by, at=at)
    return done


@refusing("rectification.opened-again", CannotAudit, about="rectification")
def _reopen(*, rectification: Rectification, words: str, due_on: date, by: Person, at: datetime) -> Rectification:
    auditing.refuse_without(by, CHECK)
    current = _locked(rectification, State.CLOSED)
    _begin_again(current, Outcome.REOPENED, words, due_on, by, at)
    trail.record("rectification.opened-again", current, by=by, at=at, right=CHECK, reason=current.remark, due_on=due_on)
    return current


def reopen(*, rectification: Rectification, words: str, due_on: date, by: Person, at: datetime) -> Rectification:
    """A closed measure did not hold: it is to be carried out again, with evidence of its own. Raises CannotAudit."""
    done: Rectification = _reopen(rectification=rectification, words=words, due_on=due_on, by=by, at=at)
    return done


def _begin_again(current: Rectification, outcome: str, words: str, due_on: date, by: Person, at: datetime) -> None:
    _refuse_day(due_on, at)
    turn, current.remark = current.turn, auditing.said(words, "words")
    current.state, current.turn, current.due_on = State.OPEN, turn + 1, due_on
    current.result, current.handed_in_by, current.handed_in_at = "", None, None
    current.checked_by, current.checked_at = by, at
    current.save()
    _note(current, turn, outcome, by, at)


def _note(current: Rectification, turn: int, outcome: str, by: Person, at: datetime) -> None:
    RectificationCheck.objects.create(
        rectification=current, turn=turn, outcome=outcome, words=current.remark, checked_by=by, checked_at=at
    )


def _final(finding: Finding) -> Finding:
    """A final finding, which stays final until the end of the transaction."""
    current = Finding.objects.select_for_update(of=["self"], no_key=True).get(pk=finding.pk)
    if current.state != Finding.State.FINAL:
        raise CannotAudit(_("This finding is %(state)s.") % {"state": current.get_state_display()})
    return current


def _locked(rectification: Rectification, state: str) -> Rectification:
    _final(rectification.finding)
    current = Rectification.objects.select_for_update(of=["self"], no_key=True).get(pk=rectification.pk)
    if current.state != state:
        raise CannotAudit(_("This measure is %(state)s.") % {"state": current.get_state_display()})
    return current


def remind(*, at: datetime) -> list[RectificationReminder]:
    """Remind of measures that are due or overdue today; safe to run again on the same day. Gives the new reminders."""
    today = days.business_day(at)
    waiting = Rectification.objects.filter(state=State.OPEN, due_on__lte=today + rules.AHEAD).order_by("pk")
    found = [_remind(one, today, at) for one in waiting.prefetch_related("reminders")]
    return [one for one in found if one is not None]


def _remind(one: Rectification, today: date, at: datetime) -> RectificationReminder | None:
    since = one.checked_at or one.asked_at  # the day on which its turn began
    reminded = {told.on for told in one.reminders.all() if told.reminded_at >= since}
    if not rules.reminds(one.due_on, today, reminded):
        return None
    left = rules.days_left(one.due_on, today)
    kind = RectificationReminder.Kind.OVERDUE if left < 0 else RectificationReminder.Kind.AHEAD
    try:
        with transaction.atomic():
            made = RectificationReminder.objects.create(
                rectification=one, kind=kind, on=today, days=left, reminded_at=at
            )
            trail.record("rectification.reminded", one, by=None, at=at, days=left)
    except IntegrityError:  # another worker was faster
        return None
    return made
