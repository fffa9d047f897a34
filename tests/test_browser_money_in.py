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
from tests.at_work import Worker
from tests.test_browser_payments import at, fits, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RATES = (("central", 1, 24, date(2010, 2, 1)), ("province", 1, 30, date(2010, 2, 1)))


def noted(worker: Worker, number: str, amount: str, name: str = "") -> Slip:
    """The number and the sum of a paper, and it waits to be checked."""
    page = worker.page
    page.locator("#id_number").fill(number)
    page.locator("#id_amount").fill(amount)
    if name:
        fits(worker, name)
    press(page, "F2")
    worker.shows("由另一人与原始凭单核对后记账")
    return Slip.objects.latest("pk")


def checked(worker: Worker, slip: Slip, name: str = "") -> None:
    """Somebody else compares it with its paper."""
    worker.page.goto(reverse("funds:slip", args=[slip.pk]))
    if name:
        fits(worker, name)
    press(worker.page, "Alt+a")
    worker.shows("已记账")


def test_from_the_sheets_to_the_special_account(appoint, screens):
    till = Till.of(appoint, *RATES)
    sheet = till.sheet(3)
    book, year = till.counter.book, till.year
    rate = year.subsidyrates.get(level="province")
    till.claim("province", "30", rate)
    till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "6580"))
    acc, head = at(screens, till.counter.acc), at(screens, till.counter.head)
    page = acc.page

    page.goto(reverse("funds:slips"))
    fits(acc, "money-in-empty")
    press(page, "Alt+n")
    page.get_by_label(str(sheet)).check()
    slip = noted(acc, "存001", "60", "money-in-deposit")
    checked(head, slip, "money-in-slip")
    sheet = CollectionSheet.objects.get(pk=sheet.pk)
    assert sheet.state == "deposited"

    page.goto(reverse("funds:slip_note", args=[book.code, "transfer"]))
    checked(head, noted(acc, "缴拨1", "60", "money-in-transfer"))
    page.goto(reverse("funds:slips"))
    press(page, "Alt+m")
    page.locator("#id_paid_for").select_option(f"{year.pk}-province-{rate.pk}")
    checked(head, noted(acc, "拨1", "10", "money-in-subsidy"))

    page.goto(f"{reverse('funds:owed')}?fund_year={year.pk}")
    acc.shows("20.00")
    fits(acc, "money-in-owed")
    page.goto(reverse("funds:subsidy_letter_write", args=[book.code, year.pk, "province"]))
    page.locator("#id_number").fill("海医保函1号")
    page.locator("#id_pay_by").fill((days.business_day(timezone.now()) + timedelta(days=9)).isoformat())
    fits(acc, "money-in-letter")
    press(page, "F2")
    acc.shows("海医保函1号")
    fits(acc, "money-in-letters")
    assert SubsidyLetter.objects.get().owed == 20

    page.goto(reverse("funds:ahead"))
    acc.shows("6,580.00")
    fits(acc, "money-in-ahead")
    page.goto(reverse("funds:ahead_turn", args=[book.code, year.pk]))
    press(page, "F2")
    checked(head, Slip.objects.latest("pk"), "money-in-turn")
    page.goto(reverse("funds:slips"))
    fits(acc, "money-in-list")
    assert balances.stands(book, "special_account") == 6650
    assert [balances.stands(book, one) for one in ("income_account", "received_ahead")] == [0, 0]
    watcher = at(screens, appoint("rev", Duty.FINANCE_REVIEWER))
    watcher.page.goto(reverse("funds:slip", args=[slip.pk]))
    watcher.shows("存001")
    fits(watcher, "money-in-watched")
