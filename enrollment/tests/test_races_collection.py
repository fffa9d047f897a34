"""Clerks at the same moment: one receipt book gives every number once and none is missing; a sheet that is handed in
has the sums of what stands on it.

The overlap is forced by barriers. The negative controls run the same with the services' locks taken out: then the
database refuses.
"""

from __future__ import annotations

import contextlib
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.utils import translation

from conftest import NOON
from enrollment.models import CollectionSheet, Contribution, Receipt, ReceiptBook
from enrollment.selectors import receipts as receipt_selectors
from enrollment.selectors import sheets as sheet_selectors
from enrollment.services import receipts, sheets
from enrollment.services.sheets import CannotCollect, Paid
from enrollment.tests import collecting, factories

pytestmark = pytest.mark.django_db(transaction=True)

HOUSEHOLDS = 200


class Autumn:
    """Clerks with a sheet each, one book for all of them, and households that come to pay."""

    def __init__(self, clerks: int, households: int) -> None:
        self.clerk = collecting.clerk_of_all()
        self.year = factories.fund_year()
        self.book = factories.receipt_book(first=1, last=HOUSEHOLDS)
        self.sheets = [factories.sheet(self.year, number=f"S{number}") for number in range(clerks)]
        self.people = [factories.member(factories.household(f"{number:04}")) for number in range(households)]
        self.refused: list[str] = []

    def enter(self, sheet: CollectionSheet, at: int) -> None:
        """One household pays; what was refused is kept in words."""
        one = self.people[at]
        given: dict[str, Any] = {"paid": [Paid(one.pk)], "on": sheet.opened_on, "by": self.clerk, "at": NOON}
        try:
            with translation.override("en"):  # each thread has its own language
                sheets.enter(sheet=sheet, household=one.household, book=self.book, **given)
        except (CannotCollect, DatabaseError) as refusal:
            self.refused.append(str(refusal))

    def hand_in(self, sheet: CollectionSheet, cash: int) -> None:
        try:
            with translation.override("en"):
                sheets.hand_in(sheet=sheet, cash=Decimal(cash), on=NOON.date(), by=self.clerk, at=NOON)
        except (CannotCollect, DatabaseError) as refusal:
            self.refused.append(str(refusal))


def together(*works: Any) -> None:
    """Every work in a thread and with a connection of its own, all begun at the same moment."""
    ready = threading.Barrier(len(works))

    def go(work: Any) -> None:
        try:
            ready.wait(20)
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("clerks", [2, 4])
def test_two_hundred_receipts_of_one_book_without_a_gap_or_a_double(clerks):
    autumn = Autumn(clerks, HOUSEHOLDS)
    share = HOUSEHOLDS // clerks

    def work(number: int) -> Any:
        def enter_all() -> None:
            for at in range(number * share, (number + 1) * share):
                autumn.enter(autumn.sheets[number], at)

        return enter_all

    together(*(work(number) for number in range(clerks)))
    assert autumn.refused == []
    assert list(Receipt.objects.values_list("serial", flat=True)) == list(range(1, HOUSEHOLDS + 1))
    assert receipt_selectors.next_of(autumn.book) is None
    assert receipt_selectors.missing_of(autumn.book) == []
    assert {one.amount for one in Receipt.objects.all()} == {Decimal(20)}


def meeting_at_the_next_number(monkeypatch, seconds: float) -> None:
    """Both clerks have looked for the next number before either writes, unless one waits for the other."""
    met = threading.Barrier(2)
    look = receipt_selectors.next_of

    def looked(book: ReceiptBook) -> int | None:
        found = look(book)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(seconds)
        return found

    monkeypatch.setattr(receipts.selectors, "next_of", looked)


def test_without_the_books_lock_the_database_refuses_the_second(monkeypatch):
    autumn = Autumn(2, 2)
    monkeypatch.setattr(receipts, "_locked", lambda book, *, by, right: ReceiptBook.objects.get(pk=book.pk))
    meeting_at_the_next_number(monkeypatch, 10)
    together(*(lambda at=at: autumn.enter(autumn.sheets[at], at) for at in range(2)))
    [refusal] = autumn.refused
    assert "duplicate key" in refusal
    assert list(Receipt.objects.values_list("serial", flat=True)) == [1]


def test_with_the_lock_the_same_meeting_gives_two_numbers(monkeypatch):
    autumn = Autumn(2, 2)
    meeting_at_the_next_number(monkeypatch, 0.5)
    together(*(lambda at=at: autumn.enter(autumn.sheets[at], at) for at in range(2)))
    assert autumn.refused == []
    assert list(Receipt.objects.values_list("serial", flat=True)) == [1, 2]


def is_whole(sheet: CollectionSheet) -> bool:
    """Whether a sheet's fixed sums are those of what stands on it."""
    sheet.refresh_from_db()
    stands = Contribution.objects.filter(entry__sheet=sheet, void_reason="")
    return sheet.state != "handed_in" or (sheet.people, sheet.cash) == (stands.count(), Decimal(20 * stands.count()))


def test_handing_in_while_a_household_is_entered():
    autumn = Autumn(20, 40)
    for number, sheet in enumerate(autumn.sheets):
        autumn.enter(sheet, number)
        before = len(autumn.refused)
        together(
            lambda sheet=sheet: autumn.hand_in(sheet, 20),
            lambda sheet=sheet, number=number: autumn.enter(sheet, 20 + number),
        )
        assert len(autumn.refused) == before + 1
        assert is_whole(sheet)
    assert all("apart" in words or "closed" in words for words in autumn.refused)


def entering_before_it_is_closed(monkeypatch, autumn: Autumn, seconds: float) -> threading.Thread:
    """When the sums are added up a household comes to pay, and the sheet is closed after it, or after some time."""
    add = sheet_selectors.sums_of

    def come() -> None:
        autumn.enter(autumn.sheets[0], 1)
        connections.close_all()

    thread = threading.Thread(target=come)

    def added(sheet: CollectionSheet) -> Any:
        sums = add(sheet)
        thread.start()
        thread.join(seconds)
        return sums

    monkeypatch.setattr(sheets.selectors, "sums_of", added)
    return thread


def test_without_the_sheets_lock_the_database_refuses_wrong_sums(monkeypatch):
    autumn = Autumn(1, 2)
    autumn.enter(autumn.sheets[0], 0)
    monkeypatch.setattr(
        sheets,
        "_open",
        lambda sheet, *, by: CollectionSheet.objects.select_related("fund_year__scheme", "village").get(pk=sheet.pk),
    )
    entering_before_it_is_closed(monkeypatch, autumn, 20)
    autumn.hand_in(autumn.sheets[0], 20)
    assert ["sums of this sheet are not those" in words for words in autumn.refused] == [True]
    assert is_whole(autumn.sheets[0])


def test_with_the_lock_the_household_comes_too_late(monkeypatch):
    autumn = Autumn(1, 2)
    autumn.enter(autumn.sheets[0], 0)
    thread = entering_before_it_is_closed(monkeypatch, autumn, 0.5)
    autumn.hand_in(autumn.sheets[0], 20)
    thread.join()
    assert ["This sheet is closed" in words for words in autumn.refused] == [True]
    assert is_whole(autumn.sheets[0])
