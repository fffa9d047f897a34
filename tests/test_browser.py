"""Journeys in a real browser: what a clerk sees and does, by keyboard, in Chinese.

Every page opened here is also held against axe (nothing serious, light and dark), against the content security policy
(the console stays silent) and against the promise that nothing leaves this host.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from config.embedded import valkey
from office import sheets
from office.models import Duty, Job, Printer, WorkingDay
from office.services import calendar
from office.tests.factories import add_printer, fill_year
from tests import servers
from tests.at_screens import assert_accessible, by_keyboard, show_code, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHECKOUT = Path(__file__).resolve().parent.parent
COMPOSING = """key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
    {...key, bubbles: true, cancelable: true}))"""


@pytest.fixture
def sam_at(page, sam) -> Page:
    """Sam, signed in."""
    sign_in(page, sam)
    return page


def test_signing_in_by_keyboard_and_the_switches(page, sam):
    by_keyboard(page, sam)
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{page.url.split('/sign-in')[0]}/sign-in/")


def test_a_wrong_password_is_said_in_words(page, sam):
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill("sam")
    page.get_by_label("密码").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("用户名或密码不正确。")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(("font", "sends"), [("Microsoft YaHei", False), ("Another Font", True)])
def test_a_screen_is_sent_our_font_where_it_has_none_that_we_ask_for_first(launch, live_server, font, sends):
    browser = launch(font)
    page = browser.new_page()
    sent: list[str] = []
    page.on("response", lambda response: sent.append(f"{response.status} {response.url}"))
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate("document.fonts.ready.then(() => true)")
    browser.close()
    fonts = [one for one in sent if one.endswith(".woff2")]
    assert bool(fonts) == sends
    assert all(one.startswith(f"200 {live_server.url}/static/") for one in fonts)


def test_a_list_is_narrowed_paged_sorted_and_exported(sam_at, tmp_path):
    for year in (2009, 2010):
        fill_year(year)
    page = sam_at
    page.goto("/working-days/?year=2010")
    expect(page.get_by_role("cell", name="2010-01-01", exact=True)).to_be_visible()
    expect(page.locator("#list")).to_contain_text("365")  # the totals came by themselves

    page.get_by_label("月份").fill("10")
    page.get_by_label("月份").press("Tab")
    expect(page.get_by_role("cell", name="2010-10-01", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="2010-01-01", exact=True)).to_have_count(0)
    assert "month=10" in page.url  # the address is kept
    page.get_by_role("link", name="日期").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("2010-10-31")
    page.reload()
    expect(page.get_by_role("row").nth(1)).to_contain_text("2010-10-31")
    assert_accessible(page)

    with page.expect_download() as download:
        page.keyboard.press("Alt+x")
    file = tmp_path / "export.xlsx"
    download.value.save_as(file)
    assert len(CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()) == 1 + 31


def test_the_search_field_hears_an_input_method(sam_at):
    """Text of an input method arrives without key events: only `input` tells of it."""
    fill_year(2010)
    page = sam_at
    page.goto("/working-days/?year=2010")
    page.keyboard.press("Alt+q")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "guoqing", "selectionStart": 7, "selectionEnd": 7})
    session.send("Input.insertText", {"text": "国庆"})
    expect(page.get_by_role("cell", name="2010-10-01", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="2010-01-01", exact=True)).to_have_count(0)


def test_keys_do_nothing_while_an_input_method_composes(sam_at):
    fill_year(2010)
    page = sam_at
    page.goto(f"/working-days/{WorkingDay.objects.get(day='2010-03-01').pk}/change/")
    page.get_by_label("说明").focus()
    page.evaluate(COMPOSING, {"key": "F2", "code": "F2", "isComposing": True})
    page.evaluate(COMPOSING, {"key": "Enter", "code": "Enter", "keyCode": 229})
    expect(page.get_by_label("说明")).to_be_focused()
    assert "/change/" in page.url


def test_f1_shows_the_keys_of_the_page(sam_at):
    page = sam_at
    page.goto("/working-days/")
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog")).to_contain_text("Alt+X")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_form_is_filled_by_keyboard_refused_kept_and_saved(sam_at):
    fill_year(2010)
    day = WorkingDay.objects.get(day="2010-03-01")
    page = sam_at
    page.goto(f"/working-days/{day.pk}/change/")
    page.get_by_label("工作日").select_option(label="否")
    page.get_by_label("说明").fill("   ")
    page.keyboard.press("F2")
    expect(page.get_by_text("请写明依据什么决定。")).to_be_visible()
    expect(page.get_by_label("工作日")).to_have_value("False")
    assert_accessible(page)

    page.get_by_label("说明").fill("大雪停工")
    page.keyboard.press("Enter")  # moves on, does not send
    expect(page.get_by_role("button", name="保存")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2010-03-01 已保存。")).to_be_visible()
    day.refresh_from_db()
    assert (day.is_working, day.reason) == (False, "大雪停工")


def test_the_second_editor_sees_what_the_first_changed(sam_at, appoint):
    fill_year(2010)
    day = WorkingDay.objects.get(day="2010-03-01")
    page = sam_at
    page.goto(f"/working-days/{day.pk}/change/")
    other = appoint("eve", Duty.SYSTEM_ADMINISTRATOR, full_name="易芳")
    from django.utils import timezone

    calendar.change_working_day(day=day, seen_version=1, is_working=False, reason="沙尘暴", by=other, at=timezone.now())
    page.get_by_label("说明").fill("大雪")
    page.keyboard.press("F2")
    expect(page.get_by_text("易芳").first).to_be_visible()
    expect(page.get_by_role("cell", name="沙尘暴")).to_be_visible()
    expect(page.get_by_label("说明")).to_have_value("大雪")
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.get_by_text("2010-03-01 已保存。")).to_be_visible()


def test_what_was_typed_when_the_session_ended_is_there_again(sam_at, sam, county):
    page = sam_at
    page.goto("/printers/add/")
    page.get_by_label("机构").select_option(label=county.name)
    page.get_by_label("名称").fill("收费窗口针式打印机")
    page.context.clear_cookies(name="county_session")
    page.keyboard.press("F2")
    expect(page.get_by_label("密码")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("用户名").fill("sam")
    page.get_by_label("密码").fill("sam-password")
    page.keyboard.press("Enter")
    show_code(page, sam)
    expect(page.get_by_label("名称")).to_have_value("收费窗口针式打印机")
    page.keyboard.press("F2")
    expect(page.get_by_role("heading", name="收费窗口针式打印机")).to_be_visible()
    assert Printer.objects.count() == 1


def test_a_double_click_is_one_act(sam_at, county):
    page = sam_at
    page.goto("/printers/add/")
    page.get_by_label("机构").select_option(label=county.name)
    page.get_by_label("名称").fill("窗口")
    page.evaluate("""() => { const form = document.querySelector('form[data-keep]');
        const body = new URLSearchParams(new FormData(form));
        return Promise.all([1, 2, 3].map(() => fetch(form.action || location.href, {method: 'POST', body}))); }""")
    assert Printer.objects.count() == 1
    page.get_by_role("button", name="添加").dblclick()
    expect(page.get_by_role("heading", name="窗口")).to_be_visible()
    assert Printer.objects.count() == 1


@pytest.fixture
def worker(settings, tmp_path) -> Iterator[None]:
    """A real worker at the tests' database."""
    valkey.client(servers.place()).flushall()
    surroundings = {**os.environ, "ATTACHMENTS_DIR": str(settings.ATTACHMENTS_DIR)}
    said = tmp_path / "worker.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.worker", "worker",
             "-c", "1", "--without-mingle", "-l", "info"],
            cwd=CHECKOUT, env=surroundings, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while b" ready." not in said.read_bytes():
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        yield
        process.kill()
        process.wait()


def test_a_job_shows_its_progress_can_be_left_and_gives_its_faulty_rows(sam_at, worker, tmp_path):
    page = sam_at
    file = tmp_path / "通知.xlsx"
    file.write_bytes(sheets.workbook(["日期", "上班", "说明"], [("2027-01-01", "否", "元旦"), ("明天", "否", "元旦")]))
    page.goto("/working-days/notice/")
    page.get_by_label("年度").fill("2027")
    page.get_by_label("文件").set_input_files(file)
    page.keyboard.press("F2")
    expect(page.locator("#job .status")).to_have_text("失败")
    expect(page.get_by_text("未写入任何数据")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="错误行").click()
    rows = sheets.rows(Path(download.value.path()).read_bytes(), "a.xlsx")
    assert [row[0] for row in rows[1:]] == [3]

    file.write_bytes(sheets.workbook(["日期", "上班", "说明"], [("2027-01-01", "否", "元旦")]))
    page.goto("/working-days/notice/")
    page.get_by_label("年度").fill("2027")
    page.get_by_label("文件").set_input_files(file)
    page.keyboard.press("F2")
    page.wait_for_url("**/jobs/*/")
    page.goto("/")  # left
    page.goto(f"/jobs/{Job.objects.latest('pk').pk}/")  # and come back to
    expect(page.locator("#job .status")).to_have_text("已完成")
    assert not WorkingDay.objects.get(day="2027-01-01").is_working


def test_a_running_job_moves_its_bar(sam_at, sam, worker):
    from django.utils import timezone

    from office import jobs
    from tests.worker import SLOW

    page = sam_at
    asked = jobs.enqueue(SLOW, title="慢", by=sam, at=timezone.now(), steps=40, pause=0.1)
    page.goto(f"/jobs/{asked.pk}/")
    bar = page.get_by_role("progressbar")
    expect(page.locator("#job .status")).to_have_text("进行中")
    seen = set()
    while Job.objects.values_list("state", flat=True).get(pk=asked.pk) != Job.State.DONE:
        seen.add(bar.get_attribute("value"))
        page.wait_for_timeout(200)
    expect(page.locator("#job .status")).to_have_text("已完成")
    assert len(seen - {None, "0", "100"}) >= 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_accessible_and_fits_the_screen(sam_at, county, sam, ada, language):
    from conftest import NOON

    fill_year(2010)
    printer = add_printer(county, "窗口")
    job = Job.objects.create(
        name="x", title="名册导入", asked_by=sam, asked_at=NOON, sent_at=NOON, state="failed", finished_at=NOON,
        refusal="第 3 行没有姓名。", outcome=[["行", 7]],
    )  # fmt: skip
    page = sam_at
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    day = WorkingDay.objects.get(day="2010-03-01")
    addresses = [
        "/",
        "/jobs/",
        f"/jobs/{job.pk}/",
        "/working-days/?year=2010",
        "/working-days/?year=1999",
        "/working-days/add-year/",
        "/working-days/notice/",
        f"/working-days/{day.pk}/change/",
        "/printers/",
        "/printers/add/",
        "/people/",
        "/people/add/",
        f"/people/{ada.pk}/",
        f"/people/{ada.pk}/leave/",
        f"/people/{ada.pk}/end-sessions/",
        "/bodies/",
        "/bodies/add/",
        f"/bodies/{county.pk}/rename/",
        "/me/",
        "/me/password/",
        "/me/factor/",
        "/me/code/",
        f"/printers/{printer.pk}/",
        f"/printers/{printer.pk}/receipt/offset/",
        "/nowhere/",
    ]
    for address in addresses:
        page.goto(address)
        expect(page.locator(".htmx-request")).to_have_count(0)  # what comes by itself has come
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} is too wide"
        assert_accessible(page)


def test_the_pages_work_without_javascript(chromium, live_server, sam, county):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, sam)
    page.goto("/printers/add/")
    page.get_by_label("机构").select_option(label=county.name)
    page.get_by_label("名称").fill("窗口")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="窗口")).to_be_visible()
    page.goto("/printers/")
    page.get_by_label("名称").fill("没有")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("link", name="窗口")).to_have_count(0)
    context.close()
