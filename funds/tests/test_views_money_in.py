"""The pages of money in: what each shows and does; what is refused stays typed and is said on the form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import sign_in
from enrollment.models import CollectionSheet
from funds.models import Period, Posting, Slip, SubsidyLetter
from funds.services import closing_checks
from funds.tests.factories import pair
from funds.tests.slips import Till, lines, year_of
from funds.tests.test_money_in import approved_refund
from funds.worklists_money_in import slips_that_wait, still_to_check, to_bring_in, to_check
from office import desk
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

RATES = (("central", 1, 24, date(2010, 2, 1)), ("province", 1, 30, date(2010, 2, 1)))


@pytest.fixture
def till(appoint) -> Till:
    return Till.of(appoint, *RATES)


@pytest.fixture
def acc(client, till):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return sign_in(client, till.counter.acc)


@pytest.fixture
def head(till):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return sign_in(client, till.counter.head)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def at(name: str, *arguments: object) -> str:
    return reverse(f"funds:{name}", args=arguments)


def paper(**more: Any) -> dict[str, Any]:
    return {"number": "存001", "on": "2010-03-01", "account": "income_account", "attachments": "1", **more}


class TestFromTheSheetToTheBooks:
    def test_paid_in_checked_and_passed_on(self, acc, head, till):
        sheet = till.sheet(2)
        page = at("slip_deposit", "ncms")
        assert f"{sheet} · 2010-03-01 · 40.00" in text(acc.get(page))
        sent = paper(amount="39", sheets=[sheet.pk], fund_year=till.year.pk)
        refused = acc.post(page, sent)
        assert (refused.status_code, "the sheets come to 40.00" in refused.content.decode()) == (422, True)
        acc.post(page, sent | {"amount": "40"})
        slip = Slip.objects.get()
        assert "Somebody else compares this" in text(acc.get(at("slip", slip.pk)))
        assert "Enter it" in text(head.get(at("slip", slip.pk)))
        assert "It is entered." in text(head.post(at("slip_check", slip.pk), follow=True))
        shown = text(acc.get(at("slip", slip.pk)))
        assert "Entered as 记-0001" in shown
        assert "On the statement" in shown
        self.seen_and_taken_back(acc, head, slip)

    def seen_and_taken_back(self, acc, head, slip) -> None:
        acc.post(at("slip_seen", slip.pk), {"on": "2010-03-01"})
        assert CollectionSheet.objects.get().state == "confirmed"
        assert "Not on the statement" in text(acc.get(at("slip", slip.pk)))
        acc.post(at("slip_seen", slip.pk), {"reason": "另一笔"})
        assert acc.post(at("slip_ask_back", slip.pk), {"on": "2009-01-01", "reason": "x"}).status_code == 422
        acc.post(at("slip_ask_back", slip.pk), {"on": "2010-03-01", "reason": "重复"})
        assert "Take it back" in text(head.get(at("slip", slip.pk)))
        assert "It stays entered." in text(head.post(at("slip_leave", slip.pk), follow=True))
        acc.post(at("slip_ask_back", slip.pk), {"on": "2010-03-01", "reason": "重复"})
        assert "It is taken back in red." in text(head.post(at("slip_take_back", slip.pk), follow=True))
        assert "Nobody asks" in text(head.post(at("slip_leave", slip.pk), follow=True))
        assert Posting.objects.count() == 2

    def test_a_slip_that_is_not_right_is_withdrawn(self, acc, head, till):
        slip = till.note("interest", "5")
        assert head.post(at("slip_withdraw", slip.pk), {"reason": "金额不符"}).status_code == 302
        assert "金额不符" in text(acc.get(at("slip", slip.pk)))

    def test_the_list_its_sums_and_its_buttons(self, acc, head, till):
        till.note("interest", "5")
        shown = text(acc.get(at("slips")))
        assert ("Pay sheets in" in shown, "5.00" in shown) == (True, True)
        assert "5.00" in text(acc.get(at("slips"), {"as": "totals", "book": till.counter.book.pk}))
        assert "Pay sheets in" not in text(head.get(at("slips")))


class TestPapers:
    @pytest.mark.parametrize(
        ("kind", "sent"),
        [
            ("collective", {"fund_year": True}),
            ("assistance", {"fund_year": True, "account": "special_account"}),
            ("subsidy", {"paid_for": "central-rate", "account": "special_account"}),
            ("subsidy", {"paid_for": "county-0", "account": "special_account"}),
            ("interest", {"account": "spending_account"}),
            ("other", {"words": "捐赠"}),
        ],
    )
    def test_each_kind_has_its_form(self, acc, till, kind, sent):
        page = at("slip_note", "ncms", kind)
        text(acc.get(page))
        given = paper(amount="12.50", **sent)
        if "fund_year" in given:
            given["fund_year"] = till.year.pk
        if "paid_for" in given:
            level, rate = given["paid_for"].split("-")
            found = till.year.subsidyrates.get(level=level).pk if rate == "rate" else 0
            given["paid_for"] = f"{till.year.pk}-{level}-{found}"
        assert acc.post(page, given).status_code == 302
        slip = Slip.objects.get()
        assert (slip.kind, slip.amount) == (kind, 12.5)
        assert "12.50" in text(acc.get(at("slip", slip.pk)))

    def test_what_is_refused_is_said_and_an_unknown_kind_is_none(self, acc, till):
        refused = acc.post(at("slip_note", "ncms", "transfer"), paper(amount="5"))
        assert "no more to pass on" in refused.content.decode()
        assert acc.get(at("slip_note", "ncms", "turn")).status_code == 404

    def test_contributions_are_given_back(self, acc, head, till, appoint):
        next_year = year_of(2011)
        asked = approved_refund(till, next_year, appoint("chief", Duty.OFFICE_HEAD))
        sheet = asked.contribution.entry.sheet
        till.check(till.deposit(sheet, fund_year=next_year))
        page = at("slip_give_back", "ncms")
        assert str(asked) in text(acc.get(page))
        acc.post(page, paper(number="退1", amount="20", refunds=[asked.pk], fund_year=next_year.pk))
        slip = Slip.objects.get(kind="refund")
        assert "refund" in text(acc.get(at("slip", slip.pk)))
        head.post(at("slip_check", slip.pk))
        slip.refresh_from_db()
        assert lines(slip.posting)[0] == ("received_ahead", "debit", 20)


class TestAhead:
    def test_what_was_received_ahead_is_turned(self, acc, head, till):
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "6580"))
        assert "6,580.00" in text(acc.get(at("ahead")))
        page = at("ahead_turn", "ncms", till.year.pk)
        text(acc.get(page))
        assert acc.post(page, {"on": "2009-12-31", "to_accounts": "0"}).status_code == 422
        acc.post(page, {"on": "2010-01-01", "to_accounts": "0"})
        slip = Slip.objects.get()
        assert "to be checked" in text(acc.get(at("ahead")))
        assert "Nothing is received ahead of it" in text(
            acc.post(page, {"on": "2010-01-01", "to_accounts": "0"}, follow=True)
        )
        assert "6,580.00" in text(acc.get(at("slip", slip.pk)))
        head.post(at("slip_check", slip.pk))
        assert "Nothing is received ahead." in text(acc.get(at("ahead")))


class TestOwed:
    def test_due_arrived_owed_and_a_letter(self, acc, till):
        till.claim("province", "30", till.year.subsidyrates.get(level="province"))
        till.check(till.note("subsidy", "10", payer="province"))
        shown = text(acc.get(at("owed"), {"fund_year": till.year.pk}))
        assert ("overdue" in shown, "20.00" in shown) == (True, True)
        page = at("subsidy_letter_write", "ncms", till.year.pk, "province")
        text(acc.get(page))
        assert acc.post(page, {"number": "1", "pay_by": "2010-01-01"}).status_code == 422
        acc.post(page, {"number": "海医保函1号", "pay_by": "2099-01-01", "words": "请尽快"})
        letter = SubsidyLetter.objects.get()
        assert "20.00" in text(acc.get(at("subsidy_letters")))
        assert acc.get(at("subsidy_letter_print", letter.pk))["Content-Type"] == "application/pdf"
        assert acc.get(at("subsidy_letter_write", "ncms", till.year.pk, "nobody")).status_code == 404

    def test_nothing_claimed(self, acc, till):
        assert "Nothing was claimed" in text(acc.get(at("owed"), {"fund_year": till.year.pk}))


def test_a_slip_on_paper(acc, till):
    slip = till.deposit(till.sheet(2))
    assert acc.get(at("slip_print", slip.pk))["Content-Type"] == "application/pdf"
    assert acc.get(at("slip_print", till.note("interest", "1").pk))["Content-Type"] == "application/pdf"


class TestWaiting:
    def test_for_the_head_and_for_the_accountant(self, till, appoint):
        next_year = year_of(2011)
        approved_refund(till, next_year, appoint("chief", Duty.OFFICE_HEAD))
        till.sheet(2)
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "10"))
        till.claim("province", "30", till.year.subsidyrates.get(level="province"))
        till.claim("assistance", "20")
        slip = till.note("interest", "5")
        look = desk.Look(timezone.now(), most=20)
        assert (to_check(till.counter.head, look).count, to_check(till.counter.acc, look).count) == (1, 0)
        assert [one.url for one in still_to_check([str(slip.pk)])] == [at("slip", slip.pk)]
        labels = [one.label for one in to_bring_in(till.counter.acc, look).items]
        assert [one.split(":")[0] for one in labels] == [
            "Sheets to pay in", "Contributions to give back", "Overdue", "Overdue", "Received ahead of ncms 2010",
        ]  # fmt: skip

    def test_a_month_is_not_closed_over_it(self, till):
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "10"))
        till.note("interest", "5", on=date(2010, 1, 31))
        period = Period.objects.get(month=date(2010, 1, 1))
        assert slips_that_wait(period) == ["interest 1 · 5.00"]
        found = {one.check.code: list(one.faults) for one in closing_checks.looked_at(period)}
        assert (found["slips"], found["ahead"]) == (["interest 1 · 5.00"], ["ncms 2010 · 10.00"])
