"""A case is tried by keyboard in both languages, its sheet following what is typed; a plan is edited and adopted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from claims.models import BenefitPlan
from claims.tests import factories
from claims.tests.factories import CRITICAL
from claims.tests.test_services_adoption import complete
from office.models import Duty
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPING = 1_000  # milliseconds, longer than a form waits for the next key


@pytest.fixture
def clerk(appoint):
    return appoint("ida", Duty.INTAKE_CLERK)


@pytest.fixture
def plans(db) -> tuple[BenefitPlan, BenefitPlan]:
    """A basic plan and a supplement, both adopted."""
    return factories.adopted(), factories.adopted(CRITICAL, position=2)


def field(page: Page, name: str):
    return page.locator(f"#id_{name}")


def type_amount(page: Page, name: str, amount: str) -> None:
    """Typed over what stands there, as a clerk does, once the page is whole."""
    page.wait_for_load_state()
    field(page, name).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(amount)


def paid(page: Page):
    return page.locator(".sheet-capitals").first


def settled(page: Page) -> None:
    """What was typed is asked, after the pause of a typist, and answered."""
    page.wait_for_timeout(TYPING)
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_a_case_is_tried_by_keyboard_in_both_languages(page, clerk, plans):
    sign_in(page, clerk)
    page.goto("/claims/plans/")
    page.keyboard.press("Alt+t")
    expect(page.get_by_role("heading", level=1)).to_have_text("试算")
    type_amount(page, "s0-0-amount", "12000")
    expect(paid(page)).to_contain_text("¥6,428.00")  # (12,000 + 540 − 160) in two bands
    expect(page.locator("#try-said")).to_contain_text("个人支付")
    expect(field(page, "s0-0-amount")).to_be_focused()  # the sheet came, the cursor stayed
    assert_accessible(page)

    field(page, "s0-tier").select_option("")
    expect(page.locator("#id_s0-tier_error")).to_contain_text("没有写明")
    expect(page.locator(".sheet")).to_have_count(0)
    assert_accessible(page)
    field(page, "s0-tier").select_option("2")
    expect(paid(page)).to_contain_text("¥6,428.00")
    expect(page.locator("#id_s0-tier_error")).to_be_empty()

    page.keyboard.press("Alt+n")
    expect(field(page, "s1-kind")).to_be_focused()
    field(page, "s1-admitted").fill("2010-05-01")
    field(page, "s1-discharged").fill("2010-05-09")
    type_amount(page, "s1-0-amount", "60000")
    expect(page.locator(".sheet")).to_have_count(2)
    expect(page.locator(".sheet").last).to_contain_text("26,428.00")  # both stays of the year
    page.keyboard.press("Alt+l")
    expect(field(page, "s1-3-group")).to_be_focused()

    settled(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Try a case")
    type_amount(page, "s0-0-amount", "12000")
    expect(paid(page)).to_contain_text("The funds pay")
    expect(page.locator(".sheet-steps").first).to_contain_text("Deductible 160.00")
    page.locator("input[name=then]").uncheck()
    expect(page.locator(".sheet-papers")).not_to_contain_text("critical illness")
    settled(page)
    expect(field(page, "s0-0-amount")).to_have_value(re.compile("12,?000"))
    assert_accessible(page)


def test_a_rule_is_found_from_the_line_that_it_gave(page, clerk, plans):
    sign_in(page, clerk)
    basic, _critical = plans
    page.goto("/claims/try/")
    page.locator(".sheet-steps a", has_text="规则").nth(4).click()
    expect(page).to_have_url(re.compile(f"/claims/plans/{basic.pk}/#layers"))
    assert_accessible(page)


def test_without_scripts_the_sheet_comes_when_asked_for(chromium, live_server, page, clerk, plans):
    sign_in(page, clerk)
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    bare = plain.new_page()
    bare.goto("/claims/try/")
    bare.locator("#id_s0-0-amount").fill("12000")
    bare.get_by_role("button", name="计算").click()
    expect(bare.locator(".sheet-capitals").first).to_contain_text("¥6,428.00")
    bare.get_by_role("button", name="增加一次就诊").click()
    expect(bare.locator("#id_s1-kind")).to_be_visible()
    plain.close()


def test_a_plan_is_read_laid_side_by_side_edited_and_adopted(page, appoint, plans):
    fay, hal = appoint("fay", Duty.FUND_ACCOUNTANT), appoint("hal", Duty.OFFICE_HEAD)
    basic, _critical = plans
    draft = complete(fay, factories.later(factories.BASIC, "2011-01-01", "2011-12-31").replace("0.85", "0.80"))
    sign_in(page, fay)
    for address in ("", f"{basic.pk}/", f"{draft.pk}/", f"{draft.pk}/beside/{basic.pk}/", "new/", f"{draft.pk}/paper/"):
        page.goto(f"/claims/plans/{address}")
        assert_accessible(page)
    page.goto("/claims/packages/")
    assert_accessible(page)
    page.get_by_role("link", name="银川市基本医疗服务包").press("Enter")
    expect(page.get_by_role("columnheader", name="自 2010-01-01 起").first).to_be_visible()
    assert_accessible(page)
    page.goto(f"/claims/plans/{draft.pk}/")
    page.keyboard.press("Alt+e")
    expect(page.get_by_role("heading", level=1)).to_contain_text("方案文本")
    text = page.locator("#id_text")
    text.fill(text.input_value().replace("ratio: 0.80", "ratio: 8"))
    page.keyboard.press("F2")
    expect(page.locator(".plan-faults")).to_contain_text("layers[0].pay[0].ratio")
    [line] = [number for number, one in enumerate(text.input_value().split("\n"), 1) if "ratio: 8}" in one]
    expect(page.locator(".plan-line-faulty")).to_have_text(str(line))
    page.get_by_role("link", name=f"第 {line} 行").press("Enter")
    expect(text).to_be_focused()
    chosen = text.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen.strip().endswith("ratio: 8}")
    assert_accessible(page)
    text.fill(text.input_value().replace("ratio: 8}", "ratio: 0.82}"))
    page.keyboard.press("F2")
    expect(page.locator(".plan-table").first).to_contain_text("82 %")
    page.keyboard.press("F2")
    expect(page.locator("main")).to_contain_text("已提交，等待他人审定")
    page.get_by_role("button", name="退出").click()

    sign_in(page, hal)
    page.get_by_role("link", name=re.compile("补偿方案：测试县新农合补偿方案")).press("Enter")
    page.get_by_label("同意", exact=True).check()
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.locator("main")).to_contain_text("审批意见已提交")
    draft.refresh_from_db()
    assert draft.state == "adopted"
