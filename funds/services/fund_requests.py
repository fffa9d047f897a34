"""Fund requests (用款申请): a month's plan, decided by finance, entered when the money and its slip are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.before import next_number
from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Book, FundRequest, FundRequestLine, FundsVote, Place, PostingKind
from funds.rules.postings import credit, debit
from funds.selectors import balances, paying
from funds.services import postings
from funds.services.postings import CannotPost, PostingOf
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds

ASK: Final = "funds.add_fundrequest"
PREFIX: Final = "YK"
State = FundRequest.State
BY_FINANCE: Final = Required("funds.request-by-finance", "1", (Duty.FINANCE_REVIEWER,), own_code=True)


class CannotRequest(Exception):
    """Nothing was asked for or entered; the message is written for whoever asked, `field` says what it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@refusing("fund-request.made", CannotRequest, about="book")
def _ask(
    *, book: Book, month: date, lines: Sequence[tuple[str, Decimal]], words: str, by: Person, at: datetime
) -> FundRequest:
    if book.pays != Book.Pays.OFFICE:
        raise CannotRequest(_("Finance pays for these books: there is nothing to ask for."))
    if not lines or any(not told.strip() or amount <= 0 or amount != round(amount, 2) for told, amount in lines):
        raise CannotRequest(_("Say for what, and how much: above nothing, in whole fen."), "lines")
    asked = FundRequest.objects.create(
        number=next_number(FundRequest, PREFIX, days.business_day(at)),
        book=book,
        month=month.replace(day=1),
        amount=sum((amount for _told, amount in lines), Decimal(0)),
        in_hand=balances.stands(book, "spending_account"),
        reserved=paying.reserved(book, Place.SPENDING),
        words=words.strip()[:300],
        made_on=days.business_day(at),
        made_by=by,
        made_at=at,
    )
    FundRequestLine.objects.bulk_create(
        FundRequestLine(request=asked, line=place, words=told.strip()[:120], amount=amount)
        for place, (told, amount) in enumerate(lines, start=1)
    )
    trail.record("fund-request.made", asked, by=by, at=at, right=ASK, amount=asked.amount, month=asked.month)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def ask(
    *, book: Book, month: date, lines: Sequence[tuple[str, Decimal]], by: Person, at: datetime, words: str = ""
) -> FundRequest:
    """Ask finance for a month's money by lines of a plan. Raises CannotRequest."""
    made: FundRequest = _ask(book=book, month=month, lines=lines, words=words, by=by, at=at)
    return made


@refusing("fund-request.arrived", CannotRequest, about="request")
def _note_arrival(*, request: FundRequest, on: date, slip: str, by: Person, at: datetime) -> FundRequest:
    found = FundRequest.objects.select_for_update(of=["self"]).select_related("book")
    current = found.get(pk=request.pk)
    if current.state != State.APPROVED:
        raise CannotRequest(_("This request is %(state)s.") % {"state": current.get_state_display()})
    if not slip.strip():
        raise CannotRequest(_("Name finance's slip (缴拨凭证)."), "slip")
    if on > days.business_day(at):
        raise CannotRequest(_("This day has not come yet."), "on")
    checked = decider_of(current)
    if checked is None or checked == by:
        raise CannotRequest(_("Whoever decided a request does not note its arrival."))
    stated = PostingOf(
        book=current.book,
        key=f"fund-request:{current.number}",
        kind=PostingKind.REQUESTED,
        on=on,
        summary=_("Fund request %(request)s, slip %(slip)s") % {"request": current, "slip": slip.strip()},
        lines=(
            debit("spending_account", current.amount, current.number),
            credit("special_account", current.amount, current.number),
        ),
        attachments=1,
    )
    try:
        current.posting = postings.post(stated=stated, by=by, checked_by=checked, at=at)
    except CannotPost as refusal:
        raise CannotRequest(str(refusal), "on") from refusal
    current.state, current.arrived_on, current.slip = State.ARRIVED, on, slip.strip()
    current.save(update_fields=["state", "arrived_on", "slip", "posting"])
    trail.record("fund-request.arrived", current, by=by, at=at, amount=current.amount, on=on)
    return current


def note_arrival(*, request: FundRequest, on: date, slip: str, by: Person, at: datetime) -> FundRequest:
    """The money of an approved request is in the spending account: enter it with finance's slip. Raises
    CannotRequest."""
    done: FundRequest = _note_arrival(request=request, on=on, slip=slip, by=by, at=at)
    return done


def decider_of(request: FundRequest) -> Person | None:
    """Who decided a request."""
    votes = FundsVote.objects.filter(round__in=deciding.rounds_of(request)).select_related("voter")
    last = votes.order_by("-pk").first()
    return last.voter if last is not None else None


def content(request: FundRequest) -> Mapping[str, object]:
    """What a vote on a request is about."""
    lines = request.lines.order_by("line").values_list("line", "words", "amount")
    return {
        "number": request.number,
        "books": request.book_id,
        "month": request.month,
        "amount": request.amount,
        "lines": "\n".join("\x1f".join(map(str, one)) for one in lines),
    }


def rows(request: FundRequest) -> Sequence[tuple[str, str]]:
    """What finance reads."""
    return [
        (_("number"), request.number),
        (_("books"), str(request.book)),
        (_("month"), f"{request.month:%Y-%m}"),
        *((one.words, shown(one.amount)) for one in request.lines.order_by("line")),
        (_("amount"), shown(request.amount)),
        (_("in the spending account"), shown(request.in_hand)),
        (_("reserved for payments"), shown(request.reserved)),
        (_("in the special account"), shown(balances.stands(request.book, "special_account"))),
    ]


def _decided(request: FundRequest, outcome: str, by: Person, at: datetime) -> str:
    request.state = State.APPROVED if outcome == Outcome.APPROVED else State.REFUSED
    request.save(update_fields=["state"])
    trail.record("fund-request.decided", request, by=by, at=at, outcome=outcome, amount=request.amount)
    return ""


def _withdraw(request: FundRequest, by: Person, at: datetime) -> None:
    with transaction.atomic():
        rounds.void(subject=request, by=by, at=at, reason=_("taken back by whoever asked"))
        current = FundRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
        if current.state != State.PROPOSED:
            raise CannotWithdraw(_("This has been decided already."))
        current.state = State.WITHDRAWN
        current.save(update_fields=["state"])
        trail.record("fund-request.withdrawn", current, by=by, at=at, right=ASK)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=FundRequest,
            family=FUNDS,
            title=gettext_lazy("Fund request"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda request: BY_FINANCE,
            amount=lambda request: request.amount,
            choices=(Choice.APPROVE, Choice.REFUSE),
            page="funds:fund_request",
            known=("book", "made_by"),
            withdraw=_withdraw,
        )
    )
