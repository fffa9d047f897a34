"""Collecting household by household: the village's grid, with and without scripts, and the counter."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.models import CollectionSheet, Contribution, HouseholdException, Member, Receipt
from enrollment.services import sheets
from enrollment.tests import collecting, factories
from enrollment.tests.collecting import HTMX, in_english, text, today
from enrollment.tests.keeping import station
from office.models import Act, Duty
from office.tests.factories import add_printer, tess

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
def book(year):
    return collecting.receipts()


@pytest.fixture
def sheet(clerk, year):
    return open_sheet(clerk, year)


def open_sheet(clerk, year, origin="counter") -> CollectionSheet:
    given = {"fund_year": year, "village": factories.division(), "collector": "马村长", "origin": origin}
    return sheets.open_sheet(on=today(), by=clerk, at=timezone.now(), **given)


def grid(sheet) -> str:
    return reverse("enrollment:sheet_entry", args=[sheet.pk])


def send(client, sheet, home, members, **more):
    typed = {"household": home.pk, "members": [one.pk for one in members], "on": today().isoformat(), **more}
    return client.post(grid(sheet), typed, **HTMX)


class TestGrid:
    def test_the_register_household_by_household(self, as_li, sheet, book):
        home, _people = collecting.family(1)
        collecting.family(2, "李明")
        page = text(as_li.get(grid(sheet)))
        assert page.count('name="members"') == 4
        assert page.index(home.number) < page.index("李明")
        assert page.count('value="000101"') == 2
        assert 'data-home="6405221002010001 马大山 ' in page
        assert "<dd>2</dd>" in page  # left in the village

    def test_who_is_not_due(self, as_li, sheet, year, book):
        home, (head, wife) = collecting.family(1)
        other, (elder, young) = collecting.family(2)
        factories.brought_along(head, factories.fund_year(factories.scheme("residents"), year.year))
        noted = {"reason": "x", "noted_by": tess(), "noted_at": timezone.now()}
        HouseholdException.objects.create(member=elder, fund_year=year, **noted)
        Member.objects.filter(pk=wife.pk).update(category="five_guarantees")
        page = text(as_li.get(grid(sheet)))
        assert page.count('name="members"') == 2
        for words in ("insured already", "left out", "medical assistance 20.00"):
            assert words in page
        factories.brought_along(wife, factories.fund_year(factories.scheme("workers"), year.year))
        assert home.number not in text(as_li.get(grid(sheet)))
        assert other.number in text(as_li.get(grid(sheet)))
        HouseholdException.objects.create(member=young, fund_year=year, **noted)
        assert other.number not in text(as_li.get(grid(sheet)))

    def test_a_household_pays_and_comes_back_noted(self, as_li, clerk, sheet, book, year):
        home, people = collecting.family(1)
        collecting.family(2)
        answer = send(
            as_li, sheet, home, people, receipt="000101", book=book.pk, **{f"payer-{people[1].pk}": "collective"}
        )
        page = text(answer)
        assert answer.status_code == 200
        assert json.loads(answer.headers["HX-Trigger"])["collected"] == {"next": "000102", "on": today().isoformat()}
        assert "data-open" not in page
        assert 'id="sums" hx-swap-oob="true"' in page
        assert "<dd>20.00</dd>" in page
        receipt = Receipt.objects.get()
        assert (receipt.number, receipt.amount, receipt.people) == ("000101", 20, 1)
        assert reverse("enrollment:receipt_print", args=[receipt.pk]) in page
        assert Contribution.objects.get(member=people[1]).collective == 20
        entry = receipt.entry
        assert reverse("enrollment:entry_take_back", args=[entry.pk]) in page

    def test_some_are_paid_for_first(self, as_li, sheet, book):
        home, people = collecting.family(1)
        page = text(send(as_li, sheet, home, people[:1], book=book.pk))
        assert "data-open" in page
        assert page.count('name="members"') == 1

    def test_a_refusal_keeps_what_was_typed_in_its_place(self, as_li, sheet, book):
        home, people = collecting.family(1)
        answer = send(
            as_li, sheet, home, people[:1], receipt="000109", book=book.pk, **{f"payer-{people[0].pk}": "assistance"}
        )
        assert answer.status_code == 200  # assistance pays: no receipt is needed
        other, two = collecting.family(2)
        answer = send(as_li, sheet, other, two[:1], receipt="000109", book=book.pk)
        page = text(answer)
        assert answer.status_code == 422
        assert "next number of this book is 000101" in page
        assert 'value="000109"' in page
        assert 'aria-invalid="true"' in page
        assert len(re.findall(r'name="members" value="\d+" checked', page)) == 1
        assert Act.objects.filter(kind="refused", name="sheet.entered").exists()

    def test_other_refusals(self, as_li, sheet, book, year):
        home, people = collecting.family(1)
        assert "Say for whom is paid" in text(send(as_li, sheet, home, [], book=book.pk))
        early = (year.collection.lower - timedelta(days=1)).isoformat()
        assert "Collecting for this year began" in text(send(as_li, sheet, home, people, book=book.pk, on=early))
        assert "Enter a valid date" in text(send(as_li, sheet, home, people, book=book.pk, on="x"))
        strange = send(as_li, sheet, home, people, book=book.pk, **{f"payer-{people[0].pk}": "nobody"})
        assert strange.status_code == 200
        far = factories.member(factories.household("9", factories.division("640522101201")))
        assert send(as_li, sheet, far.household, [far]).status_code == 404
        assert as_li.post(grid(sheet), {"household": "x"}, **HTMX).status_code == 404

    def test_of_a_sheet_printed_blank_each_household_has_its_day(self, as_li, clerk, year, book):
        sheet = open_sheet(clerk, year, origin="blank")
        home, people = collecting.family(1)
        assert 'type="date" name="on"' in text(as_li.get(grid(sheet)))
        earlier = (today() - timedelta(days=9)).isoformat()
        assert send(as_li, sheet, home, people, book=book.pk, on=earlier).status_code == 200
        assert sheet.entries.get().paid_on.isoformat() == earlier

    def test_a_closed_sheet_is_not_entered(self, as_li, clerk, sheet, book):
        home, people = collecting.family(1)
        sheets.cancel(sheet=sheet, reason="x", by=clerk, at=timezone.now())
        assert as_li.get(grid(sheet)).url == reverse("enrollment:sheet", args=[sheet.pk])
        assert "This sheet is closed" in text(send(as_li, sheet, home, people, book=book.pk))

    def test_one_household_is_looked_for(self, as_li, sheet, book):
        collecting.family(1)
        collecting.family(2, "李明")
        for typed in ("0002", "李", "lm"):
            page = text(as_li.get(grid(sheet), {"find": typed}))
            assert "李明" in page
            assert "6405221002010001" not in page
        assert "No household of this village" in text(as_li.get(grid(sheet), {"find": "zz"}))

    def test_when_everybody_has_paid(self, as_li, sheet, book):
        assert "Everybody in this village has paid" in text(as_li.get(grid(sheet)))

    def test_many_households_stand_on_several_pages(self, as_li, sheet, monkeypatch):
        monkeypatch.setattr("enrollment.views.collecting.HOUSEHOLDS_ON_A_PAGE", 2)
        for number in range(1, 6):
            collecting.family(number)
        page = text(as_li.get(grid(sheet), {"page": 2}))
        assert "6405221002010003" in page
        assert "6405221002010002" not in page
        assert "1</a>" not in page
        assert "2 / 3" in page

    def test_the_desk_keeps_day_book_and_printer(self, as_li, clerk, sheet, book, county):
        collecting.family(1)
        second = factories.receipt_book(first=500, last=510)
        printer = add_printer(clerk.appointments.get().body, "窗口")
        asked = {"on": today().isoformat(), "book": second.pk, "printer": printer.pk}
        page = text(as_li.get(grid(sheet), asked))
        assert 'value="000500"' in page
        assert f'name="printer" value="{printer.pk}"' in page

    def test_a_township_without_receipts(self, as_li, sheet):
        home, people = collecting.family(1)
        assert "receipt book" not in text(as_li.get(grid(sheet)))
        assert send(as_li, sheet, home, people, receipt="77").status_code == 200
        assert Contribution.objects.filter(receipt="77").count() == 2

    def test_more_households_cost_no_more_questions(self, as_li, sheet, book, django_assert_num_queries):
        collecting.family(1)
        as_li.get(grid(sheet))
        with django_assert_num_queries(20):
            as_li.get(grid(sheet))
        for number in range(2, 12):
            collecting.family(number)
        with django_assert_num_queries(20):
            as_li.get(grid(sheet))

    @pytest.mark.parametrize("households", [1, 12])
    def test_what_noting_a_household_costs(self, as_li, sheet, book, households, django_assert_num_queries):
        for number in range(2, 2 + households):
            collecting.family(number)
        home, people = collecting.family(1)
        as_li.get(grid(sheet))
        with django_assert_num_queries(40):
            assert send(as_li, sheet, home, people, receipt="000101", book=book.pk).status_code == 200


class TestWithoutScripts:
    def send(self, client, sheet, home, members, **more):
        typed = {"household": home.pk, "members": [one.pk for one in members], "on": today().isoformat(), **more}
        return client.post(grid(sheet), typed)

    def test_noted_it_goes_on_with_the_next(self, as_li, sheet, book):
        home, people = collecting.family(1)
        other, two = collecting.family(2)
        answer = self.send(as_li, sheet, home, people, book=book.pk)
        assert answer.url == f"{grid(sheet)}?on={today()}&book={book.pk}#home-{other.pk}"
        answer = self.send(as_li, sheet, other, two, book=book.pk)
        assert answer.url == f"{grid(sheet)}?on={today()}&book={book.pk}"
        assert Receipt.objects.count() == 2

    def test_refused_the_whole_page_comes_back(self, as_li, sheet, book):
        home, people = collecting.family(1)
        collecting.family(2)
        answer = self.send(as_li, sheet, home, people, book=book.pk, receipt="000150")
        page = text(answer)
        assert answer.status_code == 422
        assert page.count("is-refused") == 1
        assert 'value="000150"' in page
        self.send(as_li, sheet, home, people, book=book.pk)
        again = self.send(as_li, sheet, home, people, book=book.pk)  # no longer among those who have still to pay
        assert "Paid for this year already" in text(again)
        assert home.number in text(again)


class TestCounter:
    def pay(self, client, home, members, **more):
        typed = {"members": [one.pk for one in members], "on": today().isoformat(), **more}
        return client.post(reverse("enrollment:household_pay", args=[home.pk]), typed, follow=True)

    def test_a_sheet_is_opened_and_used_again(self, as_li, clerk, year, book):
        home, people = collecting.family(1)
        page = text(as_li.get(reverse("enrollment:household_pay", args=[home.pk])))
        assert page.count(" checked>") == 2
        done = text(self.pay(as_li, home, people[:1], book=book.pk, fund_year=year.pk))
        assert "Noted on sheet NCMS" in done
        assert "Receipt 000101" in done
        assert "not whole" in done
        self.pay(as_li, home, people[1:], book=book.pk, fund_year=year.pk)
        opened = CollectionSheet.objects.get()
        assert (opened.origin, opened.collector, opened.entries.count()) == ("counter", clerk.full_name, 2)

    def test_from_a_member_he_alone_is_ticked(self, as_li, year, book):
        home, people = collecting.family(1)
        url = f"{reverse('enrollment:household_pay', args=[home.pk])}?member={people[1].pk}"
        assert url in text(as_li.get(reverse("enrollment:coverage", args=[people[1].pk])))
        assert url in text(as_li.get(reverse("enrollment:member", args=[people[1].pk])))
        page = text(as_li.get(url))
        assert f'value="{people[1].pk}" checked' in page
        assert page.count(" checked>") == 1

    def test_a_refusal_keeps_everything(self, as_li, year, book):
        home, people = collecting.family(1)
        answer = self.pay(as_li, home, people[:1], book=book.pk, receipt="000300", fund_year=year.pk)
        assert answer.status_code == 422
        assert 'value="000300"' in text(answer)
        assert not CollectionSheet.objects.exists()
        assert self.pay(as_li, home, people, on="x").status_code == 422

    def test_before_any_year_is_collected(self, as_li, clerk):
        home, people = collecting.family(1)
        assert "No fund year is collected" in text(as_li.get(reverse("enrollment:household_pay", args=[home.pk])))
        assert "No fund year is collected" in text(self.pay(as_li, home, people))

    def test_another_township_is_not_there(self, as_li, year):
        far = factories.member(factories.household("9", factories.division("640522101201")))
        assert as_li.get(reverse("enrollment:household_pay", args=[far.household_id])).status_code == 404


def test_what_was_typed_when_the_session_ended_is_there_again(as_li, clerk, sheet, book):
    home, people = collecting.family(1)
    for address, typed in (
        (grid(sheet), {"household": home.pk}),
        (reverse("enrollment:household_pay", args=[home.pk]), {}),
    ):
        session = as_li.session
        kept = {"members": [str(people[1].pk)], "on": [today().isoformat()], "receipt": ["000177"]}
        kept |= {name: [str(value)] for name, value in typed.items()}
        session["kept_form"] = {"path": address, "person": clerk.pk, "typed": kept}
        session.save()
        page = text(as_li.get(address))
        assert 'value="000177"' in page
        assert len(re.findall(r'name="members" value="\d+" checked', page)) == 1
        assert "was kept" in page
