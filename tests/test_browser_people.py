"""The office's own work in a browser: a duty that two give, a lost factor, a delegation in illness, a leaver."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from conftest import with_factor
from office.models import Appointment, Delegation, Duty, Person
from office.rules import codes
from office.services import factors
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admins(appoint) -> list[Person]:
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua")]


def leave_desk(page) -> None:
    """The next person sits down at the same screen."""
    page.context.clear_cookies()


def decide(page, words: str, choice: str = "同意") -> None:
    """From the home page to the vote, by keyboard."""
    page.get_by_role("link", name=re.compile(words)).first.press("Enter")
    expect(page.get_by_text("校验码")).to_be_visible()
    assert_accessible(page)
    page.get_by_label(choice, exact=True).press("Space")
    page.keyboard.press("F2")
    expect(page.get_by_text("审批意见已提交")).to_be_visible()


def half_on(page) -> str:
    """The half of a one-time code that this page shows."""
    found = re.search(rf"：([{codes.ALPHABET}]{{{codes.HALF}}})。", page.locator(".once-told").inner_text())
    assert found
    return found.group(1)


def test_two_administrators_give_an_accountants_duty(page, admins, appoint, county):
    eve = appoint("eve")
    sign_in(page, admins[0])
    page.goto(f"/people/{eve.pk}/")
    page.keyboard.press("Alt+n")
    expect(page.get_by_label("岗位")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("岗位").select_option(Duty.FUND_ACCOUNTANT)
    page.get_by_label("机构").select_option(str(county.pk))
    page.keyboard.press("F2")
    expect(page.get_by_text("请填写任命文件")).to_be_visible()
    page.get_by_label("说明").fill("海合管字〔2010〕3号")
    page.keyboard.press("F2")
    expect(page.get_by_text("尚无人表决")).to_be_visible()
    expect(page.get_by_label("同意", exact=True)).to_have_count(0)
    assert not Appointment.objects.filter(person=eve).exists()
    leave_desk(page)
    sign_in(page, admins[1])
    decide(page, "岗位授权：Eve")
    assert Appointment.objects.get(person=eve).duty == Duty.FUND_ACCOUNTANT
    expect(page.get_by_text("通过", exact=True)).to_be_visible()


def test_a_lost_factor_comes_back_with_a_code_of_two_halves(page, admins, sam):
    with_factor(sam)
    sign_in(page, admins[0])
    page.goto(f"/people/{sam.pk}/one-time-code/")
    page.get_by_label("双因子认证").press("Space")
    page.get_by_label("说明").fill("手机遗失，本人到场")
    page.keyboard.press("F2")
    first = half_on(page)
    page.reload()
    expect(page.locator(".once-told")).to_have_count(0)
    leave_desk(page)
    sign_in(page, admins[1])
    decide(page, "一次性重置码：Sam")
    code = f"{first}-{half_on(page)}"
    leave_desk(page)
    page.goto("/sign-in/lost-factor/")
    page.get_by_label("用户名").fill("sam")
    page.get_by_label("密码").fill("sam-password")
    page.get_by_label("一次性重置码").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("原双因子认证已停用")).to_be_visible()
    assert factors.live(sam) is None


def test_the_head_falls_ill_and_another_decides_in_his_name(page, admins, appoint, ada):
    head, chair = appoint("head", Duty.OFFICE_HEAD), appoint("chair", Duty.COMMITTEE_CHAIR)
    sign_in(page, head)
    page.goto("/me/")
    page.get_by_role("link", name="授权他人代签").press("Enter")
    page.get_by_label("代签人").select_option(str(chair.pk))
    today = page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    for label in ("第一天", "最后一天"):
        page.get_by_label(label).fill(today)
    page.get_by_label("说明").fill("病假")
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.get_by_text("由Chair代我签批")).to_be_visible()
    leave_desk(page)
    sign_in(page, admins[0])
    page.goto(f"/people/{ada.pk}/one-time-code/")
    page.get_by_label("密码").press("Space")
    page.get_by_label("说明").fill("本人到场")
    page.keyboard.press("F2")
    expect(page.locator(".once-told")).to_be_visible()
    leave_desk(page)
    sign_in(page, chair)
    decide(page, "一次性重置码：Ada")
    expect(page.get_by_text("代Head")).to_be_visible()
    assert Delegation.objects.get().to == chair


def test_somebody_leaves_and_is_out_at_once(page, chromium, live_server, sam, ada):
    elsewhere = chromium.new_context(base_url=live_server.url).new_page()
    sign_in(elsewhere, ada)
    sign_in(page, sam)
    page.goto(f"/people/{ada.pk}/")
    expect(page.get_by_text("当前登录")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="离岗").press("Enter")
    expect(page.get_by_text("将终止的内容")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.get_by_text("所有登录均已结束")).to_be_visible()
    elsewhere.goto("/")
    expect(elsewhere.get_by_label("用户名")).to_be_visible()
    elsewhere.context.close()
    ada.refresh_from_db()
    assert ada.left_on
    assert Appointment.objects.filter(person=ada, period__endswith__isnull=True).count() == 0
