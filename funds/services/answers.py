"""What the bank says (支付结果): taken whole or not at all, each line once; books follow in the same transaction.

A line settles a payment by its number and its amount. What is of another amount, of no payment, or against what is
known settles nothing: it stands in the answer for somebody to look into.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from claims.services.locks import refusing
from claims.services.settling import CannotSettle
from funds.models import AnswerLine, BankAnswer, Book, Payment, PaymentBatch
from funds.rules import bank_files, iso20022
from funds.rules.bank_files import AnswerOf, BadBankFile
from funds.selectors import paying
from funds.services import entering, sending
from funds.services.batches import lock_batch, lock_parts, lock_payments
from funds.services.entering import Settled
from funds.services.postings import CannotPost
from office import trail
from office.models import Person
from office.rules import days

TAKE: Final = "funds.add_bankanswer"
TOGETHER: Final = 1_000
State = Payment.State
Verdict = AnswerLine.Verdict
Outcome = AnswerLine.Outcome


class CannotTake(Exception):
    """Nothing was taken; the message is written for whoever brought the answer."""


@dataclass
class _Told:
    """One line of an answer with the payment it is of, and what comes of it."""

    line: int
    said: AnswerOf
    payment: Payment | None
    verdict: str = ""


@refusing("answer.taken", CannotTake, about="book")
def _take(
    *,
    book: Book,
    answers: Sequence[AnswerOf],
    sha256: str,
    name: str,
    format: str,  # noqa: A002  the office's word
    by: Person,
    at: datetime,
) -> BankAnswer:
    _refuse(book, answers, sha256, at)
    numbers = {one.number for one in answers}
    found = Payment.objects.filter(number__in=numbers, batch__book=book)
    locked = {
        one.pk: lock_batch(one) for one in PaymentBatch.objects.filter(payments__in=found).distinct().order_by("pk")
    }
    lock_parts(paying.parts_of(list(found)))
    payments = {one.number: one for one in lock_payments(found.values_list("pk", flat=True))}
    told = [_Told(line, one, payments.get(one.number)) for line, one in enumerate(answers, start=1)]
    paid, returned = _settle(told)
    kept = BankAnswer.objects.create(
        book=book,
        format=format,
        name=name[:120],
        sha256=sha256,
        lines=len(answers),
        total=sum((one.amount for one in answers), Decimal(0)),
        taken_on=days.business_day(at),
        taken_by=by,
        taken_at=at,
    )
    AnswerLine.objects.bulk_create([_line(kept, one) for one in told], TOGETHER)
    _follow(kept, paid, returned, by, at)
    sending.finish(list(locked.values()), by=by, at=at)
    doubtful = sum(one.verdict in AnswerLine.DOUBTFUL for one in told)
    trail.record(
        "answer.taken",
        kept,
        by=by,
        at=at,
        right=TAKE,
        subject_hash=sha256,
        lines=len(told),
        paid=len(paid),
        returned=len(returned),
        doubtful=doubtful,
    )
    return kept


def take(
    *,
    book: Book,
    answers: Iterable[AnswerOf],
    sha256: str,
    name: str,
    format: str,  # noqa: A002
    by: Person,
    at: datetime,
) -> BankAnswer:
    """Take what the bank says of payments, whole or not at all. Raises CannotTake."""
    kept: BankAnswer = _take(book=book, answers=list(answers), sha256=sha256, name=name, format=format, by=by, at=at)
    return kept


def take_file(*, book: Book, content: bytes, name: str, by: Person, at: datetime) -> BankAnswer:
    """Take an answer that came as a file: a table, or camt.053 and camt.054. Raises CannotTake."""
    is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"
    try:
        answers = iso20022.read_answers(content) if is_xml else bank_files.read(content)
    except BadBankFile as refusal:
        sentence = _(bank_files.REFUSALS[refusal.code]).format(**refusal.facts)
        trail.refused("answer.taken", book, by=by, at=at, reason=sentence, file=name)
        raise CannotTake(sentence) from refusal
    sha256 = hashlib.sha256(content).hexdigest()
    form = BankAnswer.Format.CAMT if is_xml else BankAnswer.Format.CSV
    return take(book=book, answers=answers, sha256=sha256, name=name or str(form.label), format=form, by=by, at=at)


def _refuse(book: Book, answers: Sequence[AnswerOf], sha256: str, at: datetime) -> None:
    known = BankAnswer.objects.filter(book=book, sha256=sha256).first()
    if known is not None:
        raise CannotTake(
            _("This answer was taken already, on %(day)s: %(answer)s.") % {"day": known.taken_on, "answer": known}
        )
    if not answers:
        raise CannotTake(_("The answer has no line."))
    late = next((one for one in answers if one.on > days.business_day(at)), None)
    if late is not None:
        raise CannotTake(_("%(number)s: %(day)s has not come yet.") % {"number": late.number, "day": late.on})


def _settle(told: Sequence[_Told]) -> tuple[list[Settled], list[Settled]]:
    """What comes of each line, in their order; gives the payments that left and those that came back, as far as the
    lines settle something."""
    paid: list[Settled] = []
    returned: list[Settled] = []
    settled: dict[int, _Told] = {}
    for one in told:
        one.verdict = _verdict(one, settled)
        payment = one.payment
        if payment is None:
            continue
        if one.verdict == Verdict.OTHER_AMOUNT and payment.state in Payment.UNSETTLED:
            payment.state = State.UNKNOWN
        if one.verdict == Verdict.TAKEN:
            settled[payment.pk] = one
            reason = one.said.reason or _("returned by the bank")
            came = Settled(payment, one.said.on, one.said.reference, reason)
            (paid if one.said.outcome == Outcome.PAID else returned).append(came)
    return paid, returned


def _verdict(one: _Told, settled: dict[int, _Told]) -> str:
    payment = one.payment
    if payment is None:
        return Verdict.NO_SUCH_PAYMENT
    if payment.amount != one.said.amount:
        return Verdict.OTHER_AMOUNT
    before = settled.get(payment.pk)
    outcome = before.said.outcome if before is not None else str(payment.state)
    if payment.state in {State.WAITING, State.STOPPED}:
        return Verdict.NOT_SENT
    if outcome == one.said.outcome:
        return Verdict.REPEATED
    return Verdict.CONTRADICTS if outcome == State.RETURNED else Verdict.TAKEN


def _line(kept: BankAnswer, one: _Told) -> AnswerLine:
    return AnswerLine(
        answer=kept,
        line=one.line,
        number=one.said.number[:60],
        payment=one.payment,
        outcome=one.said.outcome,
        amount=one.said.amount,
        on=one.said.on,
        reference=one.said.reference[:60],
        reason=one.said.reason[:200],
        verdict=one.verdict,
    )


def _follow(kept: BankAnswer, paid: Sequence[Settled], returned: Sequence[Settled], by: Person, at: datetime) -> None:
    """Payments, claims and books follow. Raises CannotTake."""
    unknown = AnswerLine.objects.filter(answer=kept, verdict=Verdict.OTHER_AMOUNT, payment__state__in=Payment.UNSETTLED)
    Payment.objects.filter(pk__in=unknown.values("payment")).exclude(state=State.UNKNOWN).update(state=State.UNKNOWN)
    try:
        for day, some in _by_day(paid):
            entering.enter_paid(some, key=f"answer:{kept.pk}", on=day, by=by, at=at)
        for day, some in _by_day(returned):
            entering.enter_returned(some, key=f"answer:{kept.pk}", on=day, by=by, at=at)
    except (CannotPost, CannotSettle) as refusal:
        raise CannotTake(str(refusal)) from refusal


def _by_day(settled: Sequence[Settled]) -> list[tuple[date, list[Settled]]]:
    found: dict[date, list[Settled]] = {}
    for one in settled:
        found.setdefault(one.on, []).append(one)
    return sorted(found.items())
