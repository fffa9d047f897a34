"""Pages of receipts: issued, received, counted back; every number's fate; spoiled, written again, printed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from conftest import NOON
from enrollment import worklists
from enrollment.models import Receipt, ReceiptBook
from enrollment.prints import collection as prints
from enrollment.selectors import receipts as selectors
from enrollment.services import receipts, sheets
from enrollment.tests import collecting, factories
from enrollment.tests.collecting import in_english, paid, text, today
from enrollment.tests.keeping import station
from office import desk, printing
from office.models import Act, Duty, PrinterOffset
from office.services import work
from office.tests.factories import add_printer, tess

pytestmark = pytest.mark.django_db

LIST = "/register/collection/receipts/"


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def as_li(clerk):
    return in_english(clerk)


@pytest.fixture
def as_cleo(cleo):
    return in_english(cleo)


@pytest.fixture
def year(clerk):
    return collecting.next_year()


@pytest.fixture
def book(year):
    return collecting.receipts(101, 110)


@pytest.fixture
def receipt(clerk, year, book) -> Receipt:
    """Forty yuan of two people."""
    village = factories.division()
    sheet = sheets.open_sheet(
        fund_year=year, village=village, collector="马村长", on=today(), by=clerk, at=timezone.now()
    )
    home, people = collecting.family(1)
    return paid(clerk, sheet, home, *people, book=book).receipts.get()


def page_of(name: str, one: object) -> str:
    return reverse(f"enrollment:{name}", args=[one.pk])


def words_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


class TestIssuing:
    TYPED = {"first": "海A000101", "last": "海A000200"}

    def test_issued_and_received(self, as_cleo, as_li, clerk):
        township = factories.division(factories.TOWNSHIP)
        assert str(township) in text(as_cleo.get(reverse("enrollment:receipts_issue")))
        typed = {**self.TYPED, "township": township.pk, "on": today()}
        as_cleo.post(reverse("enrollment:receipts_issue"), typed)
        book = ReceiptBook.objects.get()
        assert str(book) == "海A000101–海A000200"
        waits = text(as_li.get("/"))
        assert page_of("receipt_book", book) in waits
        assert "Receipts to receive" in waits
        assert page_of("receipt_book_receive", book) in text(as_li.get(page_of("receipt_book", book)))
        assert page_of("receipt_book_receive", book) not in text(as_cleo.get(page_of("receipt_book", book)))
        as_li.post(page_of("receipt_book_receive", book))
        book.refresh_from_db()
        assert (book.state, book.received_by) == ("in_use", clerk)
        answer = as_li.post(page_of("receipt_book_receive", book), follow=True)
        assert "received already" in text(answer)
        assert Act.objects.filter(kind="refused", name="receipt-book.received").exists()

    def test_refused(self, as_cleo, book):
        typed = {"township": book.township_id, "first": "000105", "last": "000120", "on": today()}
        answer = as_cleo.post(reverse("enrollment:receipts_issue"), typed)
        assert answer.status_code == 422
        assert "issued already" in text(answer)
        assert 'value="000120"' in text(answer)

    def test_what_was_taken_from_the_worklist_is_done_when_received(self, clerk, year):
        book = factories.receipt_book(in_use=False)
        subject = ("enrollment.receiptbook", str(book.pk))
        work.take(worklist="enrollment.receipts", subject=subject, by=clerk, at=timezone.now())
        assert [item.subject for item in worklists.still_to_receive([str(book.pk)])] == [subject]
        receipts.receive(book=book, by=clerk, at=timezone.now())
        assert worklists.still_to_receive([str(book.pk)]) == []
        assert worklists.to_receive(clerk, desk.Look(timezone.now())).count == 0

    def test_counted_back(self, as_cleo, receipt, book):
        assert page_of("receipt_book_close", book) in text(as_cleo.get(page_of("receipt_book", book)))
        answer = as_cleo.post(page_of("receipt_book_close", book), {"counted": "8"})
        assert "9 are left, counted were 8" in text(answer)
        page = text(as_cleo.post(page_of("receipt_book_close", book), {"counted": "9"}, follow=True))
        assert "9 receipts can be issued again" in page
        assert page_of("receipt_book_close", book) not in page


class TestBooks:
    def test_counts_agree(self, as_cleo, as_li, receipt, book, clerk):
        receipts.spoil(book=book, reason="x", by=clerk, at=timezone.now())
        rows = as_cleo.get(LIST).context["table"].data.data
        [one] = list(rows)
        assert (one.issued, one.used, one.void, one.left, one.returned, one.missing) == (10, 1, 1, 8, 0, 0)
        totals = text(as_cleo.get(LIST, {"as": "totals", "state": "in_use"}))
        assert ">10<" in totals.replace("\n", "")
        assert as_cleo.get(LIST, {"as": "xlsx"}).status_code == 200
        assert reverse("enrollment:receipts_issue") not in text(as_li.get(LIST))

    def test_every_number_and_its_fate(self, as_li, receipt, book, clerk):
        receipts.spoil(book=book, reason="撕破", by=clerk, at=timezone.now())
        page = text(as_li.get(page_of("receipt_book", book)))
        for words in ("000101", "马大山", "撕破", "next is 000103", "40.00"):
            assert words in page
        assert (
            "000102" not in text(as_li.get(page_of("receipt_book", book), {"number": "0101"})).split('class="table')[1]
        )
        assert "40.00" in text(as_li.get(page_of("receipt_book", book), {"as": "totals"}))
        assert as_li.get(page_of("receipt_book", book), {"as": "xlsx"}).status_code == 200

    def test_a_number_that_is_missing_is_told(self, as_li, book, year):
        imported = factories.roster_import(year)
        Receipt.objects.create(
            book=book, serial=103, number="000103", amount=0, people=0, dated=today(), state="void",
            void_reason="x", roster=imported, written_by=tess(), written_at=NOON,
        )  # fmt: skip
        assert "000101–000102" in text(as_li.get(page_of("receipt_book", book)))

    def test_another_townships_is_not_there(self, as_li, year):
        far = factories.receipt_book(factories.division("640522101000"), 900, 901)
        for name in ("receipt_book", "receipt_spoil"):
            assert as_li.get(page_of(name, far)).status_code == 404
        assert "000900" not in text(as_li.get(LIST))

    def test_many_cost_no_more_questions(self, as_li, receipt, book, clerk, django_assert_num_queries):
        factories.receipt_book(first=1000, last=1001)
        as_li.get(LIST)
        for address, questions in ((LIST, 6), (page_of("receipt_book", book), 8)):
            as_li.get(address)
            with django_assert_num_queries(questions):
                as_li.get(address)
        for number in range(5):
            factories.receipt_book(first=2000 + 10 * number, last=2005 + 10 * number)
            receipts.spoil(book=book, reason="x", by=clerk, at=timezone.now())
        for address, questions in ((LIST, 6), (page_of("receipt_book", book), 8)):
            with django_assert_num_queries(questions):
                as_li.get(address)


class TestSpoiled:
    def test_noted_with_its_reason(self, as_li, book):
        assert 'value="000101"' in text(as_li.get(page_of("receipt_spoil", book)))
        as_li.post(page_of("receipt_spoil", book), {"receipt": "000101", "reason": "撕破"})
        page = text(as_li.get(page_of("receipt", Receipt.objects.get())))
        assert "撕破" in page
        assert "receipt_print" not in page
        answer = as_li.post(page_of("receipt_spoil", book), {"receipt": "000105", "reason": "撕破"})
        assert "next number of this book is 000102" in text(answer)

    def test_the_last_one(self, as_li, book, clerk):
        for _each in range(10):
            receipts.spoil(book=book, reason="x", by=clerk, at=timezone.now())
        assert as_li.get(page_of("receipt_spoil", book)).status_code == 200
        assert "next is" not in text(as_li.get(page_of("receipt_book", book)))

    def test_it_is_not_printed(self, as_li, book, clerk):
        spoiled = receipts.spoil(book=book, reason="x", by=clerk, at=timezone.now())
        answer = as_li.post(page_of("receipt_print", spoiled), follow=True)
        assert "void receipt is not printed" in text(answer)
        with pytest.raises(printing.CannotPrint):
            prints.receipts([spoiled], times={spoiled.pk: 1}, printer=None, at=timezone.now())
        assert as_li.get(page_of("receipt_reissue", spoiled)).status_code == 200


class TestWrittenAgain:
    def test_the_old_one_is_void_and_both_name_each_other(self, as_li, receipt, book):
        answer = as_li.post(page_of("receipt_reissue", receipt), {"book": book.pk, "receipt": "", "reason": "遗失"})
        again = Receipt.objects.get(number="000102")
        assert answer.url == page_of("receipt", again)
        assert "Instead of" in text(as_li.get(page_of("receipt", again)))
        page = text(as_li.get(page_of("receipt", receipt)))
        assert "Written again as" in page
        assert page_of("receipt_reissue", receipt) not in page

    def test_refused(self, as_li, receipt, book):
        answer = as_li.post(page_of("receipt_reissue", receipt), {"book": book.pk, "receipt": "000109", "reason": "x"})
        assert answer.status_code == 422
        assert Receipt.objects.get().state == "used"


class TestPrinting:
    def test_what_stands_on_the_form(self, as_li, receipt):
        answer = as_li.post(page_of("receipt_print", receipt))
        assert answer.headers["Content-Type"] == "application/pdf"
        words = words_of(answer.content)
        for said in ("000101", "马大山", "40.00", "肆拾元", "马村长", "2"):
            assert said in words
        assert "Printed again" not in words

    def test_a_further_print_says_so_and_is_counted(self, as_li, receipt):
        as_li.post(page_of("receipt_print", receipt))
        assert "Printed again (2)" in words_of(as_li.post(page_of("receipt_print", receipt)).content)
        receipt.refresh_from_db()
        assert receipt.printed == 2
        assert Act.objects.filter(name="receipt.printed").count() == 2
        assert "2 times" in text(as_li.get(page_of("receipt", receipt)))

    def test_the_printers_offset_moves_it(self, as_li, clerk, receipt):
        printer = add_printer(clerk.appointments.get().body, "窗口")
        plain = as_li.post(page_of("receipt_print", receipt), {"printer": printer.pk}).content
        moved = {"right_mm": 2, "down_mm": 1, "changed_by": clerk, "changed_at": NOON}
        PrinterOffset.objects.create(printer=printer, form="receipt", **moved)
        assert f'<option value="{printer.pk}" selected>' in text(as_li.get(page_of("receipt", receipt)))
        assert as_li.post(page_of("receipt_print", receipt), {"printer": printer.pk}).content != plain
        assert Act.objects.filter(name="receipt.printed").latest("pk").facts["printer"] == "窗口"

    def test_what_cannot_be_printed_is_not_counted(self, as_li, receipt):
        head = receipt.entry.household.members.get(is_head=True)
        type(head).objects.filter(pk=head.pk).update(name="马" * 20)
        answer = as_li.post(page_of("receipt_print", receipt), follow=True)
        assert "too wide" in text(answer)
        receipt.refresh_from_db()
        assert receipt.printed == 0

    def test_where_nobody_is_head_any_more_the_households_number_stands(self, as_li, receipt):
        receipt.entry.household.members.filter(is_head=True).update(state="dead", state_on=today(), is_head=False)
        assert "6405221002010001" in words_of(as_li.post(page_of("receipt_print", receipt)).content)

    def test_who_reads_alone_does_not_print(self, dan, receipt):
        client = in_english(dan)
        assert page_of("receipt_print", receipt) not in text(client.get(page_of("receipt", receipt)))
        assert client.post(page_of("receipt_print", receipt)).status_code == 403


class TestPrintingASheet:
    @pytest.fixture
    def sheet(self, clerk, receipt, book):
        """A sheet of two households: 000101 and 000102."""
        sheet = receipt.entry.sheet
        home, people = collecting.family(2, "李明")
        paid(clerk, sheet, home, *people, book=book)
        return sheet

    @staticmethod
    def pages(answer) -> list[str]:
        return [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]

    def test_each_on_its_own_form_in_the_order_of_the_numbers(self, as_li, clerk, sheet, receipt, book):
        receipts.reissue(receipt=receipt, book=book, reason="印错", by=clerk, at=timezone.now())  # 000103 instead
        found = self.pages(as_li.post(page_of("sheet_receipts", sheet)))
        assert ["李明" in found[0], "马大山" in found[1], len(found)] == [True, True, 2]
        assert ["000102" in found[0], "000103" in found[1]] == [True, True]
        counted = dict(Receipt.objects.values_list("number", "printed"))
        assert counted == {"000101": 0, "000102": 1, "000103": 1}
        assert Act.objects.filter(name="receipt.printed").count() == 2

    def test_only_those_not_printed_yet_unless_all_are_wanted(self, as_li, sheet, receipt):
        as_li.post(page_of("receipt_print", receipt))
        page = text(as_li.get(page_of("sheet", sheet)))
        assert "2 receipts" in page
        assert "1 not printed yet" in page
        [alone] = self.pages(as_li.post(page_of("sheet_receipts", sheet), {"which": "new"}))
        assert "000102" in alone
        assert '<option value="all" selected>' in text(as_li.get(page_of("sheet", sheet)))
        both = self.pages(as_li.post(page_of("sheet_receipts", sheet), {"which": "all"}))
        assert ["Printed again (2)" in one for one in both] == [True, True]

    def test_where_all_are_printed_nothing_is_printed_again_by_itself(self, as_li, sheet):
        as_li.post(page_of("sheet_receipts", sheet))
        answer = as_li.post(page_of("sheet_receipts", sheet), follow=True)
        assert "Every receipt of this sheet was printed" in text(answer)
        assert set(Receipt.objects.values_list("printed", flat=True)) == {1}

    def test_one_that_cannot_be_printed_leaves_all_uncounted(self, as_li, sheet, receipt):
        receipt.entry.household.members.filter(is_head=True).update(name="马" * 20)
        assert "too wide" in text(as_li.post(page_of("sheet_receipts", sheet), follow=True))
        assert set(Receipt.objects.values_list("printed", flat=True)) == {0}
        assert not Act.objects.filter(name="receipt.printed", kind="done").exists()

    def test_one_that_became_void_meanwhile_leaves_all_uncounted(self, clerk, sheet, receipt, book):
        found = list(Receipt.objects.order_by("serial"))
        receipts.reissue(receipt=receipt, book=book, reason="x", by=clerk, at=timezone.now())
        with pytest.raises(receipts.CannotKeepReceipts, match="作废的收据不能打印"):
            receipts.note_each_printed(receipts=reversed(found), by=clerk, at=timezone.now())
        assert set(Receipt.objects.values_list("printed", flat=True)) == {0}

    def test_the_printers_offset_moves_all(self, as_li, clerk, sheet):
        printer = add_printer(clerk.appointments.get().body, "窗口")
        PrinterOffset.objects.create(
            printer=printer, form="receipt", right_mm=2, down_mm=1, changed_by=clerk, changed_at=NOON
        )
        assert f'<option value="{printer.pk}" selected>' in text(as_li.get(page_of("sheet", sheet)))
        asked = {"which": "all", "printer": printer.pk}
        assert as_li.post(page_of("sheet_receipts", sheet), asked).headers["Content-Type"] == "application/pdf"
        moved, times = list(selectors.of_sheet(sheet, printed_too=True)), dict.fromkeys(Receipt.objects.in_bulk(), 1)
        on_it, plain = (prints.receipts(moved, times=times, printer=one, at=NOON) for one in (printer, None))
        assert on_it != plain

    def test_who_reads_alone_and_where_nothing_is_written_there_is_no_button(self, dan, as_li, sheet, year):
        assert page_of("sheet_receipts", sheet) not in text(in_english(dan).get(page_of("sheet", sheet)))
        assert in_english(dan).post(page_of("sheet_receipts", sheet)).status_code == 403
        assert page_of("sheet_receipts", sheet) in text(as_li.get(page_of("sheet", sheet)))
        empty = factories.sheet(year, number="EMPTY")
        assert page_of("sheet_receipts", empty) not in text(as_li.get(page_of("sheet", empty)))
