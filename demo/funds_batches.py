"""What the demo county's payments wait for besides a release: a batch that nobody was asked to release yet, one to
carry to the bank, one of which the bank told another sum, money that finance gave. Amounts are made
up."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from claims.models import Provider, ProviderAccount
from demo import funds_payments as payments
from demo.factors import show_factor
from demo.funds_settling import HOSPITAL, approve
from funds.models import Book, PaymentBatch, PaymentOrder
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from funds.selectors import paying
from funds.services import answers, batches, prepayments
from office.models import Person
from office.rules import days

GIVEN: Final = (("特殊门诊补偿（演示）", Decimal(60_000)),)
AMOUNTS: Final = (Decimal(20_000), Decimal(30_000), Decimal(40_000))
TOLD_LESS: Final = Decimal(100)
#: Whoever releases shows a code of its own for each batch.
BETWEEN: Final = timedelta(seconds=40)


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind: work waits for the accountant and the cashier."""
    book = Book.objects.filter(scheme__code="ncms").first()
    hospital = Provider.objects.filter(code=HOSPITAL).first()
    if book is None or hospital is None:
        return
    payments.vote(payments.asked(book, GIVEN, people, at), people["finance"], at)
    if ProviderAccount.objects.filter(provider=hospital, state=ProviderAccount.State.CONFIRMED).exists():
        first, second, third = _orders(book, hospital, people, at)
        _made(book, first, "待提交的预付款（演示）", people, at)
        _released(book, second, "待送银行的预付款（演示）", people, at + BETWEEN)
        _doubtful(
            _released(book, third, "银行回单有疑的预付款（演示）", people, at + 2 * BETWEEN), people, at + 2 * BETWEEN
        )


def _orders(book: Book, hospital: Provider, people: dict[str, Person], at: datetime) -> list[PaymentOrder]:
    """Prepayments to the county's hospital, agreed to by the head."""
    before = set(paying.open_orders(book).values_list("pk", flat=True))
    proof = show_factor(people["head"], at)
    for amount in AMOUNTS:
        asked = prepayments.propose(
            book=book,
            provider=hospital,
            year=days.business_day(at).year,
            amount=amount,
            paper="海合管发〔2010〕9号（演示）",
            by=people["accountant"],
            at=at,
        )
        approve(asked, people["head"], at, proof)
    return list(paying.open_orders(book).exclude(pk__in=before).order_by("pk"))


def _made(book: Book, order: PaymentOrder, words: str, people: dict[str, Person], at: datetime) -> PaymentBatch:
    return batches.make_batch(book=book, place="spending", words=words, orders=[order], by=people["accountant"], at=at)


def _released(book: Book, order: PaymentOrder, words: str, people: dict[str, Person], at: datetime) -> PaymentBatch:
    return payments.released(_made(book, order, words, people, at), people, at)


def _doubtful(batch: PaymentBatch, people: dict[str, Person], at: datetime) -> None:
    """The bank says that less was paid than was asked for."""
    payments.sent(batch, people, at)
    told = [
        AnswerOf(one.number, "paid", one.amount - TOLD_LESS, days.business_day(at), f"NX9{one.line:05d}")
        for one in batch.payments.all()
    ]
    content = bank_files.write_answers(told)
    answers.take_file(book=batch.book, content=content, name="银行回单二（演示）.csv", by=people["cashier"], at=at)
