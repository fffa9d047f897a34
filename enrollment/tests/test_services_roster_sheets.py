"""What a roster leaves on the sheets: one of each village, an entry for each receipt, receipts out of the stock."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from conftest import NOON
from enrollment.models import (
    CollectionSheet,
    Contribution,
    Division,
    FundYear,
    Receipt,
    ReceiptBook,
    RosterImport,
    SheetEntry,
)
from enrollment.selectors import sheets as selectors
from enrollment.services import receipts, rosters, sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.rosters import BORN, Send, counted, fund_year, line, number
from office.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def village(year) -> Division:
    return factories.division()


@pytest.fixture
def book(village) -> ReceiptBook:
    return factories.receipt_book(first=1, last=50)


@pytest.fixture
def send(tmp_path, year, village, ada) -> Send:
    return Send(tmp_path, year, ada)


def entries() -> list[tuple[str, int, Decimal, list[str]]]:
    """Household, people, own part and receipts of every entry."""
    return [
        (
            entry.household.number,
            entry.contributions.count(),
            sum((one.own for one in entry.contributions.all()), Decimal(0)),
            [one.number for one in entry.receipts.all()],
        )
        for entry in SheetEntry.objects.order_by("household__number", "receipts__serial")
    ]


class TestSheets:
    def test_one_open_sheet_for_each_village(self, send, year, village, ada):
        factories.division("640522100202")
        report = send(
            [
                line(0, "h1", head=True),
                line(1, "h1"),
                line(2, "h2", head=True),
                line(3, "h3", head=True, village_code="640522100202"),
            ]
        )
        roster = RosterImport.objects.get()
        made = list(CollectionSheet.objects.order_by("number"))
        assert [one.number for one in made] == [f"NCMS2010-10020{at}-R{roster.pk}" for at in (1, 2)]
        assert {(one.origin, one.state, one.roster, one.collector, one.opened_by) for one in made} == {
            ("roster", "open", roster, "roster.csv", ada)
        }
        assert [one.entries.count() for one in made] == [2, 1]
        assert CollectionSheet.pgh_event_model.objects.count() == 2
        assert (report.wrote.sheets, report.wrote.receipts) == (2, 0)
        assert Act.objects.get(name="roster.imported").facts["sheets"] == 2

    @pytest.mark.parametrize(
        ("window", "paid_on"),
        [
            ((date(2009, 9, 1), date(2010, 1, 1)), date(2009, 12, 31)),
            ((date(2010, 1, 1), date(2010, 4, 1)), date(2010, 3, 1)),
        ],
        ids=["the window has passed", "the window is open"],
    )
    def test_on_which_day_it_counts_as_paid(self, send, year, ada, window, paid_on):
        asked = factories.fund_year(year=2011, window=window)
        send([line(0, head=True)], fund_year=asked)
        assert Contribution.objects.get().paid_on == SheetEntry.objects.get().paid_on == paid_on
        assert CollectionSheet.objects.get().opened_on == date(2010, 3, 1)

    def test_nobody_who_did_not_pay_or_has_paid_before_stands_on_it(self, send, year):
        home = factories.household("h1")
        who = factories.member(home, "马一", BORN, id_number=number(0))
        factories.pay(who, year)
        wrote = send([line(0, head=True), line(1, fee=""), line(2, "h2", head=True, fee="7")]).wrote
        assert (wrote.contributions, wrote.sheets, SheetEntry.objects.count()) == (0, 0, 0)

    def test_the_same_people_again_open_no_sheet(self, send, book):
        lines = [line(0, head=True, receipt="000001"), line(1)]
        send(lines)
        before = [*counted(), *(kind.objects.count() for kind in (CollectionSheet, SheetEntry, Receipt))]
        again = send([*lines, [""] * 11])
        assert (again.good, again.wrote.sheets, again.wrote.receipts) == (2, 0, 0)
        assert before == [*counted(), *(kind.objects.count() for kind in (CollectionSheet, SheetEntry, Receipt))]

    def test_a_long_name_of_a_file_fits(self, tmp_path, send, year, village, ada):
        path = send.file([line(0, head=True)])
        rosters.import_roster(fund_year=year, path=path, name=f"{'长' * 90}.csv", by=ada, at=NOON)
        assert CollectionSheet.objects.get().collector == "长" * 60


class TestReceipts:
    def test_the_only_receipt_of_a_household_stands_for_all_of_it(self, send, book):
        wrote = send(
            [
                line(0, "h1", head=True, receipt="000007"),
                line(1, "h1"),
                line(2, "h1", category="五保", fee="0"),
                line(3, "h2", head=True, receipt="000009"),
                line(4, "h2", receipt="000009"),
            ]
        ).wrote
        assert wrote.receipts == 2
        assert entries() == [("h1", 3, 40, ["000007"]), ("h2", 2, 40, ["000009"])]
        first = Receipt.objects.order_by("serial").first()
        assert (first.book, first.serial, first.amount, first.people) == (book, 7, 40, 2)
        assert (first.dated, first.state, first.roster) == (date(2009, 12, 31), "used", RosterImport.objects.get())
        said = Contribution.objects.order_by("member").values_list("receipt", flat=True)
        assert list(said) == ["000007", "000007", "", "000009", "000009"]
        assert Receipt.pgh_event_model.objects.count() == 2

    def test_several_receipts_of_a_household_are_entries_of_their_own(self, send, book):
        send(
            [
                line(0, head=True, receipt="000001"),
                line(1, receipt="000002"),
                line(2, receipt="000002"),
                line(3),
            ]
        )
        assert entries() == [("h1", 1, 20, ["000001"]), ("h1", 2, 40, ["000002"]), ("h1", 1, 20, [])]

    def test_numbers_of_a_series_are_known_in_small_letters_too(self, send, village):
        factories.receipt_book(first=1, last=9, series="海A", digits=4)
        assert send([line(0, head=True, receipt="海a 0003")]).wrote.receipts == 1

    def test_a_number_that_is_not_in_the_stock_leaves_the_entry_without_a_receipt(self, send, book, ada):
        report = send([line(0, head=True, receipt="000077")])
        assert [(fault.code, fault.level) for fault in report.faults] == [("receipt_unknown", "warning")]
        sheet = CollectionSheet.objects.get()
        assert (report.wrote.receipts, selectors.without_receipt(sheet)) == (0, [SheetEntry.objects.get()])
        sheets.write_receipt(entry=SheetEntry.objects.get(), book=book, by=ada, at=NOON)
        assert sheets.hand_in(sheet=sheet, cash=Decimal(20), on=NOON.date(), by=ada, at=NOON).cash == 20

    def test_a_book_of_another_township_or_not_received_is_no_stock(self, send, village):
        factories.receipt_book(factories.division("640522101000"), first=1, last=9)
        factories.receipt_book(first=10, last=20, in_use=False)
        report = send([line(0, head=True, receipt="000001"), line(1, "h2", head=True, receipt="000010")])
        assert (len(report.faults), report.wrote.receipts) == (0, 0)

    def test_where_nobody_pays_himself_there_is_no_receipt(self, send, book):
        assert send([line(0, head=True, category="五保", fee="0", receipt="000001")]).wrote.receipts == 0

    def test_a_household_whose_rows_lie_in_two_townships_has_those_of_its_heads(self, send, book):
        other = factories.receipt_book(factories.division("640522101000"), first=60, last=70)
        factories.division("640522101201")
        send([line(0, head=True, receipt="000060"), line(1, village_code="640522101201", receipt="000060")])
        assert (entries(), other.receipts.count()) == ([("h1", 2, 40, [])], 0)

    def test_two_households_reach_one_number_by_a_row_that_is_not_looked_at(self, send, book):
        factories.division("640522101201")
        report = send(
            [
                line(0, "h1", head=True, receipt="000001"),
                line(1, "h2", head=True),
                line(2, "h2", village_code="640522101201", receipt="000001"),
            ]
        )
        assert (report.good, report.wrote.receipts) == (3, 1)

    def test_a_receipt_that_the_counter_wrote_stays_and_the_newcomer_has_none(self, send, year, book, ada, village):
        home = factories.household("h1")
        who = factories.member(home, "马一", BORN, id_number=number(0))
        opened = factories.sheet(year)
        sheets.enter(
            sheet=opened, household=home, paid=[Paid(who.pk)], on=date(2009, 11, 1), book=book, by=ada, at=NOON
        )
        report = send([line(0, head=True, receipt="000001"), line(1, receipt="000001")])
        assert (len(report.faults), report.wrote.contributions, report.wrote.receipts) == (0, 1, 0)
        assert Receipt.objects.get().amount == 20

    def test_numbers_that_are_spent_are_no_households(self, send, book, ada):
        receipts.spoil(book=book, reason="torn", by=ada, at=NOON)
        report = send([line(0, head=True, receipt="000001")])
        assert [(fault.code, fault.detail) for fault in report.faults] == [("receipt_twice", "")]
        assert report.written == 0

    def test_a_number_of_another_year_is_no_more_its_own_households(self, send, book):
        lines = [line(0, head=True, receipt="000001")]
        send(lines, fund_year=factories.fund_year(year=2009))
        report = send(lines)
        assert [(fault.code, fault.detail) for fault in report.faults] == [("receipt_twice", "")]

    def test_cash_and_receipts_agree_at_the_hand_in(self, send, book, ada):
        send(
            [line(order, f"h{order // 3}", head=order % 3 == 0, receipt=f"{order // 3 + 1:06d}") for order in range(9)]
        )
        sheet = sheets.hand_in(sheet=CollectionSheet.objects.get(), cash=Decimal(180), on=NOON.date(), by=ada, at=NOON)
        assert (sheet.households, sheet.people, sheet.state) == (3, 9, "handed_in")
