"""Pages of collection sheets: list, opening, one sheet, taking back, a late receipt, handing in, the blank one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.models import CollectionSheet, Receipt, SheetEntry
from enrollment.rules.collection import Payer
from enrollment.services import deposits, sheets
from enrollment.tests import collecting, factories
from enrollment.tests.collecting import in_english, paid, text, today
from enrollment.tests.keeping import station
from office.models import Act, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def as_li(clerk):
    return in_english(clerk)


@pytest.fixture
def year(clerk):
    return collecting.next_year()


@pytest.fixture
def sheet(clerk, year):
    given = {"fund_year": year, "village": factories.division(), "collector": "马村长", "on": today()}
    return sheets.open_sheet(by=clerk, at=timezone.now(), **given)


@pytest.fixture
def book(year):
    return collecting.receipts()


@pytest.fixture
def entry(clerk, sheet, book) -> SheetEntry:
    home, people = collecting.family(1)
    return paid(clerk, sheet, home, *people, book=book)


def page_of(name: str, one: object) -> str:
    return reverse(f"enrollment:{name}", args=[one.pk])


class TestList:
    def test_sums_of_open_and_closed_ones(self, as_li, clerk, sheet, entry, year, book):
        other = sheets.open_sheet(
            fund_year=year, village=sheet.village, collector="田", on=today(), by=clerk, at=timezone.now()
        )
        home, people = collecting.family(2)
        paid(clerk, other, home, people[0], payer=Payer.COLLECTIVE)
        sheets.hand_in(sheet=other, cash=Decimal(0), on=today(), by=clerk, at=timezone.now())
        page = text(as_li.get(reverse("enrollment:sheets")))
        assert "40.00" in page
        assert "handed in" in page
        totals = text(as_li.get(reverse("enrollment:sheets"), {"as": "totals", "fund_year": year.pk}))
        for figures in ("40.00", "20.00", ">3<", ">2<"):
            assert figures in totals
        assert "马村长" not in text(as_li.get(reverse("enrollment:sheets"), {"state": "handed_in"}))

    def test_exported(self, as_li, entry, year):
        assert as_li.get(reverse("enrollment:sheets"), {"as": "xlsx"}).status_code == 200

    def test_before_any_year(self, as_li):
        assert "No collection sheet" in text(as_li.get(reverse("enrollment:sheets")))

    def test_who_reads_alone_opens_none(self, dan, year):
        assert reverse("enrollment:sheet_open") not in text(in_english(dan).get(reverse("enrollment:sheets")))

    def test_many_cost_no_more_questions(self, as_li, clerk, sheet, entry, year, django_assert_num_queries):
        as_li.get(reverse("enrollment:sheets"))
        with django_assert_num_queries(9):
            as_li.get(reverse("enrollment:sheets"))
        for number in range(9):
            factories.sheet(year, number=f"S{number}")
        with django_assert_num_queries(9):
            as_li.get(reverse("enrollment:sheets"))


class TestOpening:
    def test_opened_the_households_come_next(self, as_li, year):
        village = factories.division()
        page = text(as_li.get(reverse("enrollment:sheet_open")))
        assert f'<option value="{year.pk}" selected>' in page
        typed = {"fund_year": year.pk, "village": village.pk, "collector": "马", "origin": "blank", "on": today()}
        answer = as_li.post(reverse("enrollment:sheet_open"), typed)
        opened = CollectionSheet.objects.get()
        assert answer.url == page_of("sheet_entry", opened)
        assert (opened.origin, opened.collector) == ("blank", "马")

    def test_refused(self, as_li, year):
        typed = {"fund_year": year.pk, "village": factories.division().pk, "collector": " x", "origin": "counter"}
        answer = as_li.post(reverse("enrollment:sheet_open"), typed | {"on": "2999-01-01"})
        assert answer.status_code == 422
        assert "has not come yet" in text(answer)
        assert 'value=" x"' in text(answer)


class TestOneSheet:
    def test_what_stands_on_it_and_what_is_left(self, as_li, sheet, entry):
        collecting.family(2)
        page = text(as_li.get(page_of("sheet", sheet)))
        for words in ("6405221002010001", "马大山", "000101", "1 household has still to pay", "40.00"):
            assert words in page
        assert page_of("entry_take_back", entry) in page

    def test_taken_back_it_stays_readable(self, as_li, sheet, entry):
        assert "6405221002010001" in text(as_li.get(page_of("entry_take_back", entry)))
        assert as_li.post(page_of("entry_take_back", entry), {"reason": " "}).status_code == 422
        answer = as_li.post(page_of("entry_take_back", entry), {"reason": "另一户"}, follow=True)
        page = text(answer)
        assert "1 taken back" in page
        assert "000101" in page
        assert Receipt.objects.get().state == "void"
        again = as_li.post(page_of("entry_take_back", entry), {"reason": "x"})
        assert "taken back already" in text(again)
        assert Act.objects.filter(kind="refused", name="sheet.taken-back").exists()

    def test_a_late_receipt(self, as_li, clerk, sheet):
        home, people = collecting.family(1)
        entry = paid(clerk, sheet, home, *people)
        book = collecting.receipts()
        assert page_of("entry_receipt", entry) in text(as_li.get(page_of("sheet", sheet)))
        late = {"book": book.pk, "receipt": "000105"}
        assert "next number of this book" in text(as_li.post(page_of("entry_receipt", entry), late))
        as_li.post(page_of("entry_receipt", entry), {"book": book.pk, "receipt": ""})
        assert Receipt.objects.get().amount == 40

    def test_handed_in(self, as_li, clerk, sheet, entry):
        assert "马村长" in text(as_li.get(page_of("sheet_hand_in", sheet)))
        answer = as_li.post(page_of("sheet_hand_in", sheet), {"cash": "39", "on": today()})
        assert "1.00 yuan apart" in text(answer)
        page = text(as_li.post(page_of("sheet_hand_in", sheet), {"cash": "40", "on": today()}, follow=True))
        assert "Handed in" in page
        assert page_of("entry_take_back", entry) not in page
        assert page_of("sheet_hand_in", sheet) not in page

    def test_cancelled(self, as_li, sheet):
        assert as_li.post(page_of("sheet_cancel", sheet), {"reason": "换人"}).url == page_of("sheet", sheet)
        page = text(as_li.get(page_of("sheet", sheet)))
        assert "cancelled" in page
        assert "Say why" not in page

    def test_with_its_money_on_the_way(self, as_li, sheet, entry):
        sheets.hand_in(sheet=sheet, cash=Decimal(40), on=today(), by=sheet.opened_by, at=timezone.now())
        who = {"on": today(), "by": sheet.opened_by, "at": timezone.now()}
        deposits.mark_deposited(sheets=[sheet], slip="Z-1", **who)
        deposits.mark_confirmed(sheets=[sheet], **who)
        page = text(as_li.get(page_of("sheet", sheet)))
        assert "Z-1" in page
        assert "confirmed" in page

    def test_who_reads_alone_has_no_buttons(self, dan, sheet, entry):
        page = text(in_english(dan).get(page_of("sheet", sheet)))
        assert page_of("sheet_entry", sheet) not in page
        assert page_of("entry_take_back", entry) not in page

    def test_another_townships_is_not_there(self, as_li, year):
        far = factories.sheet(year, factories.division("640522101201"))
        for name in ("sheet", "sheet_entry", "sheet_hand_in"):
            assert as_li.get(page_of(name, far)).status_code == 404

    def test_who_reads_alone_sees_a_receipt_that_is_missing(self, dan, clerk, sheet):
        home, people = collecting.family(1)
        paid(clerk, sheet, home, *people)
        collecting.receipts()
        assert "no receipt yet" in text(in_english(dan).get(page_of("sheet", sheet)))

    def test_many_entries_cost_no_more_questions(self, as_li, clerk, sheet, entry, book, django_assert_num_queries):
        as_li.get(page_of("sheet", sheet))
        with django_assert_num_queries(13):
            as_li.get(page_of("sheet", sheet))
        for number in range(2, 9):
            home, people = collecting.family(number)
            paid(clerk, sheet, home, *people, book=book)
        with django_assert_num_queries(13):
            as_li.get(page_of("sheet", sheet))


class TestBlank:
    def test_on_paper(self, as_li, year):
        for number in range(1, 40):
            collecting.family(number)
        village = factories.division()
        assert "printed blank" in text(as_li.get(reverse("enrollment:blank_sheet")))
        answer = as_li.get(reverse("enrollment:blank_sheet"), {"fund_year": year.pk, "village": village.pk})
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert as_li.get(reverse("enrollment:blank_sheet"), {"village": "x"}).status_code == 200
