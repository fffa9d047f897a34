"""Collecting: sheets opened, filled, taken back, handed in; receipts used one after the other; money on its way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import NOON
from enrollment.models import CollectionSheet, Contribution, Coverage, Receipt, SheetEntry
from enrollment.rules.collection import Payer
from enrollment.selectors import sheets as selectors
from enrollment.services import contributions, coverage, deposits, members, receipts, sheets
from enrollment.services.deposits import CannotDeposit
from enrollment.services.sheets import CannotCollect, Paid
from enrollment.tests import factories
from enrollment.tests.keeping import act, by, family, fresh, station
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAID_ON = date(2010, 2, 20)
TODAY = date(2010, 3, 1)


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def year():
    """Next year's: it is collected from September 2009 in these tests, so that today lies in the window."""
    return factories.fund_year(year=2011, window=(date(2010, 2, 1), date(2010, 12, 1)))


@pytest.fixture
def book(clerk):
    return factories.receipt_book(first=101, last=110)


@pytest.fixture
def sheet(clerk, year):
    return sheets.open_sheet(fund_year=year, village=factories.division(), collector="马村长", on=TODAY, **by(clerk))


@pytest.fixture
def enter(sheet, book, clerk):
    def entered(home, *people, payer=Payer.OWN, **more: Any) -> SheetEntry:
        paid = [Paid(one.pk, payer) for one in people]
        given = {"sheet": sheet, "household": home, "paid": paid, "on": PAID_ON, "book": book, **by(clerk)}
        return sheets.enter(**{**given, **more})

    return entered


def refused(call: Any, words: str, field: str | None = None) -> None:
    with pytest.raises(CannotCollect, match=words) as refusal, transaction.atomic():
        call()
    assert refusal.value.field == field


class TestOpening:
    def test_a_sheet_has_its_villages_next_number(self, sheet, clerk, year):
        assert sheet.number == "NCMS2011-100201-001"
        second = sheets.open_sheet(fund_year=year, village=sheet.village, collector=" 田 ", on=TODAY, **by(clerk))
        assert (second.number, second.collector) == ("NCMS2011-100201-002", "田")
        assert act("sheet.opened").facts["origin"] == "counter"

    def test_what_is_refused(self, clerk, year):
        def opening(**more: Any) -> Any:
            given = {"fund_year": year, "village": factories.division(), "collector": "马", "on": TODAY, **by(clerk)}
            return lambda: sheets.open_sheet(**{**given, **more})

        far = factories.division("640522101201")
        refused(opening(village=far), "not among those", "village")
        refused(opening(on=date(2010, 3, 2)), "not come yet", "on")
        refused(opening(collector=" "), "who collects", "collector")
        refused(opening(fund_year=factories.draft_year(year=2012)), "not confirmed", "fund_year")


class TestCounter:
    def test_the_clerks_own_open_counter_sheet_or_a_new_one(self, sheet, book, clerk, year, appoint, county):
        home, head, wife, son = family()

        def pay(who: Any, one: Any) -> SheetEntry:
            given = {"household": home, "fund_year": year, "paid": [Paid(one.pk)], "on": PAID_ON, "book": book}
            return sheets.pay_at_counter(**given, **by(who))

        assert pay(clerk, head).sheet == sheet
        other = appoint("wang", Duty.TOWNSHIP_CLERK)
        opened = pay(other, wife).sheet
        assert (opened.collector, opened.opened_by, opened.origin) == ("Wang", other, "counter")
        assert pay(other, son).sheet == opened

    def test_refused_nothing_is_opened(self, clerk, year, book):
        far = family("0009", factories.division("640522101201"))
        given = {"household": far[0], "fund_year": year, "paid": [Paid(far[1].pk)], "on": PAID_ON, "book": book}
        refused(lambda: sheets.pay_at_counter(**given, **by(clerk)), "not among those", "village")
        assert not CollectionSheet.objects.exists()


class TestEntering:
    def test_a_family_pays_with_one_receipt_and_is_covered_next_year(self, enter, year, sheet):
        home, head, wife, son = family()
        entry = enter(home, head, wife, son)
        receipt = entry.receipts.get()
        assert (receipt.number, receipt.amount, receipt.people) == ("000101", Decimal(60), 3)
        assert {one.receipt for one in entry.contributions.all()} == {"000101"}
        covered = Coverage.objects.get(member=son)
        assert (covered.period, covered.reason) == (year.period, "paid")
        assert act("sheet.entered").facts["members"] == str([head.pk, wife.pk, son.pk])

    def test_receipts_are_used_one_after_the_other(self, enter):
        one, two = family("0001"), family("0002")
        enter(one[0], one[1])
        enter(two[0], two[1])
        assert list(Receipt.objects.values_list("number", flat=True)) == ["000101", "000102"]

    def test_others_pay_a_persons_part_without_a_receipt(self, enter, sheet):
        home, head, wife, _son = family()
        helped = enter(home, head, payer=Payer.ASSISTANCE).contributions.get()
        assert (helped.own, helped.assisted, helped.receipt) == (Decimal(0), Decimal(20), "")
        village = enter(home, wife, payer=Payer.COLLECTIVE).contributions.get()
        assert (village.own, village.collective) == (Decimal(0), Decimal(20))
        assert Coverage.objects.get(member=wife).reason == "assisted"
        assert not Receipt.objects.exists()
        sums = selectors.sums_of(sheet)
        assert (sums.cash, sums.assisted, sums.collective, sums.amount) == (0, 20, 20, 40)

    def test_where_the_township_has_no_stock_a_receipt_is_kept_as_given(self, clerk, sheet):
        home, head, *_others = family()
        given = {"household": home, "paid": [Paid(head.pk)], "on": PAID_ON, "number": " 77 ", **by(clerk)}
        entry = sheets.enter(sheet=sheet, **given)
        assert entry.contributions.get().receipt == "77"
        assert not entry.receipts.exists()

    def test_what_is_refused(self, enter, book, clerk, year):
        home, head, wife, _son = family()
        elsewhere = family("0009", factories.division("640522100202"))
        refused(lambda: enter(home), "for whom", "members")
        refused(lambda: enter(elsewhere[0], elsewhere[1]), "another village", "household")
        refused(lambda: enter(home, elsewhere[1]), "does not live", "members")
        refused(lambda: enter(home, head, on=date(2010, 3, 2)), "not come yet", "on")
        refused(lambda: enter(home, head, on=date(2010, 1, 31)), "began on 2010-02-01", "on")
        refused(lambda: enter(home, head, book=None), "which receipt book", "book")
        refused(lambda: enter(home, head, number="000105"), "next number", "receipt")
        enter(home, head)
        refused(lambda: enter(home, head, wife), "Paid for this year already: 马大山", "members")
        factories.brought_along(wife, factories.fund_year(factories.scheme("residents"), 2011))
        refused(lambda: enter(home, wife), "Insured in this year already: 田秀英", "members")
        assert Receipt.objects.count() == 1
        assert SheetEntry.objects.count() == 1

    def test_what_came_in_between_the_database_refuses(self, enter, monkeypatch):
        home, head, *_others = family()
        enter(home, head)
        monkeypatch.setattr(contributions, "_refuse_paid", lambda people, fund_year: None)
        refused(lambda: enter(home, head), "insured for these days already", "members")
        assert Receipt.objects.count() == 1

    def test_a_book_is_used_up(self, enter, sheet, clerk):
        short = factories.receipt_book(first=301, last=301)
        one, two = family("0001"), family("0002")
        enter(one[0], one[1], book=short)
        refused(lambda: enter(two[0], two[1], book=short), "used up", "book")


class TestTakingBack:
    def test_receipt_contributions_and_coverage_are_void_and_it_can_be_entered_again(self, enter, clerk):
        home, head, wife, _son = family()
        entry = enter(home, head, wife)
        sheets.take_back(entry=entry, reason="另一户", **by(clerk))
        assert Receipt.objects.get().state == Receipt.State.VOID
        assert not Coverage.objects.standing().exists()
        assert not Contribution.objects.filter(void_reason="").exists()
        enter(home, head)
        assert Receipt.objects.used().get().number == "000102"
        refused(lambda: sheets.take_back(entry=entry, reason="x", **by(clerk)), "taken back already")

    def test_it_says_why(self, enter, clerk):
        home, head, *_others = family()
        entry = enter(home, head)
        refused(lambda: sheets.take_back(entry=entry, reason=" ", **by(clerk)), "Say why", "reason")


class TestHandingIn:
    def test_the_sums_are_fixed(self, enter, sheet, clerk):
        home, head, wife, son = family()
        enter(home, head, wife)
        enter(home, son, payer=Payer.COLLECTIVE)
        done = sheets.hand_in(sheet=sheet, cash=Decimal(40), on=TODAY, **by(clerk))
        assert (done.state, done.households, done.people) == ("handed_in", 1, 3)
        assert (done.cash, done.assisted, done.collective) == (Decimal(40), Decimal(0), Decimal(20))
        other = family("0002")
        refused(lambda: enter(other[0], other[1]), "This sheet is closed")

    def test_what_is_refused(self, enter, sheet, clerk):
        def handing(cash: int = 20, on: date = TODAY) -> Any:
            return lambda: sheets.hand_in(sheet=sheet, cash=Decimal(cash), on=on, **by(clerk))

        refused(handing(0), "Nothing is entered")
        home, head, *_others = family()
        enter(home, head)
        refused(handing(19), "1.00 yuan apart", "cash")
        refused(handing(on=date(2010, 2, 19)), "between the last payment", "on")
        refused(handing(on=date(2010, 3, 2)), "between the last payment", "on")

    def test_every_household_that_paid_has_its_receipt(self, sheet, clerk):
        home, head, *_others = family()
        entry = sheets.enter(sheet=sheet, household=home, paid=[Paid(head.pk)], on=PAID_ON, **by(clerk))
        book = factories.receipt_book(first=101, last=110)
        handing = {"sheet": sheet, "cash": Decimal(20), "on": TODAY, **by(clerk)}
        refused(lambda: sheets.hand_in(**handing), "No receipt is noted for: 0001")
        written = sheets.write_receipt(entry=entry, book=book, **by(clerk))
        assert (written.number, written.amount) == ("000101", Decimal(20))
        refused(lambda: sheets.write_receipt(entry=entry, book=book, **by(clerk)), "needs no receipt")
        sheets.hand_in(**handing)

    def test_a_late_receipt_still_comes_in_its_order(self, sheet, clerk):
        home, head, *_others = family()
        entry = sheets.enter(sheet=sheet, household=home, paid=[Paid(head.pk)], on=PAID_ON, **by(clerk))
        book = factories.receipt_book(first=101, last=110)
        late = {"entry": entry, "book": book, "number": "000103", **by(clerk)}
        refused(lambda: sheets.write_receipt(**late), "next number of this book is 000101", "receipt")

    def test_an_empty_sheet_is_cancelled_a_filled_one_not(self, enter, sheet, clerk):
        home, head, *_others = family()
        entry = enter(home, head)
        refused(lambda: sheets.cancel(sheet=sheet, reason="x", **by(clerk)), "Take back")
        sheets.take_back(entry=entry, reason="x", **by(clerk))
        refused(lambda: sheets.cancel(sheet=sheet, reason="", **by(clerk)), "Say why", "reason")
        sheets.cancel(sheet=sheet, reason="换人", **by(clerk))
        assert fresh(sheet).state == "cancelled"

    def test_a_clerk_of_another_township_sees_none_of_it(self, enter, sheet, appoint, county):
        other = appoint(
            "wu",
            Duty.TOWNSHIP_CLERK,
            body=county.__class__.objects.create(code="640522-2", name="李旺镇", kind="township_station"),
        )
        factories.division("640522101000", station=other.appointments.get().body)
        handing = {"sheet": sheet, "cash": Decimal(0), "on": TODAY, **by(other)}
        refused(lambda: sheets.hand_in(**handing), "not among those")


class TestMoney:
    @pytest.fixture
    def handed_in(self, enter, sheet, clerk):
        home, head, *_others = family()
        enter(home, head)
        return sheets.hand_in(sheet=sheet, cash=Decimal(20), on=TODAY, **by(clerk))

    def test_deposited_confirmed_and_back(self, handed_in, cleo):
        slip = {"sheets": [handed_in], "on": TODAY, "slip": "Z-1", **by(cleo)}
        assert deposits.mark_deposited(**slip) == {handed_in.pk: Decimal(20)}
        deposits.mark_confirmed(sheets=[handed_in], on=TODAY, **by(cleo))
        assert fresh(handed_in).state == "confirmed"
        deposits.take_confirmation_back(sheets=[handed_in], reason="x", **by(cleo))
        deposits.take_deposit_back(sheets=[handed_in], reason="x", **by(cleo))
        assert (fresh(handed_in).state, fresh(handed_in).deposit_slip) == ("handed_in", "")

    def test_what_is_refused(self, handed_in, cleo):
        def refuse(call: Any, words: str, **more: Any) -> None:
            with pytest.raises(CannotDeposit, match=words), transaction.atomic():
                call(**{"sheets": [handed_in], **by(cleo), **more})

        refuse(deposits.mark_deposited, "which slip", on=TODAY, slip=" ")
        refuse(deposits.mark_deposited, "handed in later", on=date(2010, 2, 28), slip="Z")
        refuse(deposits.mark_confirmed, "handed in", on=TODAY)
        refuse(deposits.take_deposit_back, "handed in", reason="x")
        refuse(deposits.take_confirmation_back, "handed in", reason="x")


class TestWhatEndsIt:
    def test_money_that_was_handed_in_stays_when_somebody_dies(self, enter, sheet, clerk):
        home, head, wife, _son = family()
        enter(home, head, wife)
        sheets.hand_in(sheet=sheet, cash=Decimal(40), on=TODAY, **by(clerk))
        members.note_death(member=head, on=TODAY, new_head=wife, **by(clerk))
        assert not Coverage.objects.standing().filter(member=head).exists()
        assert Contribution.objects.filter(member=head, void_reason="").exists()

    def test_a_coverage_on_a_sheet_is_not_simply_made_void(self, enter, sheet, clerk):
        home, head, *_others = family()
        enter(home, head)
        noted = Coverage.objects.get(member=head)
        with pytest.raises(coverage.CannotEndCoverage, match="take the entry back"):
            coverage.void(coverage=noted, reason="x", **by(clerk))
        sheets.hand_in(sheet=sheet, cash=Decimal(20), on=TODAY, **by(clerk))
        with pytest.raises(coverage.CannotEndCoverage, match="refund"):
            coverage.void(coverage=noted, reason="x", **by(clerk))


class TestWhatTheDatabaseRefuses:
    """Written as nobody writes it through the services."""

    def refuse(self, sql: str, words: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                cursor.execute(sql, values)

    @pytest.fixture
    def entry(self, enter):
        home, head, *_others = family()
        return enter(home, head)

    NEW_RECEIPT = """INSERT INTO enrollment_receipt (book_id, serial, number, amount, people, dated, state, void_reason,
        printed, written_by_id, written_at) VALUES (%s, %s, %s, 0, 0, '2010-03-01', 'void', 'x', 0, %s, now())"""

    def test_a_receipt_that_leaves_a_gap(self, entry, book, clerk):
        self.refuse(self.NEW_RECEIPT, "the receipt before this one is missing", book.pk, 105, "000105", clerk.pk)

    def test_a_number_that_is_not_the_books(self, entry, book, clerk):
        self.refuse(self.NEW_RECEIPT, "not in that book", book.pk, 102, "102", clerk.pk)

    def test_a_receipt_made_void_and_not_replaced(self, entry):
        self.refuse(
            "UPDATE enrollment_receipt SET state = 'void', void_reason = 'x' WHERE entry_id = %s",
            "has no receipt any more",
            entry.pk,
        )

    def test_a_receipt_with_another_sum(self, entry):
        self.refuse("UPDATE enrollment_receipt SET amount = 1 WHERE entry_id = %s", "stays as it was", entry.pk)

    def test_a_receipt_void_and_used_again(self, entry, clerk, book):
        receipts.reissue(receipt=entry.receipts.get(), book=book, reason="破损", **by(clerk))
        self.refuse(
            "UPDATE enrollment_receipt SET state = 'used', void_reason = '' WHERE entry_id = %s AND state = 'void'",
            r"stays as it was|receipt_one_for_an_entry",
            entry.pk,
        )

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM enrollment_sheetentry WHERE id = %s",
            "UPDATE enrollment_sheetentry SET paid_on = now() WHERE id = %s",
        ],
    )
    def test_an_entry_that_changes_or_goes(self, entry, sql):
        self.refuse(sql, r"permission denied|only added to", entry.pk)

    def test_sums_that_are_not_the_entries(self, entry):
        sql = """UPDATE enrollment_collectionsheet SET state = 'handed_in', handed_in_on = '2010-03-01',
            handed_in_by_id = opened_by_id, households = 1, people = 1, cash = 19, assisted = 0, collective = 0
            WHERE id = %s"""
        self.refuse(sql, "not those of its entries", entry.sheet_id)

    def test_money_handed_in_that_becomes_nobodys(self, entry, clerk):
        sheets.hand_in(sheet=entry.sheet, cash=Decimal(20), on=TODAY, **by(clerk))
        self.refuse(
            "UPDATE enrollment_contribution SET void_reason = 'x' WHERE entry_id = %s",
            "given back by a refund",
            entry.pk,
        )

    def test_a_sheet_that_opens_again(self, entry, clerk):
        sheets.hand_in(sheet=entry.sheet, cash=Decimal(20), on=TODAY, **by(clerk))
        sql = """UPDATE enrollment_collectionsheet SET state = 'open', handed_in_on = NULL, handed_in_by_id = NULL,
            households = NULL, people = NULL, cash = NULL, assisted = NULL, collective = NULL WHERE id = %s"""
        self.refuse(sql, "does not go from", entry.sheet_id)

    def test_a_sheet_with_entries_cancelled(self, entry):
        sql = "UPDATE enrollment_collectionsheet SET state = 'cancelled' WHERE id = %s"
        self.refuse(sql, "something stands on this sheet", entry.sheet_id)

    def test_a_contribution_on_a_closed_sheet(self, entry, clerk, year):
        _home, _head, wife, _son = family("0007")
        sheets.hand_in(sheet=entry.sheet, cash=Decimal(20), on=TODAY, **by(clerk))
        with pytest.raises(IntegrityError, match="this sheet is closed"), transaction.atomic():
            Contribution.objects.create(
                fund_year=year, member=wife, own=20, entry=entry, paid_on=TODAY, noted_by=clerk, noted_at=NOON
            )

    def test_an_entry_of_another_village(self, sheet, clerk):
        elsewhere = family("0009", factories.division("640522100202"))
        with pytest.raises(IntegrityError, match="another village"), transaction.atomic():
            SheetEntry.objects.create(
                sheet=sheet, household=elsewhere[0], paid_on=PAID_ON, noted_by=clerk, noted_at=NOON
            )

    def test_a_sheet_that_begins_closed(self, sheet):
        with pytest.raises(IntegrityError, match="begins open"), transaction.atomic():
            factories.sheet(sheet.fund_year, state="cancelled")
        assert CollectionSheet.objects.count() == 1
