"""Releasing a batch (支付放行): a round over its hash and its sum, each vote with a code of its own that carries both.

What leaves the special account finance releases; the rest the accounting head, then the office head (two steps, two
people). With the last vote the batch is looked at once more, and its parts are being paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services import settling
from claims.services.settling import CannotSettle
from funds.deciding import FUNDS
from funds.models import Payment, PaymentBatch, PaymentItem
from funds.selectors import paying
from funds.services import batches
from funds.services.batches import CannotPay
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote

State = PaymentBatch.State
#: Who decides a step, each vote with a code bound to the batch's hash and sum.
STEPS: Final = {
    "accounting": Required("funds.release-accounting", "1", (Duty.ACCOUNTING_HEAD,), own_code=True),
    "head": Required("funds.release-head", "1", (Duty.OFFICE_HEAD,), own_code=True),
    "finance": Required("funds.release-finance", "1", (Duty.FINANCE_REVIEWER,), own_code=True),
}
CHOICES: Final = (Choice.APPROVE, Choice.REFUSE, Choice.RETURN)


def content(batch: PaymentBatch) -> Mapping[str, object]:
    """What a vote on a batch is about: every payment that would leave, to which account, for what."""
    waiting = batch.payments.filter(state=Payment.State.WAITING).order_by("line")
    told = waiting.values_list("number", "payee_kind", "payee_name", "payee_bank", "payee_account", "amount")
    items = PaymentItem.objects.filter(payment__in=waiting.values("pk")).order_by("payment_id", "pk")
    paid = items.values_list(
        "payment__number", "part__approval__claim__number", "part__layer", "order__number", "amount"
    )
    return {
        "number": batch.number,
        "books": batch.book_id,
        "place": batch.place,
        "payments": "\n".join("\x1f".join(map(str, one)) for one in told),
        "items": "\n".join("\x1f".join(map(str, one)) for one in paid),
    }


def rows(batch: PaymentBatch) -> Sequence[tuple[str, str]]:
    """What a voter reads before he opens the list."""
    waiting = batch.payments.filter(state=Payment.State.WAITING)
    return [
        (_("number"), batch.number),
        (_("books"), str(batch.book)),
        (_("paid from"), str(batch.get_place_display())),
        (_("in words"), batch.words),
        (_("payments"), f"{waiting.count():,}"),
        (_("sum"), shown(paying.total_of(batch))),
        (_("can still be reserved there"), shown(paying.available(batch.book, batch.place))),
    ]


def _decided(batch: PaymentBatch, outcome: str, by: Person, at: datetime) -> str:
    if outcome == Outcome.RETURNED:
        return _move(batch, State.MADE)
    if outcome == Outcome.REFUSED:
        _move(batch, State.REFUSED)
        waiting = batch.payments.filter(state=Payment.State.WAITING).values_list("pk", flat=True)
        batches.stop(batches.lock_payments(waiting), _("The batch was refused."), by=by, at=at)
        return ""
    if batch.state == State.ASKED and batches.first_step(batch) == "accounting":
        return _to_head(batch, at)
    return _released(batch, by, at)


def _move(batch: PaymentBatch, state: str) -> str:
    batch.state = state
    batch.save(update_fields=["state"])
    return ""


def _to_head(batch: PaymentBatch, at: datetime) -> str:
    """The office head's step: made by whoever asked for the first one."""
    asked = deciding.rounds_of(batch).order_by("-pk").select_related("maker")[0]
    _move(batch, State.WITH_HEAD)
    rounds.open_locked(subject=batch, by=asked.maker, at=at, step="head", required=STEPS["head"])
    return ""


def _released(batch: PaymentBatch, by: Person, at: datetime) -> str:
    waiting = list(batch.payments.filter(state=Payment.State.WAITING).order_by("pk"))
    parts = batches.lock_parts(paying.parts_of(waiting))
    try:
        batches.refuse_moved(batch, waiting)
        settling.mark_paying(parts=parts, by=by, at=at)
        batches.lock_book(batch.book)
        batches.refuse_beyond(batch.book, batch.place)
    except (CannotPay, CannotSettle) as refusal:
        raise CannotVote(str(refusal)) from refusal
    _move(batch, State.RELEASED)
    total = paying.total_of(batch)
    trail.record("batch.released", batch, by=by, at=at, payments=len(waiting), amount=total)
    return ""


def _withdraw(batch: PaymentBatch, by: Person, at: datetime) -> None:
    current = batches.lock_batch(batch)
    if current.state not in {State.ASKED, State.WITH_HEAD}:
        raise CannotWithdraw(_("This batch is %(state)s.") % {"state": current.get_state_display()})
    rounds.void(subject=current, by=by, at=at, reason=_("taken back by whoever asked"))
    _move(current, State.MADE)
    trail.record("batch.taken-back", current, by=by, at=at)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=PaymentBatch,
            family=FUNDS,
            title=gettext_lazy("Payment batch"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda batch: STEPS[batches.first_step(batch)],
            barred=lambda batch: [batch.made_by],
            amount=paying.total_of,
            choices=CHOICES,
            page="funds:batch",
            known=("book", "made_by"),
            withdraw=_withdraw,
        )
    )
