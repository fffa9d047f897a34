"""Random campaigns: whatever is entered, taken back, spoiled, written again, refunded and handed in, every receipt is
accounted for and every yuan is on one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOON, proof_of
from enrollment.models import (
    CollectionSheet,
    Contribution,
    Coverage,
    Household,
    Member,
    Receipt,
    ReceiptBook,
    Refund,
    SheetEntry,
)
from enrollment.rules.collection import Payer
from enrollment.selectors import receipts as receipt_selectors
from enrollment.selectors import sheets as sheet_selectors
from enrollment.services import coverage, deposits, keeping, members, receipts, refunds, sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from office import deciding
from office.models import Duty, Person
from office.services import rounds
from office.tests.factories import give

pytestmark = pytest.mark.django_db

ACTS = (
    "enter", "enter", "enter", "enter", "open", "take_back", "spoil", "reissue", "die", "leave", "hand_in",
    "deposit", "confirm", "ask_back", "give_back", "close_book", "make_void",
)  # fmt: skip
NUMBER = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), NUMBER, NUMBER, NUMBER), min_size=15, max_size=60)
REFUSALS = (
    coverage.CannotEndCoverage,
    deposits.CannotDeposit,
    keeping.CannotKeep,
    receipts.CannotKeepReceipts,
    sheets.CannotCollect,
)
TODAY = date(2010, 3, 1)
NOTHING = Decimal(0)
#: What the twelve people are, by whom they are paid for, and what of it is on a receipt.
CATEGORIES = ("ordinary", "ordinary", "five_guarantees", "ordinary")


class Campaign:
    """One village of three households, its clerk, head, cashier and accountant; each step is done or refused."""

    def __init__(self) -> None:
        self.year = factories.fund_year(year=2011, window=(date(2010, 2, 1), date(2010, 12, 1)))
        self.village = factories.division()
        self.homes = [self._family(number) for number in ("1", "2", "3")]
        self.clerk, self.cashier = self._person("clerk", Duty.TOWNSHIP_CLERK), self._person("cash", Duty.CASHIER)
        self.head = factories.head()
        self.proof = proof_of(self.head)
        self.books = [factories.receipt_book(first=1, last=9), factories.receipt_book(first=31, last=45)]
        self.done: list[str] = []
        self.money = NOTHING  # what households paid themselves and did not get back at the counter
        self.open(0, 0, 0)

    def _family(self, number: str) -> Household:
        home = factories.household(number)
        for at, category in enumerate(CATEGORIES):
            factories.member(home, "马大山"[: at % 3 + 1] + "一二三四"[at], category=category)
        return home

    def _person(self, name: str, duty: Duty) -> Person:
        person = Person.objects.create_person(username=name, full_name=name, password="x" * 12)
        give(person, duty, factories.head().appointments.get().body)
        return person

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.clerk, "at": NOON}

    def step(self, what: str, *numbers: int) -> None:
        act: Callable[[int, int, int], object] = getattr(self, what)
        try:
            with transaction.atomic():
                changed = act(*numbers)
        except REFUSALS:
            return
        if changed is not None:
            self.done.append(what)

    def some(self, found: QuerySet[Any], number: int) -> Any:
        there = list(found.order_by("pk"))
        return there[number % len(there)] if there else None

    def open(self, one: int, other: int, third: int) -> Any:
        return sheets.open_sheet(fund_year=self.year, village=self.village, collector="马村长", on=TODAY, **self.by)

    def enter(self, one: int, other: int, third: int) -> Any:
        home = self.homes[one % 3]
        there = list(home.members.order_by("pk"))
        payers = [list(Payer)[(third + at) % 3] if third % 4 == 0 else Payer.OWN for at in range(len(there))]
        chosen = [
            Paid(who.pk, payer) for at, (who, payer) in enumerate(zip(there, payers, strict=True)) if other >> at & 1
        ]
        entry = sheets.enter(
            sheet=self.some(CollectionSheet.objects.filter(state="open"), other)
            or CollectionSheet.objects.latest("pk"),
            household=home,
            paid=chosen,
            on=TODAY,
            book=self.books[third % 2],
            **self.by,
        )
        ordinary = {who.pk for who in there if who.category == "ordinary"}
        self.money += sum(Decimal(20) for paid in chosen if paid.member in ordinary and paid.payer == Payer.OWN)
        return entry

    def take_back(self, one: int, other: int, third: int) -> Any:
        if found := self.some(SheetEntry.objects.all(), one):
            own = found.contributions.filter(void_reason="").aggregate(own=Sum("own"))["own"] or NOTHING
            sheets.take_back(entry=found, reason="x", **self.by)
            self.money -= own
        return found

    def spoil(self, one: int, other: int, third: int) -> Any:
        return receipts.spoil(book=self.books[one % 2], reason="x", **self.by)

    def reissue(self, one: int, other: int, third: int) -> Any:
        if found := self.some(Receipt.objects.all(), one):
            receipts.reissue(receipt=found, book=self.books[other % 2], reason="x", **self.by)
        return found

    def die(self, one: int, other: int, third: int) -> Any:
        if found := self.some(Member.objects.filter(is_head=False), one):
            members.note_death(member=found, on=TODAY, **self.by)
        return found

    def leave(self, one: int, other: int, third: int) -> Any:
        if found := self.some(Coverage.objects.all(), one):
            coverage.leave_scheme(coverage=found, on=date(2011, 5, 1 + other % 28), **self.by)
        return found

    def make_void(self, one: int, other: int, third: int) -> Any:
        if found := self.some(Coverage.objects.all(), one):
            coverage.void(coverage=found, reason="x", **self.by)
        return found

    def hand_in(self, one: int, other: int, third: int) -> Any:
        if found := self.some(CollectionSheet.objects.all(), one):
            counted = sheet_selectors.sums_of(found).cash + (third % 5 == 4)
            sheets.hand_in(sheet=found, cash=counted, on=TODAY, **self.by)
        return found

    def deposit(self, one: int, other: int, third: int) -> Any:
        if found := self.some(CollectionSheet.objects.all(), one):
            deposits.mark_deposited(sheets=[found], on=TODAY, slip="Z", by=self.cashier, at=NOON)
        return found

    def confirm(self, one: int, other: int, third: int) -> Any:
        if found := self.some(CollectionSheet.objects.all(), one):
            deposits.mark_confirmed(sheets=[found], on=TODAY, by=self.cashier, at=NOON)
        return found

    def ask_back(self, one: int, other: int, third: int) -> Any:
        if found := self.some(Contribution.objects.all(), one):
            refunds.propose(contribution=found, reason="x", **self.by)
        return found

    def give_back(self, one: int, other: int, third: int) -> Any:
        found = self.some(Refund.objects.filter(state="proposed"), one)
        if found is None:
            return None
        waiting = deciding.rounds_of(found).get()
        rounds.vote(
            round=waiting,
            choice="refuse" if third % 4 == 0 else "approve",
            reason="x",
            hash_seen=waiting.subject_hash,
            by=self.head,
            at=NOON,
            proof=self.proof,
        )
        return found

    def close_book(self, one: int, other: int, third: int) -> Any:
        book = self.books[one % 2]
        following = receipt_selectors.next_of(book)
        left = 0 if following is None else book.last - following + 1
        receipts.close(book=book, counted=left, by=self.cashier, at=NOON)
        self.books[one % 2] = factories.receipt_book(first=100 * (book.pk + 1), last=100 * (book.pk + 1) + 9)
        return book

    def check(self) -> None:
        self.check_receipts()
        self.check_sheets()
        self.check_money()
        self.check_coverage()

    def check_receipts(self) -> None:
        """Each number of a book is used, void or left; none is missing, and none is in two books."""
        for book in ReceiptBook.objects.all():
            serials = list(book.receipts.order_by("serial").values_list("serial", flat=True))
            assert serials == list(range(book.first, book.first + len(serials)))
            assert receipt_selectors.missing_of(book) == []
            left = book.kept_last - book.first + 1 - len(serials)
            assert left == 0 if book.state == "closed" else left >= 0
        for void in Receipt.objects.filter(state="void", entry__isnull=False):
            stands = Contribution.objects.filter(entry=void.entry, void_reason="").exists()
            assert void.entry is not None
            assert not stands or void.entry.receipts.used().exists() or not void.amount

    def check_sheets(self) -> None:
        """What households paid on a sheet is what its receipts say, and what it said when it was handed in."""
        for sheet in CollectionSheet.objects.all():
            said = self._sum(Receipt.objects.used().filter(entry__sheet=sheet), "amount")
            refunded = Refund.objects.filter(state__in=["approved", "paid"]).values("contribution")
            stands = Contribution.objects.filter(entry__sheet=sheet)
            paid = self._sum(stands.filter(void_reason=""), "own") + self._sum(stands.filter(pk__in=refunded), "own")
            assert paid == said
            if sheet.state not in {"open", "cancelled"}:
                assert sheet.cash == said

    def check_money(self) -> None:
        """Collected is the sum of the receipts that are not void; less what was refunded, what stands."""
        collected = self._sum(Receipt.objects.used(), "amount")
        refunded = self._sum(Refund.objects.filter(state__in=["approved", "paid"]), "amount")
        assert collected == self.money
        assert collected - refunded == self._sum(Contribution.objects.filter(void_reason=""), "own")

    def check_coverage(self) -> None:
        """Who is covered has paid, or somebody has for him; each once."""
        for one in Coverage.objects.standing().select_related("contribution"):
            assert one.contribution is not None
            assert one.contribution.void_reason == ""
        paid = list(Contribution.objects.filter(void_reason="").values_list("member", flat=True))
        assert len(paid) == len(set(paid))

    def _sum(self, found: QuerySet[Any], field: str) -> Decimal:
        return found.aggregate(whole=Sum(field))["whole"] or NOTHING


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_every_receipt_and_every_yuan_is_accounted_for(db, steps):
    with transaction.atomic():
        campaign = Campaign()
        for what, *numbers in steps:
            campaign.step(what, *numbers)
        campaign.check()
        transaction.set_rollback(True)


def test_the_campaigns_do_something():
    """The acts above are not all refused."""
    campaign = Campaign()
    for what, *numbers in (
        ("enter", 0, 15, 1),
        ("enter", 1, 3, 0),
        ("spoil", 1, 0, 0),
        ("reissue", 0, 1, 0),
        ("enter", 2, 15, 1),
        ("take_back", 2, 0, 0),
        ("hand_in", 0, 0, 0),
        ("deposit", 0, 0, 0),
        ("confirm", 0, 0, 0),
        ("ask_back", 0, 0, 0),
        ("give_back", 0, 0, 1),
        ("leave", 1, 0, 0),
        ("die", 1, 0, 0),
        ("close_book", 0, 0, 0),
        ("open", 0, 0, 0),
    ):
        before = list(campaign.done)
        campaign.step(what, *numbers)
        assert campaign.done == [*before, what], what
        campaign.check()
