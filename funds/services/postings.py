"""Entering (记账): the one door by which anything comes into books, and by which it is taken back.

Order of locks: the books, the month, the balances; the database takes them in this order itself (0002_guard_books). An
event that is told twice is one posting; told differently under the same key it is refused, and that is on the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from funds.models import Account, Book, Entry, Period, Posting, PostingKind
from funds.rules import postings as rules
from funds.rules.postings import Line
from office import trail
from office.models import Person
from office.rules import days, money

RIGHT: Final = "funds.add_posting"


class CannotPost(Exception):
    """Nothing was entered; the message is written for the accountant."""


class ToldDifferently(CannotPost):
    """The same event was entered before with other figures; nothing was entered."""


@dataclass(frozen=True)
class PostingOf:
    """What is to be entered: of which event, on which day, in which words, with how many papers."""

    book: Book
    key: str
    kind: str
    on: date
    summary: str
    lines: Sequence[Line]
    attachments: int = 0

    @property
    def sha256(self) -> str:
        """The hash by which the same event is known again."""
        return rules.sha256(self.book.code, self.kind, self.on, self.summary, self.lines)


def post(*, stated: PostingOf, by: Person, checked_by: Person, at: datetime) -> Posting:
    """Enter what happened; what is entered already comes back as it is. Raises CannotPost.

    `by` made it, `checked_by` is somebody else who checked the papers or decided the event.
    """
    try:
        with transaction.atomic():
            return _post(stated, by, checked_by, at)
    except CannotPost as refusal:
        trail.refused("posting.entered", stated.book, by=by, at=at, reason=str(refusal), key=stated.key)
        raise


def reverse(*, posting: Posting, on: date, reason: str, by: Person, checked_by: Person, at: datetime) -> Posting:
    """Take a posting back in red, in a month that is open. Raises CannotPost."""
    lines = [
        Line(one.account.purpose, one.side, one.amount, one.words)
        for one in posting.entries.select_related("account").order_by("line")
    ]
    try:
        with transaction.atomic():
            if not reason.strip():
                raise CannotPost(_("Say why."))
            stated = PostingOf(
                book=posting.book,
                key=f"reversal:{posting.pk}",
                kind=PostingKind.REVERSAL,
                on=on,
                summary=_("Takes back %(posting)s of %(day)s: %(reason)s")
                % {"posting": posting, "day": posting.on, "reason": reason.strip()[:120]},
                lines=rules.mirrored(lines),
            )
            return _post(stated, by, checked_by, at, posting)
    except CannotPost as refusal:
        trail.refused("posting.reversed", posting, by=by, at=at, reason=str(refusal))
        raise


def _post(stated: PostingOf, by: Person, checked_by: Person, at: datetime, reverses: Posting | None = None) -> Posting:
    _refuse_stated(stated, by, checked_by, at)
    Book.objects.select_for_update(no_key=True).get(pk=stated.book.pk)
    known = Posting.objects.filter(key=stated.key).first()
    if known is not None:
        if known.sha256 != stated.sha256:
            raise ToldDifferently(
                _("This was entered before with other figures, as %(posting)s of %(day)s.")
                % {"posting": known, "day": known.on}
            )
        return known
    accounts = {one.purpose: one for one in Account.objects.filter(book=stated.book)}
    unknown = sorted({one.account for one in stated.lines} - set(accounts))
    if unknown:
        raise CannotPost(_("These books have no account for this: %(accounts)s") % {"accounts": ", ".join(unknown)})
    posting = Posting(
        book=stated.book,
        period=_month(stated.book, stated.on),
        number=0,
        key=stated.key,
        sha256=stated.sha256,
        kind=stated.kind,
        on=stated.on,
        summary=stated.summary[:200],
        attachments=stated.attachments,
        reverses=reverses,
        made_by=by,
        checked_by=checked_by,
        made_at=at,
    )
    entries = [
        Entry(
            posting=posting,
            line=place,
            account=accounts[one.account],
            side=one.side,
            amount=one.amount,
            is_red=reverses is not None,
            words=one.words[:120],
        )
        for place, one in enumerate(stated.lines, start=1)
    ]
    _write(posting, entries, accounts)
    posting.refresh_from_db(fields=["number", "transaction"])
    act = "posting.entered" if reverses is None else "posting.reversed"
    total = sum((one.amount for one in stated.lines if one.side == rules.DEBIT), Decimal(0))
    trail.record(act, posting, by=by, at=at, right=RIGHT, kind=stated.kind, amount=total, number=posting.number)
    return posting


def _refuse_stated(stated: PostingOf, by: Person, checked_by: Person, at: datetime) -> None:
    if by == checked_by:
        raise CannotPost(_("Whoever makes a voucher does not check it."))
    if not stated.key.strip() or not stated.summary.strip():
        raise CannotPost(_("A voucher says in words what happened."))
    if stated.on > days.business_day(at):
        raise CannotPost(_("This day has not come yet."))
    if any(one.amount <= 0 or one.amount != round(one.amount, 2) for one in stated.lines):
        raise CannotPost(_("Every line is of a sum above nothing, in whole fen."))
    if len(stated.lines) < 2:  # noqa: PLR2004  one debited, one credited
        raise CannotPost(_("A voucher has two lines at least."))
    if apart := rules.difference(stated.lines):
        raise CannotPost(_("Debit and credit are %(apart)s apart.") % {"apart": money.shown(apart)})


def _month(book: Book, on: date) -> Period:
    """The month of a day, begun where nothing was entered in it yet; with it those that were left out before it.
    Raises CannotPost where it is not open."""
    first = on.replace(day=1)
    if first < book.begins_on:
        raise CannotPost(_("These books are kept since %(day)s.") % {"day": book.begins_on})
    found = Period.objects.filter(book=book, month=first).first()
    if found is None:
        found = begin_months(book, first)
    if found.state != Period.State.OPEN:
        raise CannotPost(
            _("%(month)s is %(state)s.") % {"month": f"{found.month:%Y-%m}", "state": found.get_state_display()}
        )
    return found


def begin_months(book: Book, until: date) -> Period:
    """The rows of the months of books until this one, which has none yet; the books are locked."""
    last = Period.objects.filter(book=book).order_by("-month").values_list("month", flat=True).first()
    month = days.next_month(last) if last else book.begins_on
    while month < until:
        Period.objects.create(book=book, month=month)
        month = days.next_month(month)
    return Period.objects.create(book=book, month=until)


def _write(posting: Posting, entries: Sequence[Entry], accounts: dict[str, Account]) -> None:
    """The posting with its lines, whole now and not at the end of a longer transaction. Raises CannotPost with what the
    database refuses."""
    try:
        with transaction.atomic():
            posting.save(force_insert=True)
            Entry.objects.bulk_create(entries, batch_size=5000)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS posting_is_whole IMMEDIATE; SET CONSTRAINTS posting_is_whole DEFERRED")
    except DatabaseError as refusal:
        sentence = _sentence(refusal, accounts)
        if not sentence:
            raise
        raise CannotPost(sentence) from refusal


def _sentence(refusal: DatabaseError, accounts: dict[str, Account]) -> str:
    told = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None)
    text = str(refusal)
    match told:
        case "account_is_not_below_zero":
            below = next((one for one in accounts.values() if f"account {one.code} " in text), None)
            return _("There is not so much on %(account)s.") % {"account": below}
        case "posting_moves_allowed_accounts":
            return _("No such event moves these accounts.")
        case "month_is_open":
            return _("This month is not open.")
        case "funds_posting_reverses_id_key" | "posting_reverses_another":
            return _("This was taken back already.")
    return ""
