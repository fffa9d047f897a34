"""What claims come to, in a browser: the head's page by keyboard, a hospital's claims, a person's year."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.tests.deciding import Desk, cut, now, provider
from office.models import Duty
from office.rules import days
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Nothing lies beyond the right edge of an office's screen, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)


def test_from_the_heads_page_to_a_hospital_and_to_a_persons_year(page, appoint):
    desk = Desk.of(appoint)
    today = days.business_day(timezone.now())
    for number, amount in enumerate(("4000", "1000")):
        where = provider(f"P{number}")
        desk.claim(desk.member(str(number)), [amount], provider=where, admitted_on=today, discharged_on=today)
    claim = desk.handed_on(desk.member("x"))
    desk.check(claim, desk.fay, "cut", cut(claim, 1, "5"))
    desk.check(now(claim), desk.sue)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, desk.hal)
    page.wait_for_load_state()
    page.keyboard.press("Alt+o")
    expect(page.get_by_role("heading", level=1)).to_have_text("全局一览")
    expect(page.get_by_role("img", name="次均住院费用")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="医院P0").press("Enter")
    expect(page.locator("#of-year")).to_contain_text(f"{today.year} 年出院")
    fits(page)
    page.keyboard.press("Alt+l")
    expect(page.locator("#list")).to_contain_text("4,000.00")
    expect(page.locator("#list")).not_to_contain_text("1,000.00")
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.goto(f"/register/members/{claim.member_id}/")
    page.keyboard.press("Alt+y")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2010 年度补偿")
    expect(page.locator("#cuts")).to_be_visible()
    fits(page)
    page.get_by_role("link", name=str(today.year)).press("Enter")
    expect(page.locator("main")).to_contain_text("没有受理过本年度的申请")
    fits(page)


def test_a_clerk_begins_with_somebody_of_a_household(page, appoint):
    desk = Desk.of(appoint)
    who = desk.member()
    clerk = appoint("ida", Duty.INTAKE_CLERK)
    sign_in(page, clerk)
    page.goto(f"/register/households/{who.household_id}/")
    page.locator("summary", has_text="更多").press("Enter")
    page.get_by_role("link", name="外出").press("Enter")
    expect(page.locator("#id_member")).to_have_value(re.compile(who.name))
    page.goto(f"/register/members/{who.pk}/")
    fits(page)
    page.keyboard.press("Alt+t")
    expect(page.locator("#id_member, [name=member]").first).to_have_value(str(who.pk))
