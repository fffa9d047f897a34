"""To which account a claim or an order is paid although it changed (收款账户确认): proposed by one, confirmed by
another. Until then payment waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim
from claims.services.locks import lock_claims, refusing
from funds.deciding import FUNDS
from funds.models import PayeeConfirmation, PaymentOrder
from funds.services import orders
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import masking
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "funds.add_payeeconfirmation"
State = PayeeConfirmation.State
BY_A_SECOND: Final = Required("funds.payee-by-a-second", "1", (Duty.ACCOUNTING_HEAD, Duty.OFFICE_HEAD))


class CannotConfirm(Exception):
    """Nothing was noted; the message is written for whoever pays, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@refusing("payee.proposed", CannotConfirm, about="of")
def _propose(
    *, of: Claim | PaymentOrder, holder: str, bank: str, number: str, reason: str, by: Person, at: datetime
) -> PayeeConfirmation:
    plain = "".join(number.split())
    if not orders.is_account(plain):
        raise CannotConfirm(_("An account number has 8 to 32 digits."), "number")
    if not (holder.strip() and bank.strip() and reason.strip()):
        raise CannotConfirm(_("Name the holder and the bank, and say why."), "reason")
    told = {"order": of} if isinstance(of, PaymentOrder) else {"claim": lock_claims([of.pk])[0]}
    try:
        with transaction.atomic():
            asked = PayeeConfirmation.objects.create(
                **told,
                holder=holder.strip(),
                bank=bank.strip(),
                number=plain,
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotConfirm(_("An account waits to be confirmed for this already."), "number") from refusal
    trail.record("payee.proposed", asked, by=by, at=at, right=RIGHT, reason=reason.strip(), of=of)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def propose(
    *, of: Claim | PaymentOrder, holder: str, bank: str, number: str, reason: str, by: Person, at: datetime
) -> PayeeConfirmation:
    """Name the account that a claim or an order is to be paid to; somebody else confirms it. Raises CannotConfirm."""
    made: PayeeConfirmation = _propose(of=of, holder=holder, bank=bank, number=number, reason=reason, by=by, at=at)
    return made


def content(asked: PayeeConfirmation) -> Mapping[str, object]:
    """What a vote on a payee is about."""
    return {
        "claim": asked.claim_id,
        "order": asked.order_id,
        "holder": asked.holder,
        "bank": asked.bank,
        "number": asked.number,
        "reason": asked.reason,
    }


def rows(asked: PayeeConfirmation) -> Sequence[tuple[str, str]]:
    """What a voter compares with the papers: the whole number, but only while it is to be confirmed."""
    of = asked.claim or asked.order
    before = of.payee_account if of is not None else ""
    is_open = asked.state == State.PROPOSED
    return [
        (_("of"), str(of)),
        (_("account holder"), asked.holder),
        (_("bank"), asked.bank),
        (_("account number"), _in_fours(asked.number) if is_open else asked.masked_number),
        (_("account when it was approved"), masking.masked_account(before) if before else "—"),
        (_("reason"), asked.reason),
    ]


def _in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _decided(asked: PayeeConfirmation, outcome: str, by: Person, at: datetime) -> str:
    asked.state = State.CONFIRMED if outcome == Outcome.APPROVED else State.REFUSED
    asked.save(update_fields=["state"])
    trail.record("payee.decided", asked, by=by, at=at, outcome=outcome)
    return ""


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=PayeeConfirmation,
            family=FUNDS,
            title=gettext_lazy("Payee's account"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
            known=("claim", "order", "proposed_by"),
        )
    )
