"""What a statement says of payments and slips: a payment the office does not know the end of is settled by it, and the
sheets behind a slip are confirmed by its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from funds.models import Account, BankAnswer, Match, Payment, Slip, Statement
from funds.rules.bank_files import AnswerOf
from funds.selectors import bank_statements as selectors
from funds.services import answers, matches, slips
from funds.services.reconciling import CannotReconcile
from office.models import Person


def register() -> None:
    """Called once when the app is ready."""
    matches.tell(matched=_seen, undone=_unseen)


@dataclass(frozen=True)
class Compared:
    """What came of comparing an account: how many payments the statements settled, how much was matched."""

    settled: int
    matched: int


def compare(*, account: Account, by: Person, at: datetime) -> Compared:
    """Settle what statements say of payments, then match what is certain; run again it does what is left. Raises
    CannotReconcile."""
    named = selectors.open_lines(account).exclude(reference="").order_by("statement")
    settled = 0
    for number in named.values_list("statement", flat=True).distinct():
        statement = Statement.objects.select_related("bank_account__account__book").get(pk=number)
        try:
            answer = settle(statement=statement, by=by, at=at)
        except answers.CannotTake as refusal:
            raise CannotReconcile(str(refusal)) from refusal
        settled += answer.lines if answer else 0
    return Compared(settled, len(matches.match_certain(account=account, by=by, at=at)))


def settle(*, statement: Statement, by: Person, at: datetime) -> BankAnswer | None:
    """Settle payments whose end only the bank knows, by the lines that carry their number and their sum. Run again it
    does what is left. Raises CannotTake."""
    found = list(_answers(statement))
    if not found:
        return None
    told = "|".join(f"{one.number} {one.outcome} {one.amount}" for one in found)
    return answers.take(
        book=statement.bank_account.account.book,
        answers=found,
        sha256=hashlib.sha256(f"statement {statement.pk}: {told}".encode()).hexdigest(),
        name=str(statement)[:120],
        format=BankAnswer.Format.CAMT if statement.form == Statement.Form.CAMT else BankAnswer.Format.CSV,
        by=by,
        at=at,
    )


def _answers(statement: Statement) -> Iterator[AnswerOf]:
    """What the lines say of payments that are not settled, or that came back after they were paid."""
    lines = list(statement.lines.exclude(reference="").order_by("line"))
    numbers = {selectors.number_of(one.reference) for one in lines}
    book = statement.bank_account.account.book_id
    known = {one.number: one for one in Payment.objects.filter(number__in=numbers, batch__book=book)}
    for one in lines:
        payment = known.get(selectors.number_of(one.reference))
        if payment is None or abs(one.amount) != payment.amount:
            continue
        outcome = "paid" if one.amount < 0 else "returned"
        if _says_something_new(payment, outcome):
            yield AnswerOf(payment.number, outcome, payment.amount, one.on, one.bank_id, one.words)


def _says_something_new(payment: Payment, outcome: str) -> bool:
    if outcome == "paid":
        return payment.state in Payment.UNSETTLED
    return payment.state in (*Payment.UNSETTLED, Payment.State.PAID)


def _seen(some: Sequence[Match], by: Person, at: datetime) -> None:
    """The slips whose money these matches found on a statement."""
    for slip, on in _slips(some):
        if slip.state == Slip.State.ENTERED and slip.seen_on is None:
            slips.mark_seen(slip=slip, on=max(on, slip.on), by=by, at=at)


def _unseen(some: Sequence[Match], by: Person, at: datetime) -> None:
    """The slips that were found by mistake."""
    reasons = {one.pk: one.undone_because for one in some}
    for slip, _on in _slips(some):
        if slip.seen_on is not None:
            slips.mark_unseen(slip=slip, reason=next(iter(reasons.values())), by=by, at=at)


def _slips(some: Sequence[Match]) -> list[tuple[Slip, date]]:
    """Slips of the postings that are matched with a line, with that line's day, by number. Money passed on is found on
    the statement of the account where it arrives."""
    rows: Any = (
        Match.objects.filter(pk__in=[one.pk for one in some], lines__isnull=False)
        .order_by("entries__entry__posting")
        .values_list("entries__entry__posting", "lines__line__on", "account__purpose")
        .distinct()
    )
    days: dict[int, tuple[date, str]] = {posting: (on, purpose) for posting, on, purpose in rows if posting}
    found = Slip.objects.filter(posting__in=days).order_by("pk")
    return [
        (one, days[one.posting_id][0])  # type: ignore[index]  # a slip found by its posting has one
        for one in found
        if one.kind != Slip.Kind.TRANSFER or days[one.posting_id][1] == Slip.Account.SPECIAL  # type: ignore[index]
    ]
