"""Money that comes in, each person before his own screen: sheets paid in, checked by another and passed on to the
special account, a subsidy that arrives in part, the letter for the rest, what was received ahead turned into income."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.models import CollectionSheet
from funds.models import Slip, SubsidyLetter
from funds.selectors import balances
from funds.tests.factories import pair
from funds.tests.slips import Till
from office.models import Duty
from office.rules import days
from tests.at_funds import at, checked, noted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RATES = (("central", 1, 24, date(2010, 2, 1)), ("province", 1, 30, date(2010, 2, 1)))


def test_from_the_sheets_to_the_special_account(appoint, screens):
    till = Till.of(appoint, *RATES)
    sheet = till.sheet(3)
    book, year = till.counter.book, till.year
    rate = year.subsidyrates.get(level="province")
    till.claim("province", "30", rate)
    till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "6580"))
    acc, head = at(screens, till.counter.acc), at(screens, till.counter.head)
    page = acc.page

    acc.opens("funds:slips")
    acc.fits("money-in-empty")
    acc.press("Alt+n")
    acc.ticks(page.get_by_label(str(sheet)))
    slip = noted(acc, "存001", "60", "money-in-deposit")
    checked(head, slip, "money-in-slip")
    sheet = CollectionSheet.objects.get(pk=sheet.pk)
    assert sheet.state == "deposited"

    acc.opens("funds:slip_note", book.code, "transfer")
    checked(head, noted(acc, "缴拨1", "60", "money-in-transfer"))
    acc.opens("funds:slips")
    acc.press("Alt+m")
    acc.chooses("paid_for", f"{year.pk}-province-{rate.pk}")
    checked(head, noted(acc, "拨1", "10", "money-in-subsidy"))

    page.goto(f"{reverse('funds:owed')}?fund_year={year.pk}")
    acc.shows("20.00")
    acc.fits("money-in-owed")
    acc.opens("funds:subsidy_letter_write", book.code, year.pk, "province")
    page.locator("#id_number").fill("海医保函1号")
    page.locator("#id_pay_by").fill((days.business_day(timezone.now()) + timedelta(days=9)).isoformat())
    acc.fits("money-in-letter")
    acc.press("F2")
    acc.shows("海医保函1号")
    acc.fits("money-in-letters")
    assert SubsidyLetter.objects.get().owed == 20

    acc.opens("funds:ahead")
    acc.shows("6,580.00")
    acc.fits("money-in-ahead")
    acc.opens("funds:ahead_turn", book.code, year.pk)
    acc.press("F2")
    checked(head, Slip.objects.latest("pk"), "money-in-turn")
    acc.opens("funds:slips")
    acc.fits("money-in-list")
    assert balances.stands(book, "special_account") == 6650
    assert [balances.stands(book, one) for one in ("income_account", "received_ahead")] == [0, 0]
    watcher = at(screens, appoint("rev", Duty.FINANCE_REVIEWER))
    watcher.opens("funds:slip", slip.pk)
    watcher.shows("存001")
    watcher.fits("money-in-watched")
