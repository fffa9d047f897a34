"""The doors of payments, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from conftest import NOON
from enrollment.tests.factories import head
from funds.models import BankAnswer, Book, FundRequest, Payment, PaymentBatch, PaymentOrder
from funds.rules.bank_files import AnswerOf
from funds.rules.postings import credit, debit
from funds.services import answers, batches, fund_requests, orders, postings
from funds.services.orders import Payee
from funds.services.postings import PostingOf
from funds.tests.doors_books import ACCOUNTANT, WATCHERS, book
from funds.tests.factories import JANUARY
from office.models import Duty, Job
from office.tests.factories import tess

CASHIER = frozenset({Duty.CASHIER})
BRINGERS = ACCOUNTANT | CASHIER

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "funds:batches", "funds:batch", "funds:batch_file", "funds:batch_print", "funds:payments", "funds:payment",
            "funds:payment_orders", "funds:payment_order", "funds:payable", "funds:fund_requests", "funds:fund_request",
            "funds:fund_request_print", "funds:bank_answers", "funds:bank_answer",
        ),
        WATCHERS,
    ),
    **dict.fromkeys(
        (
            "funds:batch_new", "funds:batch_ask", "funds:batch_withdraw", "funds:batch_void", "funds:payment_strike",
            "funds:payee_new", "funds:payment_order_cancel", "funds:fund_request_new", "funds:fund_request_arrival",
            "funds:fund_request_withdraw",
        ),
        ACCOUNTANT,
    ),
    **dict.fromkeys(
        ("funds:batch_send", "funds:batch_hand_over", "funds:batch_fetch", "funds:batch_back", "funds:payment_payout"),
        CASHIER,
    ),
    **dict.fromkeys(("funds:payment_paper", "funds:bank_answer_new"), BRINGERS),
}  # fmt: skip
POST_ONLY: set[str] = {
    f"funds:{name}" for name in ("batch_ask", "batch_withdraw", "batch_hand_over", "fund_request_withdraw")
}


def filled() -> Book:
    """Books with money in both accounts."""
    found = book()
    for key, kind, left, right in (
        ("doors:opening", "opening", "special_account", "general_pool"),
        ("doors:request", "requested", "spending_account", "special_account"),
    ):
        lines = (debit(left, Decimal(1000)), credit(right, Decimal(1000)))
        stated = PostingOf(found, key, kind, JANUARY, "开门", lines)
        postings.post(stated=stated, by=tess(), checked_by=head(), at=NOON)
    return found


def order() -> PaymentOrder:
    """Something to be paid in advance."""
    return orders.order_payment(
        book=filled(), key="doors", kind="prepaid", payee=Payee("provider", "医院", "农信社", "6228480000001234"),
        amount=Decimal(5), lines=[debit("prepaid", Decimal(5))], summary="预付", subject=book(), by=tess(),
        checked_by=head(), at=NOON,
    )  # fmt: skip


def batch() -> PaymentBatch:
    """A batch that is being made."""
    known = PaymentBatch.objects.first()
    return known or batches.make_batch(
        book=filled(), place="spending", words="预付", by=tess(), at=NOON, orders=[order()]
    )


def payment() -> Payment:
    """Its payment."""
    return batch().payments.get()


def fund_request() -> FundRequest:
    """A request that is with finance."""
    known = FundRequest.objects.first()
    return known or fund_requests.ask(
        book=filled(), month=date(2010, 3, 1), lines=[("住院", Decimal(5))], by=tess(), at=NOON
    )


def answer() -> BankAnswer:
    """An answer about a payment that nobody made."""
    known = BankAnswer.objects.first()
    told = [AnswerOf("X", "paid", Decimal(1), JANUARY)]
    return known or answers.take(
        book=book(), answers=told, sha256="0" * 64, name="回单.csv", format="csv", by=tess(), at=NOON
    )


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    of_batch = (
        "batch", "batch_ask", "batch_withdraw", "batch_void", "batch_send", "batch_hand_over", "batch_file",
        "batch_fetch", "batch_back", "batch_print",
    )  # fmt: skip
    return {
        **{f"funds:{name}": lambda duty: [batch().pk] for name in of_batch},
        **{
            f"funds:{name}": lambda duty: [payment().pk]
            for name in ("payment", "payment_strike", "payment_payout", "payment_paper")
        },
        **{f"funds:{name}": lambda duty: [order().pk] for name in ("payment_order", "payment_order_cancel")},
        **{
            f"funds:{name}": lambda duty: [fund_request().pk]
            for name in ("fund_request", "fund_request_arrival", "fund_request_withdraw", "fund_request_print")
        },
        "funds:bank_answer": lambda duty: [answer().pk],
        "funds:payable": lambda duty: [book().code],
    }
