"""An auditor and the head in a browser: the story of a thing, a person's day, a report's text with its marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import NOON
from office import history
from office.models import Duty
from office.services import printers
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEED = Path(__file__).resolve().parents[1] / "audit" / "tests" / "data" / "reports" / "ningxia-2010.txt"


def fits(page: Page) -> None:
    """Nothing lies beyond the right edge of an office's screen, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)


def test_from_the_list_of_acts_to_a_story_and_to_a_persons_day(page, dan, sam, county):
    with history.acting(by=sam):
        printer = printers.add_printer(body=county, name="窗口", by=sam, at=NOON)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, dan)
    page.goto("/acts/")
    expect(page.locator("#list")).to_contain_text("添加了打印机")
    fits(page)
    page.get_by_role("link", name=f"打印机 {printer.pk}").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("打印机 窗口")
    expect(page.locator(".story-change").filter(has_text="名称")).to_contain_text("窗口")
    fits(page)
    page.keyboard.press("Alt+l")
    expect(page.locator("main")).to_contain_text("查看事项经过")
    page.go_back()
    page.get_by_role("link", name="Sam").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam")
    expect(page.locator("main")).to_contain_text("添加了打印机")
    fits(page)
    with page.expect_download() as fetched:
        page.goto("/acts/")
        page.keyboard.press("Alt+v")
    assert fetched.value.suggested_filename.endswith(".csv")


def test_a_reports_text_is_checked_and_its_errors_lead_to_their_place(page, appoint):
    head = appoint("hal", Duty.OFFICE_HEAD)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, head)
    page.goto("/audit/fund-reports/texts/")
    page.keyboard.press("Alt+n")
    page.get_by_label("标题").fill("座谈会发言")
    page.get_by_label("年度").fill("2009")
    page.get_by_label("文本").fill(SEED.read_text(encoding="utf-8"))
    fits(page)
    page.keyboard.press("F2")
    expect(page.get_by_role("heading", level=1)).to_have_text("座谈会发言")
    wrong = page.get_by_role("group", name="需要更正")
    expect(wrong.get_by_role("row")).to_have_count(6)
    for stated, computed in (("88.20%", "88.29"), ("180万元", "175"), ("115%", "116.00")):
        row = wrong.get_by_role("row").filter(has=page.get_by_role("link", name=stated, exact=True))
        expect(row).to_contain_text(computed)
    fits(page)
    wrong.get_by_role("link", name="88.20%", exact=True).press("Enter")
    mark = page.locator("mark:target")
    expect(mark).to_have_text("88.20%")
    expect(mark).to_be_in_viewport()
    page.goto("/audit/fund-reports/")
    expect(page.locator("main")).to_contain_text("没有")
    fits(page)
