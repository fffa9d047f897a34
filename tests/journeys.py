"""The main piece of work of each duty in the demo county, by keyboard: found from home, done, seen to be done.

Each says in both languages what it is, and how many keys it may take. Walked by tests/test_browser_newcomer.py, which
writes what each took to var/journeys.json, and with PICTURES=docs/pictures to docs/clerks/journeys.md.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils import timezone, translation
from playwright.sync_api import Locator, expect

from claims.models import Claim
from enrollment.models import Coverage, Division, Household, Member
from enrollment.selectors import collecting
from office import signin
from office.models import Duty
from office.rules import days
from tests.at_work import Worker
from tests.keyboard import Keys

KEPT: Final = Path(__file__).resolve().parents[1] / "var" / "journeys.json"
PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "clerks" / "journeys.md"
HEAD: Final = """# 一件工作要按多少键 · What a piece of work takes

演示县里，各岗位从首页找到一件主要工作、办完并看到结果，全程只用键盘。按键数含查找；秒数是测试浏览器里的时间，不含思考。
安全审计员在一切正常时没有待办，故不在表中。本表由 `tests/test_browser_newcomer.py` 于 {on} 生成，请勿手改。

In the demo county each duty finds its main piece of work from home, does it and sees it done, by the keyboard alone.
Keys include finding it; seconds are those of a browser under test, without anybody's thinking. The security auditor has
nothing to do where all is well and is not in the table. Written by `tests/test_browser_newcomer.py` on {on}; what is
changed here by hand is lost.

| 岗位 · duty | 工作 · work | 按键 keys | 点击 clicks | 秒 seconds | 按键上限 limit of keys |
|---|---|---|---|---|---|
"""
SECONDS: Final = 120  # nothing of it may take longer, on a busy machine either
STATION: Final = "海城镇"


@dataclass(frozen=True)
class Taken:
    """What a journey took."""

    duty: str
    keys: int
    seconds: float


@dataclass(frozen=True)
class Journey:
    """What somebody of a duty does most, from home to where it is seen to be done; how many keys it may take."""

    chinese: str
    english: str
    keys: int
    walk: Callable[[Worker, Keys], None]


def to_line(worker: Worker, keys: Keys, wanted: Locator) -> None:
    """From the top of a page past the navigation, and by the tabulator to what is meant; opened by Enter."""
    keys.press("Tab", "Enter")
    keys.tab_to(wanted)
    keys.press("Enter")


def waiting(worker: Worker, keys: Keys, address: str) -> None:
    """From home to the first of what waits at addresses of this kind."""
    to_line(worker, keys, worker.page.locator(f".worklist li a[href^='{address}']").first)
    expect(worker.page.get_by_role("heading", level=1)).not_to_contain_text(worker.person.full_name)


def code(worker: Worker) -> str:
    """What the authenticator of a demo person shows."""
    return signin.code_of(worker.person.username, timezone.now())


def collect(worker: Worker, keys: Keys) -> None:
    """A household comes to the counter: found by its number, everybody paid for, the receipt is the book's next."""
    home = _home_that_has_not_paid()
    keys.press("F3")
    expect(worker.page.locator("#find")).to_be_focused()
    keys.type(home.number)
    keys.press("Enter")
    expect(worker.page.locator(".found-entry").first).to_be_focused()
    keys.press("Enter")
    expect(worker.page.get_by_role("heading", level=1)).to_contain_text(home.number)
    keys.press("Alt+j")
    expect(worker.page.locator(f"#home-{home.pk} input[name=members]").first).to_be_focused()
    keys.press("Enter")
    expect(worker.page.locator(".notice-done")).to_contain_text("收据")


def _home_that_has_not_paid() -> Household:
    year = collecting.year_collected(days.business_day(timezone.now()))
    assert year is not None
    villages = Division.objects.filter(parent__name=STATION).order_by("code")
    homes = [home for village in villages for home in collecting.unpaid_households(year, village)[:1]]
    return homes[0]


def hand_on(worker: Worker, keys: Keys) -> None:
    """A claim whose papers are there goes to those who check it."""
    page = worker.page
    to_line(worker, keys, page.locator(".worklist li", has_text="待提交").locator("a").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("受理中")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("初审中")


def hand_in_register(worker: Worker, keys: Keys) -> None:
    """Of the month's register of small visits the row of somebody who is not found is struck out; it is handed in."""
    page = worker.page
    waiting(worker, keys, "/claims/documents/")
    keys.press("Alt+m")
    expect(page.get_by_role("heading", level=1)).to_contain_text("更正")
    keys.press("Alt+k")
    expect(page.locator("#id_reason")).to_be_focused()
    keys.type("查无此人")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("门诊补偿登记表")
    keys.press("F2")
    worker.shows("已上交")


def take_in(worker: Worker, keys: Keys) -> None:
    """A stay in the county's hospital with an invoice and three kinds of cost, all papers there, handed on at once."""
    page = worker.page
    keys.press("Alt+j")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(worker.person.full_name)
    keys.press("Alt+n")
    expect(page.locator("#id_member_text")).to_be_focused()
    who, left = _patient(), days.business_day(timezone.now()) - timedelta(days=3)
    keys.type(str(who.id_number))
    keys.press("Enter")
    expect(page.locator("#id_kind")).to_be_focused()
    keys.press("Enter")
    for typed, then in (
        ("640522001", "#id_admitted_on"),
        (f"{left - timedelta(days=9):%Y%m%d}", "#id_discharged_on"),
        (f"{left:%Y%m%d}", "#id_disease_text"),
        ("J18.9", "#id_i0-type_code"),
    ):
        keys.type(typed)
        keys.press("Enter")
        expect(page.locator(then)).to_be_focused()
    for typed in ("164000913", "00099001", "3180"):
        keys.type(typed)
        keys.press("Enter")
    keys.press(*["Enter"] * 5)  # the invoice is of the day of discharge; no second one
    expect(page.locator("#id_c-drug-A")).to_be_focused()
    keys.type("2400")
    keys.press("Enter", "Enter")
    keys.type("600")
    keys.press("ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight")
    keys.type("180")
    expect(page.locator("#claim-answer")).to_contain_text("3,180.00")
    expect(page.locator("#papers input").first).to_be_visible()
    keys.press("Alt+a")
    expect(page.locator("#claim-answer")).to_contain_text("材料齐全")
    keys.press("F4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("初审中")


def _patient() -> Member:
    today = days.business_day(timezone.now())
    insured = Coverage.objects.standing().filter(
        fund_year__scheme__code="ncms", member__is_head=True, period__contains=today - timedelta(days=40)
    )
    some = Member.objects.living().filter(pk__in=insured.values("member")).exclude(id_number="")
    return some.exclude(pk__in=Claim.objects.values("member")).earliest("pk")


def agree(worker: Worker, keys: Keys) -> None:
    """The claim that waits longest to be checked is read and agreed to."""
    page = worker.page
    to_line(worker, keys, page.locator(".worklist li", has_text="拟补偿").locator("a[href^='/claims/']").first)
    expect(page.locator("button[data-key=F2]")).to_be_visible()
    number = page.get_by_role("heading", level=1).inner_text().split()[0]
    keys.press("F2")
    expect(page.locator(".notice-done")).to_contain_text(number)


def begin_meeting(worker: Worker, keys: Keys) -> None:
    """The committee's meeting begins, and who came is noted."""
    page = worker.page
    waiting(worker, keys, "/claims/meetings/")
    keys.press("F2")
    expect(page.locator("input[name=present]").first).to_be_visible()
    for tick in page.locator("input[name=present]").all():
        if not tick.is_checked():
            keys.tab_to(tick)
            keys.press("Space")
    keys.press("F2")
    expect(page.get_by_role("link", name="登记到会")).to_be_visible()


def vote(worker: Worker, keys: Keys) -> None:
    """All claims of the meeting are voted on, confirmed by one code."""
    page = worker.page
    waiting(worker, keys, "/claims/meetings/")
    rows = page.locator("[data-sitting-row]")
    expect(rows.first).to_be_visible()
    for _row in range(rows.count()):
        keys.press("F2")
    expect(page.locator("#id_code")).to_be_focused()
    keys.type(code(worker))
    keys.press("Alt+s")
    worker.shows("表决单已确认")


def settle(worker: Worker, keys: Keys) -> None:
    """A register that was decided is settled in one sum."""
    waiting(worker, keys, "/claims/documents/")
    keys.press("Alt+e")
    expect(worker.page.get_by_role("heading", level=1)).to_contain_text("结算单")


def enter_slip(worker: Worker, keys: Keys) -> None:
    """A slip that somebody else noted is compared with its paper: its sum stands in the books at once."""
    waiting(worker, keys, "/funds/in/")
    keys.press("Alt+a")
    worker.shows("已记账")


def make_bank_file(worker: Worker, keys: Keys) -> None:
    """A batch that was released goes to the bank as a file."""
    waiting(worker, keys, "/funds/batches/")
    keys.press("F2")
    expect(worker.page.get_by_role("heading", level=1)).to_contain_text("的银行文件")
    keys.press("F2")
    expect(worker.page.locator(".notice-done")).to_contain_text("文件")


def decide_round(worker: Worker, keys: Keys) -> None:
    """What another asked for is decided, confirmed by a code where it is about money."""
    page = worker.page
    waiting(worker, keys, "/decisions/")
    yes = page.locator("input[name=choice]").first
    keys.tab_to(yes)
    keys.press("Space")
    if page.locator("#id_code").count():
        keys.tab_to(page.locator("#id_code"))
        keys.type(code(worker))
    keys.press("F2")
    expect(page.locator(".notice-done")).to_be_visible()


def clear_lead(worker: Worker, keys: Keys) -> None:
    """A lead was looked into: nothing is wrong, and why stands with it."""
    page = worker.page
    waiting(worker, keys, "/audit/leads/")
    keys.press("Alt+d")
    keys.tab_to(page.locator("input[name=outcome]").first)
    keys.press("Space", "Tab")
    expect(page.locator("#id_reason")).to_be_focused()
    number = page.get_by_role("heading", level=1).inner_text().split()[0]
    keys.type("调阅病历，无误")
    keys.press("F2")
    expect(page.locator(".notice-done")).to_contain_text(number)


def look_again(worker: Worker, keys: Keys) -> None:
    """What a colleague found of an item of a sample is looked at again and agreed to."""
    page = worker.page
    line = page.locator(".worklist", has_text="复核").locator("li a[href^='/audit/samples/items/']").first
    to_line(worker, keys, line)
    keys.tab_to(page.locator("input[name=answer]").first)
    keys.press("Space")
    keys.press("F2")
    expect(page.locator(".notice-done")).to_be_visible()


def change_day(worker: Worker, keys: Keys) -> None:
    """A day of next year's table is made a day off, with the paper that says so."""
    page = worker.page
    waiting(worker, keys, "/working-days/")
    to_line(worker, keys, page.locator("a[href$='/change/']").first)
    expect(page.locator("#id_is_working")).to_be_focused()
    keys.press("ArrowDown", "Tab")
    keys.type("元旦")
    keys.press("F2")
    expect(page.locator(".notice-done")).to_be_visible()


#: By duty, in the order in which they follow from each other.
JOURNEYS: Final[dict[str, Journey]] = {
    Duty.TOWNSHIP_CLERK: Journey("一户到窗口缴费，开出收据", "a household pays, its receipt is written", 30, collect),
    Duty.HOSPITAL_DESK: Journey("材料齐全的申请提交审核", "a claim with all its papers is handed on", 20, hand_on),
    Duty.VILLAGE_DOCTOR: Journey(
        "更正并上交门诊登记表", "the month's register is mended, handed in", 30, hand_in_register
    ),
    Duty.INTAKE_CLERK: Journey("受理一次住院并提交审核", "a stay is taken in and handed on", 120, take_in),
    Duty.FIRST_CHECKER: Journey("初审一份申请", "a claim is checked", 20, agree),
    Duty.SECOND_CHECKER: Journey("复审一份申请", "a claim is checked a second time", 25, agree),
    Duty.OFFICE_HEAD: Journey("审批一份大额申请", "a large claim is decided", 20, agree),
    Duty.COMMITTEE_SECRETARY: Journey(
        "宣布会议开始，登记到会", "the meeting begins, who came is noted", 40, begin_meeting
    ),
    Duty.COMMITTEE_MEMBER: Journey("五份申请逐份表决", "five claims are voted on", 30, vote),
    Duty.COMMITTEE_CHAIR: Journey("五份申请逐份表决", "five claims are voted on", 40, vote),
    Duty.FUND_ACCOUNTANT: Journey("结算一张登记表", "a register is settled", 60, settle),
    Duty.ACCOUNTING_HEAD: Journey("核对一张收款单并记账", "a slip is compared and entered", 40, enter_slip),
    Duty.CASHIER: Journey("为已放行的批次生成银行文件", "a released batch becomes the bank's file", 20, make_bank_file),
    Duty.FINANCE_REVIEWER: Journey("审定一份用款申请", "a request for funds is decided", 30, decide_round),
    Duty.INTERNAL_AUDITOR: Journey("核查并排除一条疑点线索", "a lead is looked into and cleared", 40, clear_lead),
    Duty.STATE_AUDITOR: Journey("复核一项抽样结果", "an item of a sample is looked at again", 40, look_again),
    Duty.SYSTEM_ADMINISTRATOR: Journey("把一天改为休息日", "a day is made a day off", 40, change_day),
    Duty.SECURITY_ADMINISTRATOR: Journey("审定一次密码重置", "a reset of a password is decided", 20, decide_round),
}


def walked(worker: Worker, duty: str) -> Taken:
    """The journey of a duty from home, within its limits; no page is clicked on."""
    journey, keys = JOURNEYS[duty], Keys(worker.page)
    worker.page.goto("/")
    expect(worker.page.get_by_role("heading", level=1)).to_contain_text(worker.person.full_name)
    begin = time.monotonic()
    journey.walk(worker, keys)
    taken = Taken(duty, keys.count, time.monotonic() - begin)
    print(f"{duty}: {taken.keys} keys, 0 clicks, {taken.seconds:.1f} s")
    assert taken.keys <= journey.keys, f"{duty}: {taken.keys} keys"
    assert taken.seconds <= SECONDS, f"{duty}: {taken.seconds:.0f} s"
    return taken


def write(all_taken: Sequence[Taken]) -> None:
    """What all journeys took, for programs; for people where the pictures of the documentation are made anew."""
    on = days.business_day(timezone.now()).isoformat()
    rows = [{"duty": one.duty, "keys": one.keys, "clicks": 0, "seconds": round(one.seconds, 1)} for one in all_taken]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps({"on": on, "journeys": rows}, indent=1))
    if os.environ.get("PICTURES"):
        PAGE.write_text(HEAD.format(on=on) + "".join(_line(one) for one in all_taken))


def _line(taken: Taken) -> str:
    journey, duty = JOURNEYS[taken.duty], Duty(taken.duty)
    with translation.override("zh-hans"):
        chinese = str(duty.label)
    with translation.override("en"):
        name = f"[{chinese} · {duty.label}]({taken.duty}.md)"
    work = f"{journey.chinese} · {journey.english}"
    return f"| {name} | {work} | {taken.keys} | 0 | {taken.seconds:.0f} | {journey.keys} |\n"
