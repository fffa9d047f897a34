"""Objections to what was posted (异议): taken down, the claim held, answered by another (docs/rules/publicity.md).

Order of locks: the claim, the list or the objection, the flag.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.models import Claim, Flag, Objection, PublicityEntry, PublicityList, TimeLimit
from claims.selectors import publicity as selectors
from claims.selectors.checking import took_part
from claims.services import before, settling
from claims.services.locks import lock_claims
from enrollment.services.keeping import CannotKeep
from office import trail
from office.models import Person
from office.rules import days

TAKE: Final = "claims.add_objection"
ANSWER: Final = "claims.change_objection"
VIEW: Final = "claims.view_objection"
Result = Objection.Result
POSTED: Final = (PublicityList.State.POSTED, PublicityList.State.OVER)


@dataclass(frozen=True)
class Said:
    """What somebody says against an entry, and how he is reached."""

    by_name: str
    words: str
    made_on: date
    contact: str = ""


@transaction.atomic
def take_down(*, entry: PublicityEntry, said: Said, by: Person, at: datetime) -> Objection:
    """Take an objection down: from now on the claim is held, where there is something left to hold. Raises
    CannotKeep."""
    if not PublicityList.objects.visible_to(by, TAKE).filter(pk=entry.list_id).exists():
        raise CannotKeep(_("This village is not among those that your office serves."))
    [claim] = lock_claims([entry.claim_id])
    posted = PublicityList.objects.select_for_update(of=["self"]).get(pk=entry.list_id)
    if posted.state not in POSTED or posted.posted_on is None:
        raise CannotKeep(
            _("An objection is to what was posted: this list is %(state)s.") % {"state": posted.get_state_display()}
        )
    before.refuse_days(posted.posted_on, said.made_on, at=at, field="made_on")
    words = before.said(said.words, "words")
    number = before.next_number(Objection, "YY", days.business_day(at))
    taken = Objection.objects.create(
        number=number,
        entry=entry,
        by_name=before.said(said.by_name, "by_name"),
        contact=said.contact.strip(),
        words=words,
        made_on=said.made_on,
        answer_by=said.made_on + timedelta(days=_within(posted, said.made_on)),
        received_by=by,
        received_at=at,
        flag=_hold(claim, number, words, by, at),
    )
    trail.record("objection.taken", taken, by=by, at=at, right=TAKE, claim=claim.pk, held=taken.flag_id is not None)
    return taken


def _hold(claim: Claim, number: str, words: str, by: Person, at: datetime) -> Flag | None:
    """The flag of an objection; none where the claim has ended or is paid."""
    if claim.state in Claim.OVER:
        return None
    reason = f"{number} {words}"[:300]
    held = Flag.objects.create(claim=claim, kind=Flag.Kind.OBJECTION, reason=reason, set_by=by, set_at=at)
    trail.record("claim.held", claim, by=by, at=at, right=TAKE, reason=reason, flag=held.pk, kind=held.kind)
    return held


@transaction.atomic
def answer(*, objection: Objection, result: str, words: str, by: Person, at: datetime) -> Objection:
    """Answer an objection: dismissed, the claim goes on; upheld, it stays held until the office makes it void or
    lets it go with a reason. By nobody who took it down, entered the claim or decided it. Raises CannotKeep."""
    [claim] = lock_claims([objection.entry.claim_id])
    current = (
        Objection.objects.select_for_update(of=["self"]).select_related("entry__list", "flag").get(pk=objection.pk)
    )
    if current.result:
        raise CannotKeep(_("This objection was answered already."))
    if result not in Result.values:
        raise CannotKeep(_("Choose how it is answered."), "result")
    if not may_answer(current, claim, by):
        raise CannotKeep(_("Somebody answers who neither took it down, nor entered the claim, nor decided in it."))
    current.result, current.answer = result, before.said(words, "words")
    current.answered_on, current.answered_by = days.business_day(at), by
    current.save(update_fields=["result", "answer", "answered_on", "answered_by"])
    trail.record("objection.answered", current, by=by, at=at, right=ANSWER, claim=claim.pk, result=result)
    if result == Result.DISMISSED:
        _let_go(current, claim, by, at)
    return current


def may_answer(objection: Objection, claim: Claim, by: Person) -> bool:
    """Whether somebody has no hand in what an objection is about."""
    hands = {objection.received_by_id, claim.entered_by_id} | took_part(claim, but_step="")
    return by.pk not in hands


def _let_go(answered: Objection, claim: Claim, by: Person, at: datetime) -> None:
    """The hold ends; where the list is over and nothing else holds the claim, it can be paid."""
    flag = answered.flag
    if flag is not None and flag.lifted_at is None:
        flag.lifted_by, flag.lifted_at, flag.lift_reason = by, at, f"{answered.number} {answered.answer}"[:300]
        flag.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
        trail.record("claim.let-go", claim, by=by, at=at, right=ANSWER, reason=flag.lift_reason, flag=flag.pk)
    settling.go_on(claim, by=by, at=at)


def _within(posted: PublicityList, day: date) -> int:
    return selectors.days_for(posted.scheme, TimeLimit.Kind.OBJECTION_ANSWERED, day)


def seen_by(person: Person, right: str = VIEW) -> Q:
    """Objections to lists of the villages that a person serves."""
    return Q(entry__list__in=PublicityList.objects.visible_to(person, right))
