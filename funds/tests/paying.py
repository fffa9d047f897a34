"""Who pays, what is to be paid, and a bank: for tests of payments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from claims.models import Claim, ClaimPart
from claims.tests.deciding import HALF, Desk, now
from claims.tests.taking_in import pay_to
from conftest import NOON
from enrollment.models import Member
from funds.models import BankAnswer, BankFile, Book, Payment, PaymentBatch, PaymentOrder
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from funds.rules.postings import Line, debit
from funds.selectors import paying
from funds.services import answers, batches, confirmations, orders, releasing, sending
from funds.services.orders import Payee
from funds.tests.factories import Counter, pair
from office import deciding
from office.models import Duty, Person
from office.proof import MAKER, Proof
from office.rules import days
from office.services import rounds
from office.tests.factories import shown_by

TODAY = days.business_day(NOON)
LATER = NOON + timedelta(hours=1)
#: One layer alone, so that the books of one fund pay a claim whole.
ONE_LAYER = HALF.split("  - code: account")[0]
_accounts = count(6228480000000001)


def bound(person: Person, to: str, at: datetime = NOON) -> Proof:
    """The proof that somebody showed a code that confirms exactly this."""
    return replace(shown_by(person, at), bound_to=to, maker=MAKER)


@dataclass
class Till:
    """Everybody who has a hand in a payment, over the books of the rural scheme."""

    desk: Desk
    counter: Counter
    cas: Person  # the cashier
    fin: Person  # of the finance bureau
    _keys: Any = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, appoint: Any, plan: str = ONE_LAYER, amount: str = "100000.00") -> Till:
        desk = Desk.of(appoint, plan)
        counter = Counter.of(appoint, desk.scheme)
        till = cls(desk, counter, appoint("cas", Duty.CASHIER), appoint("fin", Duty.FINANCE_REVIEWER))
        counter.opened(amount)
        return till

    @property
    def book(self) -> Book:
        return Book.objects.get(pk=self.counter.book.pk)

    @property
    def acc(self) -> Person:
        return self.counter.acc

    def fill(self, amount: str = "50000.00") -> None:
        """So much lies in the spending account."""
        self.counter.enter(
            f"fill {next(self._keys)}", "requested", *pair("spending_account", "special_account", amount)
        )

    def member(self, number: str, **more: Any) -> Member:
        """Somebody whose household is paid to an account of its own."""
        member = self.desk.member(number)
        account = more.pop("account", None) or str(next(_accounts))
        pay_to(member.household, more.pop("holder", member.name), account)
        return member

    def claim(self, member: Member | None = None, amounts: Sequence[str] = ("1000", "900"), **more: Any) -> Claim:
        """A claim that is payable, to the account that its household has."""
        who = member or self.member(str(next(self._keys)))
        known = who.household.payee_accounts.filter(state="confirmed").first()
        if known is not None:
            more = {"payee_name": known.holder, "payee_bank": known.bank, "payee_account": known.number} | more
        return self.desk.approved(who, amounts, **more)

    def parts(self, *claims: Claim) -> list[ClaimPart]:
        return list(ClaimPart.objects.filter(approval__claim__in=[one.pk for one in claims]).order_by("pk"))

    def batch(self, *claims: Claim, place: str = "spending", orders: Iterable[PaymentOrder] = ()) -> PaymentBatch:
        return batches.make_batch(
            book=self.book, place=place, words="三月住院", by=self.acc, at=NOON, parts=self.parts(*claims),
            orders=list(orders),
        )  # fmt: skip

    def vote(self, subject: Any, by: Person, choice: str = "approve", **more: Any) -> Any:
        """A vote with a code that carries hash and sum."""
        opened = deciding.rounds_of(subject).get(state="open")
        given = {
            "hash_seen": opened.subject_hash,
            "proof": bound(by, opened.bound_to if opened.own_code else ""),
        } | more
        return rounds.vote(round=opened, choice=choice, by=by, at=NOON, reason="why", **given)

    def release(self, batch: PaymentBatch) -> PaymentBatch:
        """Asked for and given by whom it takes."""
        batches.ask_release(batch=batch, by=self.acc, at=NOON)
        if batch.place == "special":
            self.vote(batch, self.fin)
        else:
            self.vote(batch, self.counter.head)
            self.vote(batch, self.desk.hal)
        return now(batch)

    def released(self, *claims: Claim, **more: Any) -> PaymentBatch:
        return self.release(self.batch(*claims, **more))

    def send(self, batch: PaymentBatch, **more: Any) -> BankFile | None:
        given: dict[str, Any] = {"batch": batch, "door": "csv", "by": self.cas, "at": NOON}
        return sending.send(**given | more)

    def sent(self, *claims: Claim, **more: Any) -> PaymentBatch:
        """A released batch whose file the cashier gave to the bank."""
        batch = self.released(*claims, **more)
        self.send(batch)
        sending.note_handed_over(batch=batch, by=self.cas, at=NOON)
        return now(batch)

    def answer(self, *told: AnswerOf, name: str = "", by: Person | None = None) -> BankAnswer:
        """What the bank says, as a table."""
        return answers.take_file(
            book=self.book, content=bank_files.write_answers(told), name=name or "回单.csv", by=by or self.cas, at=NOON
        )

    def confirm(
        self, of: Any, number: str = "6228480000777777", holder: str = "马新户", by: Person | None = None
    ) -> Any:
        """An account that two people confirmed for a claim or an order."""
        asked = confirmations.propose(
            of=of, holder=holder, bank="农信社", number=number, reason="更换账户", by=self.acc, at=LATER
        )
        self.vote(asked, by or self.counter.head)
        return now(asked)

    def order(self, amount: str = "500.00", key: str = "", **more: Any) -> PaymentOrder:
        """Something to be paid to the hospital in advance."""
        given: dict[str, Any] = {
            "book": self.book, "key": key or f"prepaid:{next(self._keys)}", "kind": "prepaid", "place": "spending",
            "payee": Payee("provider", "海原县人民医院", "农信社", "6228480000009999"), "amount": Decimal(amount),
            "lines": [debit("prepaid", Decimal(amount))], "summary": "总额预付", "subject": self.book, "by": self.acc,
            "checked_by": self.counter.head, "at": NOON,
        }  # fmt: skip
        return orders.order_payment(**given | more)

    def payments(self, batch: PaymentBatch) -> list[Payment]:
        return list(batch.payments.order_by("line"))


def said(payment: Payment, outcome: str = "paid", amount: str | None = None, on: date = TODAY, **more: Any) -> AnswerOf:
    """What a bank says of a payment."""
    reason = more.pop("reason", "" if outcome == "paid" else "户名不符")
    return AnswerOf(
        payment.number, outcome, payment.amount if amount is None else Decimal(amount), on, more.pop("reference", "B1"),
        reason,
    )  # fmt: skip


def states(batch: PaymentBatch) -> list[str]:
    return list(batch.payments.order_by("line").values_list("state", flat=True))


def line(account: str, side: str, amount: str) -> Line:
    return Line(account, side, Decimal(amount))


__all__ = ["TODAY", "Till", "bound", "line", "now", "paying", "releasing", "said", "states"]
