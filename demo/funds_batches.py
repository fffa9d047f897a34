"""What the demo county's payments wait for besides a release: a batch that nobody was asked to release yet, one to
carry to the bank, one of which the bank told another sum, one of cash to pay out, money that finance gave; what a
hospital was paid for its lists. Amounts are made up."""

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
from funds.selectors import balances, paying
from funds.services import answers, batches, fund_requests, prepayments
from office.models import Person
from office.rules import days

GIVEN: Final = (("特殊门诊补偿（演示）", Decimal(6_000)),)
AMOUNTS: Final = (Decimal(1_000), Decimal(1_500), Decimal(2_000))
SETTLED: Final = "垫付款结算（演示）"
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
    _settled(book, people, at + 3 * BETWEEN)
    _in_cash(book, people, at + 4 * BETWEEN)


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


def _settled(book: Book, people: dict[str, Person], at: datetime) -> None:
    """What the hospital is owed for its lists is paid; finance gave the money for it."""
    orders = list(paying.open_orders(book).filter(subject_type="funds.providerpayment"))
    amount = sum((one.amount for one in orders), Decimal(0))
    if not orders or balances.stands(book, "special_account") < amount:
        return
    request = payments.asked(book, [(SETTLED, amount)], people, at)
    payments.vote(request, people["finance"], at)
    slip, on = "缴拨字第 0302 号（演示）", days.business_day(at)
    fund_requests.note_arrival(request=request, on=on, slip=slip, by=people["accountant"], at=at)
    batch = batches.make_batch(
        book=book, place="spending", words=SETTLED, orders=orders, by=people["accountant"], at=at
    )
    batch = payments.released(batch, people, at)
    payments.answered(batch, people, at, "银行回单三（演示）.csv", comes_back=False)


def _in_cash(book: Book, people: dict[str, Person], at: datetime) -> None:
    """People without an account fetch their money at the window: the cashier has it to pay out."""
    found = [one for one in paying.standings(book, paying.payable_parts(book)) if one.place == "cash" and not one.stop]
    if found:
        batch = batches.make_batch(
            book=book,
            place="cash",
            words="窗口现金支付（演示）",
            parts=[one.part for one in found],
            by=people["accountant"],
            at=at,
        )
        payments.released(batch, people, at)


def _doubtful(batch: PaymentBatch, people: dict[str, Person], at: datetime) -> None:
    """The bank says that less was paid than was asked for."""
    payments.sent(batch, people, at)
    told = [
        AnswerOf(one.number, "paid", one.amount - TOLD_LESS, days.business_day(at), f"NX9{one.line:05d}")
        for one in batch.payments.all()
    ]
    content = bank_files.write_answers(told)
    answers.take_file(book=batch.book, content=content, name="银行回单二（演示）.csv", by=people["cashier"], at=at)
