"""Appeals against a list of second compensation (申诉): taken down by one, answered by another; an upheld one gives the
whole list out anew.

Order of locks: the run, the appeal, the lines by number.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.services.locks import refusing
from enrollment.models import Member
from funds.models import SecondAppeal, SecondLine, SecondRun
from funds.rules import second as rules
from funds.selectors import second as selectors
from funds.services import second_runs
from funds.services.asking import CannotAsk
from funds.services.second_runs import TOGETHER, State, offer_of
from office import trail
from office.models import Person
from office.rules import days

RECEIVE: Final = "funds.add_secondappeal"
ANSWER: Final = "funds.change_secondappeal"


@refusing("second-appeal.received", CannotAsk, about="run")
def _receive(*, run: SecondRun, member: Member, by_name: str, words: str, by: Person, at: datetime) -> SecondAppeal:
    current = second_runs.locked(run, by, RECEIVE, State.POSTED)
    today = days.business_day(at)
    if today > current.papers_by:
        raise CannotAsk(_("Appeals were possible until %(day)s.") % {"day": current.papers_by})
    if not by_name.strip() or not words.strip():
        raise CannotAsk(_("Say who appeals, and what he says."), "words")
    try:
        with transaction.atomic():
            made = SecondAppeal.objects.create(
                run=current,
                member=member.merged_into or member,
                by_name=by_name.strip(),
                words=words.strip(),
                made_on=today,
                received_by=by,
                received_at=at,
            )
    except IntegrityError as refusal:
        raise CannotAsk(_("An appeal of this person waits for its answer already.")) from refusal
    trail.record("second-appeal.received", made, by=by, at=at, right=RECEIVE, run=current.pk, member=made.member_id)
    return made


def receive_appeal(
    *, run: SecondRun, member: Member, by_name: str, words: str, by: Person, at: datetime
) -> SecondAppeal:
    """Take down that somebody's burden was counted wrong, or that he is missing. Raises CannotAsk."""
    done: SecondAppeal = _receive(run=run, member=member, by_name=by_name, words=words, by=by, at=at)
    return done


@refusing("second-appeal.answered", CannotAsk, about="appeal")
def _answer(*, appeal: SecondAppeal, answer: str, burden: Decimal | None, by: Person, at: datetime) -> SecondAppeal:
    run = second_runs.locked(appeal.run, by, ANSWER, State.POSTED)
    current = SecondAppeal.objects.select_for_update(of=["self"]).select_related("member__household").get(pk=appeal.pk)
    if current.result:
        raise CannotAsk(_("This appeal was answered already."))
    if by.pk in {current.received_by_id, run.drawn_up_by_id}:
        raise CannotAsk(_("Somebody else answers an appeal than who took it down or drew the list up."))
    if not answer.strip():
        raise CannotAsk(_("Say why."), "answer")
    if burden is not None and burden < 0:
        raise CannotAsk(_("A burden is an amount."), "burden")
    current.result = SecondAppeal.Result.DISMISSED if burden is None else SecondAppeal.Result.UPHELD
    current.answer, current.burden = answer.strip(), burden
    current.answered_on, current.answered_by = days.business_day(at), by
    current.save(update_fields=["result", "answer", "burden", "answered_on", "answered_by"])
    if burden is not None:
        _correct(run, current.member, burden)
    trail.record("second-appeal.answered", current, by=by, at=at, right=ANSWER, result=current.result, run=run.pk)
    return current


def answer_appeal(
    *, appeal: SecondAppeal, answer: str, burden: Decimal | None = None, by: Person, at: datetime
) -> SecondAppeal:
    """Answer an appeal: upheld with the burden as it is right, dismissed without one. Upheld, the whole list is given
    out anew. Raises CannotAsk."""
    done: SecondAppeal = _answer(appeal=appeal, answer=answer, burden=burden, by=by, at=at)
    return done


def _correct(run: SecondRun, member: Member, burden: Decimal) -> None:
    """The person's burden is another, and what everybody gets follows."""
    offer = offer_of(run)
    lines = list(run.lines.select_for_update(of=["self"]).order_by("pk"))
    whose = next((one for one in lines if one.member_id == member.pk), None)
    if whose is None:
        heads = selectors.heads_of([member.household])
        whose = SecondLine(
            run=run,
            member=member,
            village_id=member.household.village_id,
            head=heads.get(member.household_id, member.name),
            granted=Decimal(0),
        )
        lines.append(whose)
    whose.burden, whose.entitled = burden, rules.entitled(burden, offer)
    granted = rules.distributed({place: one.entitled for place, one in enumerate(lines)}, run.budget)
    for place, one in enumerate(lines):
        one.granted = granted[place]
    if whose.pk is None:
        lines.remove(whose)
        whose.save(force_insert=True)
    SecondLine.objects.bulk_update(lines, ["burden", "entitled", "granted"], TOGETHER)
