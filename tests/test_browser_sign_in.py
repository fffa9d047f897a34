"""Signing in as people do it: password, code, wrong code, used code, a first factor, one's own page."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conftest import code, unused_code, with_factor
from conftest import sign_in as sign_in_client
from office.models import Factor, OneTimeCode, SignIn
from office.rules import totp
from office.services import factors
from office.tests.factories import one_time_code
from tests.at_screens import assert_accessible, by_keyboard, show_code

LONG = "春天种下的树秋天来看一看"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page, person, password: str = "") -> None:
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码").fill(password or f"{person.username}-password")
    page.keyboard.press("Enter")


def test_password_then_wrong_code_then_used_code_then_the_right_one(page, sam):
    with_factor(sam)
    used = unused_code(sam)
    factors.prove(sam, used, timezone.now())
    enter(page, sam)
    expect(page.get_by_role("heading", name="双因子认证")).to_be_visible()
    assert_accessible(page)
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("动态验证码不正确。")).to_be_visible()
    page.get_by_label("动态验证码").fill(used)
    page.keyboard.press("Enter")
    expect(page.get_by_text("该动态验证码已使用过")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("动态验证码").fill("")
    page.get_by_label("动态验证码").focus()
    show_code(page, sam)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam")


def test_too_many_wrong_passwords_are_said(page, sam):
    for _each in range(5):
        enter(page, sam, "wrong")
        expect(page.get_by_text("用户名或密码不正确。")).to_be_visible()
    enter(page, sam)
    expect(page.get_by_text("请 15 分钟后再试")).to_be_visible()
    assert_accessible(page)


def test_a_first_factor_is_set_up_from_the_picture_or_the_key(page, sam):
    enter(page, sam)
    expect(page.get_by_text("须先启用双因子认证")).to_be_visible()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    page.goto("/working-days/")
    expect(page).to_have_url(re.compile(r"/me/factor/\?next="))
    assert_accessible(page)
    secret = totp.read(page.locator(".factor code").inner_text().replace(" ", ""))
    page.get_by_label("新的动态验证码").fill(code(timezone.now(), secret))
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile("/working-days/$"))
    expect(page.get_by_text("双因子认证已启用")).to_be_visible()
    assert Factor.objects.get().person == sam


def test_ones_own_page(page, client, sam):
    sign_in_client(client, sam)  # at another desk
    by_keyboard(page, sam)
    page.get_by_role("link", name="Sam").click()
    expect(page.get_by_role("heading", name="Sam")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="退出其他登录").click()
    expect(page.get_by_text("已退出其他登录 1 个。")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)

    page.get_by_role("link", name="修改密码").click()
    page.get_by_label("现密码").fill("sam-password")
    page.get_by_label("新密码").first.fill("short")
    page.get_by_label("再次输入新密码").fill("short")
    page.keyboard.press("F2")
    expect(page.locator(".field-error")).to_contain_text("12")
    assert_accessible(page)
    fields = page.locator("input[type=password]")
    for number, typed in enumerate(("sam-password", LONG, LONG)):
        fields.nth(number).fill(typed)
    page.keyboard.press("F2")
    expect(page.get_by_text("密码已修改")).to_be_visible()
    sam.refresh_from_db()
    assert sam.check_password(LONG)
    assert SignIn.objects.filter(ended_at__isnull=True).count() == 1


def test_a_lost_factor_with_the_code_of_two_others(page, sam):
    with_factor(sam)
    one = one_time_code(sam, OneTimeCode.Kind.FACTOR, timezone.now())
    page.goto("/sign-in/")
    page.get_by_role("link", name="动态验证码丢失？").click()
    assert_accessible(page)
    page.get_by_label("用户名").fill("sam")
    page.get_by_label("密码").fill("sam-password")
    page.get_by_label("一次性重置码").fill(one.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("原双因子认证已停用")).to_be_visible()
    enter(page, sam)
    expect(page.get_by_text("须先启用双因子认证")).to_be_visible()
