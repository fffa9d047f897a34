"""Months of books (会计期间): closed by two, one after the other, once everything on the list is right; opened again by
two (docs/rules/books.md).

Order of locks: the books, the month's rounds, the month. Whoever enters holds the books while he looks whether the
month is open, so that nothing slips into a month that is being closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Book, Period, PeriodRequest
from funds.selectors import months as selectors
from funds.services import closing_checks, postings
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import dockets, rounds
from office.services.rounds import CannotVote
from office.subjects import name_of

ASK: Final = "funds.change_period"
State = Period.State
Kind = PeriodRequest.Kind
BY_THE_HEAD_OF_ACCOUNTING: Final = Required(
    rule="funds.month-closed", version="1", duties=(Duty.ACCOUNTING_HEAD,), own_code=True
)
BY_THE_HEAD: Final = Required(rule="funds.month-opened-again", version="1", duties=(Duty.OFFICE_HEAD,), own_code=True)
#: What an outcome makes of a month that is to be closed, or to be opened again.
OUTCOMES: Final[Mapping[tuple[str, str], str]] = {
    (State.CLOSING, Outcome.APPROVED): State.CLOSED,
    (State.CLOSING, Outcome.REFUSED): State.OPEN,
    (State.REOPENING, Outcome.APPROVED): State.OPEN,
    (State.REOPENING, Outcome.REFUSED): State.CLOSED,
}
LONGEST_REASON: Final = 300

Bar = Callable[[Period], str]
_bars: dict[str, Bar] = {}


class CannotMoveMonth(Exception):
    """The month stays as it was; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def register_bar(name: str, bar: Bar) -> None:
    """Make a reason known for which a month stays closed for good: it says it in a sentence, or nothing."""
    _bars[name] = bar


@refusing("month.closing-asked", CannotMoveMonth, about="book")
def ask_to_close(
    *, book: Book, month: date, by: Person, at: datetime, exceptions: Mapping[str, str] | None = None
) -> Period:
    """Ask that a month be closed: everything on the list is right, or signed for with a reason (`exceptions`, by the
    code of the check). The head of accounting decides. Raises CannotMoveMonth."""
    _lock(book)
    period = _locked(_begun(book, month, at))
    if period.state != State.OPEN:
        raise _is(period)
    if earlier := selectors.not_closed_before(period):
        raise CannotMoveMonth(_("Months are closed one after the other: first %(month)s.") % {"month": _ym(earlier)})
    signed = _signed(period, exceptions or {})
    return _ask(period, Kind.CLOSE, State.CLOSING, by, at, exceptions=signed)


@refusing("month.opening-asked", CannotMoveMonth, about="period")
def ask_to_reopen(*, period: Period, reason: str, by: Person, at: datetime) -> Period:
    """Ask that a closed month be opened again, with the reason; the head of the office decides. Raises
    CannotMoveMonth."""
    _lock(period.book)
    current = _locked(period)
    if current.state != State.CLOSED:
        raise _is(current)
    if not reason.strip():
        raise CannotMoveMonth(_("Say why."), "reason")
    if sentence := _bar(current):
        raise CannotMoveMonth(sentence)
    return _ask(current, Kind.REOPEN, State.REOPENING, by, at, reason=reason.strip()[:LONGEST_REASON])


def withdraw(*, period: Period, by: Person, at: datetime) -> None:
    """Whoever asked takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=period, by=by, at=at, reason=_("withdrawn"))
    current = Period.objects.select_for_update(of=["self"]).get(pk=period.pk)
    if current.state not in {State.CLOSING, State.REOPENING}:
        raise CannotWithdraw(_("This has been decided already."))
    if selectors.request_of(current).asked_by_id != by.pk:
        raise CannotWithdraw(_("Whoever asked for it takes it back."))
    _move(current, OUTCOMES[State(current.state), Outcome.REFUSED])
    trail.record("month.withdrawn", current, by=by, at=at, right=ASK)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Period,
            family=FUNDS,
            title=gettext_lazy("Month of books"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda period: BY_THE_HEAD if period.state == State.REOPENING else BY_THE_HEAD_OF_ACCOUNTING,
            amount=lambda period: selectors.turnover(period)[0],
            choices=(Choice.APPROVE, Choice.REFUSE),
            page="funds:month",
            known=("book__scheme",),
            withdraw=lambda period, by, at: withdraw(period=period, by=by, at=at),
        )
    )


def content(period: Period) -> Mapping[str, object]:
    """What a vote on a month is about: which month, what is asked, and what is entered in it."""
    asked = selectors.request_of(period)
    left, right = selectors.turnover(period)
    return {
        "book": period.book.code,
        "month": period.month,
        "asked": asked.kind,
        "reason": asked.reason,
        "exceptions": "\n".join(f"{code}: {reason}" for code, reason in sorted(asked.exceptions.items())),
        "postings": period.postings.count(),
        "debit": left,
        "credit": right,
    }


def rows(period: Period) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    asked = selectors.request_of(period)
    left, right = selectors.turnover(period)
    told = [
        (_("books"), period.book.name),
        (_("month"), _ym(period)),
        (_("asked"), str(asked.get_kind_display())),
        (_("postings"), f"{period.postings.count():,}"),
        (_("debit, yuan"), shown(left)),
        (_("credit, yuan"), shown(right)),
    ]
    told += [(_("reason"), asked.reason)] if asked.reason else []
    sentences = closing_checks.sentences()
    told += [(str(sentences.get(code, code)), reason) for code, reason in sorted(asked.exceptions.items())]
    return told


def _decided(period: Period, outcome: str, by: Person, at: datetime) -> str:
    """A month is closed or opened as its round says; what is not right any more takes the vote back."""
    if outcome not in {Outcome.APPROVED, Outcome.REFUSED}:
        rounds.open_round(subject=period, by=selectors.request_of(period).asked_by, at=at)
        return ""
    if outcome == Outcome.APPROVED:
        _refuse_vote(period)
    closed = period.state == State.CLOSING
    _move(period, OUTCOMES[State(period.state), Outcome(outcome)])
    name = "month.closing-decided" if closed else "month.opening-decided"
    trail.record(name, period, by=by, at=at, outcome=outcome)
    return ""


def _refuse_vote(period: Period) -> None:
    if period.state == State.REOPENING:
        if sentence := _bar(period):
            raise CannotVote(sentence)
        return
    asked = selectors.request_of(period)
    wrong = [one for one in closing_checks.looked_at(period) if not one.is_right]
    if unsigned := [one for one in wrong if one.check.code not in asked.exceptions]:
        raise CannotVote(_("This is not right any more: %(faults)s") % {"faults": _told(unsigned)})


def _ask(period: Period, kind: Kind, state: str, by: Person, at: datetime, **more: object) -> Period:
    asked = PeriodRequest.objects.create(period=period, kind=kind, asked_by=by, asked_at=at, **more)
    _move(period, state)
    name = "month.closing-asked" if kind == Kind.CLOSE else "month.opening-asked"
    trail.record(name, period, by=by, at=at, right=ASK, reason=asked.reason, exceptions=sorted(asked.exceptions))
    rounds.open_locked(subject=period, by=by, at=at)
    return period


def _begun(book: Book, month: date, at: datetime) -> Period:
    """A month that is over, with its row; those left out before it are begun with it."""
    if days.next_month(month) > days.business_day(at):
        raise CannotMoveMonth(_("This month is not over."))
    if month < book.begins_on:
        raise CannotMoveMonth(_("These books are kept since %(day)s.") % {"day": book.begins_on})
    found = Period.objects.filter(book=book, month=month).first()
    return found or postings.begin_months(book, month)


def _locked(period: Period) -> Period:
    found: Period = dockets.lock(*name_of(period)).subject
    return found


def _lock(book: Book) -> None:
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)


def _signed(period: Period, reasons: Mapping[str, str]) -> dict[str, str]:
    """The exceptions that are signed for; everything else on the list is right."""
    wrong = [one for one in closing_checks.looked_at(period) if not one.is_right]
    if hard := [one for one in wrong if not one.check.may_be_signed]:
        raise CannotMoveMonth(_("The month is not ready: %(faults)s") % {"faults": _told(hard)})
    said = {one.check.code: reasons.get(one.check.code, "").strip()[:LONGEST_REASON] for one in wrong}
    if missing := [one for one in wrong if not said[one.check.code]]:
        raise CannotMoveMonth(
            _("Say why this is an exception: %(faults)s") % {"faults": _told(missing)}, missing[0].check.code
        )
    return said


def _bar(period: Period) -> str:
    if later := selectors.closed_after(period):
        return _("Months are opened again from the last: first %(month)s.") % {"month": _ym(later)}
    return next((sentence for bar in _bars.values() if (sentence := bar(period))), "")


def _told(wrong: Sequence[closing_checks.Checked]) -> str:
    return " ".join(fault for one in wrong for fault in one.faults)


def _is(period: Period) -> CannotMoveMonth:
    return CannotMoveMonth(_("%(month)s is %(state)s.") % {"month": _ym(period), "state": period.get_state_display()})


def _move(period: Period, state: str) -> None:
    period.state = state
    period.save(update_fields=["state"])


def _ym(period: Period) -> str:
    return f"{period.month:%Y-%m}"
