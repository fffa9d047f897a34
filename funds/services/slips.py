"""Slips of money in (收款单): noted by one, checked by another and entered then, withdrawn or taken back in red.

Order of locks: the slip, the sheets or refunds behind it by number, the books (`postings.post`), then accounts of
households by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from claims.services.locks import refusing
from enrollment.models import CollectionSheet, Refund
from enrollment.services import deposits, refunds
from enrollment.services.deposits import CannotDeposit
from enrollment.services.keeping import CannotKeep
from funds.models import Book, Posting, Slip
from funds.rules import money_in as rules
from funds.selectors import money_in as selectors
from funds.services import household_shares, postings
from funds.services.household_shares import CannotShare
from funds.services.postings import CannotPost, PostingOf
from office import trail
from office.models import Person
from office.rules import days, money

NOTE: Final = "funds.add_slip"
CHECK: Final = "funds.check_slip"
State, Kind = Slip.State, Slip.Kind


class CannotNote(Exception):
    """The slip stays as it was; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@refusing("slip.entered", CannotNote, CannotPost, about="slip")
def check(*, slip: Slip, by: Person, at: datetime) -> Slip:
    """Somebody else has compared the slip with its paper: it is entered in the books, and its sheets are deposited, its
    refunds paid. What is entered stays as it is. Raises CannotNote or CannotPost."""
    current = _locked(slip)
    if current.state in (State.ENTERED, State.BACK_ASKED):
        return current
    if current.state != State.NOTED:
        raise CannotNote(_("This slip is %(state)s.") % {"state": current.get_state_display()})
    if current.noted_by == by:
        raise CannotNote(_("Whoever notes a slip does not check it."))
    _move_behind(current, by, at)
    _refuse_more_than_stands(current)
    entered = postings.post(stated=stated_of(current), by=current.noted_by, checked_by=by, at=at)
    _share(lambda: household_shares.credit(slip=current, by=by, at=at))
    current.state, current.posting, current.checked_by, current.checked_at = State.ENTERED, entered, by, at
    current.save(update_fields=["state", "posting", "checked_by", "checked_at"])
    trail.record(
        "slip.entered",
        current,
        by=by,
        at=at,
        right=CHECK,
        kind=current.kind,
        amount=current.amount,
        posting=entered.pk,
        noted_by=current.noted_by_id,
    )
    return current


@refusing("slip.withdrawn", CannotNote, about="slip")
def withdraw(*, slip: Slip, reason: str, by: Person, at: datetime) -> None:
    """A slip that is not entered yet was noted by mistake, or does not agree with its paper. Raises CannotNote."""
    current = _locked(slip)
    if current.state != State.NOTED:
        raise CannotNote(_("This slip is %(state)s.") % {"state": current.get_state_display()})
    _say_why(reason)
    current.state, current.reason = State.WITHDRAWN, reason.strip()
    current.save(update_fields=["state", "reason"])
    trail.record("slip.withdrawn", current, by=by, at=at, right=NOTE, reason=reason)


@refusing("slip.back-asked", CannotNote, about="slip")
def ask_back(*, slip: Slip, on: date, reason: str, by: Person, at: datetime) -> None:
    """What was entered is wrong: it is to be taken back on a day of an open month; somebody else agrees. Raises
    CannotNote."""
    current = _locked(slip)
    if current.state != State.ENTERED:
        raise CannotNote(_("This slip is %(state)s.") % {"state": current.get_state_display()})
    _say_why(reason)
    _refuse_back(current, on, at)
    current.state, current.back_asked_by, current.back_on = State.BACK_ASKED, by, on
    current.reason = reason.strip()
    current.save(update_fields=["state", "back_asked_by", "back_on", "reason"])
    trail.record("slip.back-asked", current, by=by, at=at, right=NOTE, on=on, reason=reason)


@refusing("slip.taken-back", CannotNote, CannotPost, about="slip")
def take_back(*, slip: Slip, by: Person, at: datetime) -> Slip:
    """Somebody else agrees: the slip is taken back in red, its sheets are handed in and no more. Raises CannotNote or
    CannotPost."""
    current = _locked(slip)
    if current.state == State.TAKEN_BACK:
        return current
    asked_by, on = _asked(current)
    if asked_by == by:
        raise CannotNote(_("Whoever asks for it does not decide it."))
    _refuse_turned(current)
    try:
        deposits.take_deposit_back(sheets=_sheets(current), reason=current.reason, by=by, at=at)
    except CannotDeposit as refusal:
        raise CannotNote(str(refusal)) from refusal
    entered = Posting.objects.get(key=f"slip:{current.pk}")
    postings.reverse(posting=entered, on=on, reason=current.reason, by=asked_by, checked_by=by, at=at)
    _share(lambda: household_shares.take_back(slip=current, on=on, by=by, at=at))
    current.state = State.TAKEN_BACK
    current.save(update_fields=["state"])
    trail.record("slip.taken-back", current, by=by, at=at, right=CHECK, amount=current.amount, reason=current.reason)
    return current


@refusing("slip.back-refused", CannotNote, about="slip")
def leave(*, slip: Slip, by: Person, at: datetime) -> None:
    """Somebody else does not agree, or who asked thinks better of it: the slip stays entered. Raises CannotNote."""
    current = _locked(slip)
    _asked(current)
    reason = current.reason
    current.state, current.back_asked_by, current.back_on, current.reason = State.ENTERED, None, None, ""
    current.save(update_fields=["state", "back_asked_by", "back_on", "reason"])
    trail.record("slip.back-refused", current, by=by, at=at, right=NOTE, reason=reason)


@refusing("slip.seen", CannotNote, about="slip")
def mark_seen(*, slip: Slip, on: date, by: Person, at: datetime) -> None:
    """The bank's or finance's statement shows this money on a day: its sheets are confirmed. Raises CannotNote."""
    current = _locked(slip)
    if current.seen_on == on:
        return
    if current.state != State.ENTERED or current.seen_on is not None:
        raise CannotNote(_("Only what is entered and was on no statement yet is found on one."))
    if not current.on <= on <= days.business_day(at):
        raise CannotNote(_("A statement shows it on its day or later, and not before that day has come."), "on")
    current.seen_on = on
    current.save(update_fields=["seen_on"])
    try:
        deposits.mark_confirmed(sheets=_sheets(current), on=on, by=by, at=at)
    except CannotDeposit as refusal:
        raise CannotNote(str(refusal)) from refusal
    trail.record("slip.seen", current, by=by, at=at, on=on)


@refusing("slip.unseen", CannotNote, about="slip")
def mark_unseen(*, slip: Slip, reason: str, by: Person, at: datetime) -> None:
    """It was another's money on the statement: its sheets are deposited and no more. Raises CannotNote."""
    current = _locked(slip)
    if current.seen_on is None:
        raise CannotNote(_("This slip was on no statement."))
    _say_why(reason)
    current.seen_on = None
    current.save(update_fields=["seen_on"])
    try:
        deposits.take_confirmation_back(sheets=_sheets(current), reason=reason, by=by, at=at)
    except CannotDeposit as refusal:
        raise CannotNote(str(refusal)) from refusal
    trail.record("slip.unseen", current, by=by, at=at, reason=reason)


def stated_of(slip: Slip) -> PostingOf:
    """The posting that a slip is entered with."""
    shares = {one.income: one.amount for one in slip.lines.exclude(income="")}
    told = rules.Told(
        kind=slip.kind,
        account=slip.account,
        amount=slip.amount,
        number=slip.number,
        payer=slip.payer,
        is_ahead=slip.is_ahead,
        to_accounts=slip.to_accounts,
        shares=shares,
    )
    return PostingOf(
        book=slip.book,
        key=f"slip:{slip.pk}",
        kind=rules.event_of(told),
        on=slip.on,
        summary=summary_of(slip),
        lines=rules.lines_of(told),
        attachments=slip.attachments,
    )


def summary_of(slip: Slip) -> str:
    """What the voucher says in words (摘要): in the office's language, whoever looks."""
    said = [SUMMARIES[slip.kind]]
    if slip.payer and slip.kind == Kind.SUBSIDY:
        said.append(PAYERS[slip.payer])
    if slip.fund_year is not None:
        said.append(f"{slip.fund_year.year}年度")
    return f"{''.join(said)} {slip.number} {slip.words}".strip()


#: The words of a voucher are the office's own record and hashed: never those of somebody's screen.
SUMMARIES: Final = {
    "deposit": "缴存个人缴费",
    "fee": "收保险费",
    "collective": "收集体扶持资金",
    "assistance": "收医疗救助资助资金",
    "subsidy": "收财政补助",
    "interest": "收存款利息",
    "other": "收其他收入",
    "transfer": "划转财政专户",
    "refund": "退还个人缴费",
    "turn": "预收款转收入",
}
PAYERS: Final = {"central": "（中央）", "province": "（省级）", "city": "（市级）", "county": "（县级）"}


def _locked(slip: Slip) -> Slip:
    found = Slip.objects.select_for_update(of=["self"], no_key=True)
    return found.select_related("book__scheme", "fund_year__scheme", "noted_by", "back_asked_by").get(pk=slip.pk)


def _move_behind(slip: Slip, by: Person, at: datetime) -> None:
    """The sheets of a deposit are deposited, the refunds of a list are paid."""
    try:
        if slip.kind == Kind.DEPOSIT:
            deposits.mark_deposited(sheets=_sheets(slip), on=slip.on, slip=slip.number, by=by, at=at)
        for one in Refund.objects.filter(pk__in=slip.lines.values("refund")).order_by("pk"):
            refunds.mark_paid(refund=one, on=slip.on, reference=slip.number, by=by, at=at)
    except (CannotDeposit, CannotKeep) as refusal:
        raise CannotNote(str(refusal)) from refusal


def _share(do: Callable[[], int]) -> None:
    try:
        do()
    except CannotShare as refusal:
        raise CannotNote(str(refusal)) from refusal


def _refuse_more_than_stands(slip: Slip) -> None:
    """What was received ahead may have been given back since its turn was noted: no more turns than stands now. The
    books are locked first, so that nobody enters anything in between."""
    if slip.kind != Kind.TURN or slip.fund_year is None:
        return
    Book.objects.select_for_update(no_key=True).get(pk=slip.book_id)
    stands = max(selectors.ahead_of(slip.book, slip.fund_year).stands, Decimal(0))
    if slip.amount > stands:
        raise CannotNote(
            _("Only %(sum)s is received ahead by now: withdraw this turn, note it anew.") % {"sum": money.shown(stands)}
        )


def _sheets(slip: Slip) -> Iterable[CollectionSheet]:
    return CollectionSheet.objects.filter(pk__in=slip.lines.values("sheet"))


def _asked(slip: Slip) -> tuple[Person, date]:
    """Who asked that a slip be taken back, and on which day. Raises CannotNote where nobody did."""
    if slip.state != State.BACK_ASKED or slip.back_asked_by is None or slip.back_on is None:
        raise CannotNote(_("Nobody asks that this slip be taken back."))
    return slip.back_asked_by, slip.back_on


def _say_why(reason: str) -> None:
    if not reason.strip():
        raise CannotNote(_("Say why."), "reason")


def _refuse_back(slip: Slip, on: date, at: datetime) -> None:
    """What is not taken back: a refund that was paid, what a statement shows, what has turned into income."""
    if slip.kind == Kind.REFUND:
        raise CannotNote(_("What was paid out to households does not come back by taking a slip back."))
    if slip.seen_on is not None:
        raise CannotNote(_("A statement shows this money: take it off the statement first."))
    _refuse_turned(slip)
    if not slip.on <= on <= days.business_day(at):
        raise CannotNote(_("It is taken back after its own day, and not on a day to come."), "on")


def _refuse_turned(slip: Slip) -> None:
    if slip.is_ahead and selectors.turns_of(slip).exists():
        raise CannotNote(_("This has become income of its year: take that back first."))
