"""Receipts: issued, received, used in their order, spoiled, written again, counted back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON
from enrollment.models import Receipt, ReceiptBook
from enrollment.rules.receipts import Number, Run, read
from enrollment.selectors import receipts as selectors
from enrollment.services import receipts, sheets
from enrollment.services.receipts import CannotKeepReceipts
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.keeping import act, by, family, fresh, station
from office.models import Duty
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2010, 3, 1)


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def cashier(cleo):
    """Issues receipts."""
    return cleo


@pytest.fixture
def township(clerk):
    return factories.division(factories.TOWNSHIP)


def refused(words: str, field: str | None = None) -> Any:
    return pytest.raises(CannotKeepReceipts, match=words, check=lambda refusal: refusal.field == field)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("000123", Number("", 123, 6)),
        (" 海 a-0012 ", Number("海A-", 12, 4)),
        ("０１２", Number("", 12, 3)),
        ("2010A001", Number("2010A", 1, 3)),
        ("", None),
        ("A", None),
        ("12A", None),
        ("ABCDEFGHI1", None),
    ],
)
def test_a_receipt_number_as_it_is_typed(typed, number):
    assert read(typed) == number


def test_a_number_is_written_with_all_its_digits():
    assert str(Number("A", 7, 4)) == "A0007"
    assert Run(3, 5).count == 3


class TestBooks:
    def issue(self, cashier, township, first="A000101", last="A000150", **more) -> ReceiptBook:
        given = {"township": township, "first": first, "last": last, "on": TODAY, **by(cashier), **more}
        return receipts.issue(**given)

    def test_issued_received_and_counted_back(self, cashier, clerk, township):
        book = self.issue(cashier, township)
        assert (str(book), book.state) == ("A000101–A000150", "issued")
        receipts.receive(book=book, by=clerk, at=NOON)
        assert act("receipt-book.received").by == clerk
        receipts.spoil(book=book, reason="印刷错", **by(clerk))
        left = receipts.close(book=book, counted=49, **by(cashier))
        closed = fresh(book)
        assert (left, closed.state, closed.kept_last) == (49, "closed", 101)
        again = self.issue(cashier, township, first="A000102", last="A000150")
        assert again.first == 102

    def test_a_book_that_was_never_used_keeps_nothing(self, cashier, township):
        book = self.issue(cashier, township)
        with refused("50 are left, counted were 49", "counted"):
            receipts.close(book=book, counted=49, **by(cashier))
        assert receipts.close(book=book, counted=50, **by(cashier)) == 50
        self.issue(cashier, township)

    def test_what_is_refused(self, cashier, clerk, township):
        book = self.issue(cashier, township)
        with refused("issued already", "first"):
            self.issue(cashier, township, first="A000150", last="A000160")
        with refused("no receipt number", "first"):
            self.issue(cashier, township, first="?")
        for last in ("B000150", "A00150", "A000100", "x"):
            with refused("same series", "last"):
                self.issue(cashier, township, last=last)
        with refused("not come yet", "on"):
            self.issue(cashier, township, on=date(2010, 3, 2))
        with refused("to a township", "township"):
            self.issue(cashier, factories.division(), first="B1", last="B2")
        with refused("not received yet|receives it first", "book"):
            receipts.spoil(book=book, reason="x", **by(clerk))
        receipts.receive(book=book, by=clerk, at=NOON)
        with refused("received already"):
            receipts.receive(book=book, by=clerk, at=NOON)
        receipts.close(book=book, counted=50, **by(cashier))
        with refused("closed already"):
            receipts.close(book=book, counted=0, **by(cashier))

    def test_nobody_receives_what_he_issued(self, appoint, township):
        both = appoint("both", Duty.TOWNSHIP_CLERK, Duty.CASHIER)
        book = self.issue(both, township)
        with refused("Somebody else receives"):
            receipts.receive(book=book, **by(both))

    def test_a_township_out_of_sight(self, cashier, appoint, county, township):
        book = self.issue(cashier, township)
        body = type(county).objects.create(code="640522-2", name="李旺镇", kind="township_station")
        other = appoint("wu", Duty.TOWNSHIP_CLERK, body=body)
        with refused("not among those"):
            receipts.receive(book=book, **by(other))
        with refused("not among those"):
            receipts.spoil(book=book, reason="x", **by(other))


class TestReceipts:
    @pytest.fixture
    def book(self, clerk):
        return factories.receipt_book(first=101, last=104)

    @pytest.fixture
    def written(self, clerk, book):
        """A household paid 20 yuan."""
        year = factories.fund_year(year=2011, window=(date(2010, 2, 1), date(2010, 12, 1)))
        home, head, *_others = family()
        sheet = sheets.open_sheet(fund_year=year, village=home.village, collector="马", on=TODAY, **by(clerk))
        entry = sheets.enter(sheet=sheet, household=home, paid=[Paid(head.pk)], on=TODAY, book=book, **by(clerk))
        return entry.receipts.get()

    def test_spoiled_ones_are_void_and_the_next_follows(self, written, book, clerk):
        spoiled = receipts.spoil(book=book, number="000102", reason="撕破", **by(clerk))
        assert (spoiled.number, spoiled.state, spoiled.amount) == ("000102", "void", Decimal(0))
        assert selectors.next_of(book) == 103
        with refused("Say why", "reason"):
            receipts.spoil(book=book, reason=" ", **by(clerk))

    def test_written_again_on_the_next_one(self, written, book, clerk):
        again = receipts.reissue(receipt=written, book=book, reason="遗失", **by(clerk))
        assert (again.number, again.replaces, again.amount) == ("000102", written, Decimal(20))
        assert fresh(written).state == "void"
        with refused("void already"):
            receipts.reissue(receipt=written, book=book, reason="x", **by(clerk))
        with refused("Say why", "reason"):
            receipts.reissue(receipt=again, book=book, reason="", **by(clerk))

    def test_a_spoiled_one_is_not_written_again(self, written, book, clerk):
        spoiled = receipts.spoil(book=book, reason="x", **by(clerk))
        with refused("void already"):
            receipts.reissue(receipt=spoiled, book=book, reason="x", **by(clerk))

    def test_each_print_is_counted_and_told(self, written, clerk, appoint, county):
        receipts.note_printed(receipt=written, printer="窗口", **by(clerk))
        again = receipts.note_printed(receipt=written, **by(clerk))
        assert (again.printed, fresh(written).printed) == (2, 2)
        assert act("receipt.printed").facts["printed"] == 2
        body = type(county).objects.create(code="640522-2", name="李旺镇", kind="township_station")
        other = appoint("wu", Duty.TOWNSHIP_CLERK, body=body)
        with refused("not among those"):
            receipts.note_printed(receipt=written, **by(other))

    def test_a_void_one_is_not_printed(self, written, book, clerk):
        receipts.reissue(receipt=written, book=book, reason="遗失", **by(clerk))
        with refused("void receipt is not printed"):
            receipts.note_printed(receipt=written, **by(clerk))

    def test_every_number_of_a_book_is_counted_once(self, written, book, clerk, cashier):
        receipts.spoil(book=book, reason="x", **by(clerk))

        def counted() -> tuple[int, ...]:
            one = selectors.with_counts(ReceiptBook.objects.all()).get(pk=book.pk)
            return one.issued, one.used, one.void, one.missing, one.left, one.returned

        assert counted() == (4, 1, 1, 0, 2, 0)
        receipts.close(book=book, counted=2, **by(cashier))
        assert counted() == (4, 1, 1, 0, 0, 2)

    def test_numbers_that_are_not_to_be_used(self, written, book, clerk):
        for number, words in (
            ("B000102", "not in this book"),
            ("?", "not in this book"),
            ("000101", "used already"),
            ("000104", "next number of this book is 000102"),
        ):
            with refused(words, "receipt"):
                receipts.spoil(book=book, number=number, reason="x", **by(clerk))

    def test_used_up(self, written, book, clerk):
        for _each in range(3):
            receipts.spoil(book=book, reason="x", **by(clerk))
        with refused("used up", "book"):
            receipts.spoil(book=book, reason="x", **by(clerk))
        with refused("used up", "book"):
            receipts.spoil(book=book, number="000105", reason="x", **by(clerk))

    def test_gaps_that_a_roster_left_are_told_filled_and_only_then_counted_back(self, book, clerk, cashier):
        imported = factories.roster_import(factories.fund_year())
        for serial in (101, 103):
            Receipt.objects.create(
                book=book, serial=serial, number=f"000{serial}", amount=0, people=0, dated=TODAY, state="void",
                void_reason="x", roster=imported, written_by=tess(), written_at=NOON,
            )  # fmt: skip
        assert selectors.missing_of(book) == [Run(102, 102)]
        with refused("Not accounted for: 000102"):
            receipts.close(book=book, counted=1, **by(cashier))
        receipts.spoil(book=book, number="000102", reason="丢失", **by(clerk))
        receipts.spoil(book=book, reason="x", **by(clerk))
        assert receipts.close(book=book, counted=0, **by(cashier)) == 0

    def test_long_runs_are_said_in_short(self, book):
        runs = [Run(101, 102), *(Run(at, at) for at in range(110, 116))]
        assert selectors.words_of(book, runs) == "000101–000102、000110、000111、000112、000113…"

    def test_a_book_is_not_closed_over_a_gap_by_the_database_either(self, book):
        Receipt.objects.create(
            book=book, serial=102, number="000102", amount=0, people=0, dated=TODAY, state="void", void_reason="x",
            roster=factories.roster_import(factories.fund_year()), written_by=tess(), written_at=NOON,
        )  # fmt: skip
        book.state, book.kept_last, book.closed_by, book.closed_at = "closed", 102, tess(), NOON
        with pytest.raises(IntegrityError, match="receipts of this book are missing"), transaction.atomic():
            book.save()
