"""What is asked for with a paper and decided in a round: every matter of money that is not a batch goes through here.

Order of locks: the rounds of what is asked for, then it, then what the matter itself locks (claims by number, parts),
then orders of payment, then the books.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from claims.services import before
from claims.services.settling import CannotSettle
from funds.deciding import FUNDS
from funds.models.asked import Asked
from funds.services import orders
from funds.services.orders import CannotOrder
from funds.services.postings import CannotPost
from office import access, deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Person
from office.models.rounds import Outcome
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

State = Asked.State
#: What of a record a voter neither reads nor decides: bookkeeping, and what he sees as the round's own.
UNSAID: Final = frozenset({"id", "state", "sha256", "proposed_by", "proposed_at", "spending"})
FEN_PLACES: Final = 2


class CannotAsk(Exception):
    """Nothing was asked for; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Subject:
    """One kind of matter: its numbers' prefix, what allows asking, the name of its acts, who decides, and what follows.

    `approved(asked, by, at)` moves money or orders it, inside the transaction of the vote; it gives what the voter is
    told. What it refuses (CannotPost, CannotAsk) takes the vote back.
    """

    model: type[Asked]
    prefix: str
    act: str
    title: StrPromise
    required: Required
    approved: Callable[[Any, Person, datetime], str]
    pays: bool = False  # whether an order of payment is made, whose course the record follows
    page: str = ""
    known: Sequence[str] = ("book", "proposed_by")

    @property
    def right(self) -> str:
        return f"funds.add_{self.model._meta.model_name}"


def ask(asked: Asked, subject: Subject, *, by: Person, at: datetime) -> Asked:
    """Ask for something inside the caller's transaction: number it, store it, open its round. Raises CannotAsk."""
    if not any(access.grants(one.duty, subject.right) for one in access.duties_of(by)):
        raise CannotAsk(_("None of your duties allows this."))
    if not asked.paper.strip():
        raise CannotAsk(_("Name the paper."), "paper")
    if asked.on > days.business_day(at):
        raise CannotAsk(_("This day has not come yet."), "on")
    asked.number = before.next_number(subject.model, subject.prefix, asked.on)
    asked.paper, asked.words = " ".join(asked.paper.split()), asked.words.strip()
    asked.proposed_by, asked.proposed_at = by, at
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as refusal:
        raise CannotAsk(_sentence(refusal)) from refusal
    return asked


def open_round(asked: Asked, subject: Subject, *, by: Person, at: datetime) -> None:
    """What is asked for is whole: it can be decided."""
    opened = rounds.open_round(subject=asked, by=by, at=at)
    trail.record(
        f"{subject.act}.proposed",
        asked,
        by=by,
        at=at,
        right=subject.right,
        subject_hash=opened.subject_hash,
        number=asked.number,
        amount=getattr(asked, "amount", ""),
    )


def _sentence(refusal: IntegrityError) -> str:
    told = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", "") or ""
    if "once" in told or "one_at_a_time" in told:
        return _("This was asked for already.")
    return _("These figures cannot be right: look at amount, days and year.")


def move(asked: Asked, state: str) -> None:
    """Bring what is asked for into another state."""
    asked.state = state
    asked.save(update_fields=["state"])


def register(subject: Subject) -> None:
    """Called once for each kind when the app is ready."""

    def decided(asked: Asked, outcome: str, by: Person, at: datetime) -> str:
        told = ""
        move(asked, State.APPROVED if outcome == Outcome.APPROVED else State.REFUSED)
        if outcome == Outcome.APPROVED:
            try:
                told = subject.approved(asked, by, at)
            except (CannotPost, CannotAsk, CannotOrder, CannotSettle) as refusal:
                raise CannotVote(str(refusal)) from refusal
        trail.record(f"{subject.act}.decided", asked, by=by, at=at, outcome=outcome, number=asked.number)
        return told

    def withdraw(asked: Asked, by: Person, at: datetime) -> None:
        rounds.void(subject=asked, by=by, at=at, reason=_("withdrawn"))
        current = subject.model._default_manager.select_for_update(of=["self"]).get(pk=asked.pk)
        if current.state != State.PROPOSED:
            raise CannotWithdraw(_("This has been decided already."))
        if current.proposed_by_id != by.pk:
            raise CannotWithdraw(_("Whoever entered it takes it back."))
        move(current, State.VOID)
        trail.record(f"{subject.act}.withdrawn", current, by=by, at=at, right=subject.right)

    deciding.register(
        Matter(
            model=subject.model,
            family=FUNDS,
            title=subject.title,
            content=content,
            rows=rows,
            decided=decided,
            required=lambda asked: subject.required,
            amount=lambda asked: getattr(asked, "amount", None),
            page=subject.page,
            known=subject.known,
            withdraw=withdraw,
        )
    )
    if subject.pays:
        orders.told(subject.model._meta.label_lower, follow)


def follow(order: Any, event: str, on: date, by: Person, at: datetime) -> None:
    """What is asked for follows its order of payment: done when it is paid, open again when it came back, void when the
    order was cancelled."""
    model: Any = deciding.matter_of(order.subject_type).model
    asked = model._default_manager.select_for_update(of=["self"]).get(pk=order.subject_id)
    move(asked, {"paid": State.DONE, "returned": State.APPROVED, "cancelled": State.VOID}[event])


def content(asked: Asked) -> Mapping[str, object]:
    """What a vote is about: everything of the record but its state."""
    return {
        field.name: str(getattr(asked, field.attname))
        for field in asked._meta.concrete_fields
        if field.name not in {"id", "state"}
    }


def rows(asked: Asked) -> Sequence[tuple[str, str]]:
    """What a voter reads: every field that says something, in the words of the office."""
    found = [(str(field.verbose_name), _said(asked, field)) for field in _told(asked)]
    return [(label, value) for label, value in found if value]


def _told(asked: Asked) -> list[models.Field[Any, Any]]:
    own = [field for field in asked._meta.concrete_fields if field.name not in UNSAID]
    first = {"number": 0, "book": 1}
    last = {"on": 1, "paper": 2, "words": 3}
    return sorted(own, key=lambda field: (last.get(field.name, 0), first.get(field.name, 2)))


def _said(asked: Asked, field: models.Field[Any, Any]) -> str:
    value = getattr(asked, field.name)
    if field.choices:
        return str(getattr(asked, f"get_{field.name}_display")() or "")
    if isinstance(value, bool):
        return str(_("yes")) if value else ""
    if isinstance(value, Decimal):
        return money.shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
