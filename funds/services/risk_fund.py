"""Moves of the risk fund (风险基金): asked for by the accountant within its limits, decided by finance or the head of
accounting, and entered with the decision."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.models import Account, Book, PostingKind, RiskMove
from funds.rules import reserves as rules
from funds.rules.reserves import Limits
from funds.selectors import surplus
from funds.services import asking, postings
from funds.services.asking import CannotAsk, Subject
from funds.services.postings import PostingOf
from office.models import Duty, Person
from office.rules import money
from office.rules.rounds import Required

LIMITS: Final = Limits()


@refusing("risk-move.proposed", CannotAsk, about="book")
def _propose(
    *,
    book: Book,
    kind: str,
    year: int,
    amount: Decimal,
    raised: Decimal,
    on: date,
    paper: str,
    words: str,
    by: Person,
    at: datetime,
) -> RiskMove:
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    if kind not in rules.MOVES:
        raise CannotAsk(_("Choose what is done with the risk fund."), "kind")
    if not Account.objects.filter(book=book, purpose="risk_fund").exists():
        raise CannotAsk(_("These books have no risk fund."))
    if amount <= 0 or raised < 0:
        raise CannotAsk(_("Say how much."), "amount")
    room = rules.room(kind, surplus.reserve(book, year, raised), LIMITS)
    _refuse_more(amount, room)
    asked = RiskMove(
        book=book, kind=kind, year=year, amount=amount, raised=raised, room=room, on=on, paper=paper, words=words
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(
    *,
    book: Book,
    kind: str,
    year: int,
    amount: Decimal,
    raised: Decimal,
    on: date,
    paper: str,
    words: str = "",
    by: Person,
    at: datetime,
) -> RiskMove:
    """Ask for a move of the risk fund; `raised` is the year's raising, by which it is measured, `on` the day it is
    entered: that of the bank's slip where money moves. Raises CannotAsk."""
    done: RiskMove = _propose(
        book=book, kind=kind, year=year, amount=amount, raised=raised, on=on, paper=paper, words=words, by=by, at=at
    )
    return done


def _refuse_more(amount: Decimal, room: Decimal) -> None:
    if amount > room:
        raise CannotAsk(_("At most %(amount)s yuan are possible.") % {"amount": money.shown(room)}, "amount")


def _approved(asked: RiskMove, by: Person, at: datetime) -> str:
    Book.objects.select_for_update(no_key=True).get(pk=asked.book_id)
    already = asked.amount if asked.kind == RiskMove.Kind.EXTRACTED else Decimal(0)  # it counts itself by now
    now = surplus.reserve(asked.book, asked.year, asked.raised)
    _refuse_more(asked.amount, rules.room(asked.kind, _without(now, already), LIMITS))
    stated = PostingOf(
        asked.book,
        f"risk-fund:{asked.number}",
        PostingKind.RISK_FUND,
        asked.on,
        _("Risk fund of %(year)s: %(move)s") % {"year": asked.year, "move": asked.get_kind_display()},
        rules.move_lines(asked.kind, asked.amount),
        attachments=1,
    )
    postings.post(stated=stated, by=asked.proposed_by, checked_by=by, at=at)
    asking.move(asked, asking.State.DONE)
    return ""


def _without(now: rules.Reserve, own: Decimal) -> rules.Reserve:
    return rules.Reserve(now.raised, now.held, now.deposited, now.extracted - own, now.deficit)


SUBJECT: Final = Subject(
    model=RiskMove,
    prefix="FX",
    act="risk-move",
    title=gettext_lazy("Move of the risk fund"),
    required=Required(rule="funds.risk-move", version="1", duties=(Duty.FINANCE_REVIEWER, Duty.ACCOUNTING_HEAD)),
    approved=_approved,
    page="funds:risk_move",
)
