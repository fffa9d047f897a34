"""Verifying invoices with the hospital (票据核查): asked by phone, visit or letter, until there is an answer.

A letter (协查函) that stays without an answer past its deadline brings the claim before the committee. Order of locks:
as in claims/services/locks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from claims.models import Claim, Verification
from claims.services import checking
from claims.services.locks import lock_claim, refusing
from office import trail
from office.models import Person
from office.rules import days

RIGHT: Final = "claims.add_verification"
Outcome = Verification.Outcome
LETTER: Final = Verification.Way.LETTER


class CannotVerify(Exception):
    """Nothing was written down; the message is written for whoever asks the hospital."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Question:
    """Whom the office asks, and how; a letter has its number and the day until which it is answered."""

    way: str
    whom: str
    phone: str = ""
    letter_number: str = ""
    deadline_on: date | None = None


@refusing("claim.verification-asked", CannotVerify)
def ask(*, claim: Claim, question: Question, on: date, by: Person, at: datetime) -> Verification:
    """Note that the hospital was called, visited or written to on a day. Raises CannotVerify."""
    current = _verified_now(claim)
    _refuse_question(question)
    _refuse_day(current, on, at)
    if question.deadline_on is not None and question.deadline_on <= on:
        raise CannotVerify(_("The answer is awaited until a day after the question."), "deadline_on")
    asked = Verification.objects.create(
        claim=current,
        way=question.way,
        whom=question.whom.strip(),
        phone=question.phone.strip(),
        letter_number=question.letter_number.strip(),
        deadline_on=question.deadline_on,
        asked_on=on,
        asked_by=by,
    )
    trail.record(
        "claim.verification-asked", current, by=by, at=at, right=RIGHT, way=question.way, verification=asked.pk
    )
    return asked


@refusing("claim.verification-answered", CannotVerify, about="verification")
def answer(*, verification: Verification, outcome: str, words: str, on: date, by: Person, at: datetime) -> Claim:
    """Write down what came of a question; with the last answer the claim goes on. Raises CannotVerify.

    That nobody answers is written of a letter once its deadline is over; of a call or a visit at once, and a letter
    follows.
    """
    claim = _verified_now(verification.claim)
    current = Verification.objects.select_for_update(of=["self"]).get(pk=verification.pk)
    _refuse_answer(current, outcome, words, on, at)
    current.outcome, current.answer = outcome, words.strip()
    current.answered_on, current.answered_by = on, by
    current.save(update_fields=["outcome", "answer", "answered_on", "answered_by"])
    trail.record(
        "claim.verification-answered", claim, by=by, at=at, right=RIGHT, outcome=outcome, verification=current.pk
    )
    if is_over(claim):
        checking.reroute(claim)
        checking.enter_step(claim=claim, step=Claim.State.SECOND_CHECK, by=by, at=at)
    return claim


def is_over(claim: Claim) -> bool:
    """Whether everybody who was asked has answered, or let the deadline of a letter pass."""
    asked = list(claim.verifications.values_list("way", "outcome"))
    settled = [one for one in asked if one[1] not in {"", Outcome.NO_ANSWER} or one == (LETTER, Outcome.NO_ANSWER)]
    return bool(settled) and all(outcome for _way, outcome in asked)


def late_of(asked: Iterable[Verification], today: date) -> list[Verification]:
    """Of some questions the letters whose deadline has passed without an answer."""
    return [one for one in asked if not one.outcome and one.deadline_on is not None and one.deadline_on < today]


def _verified_now(claim: Claim) -> Claim:
    """The claim, locked, while the hospital is asked about it. Raises CannotVerify."""
    current = lock_claim(claim)
    if current.state != Claim.State.VERIFICATION:
        raise CannotVerify(
            _("Nothing is verified of this claim now: it is %(state)s.") % {"state": current.get_state_display()}
        )
    if (held := current.flags.holding().first()) is not None:
        raise CannotVerify(_("This claim is held: %(reason)s") % {"reason": held.reason})
    return current


def _refuse_question(question: Question) -> None:
    if question.way not in Verification.Way.values:
        raise CannotVerify(_("Choose how the hospital is asked."), "way")
    if not question.whom.strip():
        raise CannotVerify(_("Say who is asked."), "whom")
    if question.way != LETTER:
        return
    if not question.letter_number.strip():
        raise CannotVerify(_("A letter has its number."), "letter_number")
    if question.deadline_on is None:
        raise CannotVerify(_("A letter says until when it is answered."), "deadline_on")


def _refuse_day(claim: Claim, on: date, at: datetime) -> None:
    if on > days.business_day(at):
        raise CannotVerify(_("This day has not come yet."), "on")
    if on < claim.entered_on:
        raise CannotVerify(_("The claim was not taken in before this day."), "on")


def _refuse_answer(asked: Verification, outcome: str, words: str, on: date, at: datetime) -> None:
    if asked.outcome:
        raise CannotVerify(_("This was answered already."))
    if outcome not in Outcome.values:
        raise CannotVerify(_("Choose what was answered."), "outcome")
    if on > days.business_day(at):
        raise CannotVerify(_("This day has not come yet."), "on")
    if on < asked.asked_on:
        raise CannotVerify(_("An answer comes after its question."), "on")
    if outcome == Outcome.DIFFERS and not words.strip():
        raise CannotVerify(_("Say what differs."), "words")
    if outcome == Outcome.NO_ANSWER and asked.deadline_on is not None and on <= asked.deadline_on:
        raise CannotVerify(_("The answer may come until %(day)s.") % {"day": asked.deadline_on}, "outcome")
