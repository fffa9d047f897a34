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
from funds.models import Book, PaymentOrder
from funds.rules.postings import Line, credit, debit
from funds.rules.settling import Terms
from funds.selectors import balances
from funds.services import postings, retention_terms
from funds.services.postings import PostingOf
from funds.tests.factories import Counter
from office import deciding
from office.models import Duty, Person
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

    @classmethod
    def of(cls, appoint: Callable[..., Person]) -> Scene:
        office = Office.of(appoint)
        counter = Counter.of(appoint, office.scheme)
        made = cls(office, counter, appoint("fin", Duty.FINANCE_REVIEWER))
        made.enter("open", "opening", debit("special_account", Decimal(10000)), credit("general_pool", Decimal(10000)))
        made.enter(
            "ask", "requested", debit("spending_account", Decimal(3000)), credit("special_account", Decimal(3000))
        )
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
            book=self.book,
            on=on,
            terms=Terms(Decimal(percent)),
            paper="海合管〔2010〕3号",
            by=self.acc,
            at=NOON,
            **more,
        )
        return decide(asked, self.hal)


def decide(asked: Any, by: Person, choice: str = "approve", at: datetime = NOON) -> Any:
    """Somebody's vote on what is asked for; the record as it is then."""
    opened = deciding.rounds_of(asked).first()
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
