"""What each month's settlements come to, paid as an office pays: ordered, requested, released, sent, answered.

Each step is left out that was taken: begun again it goes on where it stopped.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from claims.models import Settlement
from demo.haiyuan.desk import Day, people
from demo.haiyuan.figures import YEAR
from demo.haiyuan.year import DECEMBER
from funds.models import Book, FundRequest, Payment, PaymentBatch, PaymentOrder, Place, ProviderPayment
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from funds.selectors import paying
from funds.services import answers, batches, fund_requests, provider_payments, sending
from office import deciding, history
from office.rules.days import next_month

PAID_ON: Final = 10  # day of the month after; of December still in December
LAST_PAID_ON: Final = date(YEAR, 12, 30)
State = PaymentBatch.State
Asked = FundRequest.State
#: Each step is released by whoever is named like it.
RELEASING: Final = (State.ASKED, State.WITH_HEAD)


class Paying:
    """What is ordered of some books, paid on a day."""

    def __init__(self, book: Book, first: date, day: Day, words: str) -> None:
        self.book, self.first, self.day, self.words = book, first, day, words

    def pay(self) -> None:
        """All of it, from wherever it stands."""
        batch = PaymentBatch.objects.filter(book=self.book, words=self.words).first()
        orders = list(paying.open_orders(self.book)) if batch is None else []
        if orders:
            self._request(sum((one.amount for one in orders), Decimal(0)))
            batch = self._made(orders)
        if batch is not None:
            self._bring_through(batch)

    def _request(self, amount: Decimal) -> None:
        """Finance gives the month's money into the spending account."""
        by = self.day.people["accountant"]
        request = FundRequest.objects.filter(book=self.book, words=self.words).first()
        if request is None:
            lines = [(self.words, amount)]
            with history.acting(by=by):
                request = fund_requests.ask(
                    book=self.book, month=self.first, lines=lines, words=self.words, by=by, at=self.day.at
                )
        if request.state == Asked.PROPOSED:
            self.day.agree(request, "finance")
            request.refresh_from_db()
        if request.state == Asked.APPROVED:
            slip = f"拨{request.number}（演示）"
            with history.acting(by=by):
                fund_requests.note_arrival(request=request, on=self.day.on, slip=slip, by=by, at=self.day.at)

    def _made(self, orders: list[PaymentOrder]) -> PaymentBatch:
        by = self.day.people["accountant"]
        with history.acting(by=by):
            return batches.make_batch(
                book=self.book, place=Place.SPENDING, words=self.words, orders=orders, by=by, at=self.day.at
            )

    def _bring_through(self, batch: PaymentBatch) -> None:
        """Asked for, released by two, sent, paid by the bank."""
        accountant, cashier = self.day.people["accountant"], self.day.people["cashier"]
        if batch.state == State.MADE:
            with history.acting(by=accountant):
                batch = batches.ask_release(batch=batch, by=accountant, at=self.day.at)
        while batch.state in RELEASING:
            step = deciding.rounds_of(batch).get(state="open").step
            self.day.agree(batch, step)
            batch.refresh_from_db()
        with history.acting(by=cashier):
            if batch.state == State.RELEASED:
                sending.send(batch=batch, door="csv", by=cashier, at=self.day.at)
                if batch.payments.filter(state=Payment.State.CLAIMED).exists():
                    sending.note_handed_over(batch=batch, by=cashier, at=self.day.at)
            self._answered(batch)

    def _answered(self, batch: PaymentBatch) -> None:
        """The bank says that all of it was paid."""
        sent = batch.payments.filter(state=Payment.State.SENT).order_by("line")
        told = [AnswerOf(one.number, "paid", one.amount, self.day.on, f"演{one.pk}") for one in sent]
        if told:
            answers.take_file(
                book=self.book,
                content=bank_files.write_answers(told),
                name=f"{batch.number}回单（演示）.csv",
                by=self.day.people["cashier"],
                at=self.day.at,
            )


class Payday(Paying):
    """The day on which a month's settlements are paid."""

    def __init__(self, book: Book, month: int) -> None:
        first = date(YEAR, month, 1)
        on = LAST_PAID_ON if month == DECEMBER else next_month(first).replace(day=PAID_ON)
        super().__init__(book, first, Day(people(), on), f"{YEAR}年{month}月补偿款（演示）")

    def pay(self) -> None:
        """All of it, from wherever it stands."""
        self._ask_for_each()
        super().pay()

    def _ask_for_each(self) -> None:
        """Each settlement of the month becomes an order of payment."""
        by = self.day.people["accountant"]
        asked = ProviderPayment.objects.filter(settlement__month=self.first)
        waiting = Settlement.objects.filter(month=self.first, fund_pays__gt=0).exclude(
            pk__in=asked.values("settlement")
        )
        for settlement in waiting.order_by("pk"):
            with history.acting(by=by):
                one = provider_payments.propose(settlement=settlement, by=by, at=self.day.at)
            self.day.agree(one, "accounting")
        for one in asked.filter(state=ProviderPayment.State.PROPOSED).order_by("pk"):
            self.day.agree(one, "accounting")


def paid_in(book: Book) -> Decimal:
    """What was paid in the year, by the payments."""
    done = Payment.objects.filter(batch__book=book, state=Payment.State.PAID)
    whole: Decimal = done.aggregate(whole=Sum("amount", default=Decimal(0)))["whole"]
    return whole
