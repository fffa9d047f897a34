"""What a letter or slip of the bank says of a payment (书面回执): noted by one, confirmed by another, then taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import AnswerLine, BankAnswer, PaperAnswer, Payment
from funds.rules.bank_files import AnswerOf
from funds.services import answers
from funds.services.answers import CannotTake
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote

RIGHT: Final = "funds.add_bankanswer"
State = PaperAnswer.State
BY_A_SECOND: Final = Required("funds.paper-answer-by-a-second", "1", (Duty.FUND_ACCOUNTANT, Duty.ACCOUNTING_HEAD))


@refusing("paper.noted", CannotTake, about="payment")
def _note(
    *, payment: Payment, outcome: str, on: date, paper: str, reason: str, by: Person, at: datetime
) -> PaperAnswer:
    if outcome not in AnswerLine.Outcome.values or not paper.strip():
        raise CannotTake(_("Say what the bank says, and on which paper."))
    if outcome == AnswerLine.Outcome.RETURNED and not reason.strip():
        raise CannotTake(_("Say why it came back."))
    if on > days.business_day(at):
        raise CannotTake(_("This day has not come yet."))
    current = Payment.objects.select_for_update(of=["self"], no_key=True).get(pk=payment.pk)
    if current.state not in {*Payment.UNSETTLED, Payment.State.PAID} or current.state == outcome:
        raise CannotTake(_("This payment is %(state)s.") % {"state": current.get_state_display()})
    try:
        with transaction.atomic():
            asked = PaperAnswer.objects.create(
                payment=current,
                outcome=outcome,
                on=on,
                paper=paper.strip(),
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotTake(_("A paper about this payment waits to be confirmed already.")) from refusal
    trail.record("paper.noted", asked, by=by, at=at, right=RIGHT, reason=reason.strip(), outcome=outcome)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def note(
    *, payment: Payment, outcome: str, on: date, paper: str, by: Person, at: datetime, reason: str = ""
) -> PaperAnswer:
    """Note what the bank says on paper of a payment; somebody else confirms it. Raises CannotTake."""
    made: PaperAnswer = _note(payment=payment, outcome=outcome, on=on, paper=paper, reason=reason, by=by, at=at)
    return made


def content(asked: PaperAnswer) -> Mapping[str, object]:
    """What a vote on a paper is about."""
    return {
        "payment": asked.payment.number,
        "amount": asked.payment.amount,
        "outcome": asked.outcome,
        "on": asked.on,
        "paper": asked.paper,
        "reason": asked.reason,
    }


def rows(asked: PaperAnswer) -> Sequence[tuple[str, str]]:
    """What a voter compares with the paper."""
    payment = asked.payment
    return [
        (_("payment"), payment.number),
        (_("payee"), payment.payee_name),
        (_("amount"), shown(payment.amount)),
        (_("state"), str(payment.get_state_display())),
        (_("outcome"), str(asked.get_outcome_display())),
        (_("day"), asked.on.isoformat()),
        (_("paper"), asked.paper),
        (_("reason"), asked.reason or "—"),
    ]


def _decided(asked: PaperAnswer, outcome: str, by: Person, at: datetime) -> str:
    approved = outcome == Outcome.APPROVED
    asked.state = State.CONFIRMED if approved else State.REFUSED
    asked.save(update_fields=["state"])
    trail.record("paper.decided", asked, by=by, at=at, outcome=outcome)
    if approved:
        payment = asked.payment
        said = AnswerOf(payment.number, asked.outcome, payment.amount, asked.on, asked.paper[:60], asked.reason)
        sha256 = hashlib.sha256(f"paper {asked.pk}".encode()).hexdigest()
        try:
            answers.take(
                book=payment.batch.book,
                answers=[said],
                sha256=sha256,
                name=asked.paper,
                format=BankAnswer.Format.PAPER,
                by=by,
                at=at,
            )
        except CannotTake as refusal:
            raise CannotVote(str(refusal)) from refusal
    return ""


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=PaperAnswer,
            family=FUNDS,
            title=gettext_lazy("Answer of the bank on paper"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
            amount=lambda asked: asked.payment.amount,
            known=("payment__batch__book", "proposed_by"),
        )
    )
