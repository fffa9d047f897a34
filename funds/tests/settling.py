"""Settlements that tests need: books with money, a clinic and a hospital with what they are owed, who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from claims.models import Settlement
from claims.tests.deciding import now
from claims.tests.documents import Office, visit
from conftest import NOON
from funds.models import Book, PaymentBatch, PaymentOrder
from funds.rules import bank_files
from funds.rules.postings import Line
from funds.rules.settling import Terms
from funds.selectors import balances
from funds.services import answers, batches, postings, retention_terms, sending
from funds.services.postings import PostingOf
from funds.tests.factories import Counter, pair
from funds.tests.paying import bound, said
from office import deciding
from office.models import Duty, Person
from office.rules import days
from office.services import rounds
from office.subjects import name_of
from office.tests.factories import shown_by

NEXT_YEAR = datetime(2011, 2, 1, 4, tzinfo=UTC)


@dataclass
class Scene:
    """Who keeps and decides money, over books that have some."""

    office: Office
    counter: Counter
    finance: Person
    cashier: Person

    @classmethod
    def of(cls, appoint: Callable[..., Person]) -> Scene:
        office = Office.of(appoint)
        counter = Counter.of(appoint, office.scheme)
        made = cls(office, counter, appoint("fin", Duty.FINANCE_REVIEWER), appoint("cas", Duty.CASHIER))
        made.enter("open", "opening", *pair("special_account", "general_pool", "10000"))
        made.enter("ask", "requested", *pair("spending_account", "special_account", "3000"))
        return made

    @property
    def book(self) -> Book:
        return self.counter.book

    @property
    def acc(self) -> Person:
        return self.counter.acc

    @property
    def head(self) -> Person:
        return self.counter.head

    @property
    def hal(self) -> Person:
        return self.office.hal

    def enter(self, key: str, kind: str, *lines: Line, on: date = date(2010, 1, 1), at: datetime = NOON) -> Any:
        stated = PostingOf(self.book, key, kind, on, "测试", lines)
        return postings.post(stated=stated, by=self.acc, checked_by=self.head, at=at)

    def stands(self, purpose: str) -> Decimal:
        return balances.stands(self.book, purpose)

    def settlement(self, people: int = 4, cost: str = "50") -> Settlement:
        """A village register that is approved and settled: each visit gives 20 yuan."""
        members = self.office.people(people)
        document = self.office.approved(*(visit(one, one.name, cost) for one in members))
        return self.office.settle(document)

    def terms(self, percent: str = "5", on: date = date(2010, 1, 1), **more: Any) -> Any:
        asked = retention_terms.propose(
            book=self.book, on=on, terms=Terms(Decimal(percent)), paper="合〔2010〕3号", by=self.acc, at=NOON, **more
        )
        return decide(asked, self.hal)

    def batch(self, *orders: PaymentOrder, at: datetime = NOON) -> PaymentBatch:
        """A batch of orders that the cashier gave to the bank."""
        batch = batches.make_batch(
            book=now(self.book), place="spending", words="付款单", by=self.acc, at=at, orders=list(orders)
        )
        batches.ask_release(batch=batch, by=self.acc, at=at)
        for voter in (self.head, self.hal):
            opened = deciding.rounds_of(batch).get(state="open")
            proof = bound(voter, opened.bound_to, at)
            rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=voter, at=at, proof=proof)
        sending.send(batch=batch, door="csv", by=self.cashier, at=at)
        sending.note_handed_over(batch=batch, by=self.cashier, at=at)
        return now(batch)

    def pay(self, *orders: PaymentOrder, at: datetime = NOON, outcome: str = "paid") -> PaymentBatch:
        """Orders that the bank has paid, or given back."""
        batch = self.batch(*orders, at=at)
        self.answer(batch, outcome, at)
        return batch

    def answer(self, batch: PaymentBatch, outcome: str, at: datetime = NOON) -> None:
        day = days.business_day(at)
        told = [said(one, outcome, on=day) for one in batch.payments.order_by("line")]
        answers.take_file(
            book=self.book, content=bank_files.write_answers(told), name="回单.csv", by=self.cashier, at=at
        )


def decide(asked: Any, by: Person, choice: str = "approve", at: datetime = NOON) -> Any:
    """Somebody's vote on what is asked for; the record as it is then."""
    opened: Any = deciding.rounds_of(asked).first()
    rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        by=by,
        at=at,
        proof=shown_by(by, at=at),
        reason="why",
    )
    return now(asked)


def orders_of(asked: Any) -> list[PaymentOrder]:
    """The orders of payment of a record."""
    subject_type, subject_id = name_of(asked)
    return list(PaymentOrder.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("pk"))


def lines_of(order: PaymentOrder) -> list[tuple[str, str, Decimal]]:
    """What is entered beside the bank."""
    return list(order.lines.order_by("line").values_list("account__purpose", "side", "amount"))
