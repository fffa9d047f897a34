"""A checker decides claims without the mouse: a key agrees and the next opens by itself; a line is cut."""

from __future__ import annotations

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Cut
from claims.tests.deciding import Desk, now
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page: Page, name: str) -> None:
    """A picture for the eyes, where somebody asks for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_key_agrees_and_the_next_opens_by_itself(page, appoint):
    desk = Desk.of(appoint)
    first, second, third = (desk.handed_on(desk.member(number)) for number in "123")
    sign_in(page, desk.fay)
    page.goto(reverse("claims:claim", args=[first.pk]))
    assert_accessible(page)
    looked_at(page, "decision")
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile(f"/claims/{second.pk}/$"))
    assert now(first).state == "second_check"
    page.keyboard.press("F4")
    line = second.lines.get(position=1)
    expect(page.locator(f"#id_amount-{line.pk}")).to_be_focused()
    page.keyboard.type("200")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert_accessible(page)
    looked_at(page, "cut")
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile(f"/claims/{third.pk}/$"))
    assert Cut.objects.get().amount == 200
    page.goto(reverse("claims:check_together"))
    assert_accessible(page)
    looked_at(page, "together")
    page.keyboard.press("F2")
    expect(page.locator(".nothing")).to_be_visible()
    assert now(third).state == "second_check"
