"""A township clerk collects without a mouse: a village's sheet of twelve households, household after household."""

from __future__ import annotations

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from enrollment.models import CollectionSheet, Contribution, FundYear, Receipt
from enrollment.services import campaign
from enrollment.tests import collecting, factories
from enrollment.tests.keeping import station
from office.models import Duty
from office.rules import days
from tests.at_screens import assert_accessible, sign_in
from tests.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADS = ["马大山", "李明", "王建国", "田文", "张小军", "刘成", "陈宝", "杨立", "赵福", "黄河", "周正", "吴江"]


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def village(clerk):
    """Twelve households of two, next year's contribution of twenty yuan, a book of receipts."""
    collecting.next_year()
    collecting.receipts(101, 200)
    return [collecting.family(number, head) for number, head in enumerate(HEADS, start=1)]


def first_of(page: Page, home) -> object:
    return page.locator(f"#home-{home.pk} input[name=members]").first


def noted(page: Page, home) -> None:
    expect(page.locator(f"#home-{home.pk}.is-paid")).to_be_visible()


def open_by_keyboard(page: Page, keys: Keys, clerk) -> None:
    """From the list of sheets to the first household of a new one."""
    page.goto("/register/collection/sheets/")
    keys.press("Alt+n")
    expect(page.locator("#id_fund_year")).to_be_focused()
    keys.press("Enter", "ArrowDown", "Enter")
    keys.type("马村长")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("逐户录入")


def test_a_village_is_entered_by_keyboard_taken_back_and_handed_in(page, clerk, village):
    sign_in(page, clerk)
    keys = Keys(page)
    open_by_keyboard(page, keys, clerk)
    expect(first_of(page, village[0][0])).to_be_focused()
    assert_accessible(page)

    began, pressed = time.monotonic(), keys.count
    for number, (home, _people) in enumerate(village):
        expect(first_of(page, home)).to_be_focused()
        if number == 3:  # medical assistance pays for the wife
            keys.press("ArrowDown", "ArrowRight")
            expect(page.locator(f"#home-{home.pk} [data-sum]")).to_have_text("20.00")
        if number == 5:  # the wife is not paid for
            keys.press("ArrowDown", "Space")
        keys.press("Enter")
        if number == 5:
            expect(first_of(page, home)).to_be_focused()  # she is still to be paid for
            keys.press("PageDown")
        else:
            noted(page, home)
    seconds, used = time.monotonic() - began, keys.count - pressed
    print(f"12 households: {used} keys, {used / 12:.1f} a household, {seconds:.1f} s")
    assert used <= 12 * 2

    assert Receipt.objects.used().count() == 12
    assert list(Receipt.objects.values_list("number", flat=True)) == [f"000{101 + at}" for at in range(12)]
    assert Contribution.objects.filter(void_reason="").count() == 23
    expect(page.locator("#sums")).to_contain_text("440.00")

    keys.press("Alt+b")
    expect(page.get_by_role("heading", level=1)).to_contain_text("缴费登记表")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(f"撤回 {village[1][0].number}")).press("Enter")
    keys.type("登错户")
    keys.press("F2")
    expect(page.locator("#entries")).to_contain_text("已撤回 1 行")

    keys.press("Alt+e")
    expect(page.locator("#id_cash")).to_be_focused()
    keys.type("440")
    keys.press("F2")
    expect(page.locator(".form-card")).to_contain_text("相差 40.00 元")
    page.locator("#id_cash").fill("400")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("缴费登记表")
    sheet = CollectionSheet.objects.get()
    assert (sheet.state, sheet.cash, sheet.assisted, sheet.households, sheet.people) == ("handed_in", 400, 20, 11, 21)


def test_from_the_stock_to_the_bulletin(page, clerk, village, appoint):
    """Receipts come, a village pays, a receipt is printed, the money is handed in, the day's bulletin is read."""
    stock = factories.receipt_book(first=201, last=300, in_use=False)
    sign_in(page, clerk)
    keys = Keys(page)
    began = time.monotonic()
    page.goto(f"/register/collection/receipts/{stock.pk}/")
    keys.press("F2")
    expect(page.locator("dl.card-facts")).to_contain_text("000201")
    stock.refresh_from_db()
    assert (stock.state, stock.received_by) == ("in_use", clerk)

    open_by_keyboard(page, keys, clerk)
    for home, _people in village[:3]:
        expect(first_of(page, home)).to_be_focused()
        keys.press("Enter")
        noted(page, home)
    with page.context.expect_page() as opened:
        keys.press("F9")
    opened.value.close()
    printed = Receipt.objects.latest("serial")
    assert printed.printed == 1

    keys.press("Alt+b")
    expect(page.get_by_role("heading", level=1)).to_contain_text("缴费登记表")
    keys.press("Alt+e")
    expect(page.locator("#id_cash")).to_be_focused()
    keys.type("120")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("缴费登记表")
    assert CollectionSheet.objects.get().state == "handed_in"

    head, now = appoint("head", Duty.OFFICE_HEAD), timezone.now()
    made = campaign.make_bulletin(
        fund_year=FundYear.objects.get(), as_of=days.business_day(now), remark="今日首批入账", by=head, at=now
    )
    page.goto("/register/collection/campaign/bulletins/")
    page.locator(f'a[href$="/bulletins/{made.pk}/"]').first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"第 {made.number} 期")
    expect(page.locator("main")).to_contain_text("120.00")
    assert_accessible(page)
    page.goto("/register/collection/campaign/")
    expect(page.locator("main")).to_contain_text("120.00")
    assert_accessible(page)
    print(f"from the stock to the bulletin: {keys.count} keys, {time.monotonic() - began:.1f} s")
    assert keys.count <= 40


def test_a_household_is_found_and_a_refusal_is_told_in_its_place(page, clerk, village):
    sign_in(page, clerk)
    keys = Keys(page)
    open_by_keyboard(page, keys, clerk)
    by_number, by_initials = village[6][0], village[8][0]
    keys.press("Alt+q")
    keys.type(by_number.number[-2:])
    keys.press("Enter")
    expect(first_of(page, by_number)).to_be_focused()
    keys.press("Alt+q")
    keys.type("zf")
    keys.press("Enter")
    expect(first_of(page, by_initials)).to_be_focused()
    keys.press("ArrowLeft", "F4")
    receipt = page.locator(f"#home-{by_initials.pk} input[name=receipt]")
    expect(receipt).to_be_focused()
    keys.type("000150")
    keys.press("Enter")
    expect(page.locator(f"#home-{by_initials.pk} [role=alert]")).to_contain_text("下一号是 000101")
    expect(receipt).to_be_focused()
    expect(receipt).to_have_value("000150")
    expect(page.locator(f"#home-{by_initials.pk} [data-payer]").first).to_have_value("collective")
    assert_accessible(page)
    receipt.select_text()
    keys.type("000101")
    keys.press("Enter")
    noted(page, by_initials)
    following = village[9][0]
    expect(first_of(page, following)).to_be_focused()
    expect(page.locator(f"#home-{following.pk} input[name=receipt]")).to_have_value("000102")
    expect(page.get_by_role("button", name="打印 000101")).to_be_visible()
    keys.press("PageUp")
    expect(first_of(page, village[7][0])).to_be_focused()
    keys.press("ArrowUp", "ArrowDown", "F4", "F4")
    expect(first_of(page, village[7][0])).to_be_focused()
    keys.press("Alt+q", "ArrowDown")
    expect(first_of(page, village[0][0])).to_be_focused()


def test_the_counter_and_the_lists_are_accessible(page, clerk, village):
    sign_in(page, clerk)
    home, _people = village[0]
    page.goto(f"/register/households/{home.pk}/")
    page.keyboard.press("Alt+j")
    expect(first_of(page, home)).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(home.number)
    receipt = Receipt.objects.get()
    for address in (
        f"/register/households/{home.pk}/",
        f"/register/collection/receipts/written/{receipt.pk}/",
        f"/register/collection/receipts/{receipt.book_id}/",
        "/register/collection/receipts/",
        "/register/collection/sheets/",
        "/register/collection/sheets/blank/",
        "/register/collection/refunds/",
    ):
        page.goto(address)
        assert_accessible(page)


def test_without_scripts_each_household_is_a_form(chromium, live_server, page, clerk, village):
    sign_in(page, clerk)
    cookies = page.context.cookies()
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(cookies)
    sheet = factories.sheet(FundYear.objects.get())
    bare = plain.new_page()
    bare.goto(f"/register/collection/sheets/{sheet.pk}/households/")
    home, _people = village[0]
    bare.locator(f"#home-{home.pk} button[type=submit]").click()
    expect(bare.locator(f"#home-{home.pk}")).to_have_count(0)
    expect(bare.locator(f"#home-{village[1][0].pk} input[name=receipt]")).to_have_value("000102")
    plain.close()
