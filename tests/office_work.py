"""An office in which anything may be asked for at any moment: what its people do, each by the office's own services.

A step is done, or refused with the sentence of a service; both are right. Where there is nothing to try it on it is
neither. What must hold after every step: tests/office_holds.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

import claims.services
import enrollment.services
import funds.services
from claims.models import Claim, Flag
from claims.selectors.intake_content import Line
from claims.services import checking, flags, intake, reversing
from claims.tests import taking_in
from claims.tests.deciding import Desk, cut
from conftest import NOON
from enrollment.models import CollectionSheet, Contribution, Member, Refund
from enrollment.selectors.sheets import sums_of
from enrollment.services import refunds, sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories as register
from enrollment.tests.keeping import station
from funds.models import Payment, PaymentBatch, Period
from funds.selectors import paying
from funds.services import batches, months, recoveries, sending
from funds.services.recoveries import RecoveryOf
from funds.tests import slips as money_in
from funds.tests.closing import decide
from funds.tests.factories import JANUARY
from funds.tests.paying import ONE_LAYER, Till, line, said
from office import deciding
from office.models import Duty, Person
from office.services import rounds
from office.tests.factories import shown_by

AUTUMN = date(2009, 11, 1)
FEBRUARY = date(2010, 2, 1)


def refusals() -> tuple[type[Exception], ...]:
    """Every exception by which a service says no in words."""
    found: set[type[Exception]] = set()
    for package in (enrollment.services, claims.services, funds.services):
        for one in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{one.name}")
            found |= {
                thing
                for thing in vars(module).values()
                if isinstance(thing, type) and issubclass(thing, Exception) and thing.__name__.startswith("Cannot")
            }
    return (*found, rounds.CannotVote, deciding.CannotWithdraw)


REFUSALS = refusals()
NOTHING = object()  # there is nothing to try it on


class Office:
    """A village, a claims desk, books and a bank; `done` and `refused` count what came of each kind of step."""

    def __init__(self, appoint: Callable[..., Person], plan: str = ONE_LAYER) -> None:
        scheme = register.scheme(account="household")
        year = money_in.year_of(2010)
        self.next_year = money_in.year_of(2011)
        self.till = Till.of(appoint, plan, "100000.00")
        self.desk: Desk = self.till.desk
        at_station = station()
        self.money = money_in.Till(self.till.counter, appoint("li", Duty.TOWNSHIP_CLERK, body=at_station), year)
        self.auditor = appoint("aud", Duty.INTERNAL_AUDITOR)
        assert self.desk.scheme == scheme
        taking_in.provider()
        taking_in.disease()
        self.done: Tally[str] = Tally()
        self.refused: Tally[str] = Tally()
        self.told: dict[str, set[str]] = defaultdict(set)
        self.numbers = 0

    def try_one_of(self, order: Sequence[str], *given: int) -> None:
        """Somebody tries the first of these for which there is something to try it on."""
        for what in order:
            if self.step(what, *given):
                return

    def step(self, what: str, *given: int) -> bool:
        """Somebody tries something; whether there was something to try it on."""
        act: Callable[..., object] = getattr(self, what)
        try:
            with transaction.atomic():
                outcome = act(*given)
        except REFUSALS as refusal:
            self.refused[what] += 1
            self.told[what].add(str(refusal))
            return True
        self.done[what] += outcome is not NOTHING
        return outcome is not NOTHING

    # ------------------------------------------------------------------ people and their money

    def enroll(self, people: int, _second: int) -> object:
        """A household pays for its people on a sheet of the village, which is handed in."""
        by: dict[str, Any] = {"by": self.money.clerk, "at": NOON}
        number = self._next()
        home = register.household(f"{number:04d}")
        members = [register.member(home, f"马{number}{place}") for place in range(1 + people % 3)]
        taking_in.pay_to(home, members[0].name, f"62284800{number:08d}")
        opened = sheets.open_sheet(
            fund_year=self.money.year, village=register.division(), collector="马", on=AUTUMN, **by
        )
        sheets.enter(sheet=opened, household=home, paid=[Paid(one.pk) for one in members], on=AUTUMN, **by)
        return sheets.hand_in(sheet=opened, cash=Decimal(20 * len(members)), on=AUTUMN, **by)

    def pay_again(self, which: int, _second: int) -> object:
        """Somebody who has paid is entered once more: always refused."""
        by: dict[str, Any] = {"by": self.money.clerk, "at": NOON}
        if not (who := self._some(Member.objects.all(), which)):
            return NOTHING
        return sheets.pay_at_counter(
            household=who.household, fund_year=self.money.year, paid=[Paid(who.pk)], on=AUTUMN, **by
        )

    def pay_ahead(self, which: int, _second: int) -> object:
        """A household pays for the year to come."""
        if not (who := self._some(Member.objects.all(), which)):
            return NOTHING
        return sheets.pay_at_counter(
            household=who.household, fund_year=self.next_year, paid=[Paid(who.pk)], on=money_in.TODAY,
            by=self.money.clerk, at=NOON,
        )  # fmt: skip

    def hand_in(self, which: int, _second: int) -> object:
        """What was paid at the counter is counted."""
        if not (sheet := self._some(CollectionSheet.objects.filter(state="open"), which)):
            return NOTHING
        return sheets.hand_in(sheet=sheet, cash=sums_of(sheet).cash, on=money_in.TODAY, by=self.money.clerk, at=NOON)

    def deposit(self, which: int, _second: int) -> object:
        """The money of a sheet comes into the income account, as a slip that another has checked."""
        if not (sheet := self._some(CollectionSheet.objects.filter(state="handed_in"), which)):
            return NOTHING
        return self.money.check(self.money.deposit(sheet, number=f"D{self._next()}", fund_year=sheet.fund_year))

    def ask_refund(self, which: int, _second: int) -> object:
        """Somebody wants back what he paid; the head decides."""
        standing = Contribution.objects.filter(void_reason="")
        if not (paid := self._some(standing.filter(fund_year=self.next_year) if which % 4 else standing, which)):
            return NOTHING
        asked = refunds.propose(contribution=paid, reason="double", by=self.money.clerk, at=NOON)
        return decide(asked, self.desk.hal, NOON)

    def refund(self, which: int, _second: int) -> object:
        if not (asked := self._some(Refund.objects.filter(state="approved"), which)):
            return NOTHING
        return self.money.check(
            self.money.give_back(asked, number=f"R{self._next()}", fund_year=asked.contribution.fund_year)
        )

    # ------------------------------------------------------------------ claims

    def claim(self, which: int, size: int) -> object:
        """A stay of somebody, taken in and handed on."""
        if not (who := self._some(Member.objects.all(), which)):
            return NOTHING
        amount = Decimal(200 + 700 * (size % 21))
        content = replace(
            taking_in.content(who, invoices=[taking_in.bill(f"{self._next():08d}", amount)]),
            lines=[Line("西药", "A", "drug", amount - 100), Line("床位", "A", "service", Decimal(100))],
        )
        claim = intake.enter_claim(content=content, by=self.desk.ian, at=NOON)
        return intake.hand_on(claim=claim, seen=1, by=self.desk.ian, at=NOON)

    def same_invoice(self, which: int, _second: int) -> object:
        """The same invoice comes once more: refused while the first claim stands."""
        if not (known := self._some(Claim.objects.all(), which)):
            return NOTHING
        bill = known.invoices.first()
        content = taking_in.content(known.member, invoices=[taking_in.bill(bill.number, bill.amount)])
        content = replace(content, lines=[Line("西药", "A", "drug", bill.amount)])
        return intake.enter_claim(content=content, by=self.desk.ian, at=NOON)

    def check(self, which: int, who: int) -> object:
        """A checker, perhaps the wrong one, perhaps the one who took the claim in, agrees."""
        waiting = Claim.objects.filter(state__in=["first_check", "second_check"])
        if not (claim := self._some(waiting, which)):
            return NOTHING
        right = self._checker(claim)
        by = [right, right, right, self.desk.fay, self.desk.sue, self.desk.ian][who % 6]
        return self.desk.check(claim, by)

    def cut(self, which: int, amount: int) -> object:
        """The checker whose turn it is takes something off a line."""
        waiting = Claim.objects.filter(state__in=["first_check", "second_check"])
        if not (claim := self._some(waiting, which)):
            return NOTHING
        return self.desk.check(claim, self._checker(claim), "cut", cut(claim, 1, f"{amount + 1}.00", reason="超量"))

    def refuse(self, which: int, _second: int) -> object:
        waiting = Claim.objects.filter(state__in=["first_check", "second_check"])
        if not (claim := self._some(waiting, which)):
            return NOTHING
        return self.desk.check(claim, self._checker(claim), "refuse", reason="不属补偿范围")

    def send_back(self, which: int, _second: int) -> object:
        """The claim goes back for papers that are missing."""
        waiting = Claim.objects.filter(state__in=["first_check", "second_check"])
        if not (claim := self._some(waiting, which)):
            return NOTHING
        opened = checking.round_of(claim)
        return checking.check(
            claim=claim, choice="return", hash_seen=opened.subject_hash, by=self._checker(claim), at=NOON,
            proof=shown_by(self._checker(claim)), papers=["invoice"], reason="缺发票原件",
        )  # fmt: skip

    def hand_on(self, which: int, _second: int) -> object:
        """What was sent back comes again."""
        if not (claim := self._some(Claim.objects.filter(state="returned"), which)):
            return NOTHING
        bill = claim.invoices.filter(is_live=True).first()
        content = replace(
            taking_in.content(claim.member, invoices=[taking_in.bill(bill.number, bill.amount)]),
            lines=[Line("西药", "A", "drug", bill.amount)],
        )
        changed = intake.change_claim(
            claim=claim, content=content, seen=claim.content_version, by=self.desk.ian, at=NOON
        )
        return intake.hand_on(claim=changed, seen=changed.content_version, by=self.desk.ian, at=NOON)

    def hold(self, which: int, _second: int) -> object:
        if not (claim := self._some(Claim.objects.all(), which)):
            return NOTHING
        return flags.set_flag(claim=claim, kind="audit", reason="疑似重复", by=self.auditor, at=NOON)

    def let_go(self, which: int, _second: int) -> object:
        if not (flag := self._some(Flag.objects.filter(lifted_at__isnull=True), which)):
            return NOTHING
        return flags.lift_flag(flag=flag, reason="已核实", by=self.auditor, at=NOON)

    def take_back(self, which: int, _second: int) -> object:
        """An approval is made void, or reversed where it was paid."""
        if not (claim := self._some(Claim.objects.filter(approval__isnull=False), which)):
            return NOTHING
        act = reversing.reverse if claim.state == Claim.State.PAID else reversing.void
        return act(claim=claim, reason="重复报销", by=self.desk.hal, at=NOON, proof=shown_by(self.desk.hal))

    # ------------------------------------------------------------------ money out

    def fill(self, amount: int, _second: int) -> object:
        """Money comes from the special account to the one that is paid from."""
        self.till.fill(f"{200 + amount * 100}.00")
        return None

    def batch(self, _first: int, how_many: int) -> object:
        """What is payable is put in a batch and asked to be released."""
        parts = list(paying.payable_parts(self.till.book)[: 1 + how_many % 4])
        if not parts:
            return NOTHING
        made = batches.make_batch(
            book=self.till.book, place="spending", words="住院", by=self.till.acc, at=NOON, parts=parts
        )
        return batches.ask_release(batch=made, by=self.till.acc, at=NOON)

    def release(self, which: int, who: int) -> object:
        """Whoever is asked agrees; the maker and the cashier try it too."""
        if not (batch := self._some(PaymentBatch.objects.filter(state__in=["asked", "with_head"]), which)):
            return NOTHING
        right = self.till.counter.head if batch.state == "asked" else self.desk.hal
        return self.till.vote(batch, [right, right, right, right, self.till.acc, self.till.cas][who % 6])

    def send(self, which: int, _second: int) -> object:
        """The cashier makes the file and gives it to the bank."""
        if not (batch := self._some(PaymentBatch.objects.filter(state="released"), which)):
            return NOTHING
        self.till.send(batch)
        return sending.note_handed_over(batch=batch, by=self.till.cas, at=NOON)

    def answer(self, which: int, outcome: int) -> object:
        """The bank answers one payment: paid, come back, of another sum, or once more what it said before."""
        told = Payment.objects.filter(state__in=["sent", "unknown", "paid", "returned"])
        if not (payment := self._some(told, which)):
            return NOTHING
        words = ["paid", "paid", "paid", "returned"][outcome % 4]
        amount = "1.00" if outcome == 7 else None
        return self.till.answer(said(payment, words, amount), name=f"回单{self._next()}.csv")

    def another_account(self, which: int, _second: int) -> object:
        """Of a payment that came back: two people confirm another account."""
        if not (payment := self._some(Payment.objects.filter(state="returned"), which)):
            return NOTHING
        claim = Claim.objects.filter(approval__parts__in=paying.parts_of([payment])).first()
        return self.till.confirm(claim, f"62281111{self._next():08d}")

    def recover(self, which: int, amount: int) -> object:
        """Money of a claim that was taken back comes in, and another checks its slip."""
        if not (claim := self._some(Claim.objects.filter(state="reversed"), which)):
            return NOTHING
        book = self.till.book
        stated = RecoveryOf(
            "person", claim.payee_name, Decimal(amount + 1), money_in.TODAY, 2010,
            book.accounts.get(purpose="special_account"), f"Z{self._next()}", claim=claim,
        )  # fmt: skip
        asked = recoveries.propose(book=book, stated=stated, by=self.till.acc, at=NOON)
        return decide(asked, self.till.counter.head, NOON)

    # ------------------------------------------------------------------ months

    def close(self, which: int, _second: int) -> object:
        month = [JANUARY, FEBRUARY][which % 2]
        asked = months.ask_to_close(
            book=self.till.book, month=month, by=self.till.acc, at=NOON, exceptions={"income-account": "次日转出"}
        )
        return decide(asked, self.till.counter.head, NOON)

    def reopen(self, which: int, _second: int) -> object:
        if not (period := self._some(Period.objects.filter(state="closed"), which)):
            return NOTHING
        asked = months.ask_to_reopen(period=period, reason="漏记", by=self.till.acc, at=NOON)
        return decide(asked, self.desk.hal, NOON)

    def late_posting(self, which: int, amount: int) -> object:
        """Something is entered in one of the months before: refused where it is closed."""
        month = [JANUARY, FEBRUARY][which % 2]
        both = line("spending_account", "debit", f"{amount + 1}"), line("special_account", "credit", f"{amount + 1}")
        return self.till.counter.enter(f"late {self._next()}", "requested", *both, on=month)

    # ------------------------------------------------------------------ in short

    def _some(self, found: Any, number: int) -> Any:
        there = list(found.order_by("pk"))
        return there[number % len(there)] if there else None

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    def _checker(self, claim: Claim) -> Person:
        return self.desk.fay if claim.state == "first_check" else self.desk.sue
