"""Claims from the counter to the committee, through all duties, without the mouse, each before his own screen.

An employee's large stay from a station to a committee of five with one who withdraws and one who is against; a small
stay by the short way; one that is returned, one that is refused, one about which the hospital did not answer. What each
part takes is printed and has its limit.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Approval, Claim, ClaimPart, DecisionNotice, Meeting
from claims.tests.deciding import now
from conftest import unused_code
from tests.at_screens import assert_accessible
from tests.at_work import Office, Worker
from tests.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRY = {"keys": 120, "seconds": 60}
CHECK = {"keys": 3, "seconds": 20}  # from the claim's page to the next one
FORM = {"keys": 40, "seconds": 30}


def test_from_the_counter_to_the_committee(appoint, screens):
    office = Office.of(appoint, screens)
    long_ago = timezone.now() - timedelta(days=20)
    silent = office.entered(office.patient("0005", "何守义"), "00000005", 12_000, long_ago)
    office.written_to(silent, long_ago)
    returned = office.entered(office.patient("0003", "马小兰"), "00000003", 3_000)
    refused = office.entered(office.patient("0004", "李四"), "00000004", 2_400)
    large, small = take_two_in(office)
    first_checks(office, returned, refused, large, small)
    correct(office, returned)
    ask_hospitals(office, silent, returned, large)
    second_checks(office, refused, small, silent, returned, large)
    assert [now(one).state for one in (small, returned, refused)] == ["payable", "payable", "refused"]
    head(office, silent, large)
    meeting = call(office, silent, large)
    vote(office, meeting, silent)
    close(office, meeting)
    answer(office)
    assert_all_is_as_decided(large, small, silent)


def take_two_in(office: Office) -> tuple[Claim, Claim]:
    """An employee's stay of 43,500 yuan at a station, and a farmer's of 1,900 at the county's counter."""
    office.patient("0001", "王建军", "employees")
    office.patient("0002", "赵大山")
    station, county = office.at("station"), office.at("intake")
    costs = {"c-drug-A": "30000", "c-exam-A": "8000", "c-operation-A": "4000", "c-drug-C": "1500"}
    with station.part("entry, employee at a station", **ENTRY) as keys:
        take_in(station, keys, "wjj", "nxyk", "ngs", "00000001", costs)
        station.shows("37,170.00")
    station.looked_at("journey-entered")
    with county.part("entry, plain stay", **ENTRY) as keys:
        take_in(county, keys, "zds", "hyxr", "fy", "00000002", {"c-drug-A": "1900"})
        county.shows("1,392.00")
    large, small = Claim.objects.order_by("-pk")[:2][::-1]
    assert (large.total, large.proposed, large.body.code) == (Decimal(43500), Decimal(37170), "640522-1")
    assert large.route == ["first_check", "verification", "second_check", "head", "committee"]
    assert small.route == ["first_check", "second_check"]
    return large, small


def take_in(worker: Worker, keys: Keys, who: str, where: str, why: str, invoice: str, costs: dict[str, str]) -> None:
    """A stay of ten days, with all papers, handed on."""
    page = worker.page
    page.goto("/claims/new/")
    expect(page.locator("#id_member_text")).to_be_focused()
    pick(worker, keys, who, "#id_kind")
    keys.press("Enter")
    pick(worker, keys, where, "#id_admitted_on")
    for day in ("20100111", "20100121"):
        keys.type(day)
        keys.press("Enter")
    pick(worker, keys, why, "#id_i0-type_code")
    total = str(sum(int(one) for one in costs.values()))
    for text in ("064001", invoice, total):
        keys.type(text)
        keys.press("Enter")
    keys.press("Enter", "Enter", "Enter", "Enter", "Enter")  # the invoice's day is that of discharge; no second invoice
    for place, (name, amount) in enumerate(costs.items()):
        if place:
            to_cell(worker, keys, name)
        expect(page.locator(f"#id_{name}")).to_be_focused()
        keys.type(amount)
    expect(page.locator("#claim-answer")).to_contain_text(f"{int(total):,}.00")
    keys.press("Alt+a")
    expect(page.locator("#claim-answer")).to_contain_text("材料齐全")
    keys.press("F4")
    worker.shows("初审中")


def pick(worker: Worker, keys: Keys, typed: str, then: str) -> None:
    keys.type(typed)
    keys.press("Enter")
    expect(worker.page.locator(then)).to_be_focused()


def to_cell(worker: Worker, keys: Keys, name: str) -> None:
    """Down its column, or to the top of another, by the arrow keys."""
    where = """name => {
        const here = document.activeElement, there = document.getElementById(`id_${name}`);
        const rowOf = (one) => one.closest("tr").rowIndex;
        const columnOf = (one) => [...one.closest("tr").querySelectorAll("input")].indexOf(one);
        return [rowOf(there) - rowOf(here), columnOf(there) - columnOf(here)];
    }"""
    down, right = worker.page.evaluate(where, name)
    for _step in range(abs(down)):
        keys.press("ArrowDown" if down > 0 else "ArrowUp")
    for _step in range(abs(right)):
        keys.press("ArrowRight" if right > 0 else "ArrowLeft")


def decide(worker: Worker, claim: Claim, name: str, key: str, following: Claim, reason: str = "") -> None:
    """One claim is decided, and the next one opens by itself; after the last it stays."""
    worker.is_at(claim)
    limit = FORM if reason else CHECK
    with worker.part(name, **limit) as keys:
        keys.press(key)
        if reason:
            if key == "F6":
                tick_paper(worker, keys)
            expect(worker.page.locator("#id_reason")).to_be_focused()
            keys.type(reason)
            keys.press("F2")
        worker.is_at(following)
        expect(worker.page.locator(".notice-done")).to_contain_text(claim.number)


def tick_paper(worker: Worker, keys: Keys) -> None:
    """What is wrong is ticked on the list of the claim's papers; what to do about it is said in words."""
    paper = worker.page.locator("input[name=papers][value=diagnosis_proof]")
    expect(paper).to_be_visible()
    keys.tab_to(paper)
    keys.press("Space")
    keys.tab_to(worker.page.locator("#id_reason"))


def first_checks(office: Office, returned: Claim, refused: Claim, large: Claim, small: Claim) -> None:
    """The oldest first; one goes back with what is to be put right."""
    first = office.at("first")
    with first.part("first checker, to the first claim", **CHECK) as keys:
        first.home(keys)
        expect(first.page.locator("main")).to_contain_text("过期")
        first.page.goto("/claims/next/")
    decide(first, returned, "first check, returned", "F6", refused, "诊断证明与出院小结不符，请更正诊断")
    decide(first, refused, "first check", "F2", large)
    assert_accessible(first.page)
    first.looked_at("journey-first-check")
    decide(first, large, "first check", "F2", small)
    decide(first, small, "first check", "F2", small)
    assert now(large).state == "verification"


def correct(office: Office, returned: Claim) -> None:
    """What came back is put right where it came from, and handed on again."""
    intake = office.at("intake")
    with intake.part("correct what came back", **FORM) as keys:
        intake.longest(keys)
        intake.is_at(returned)
        intake.shows("请更正诊断")
        keys.press("F2")
        expect(intake.page.locator("#id_member_text")).to_be_focused()
        keys.press("Alt+i")
        keys.type("mxzs")
        keys.press("Enter")
        expect(intake.page.locator("#id_disease_text")).to_have_value("慢性阻塞性肺病")
        expect(intake.page.locator("#paper-diagnosis_proof")).not_to_be_checked()  # what was asked for is ticked anew
        keys.press("Alt+a")
        expect(intake.page.locator("#claim-answer")).to_contain_text("材料齐全")
        keys.press("F4")
        intake.shows("初审中")
    again = now(returned)
    assert (again.content_version, again.disease.code) == (2, "J44.9")


def ask_hospitals(office: Office, silent: Claim, returned: Claim, large: Claim) -> None:
    """A letter's deadline has passed; another hospital answers a call."""
    first = office.at("first")
    with first.part("to what waits longest", **CHECK) as keys:
        first.longest(keys)
        first.is_at(silent)
        first.shows("期限已过")
    first.looked_at("journey-silent")
    assert_accessible(first.page)
    with first.part("note that nobody answered", **FORM) as keys:
        keys.press("F4")
        expect(first.page.locator("#id_outcome")).to_be_focused()
        keys.press("End", "F2")
        first.shows("复审中")
    assert now(silent).route == ["first_check", "verification", "second_check", "head", "committee"]
    with first.part("first check of what was corrected", keys=5, seconds=20) as keys:
        first.longest(keys)
        first.is_at(returned)
        keys.press("F2")
        first.shows("复审中")
    with first.part("ask the hospital, answered at once", **FORM) as keys:
        first.longest(keys)
        first.is_at(large)
        keys.press("F2")
        expect(first.page.locator("#id_way")).to_be_focused()
        keys.press("F2")
        first.is_at(large)
        keys.press("F4")
        expect(first.page.locator("#id_outcome")).to_be_focused()
        keys.press("F2")
        first.shows("复审中")


def second_checks(office: Office, *claims: Claim) -> None:
    """One is refused with its reason; the others go on, or are granted."""
    refused, *others = claims
    second = office.at("second")
    with second.part("second checker, to the first claim", **CHECK) as keys:
        second.longest(keys)
    decide(second, refused, "second check, refused", "F7", others[0], "第三方已赔付")
    for claim, following in zip(others, [*others[1:], others[-1]], strict=True):
        decide(second, claim, "second check", "F2", following)


def head(office: Office, *claims: Claim) -> None:
    """The head decides what his limit brings him."""
    worker = office.at("head")
    with worker.part("head, to the first claim", **CHECK) as keys:
        worker.longest(keys)
    for claim, following in zip(claims, [*claims[1:], claims[-1]], strict=True):
        decide(worker, claim, "head", "F2", following)
    assert {now(one).state for one in claims} == {"committee"}


def call(office: Office, silent: Claim, large: Claim) -> Meeting:
    """The secretary calls the committee, puts both claims on the agenda and notes who came."""
    secretary = office.at("secretary")
    page = secretary.page
    with secretary.part("call a meeting with its agenda, open it", **FORM) as keys:
        page.goto("/claims/meetings/")
        keys.press("Alt+n")
        expect(page.locator("#id_number")).to_be_focused()
        keys.tab_to(page.locator("#id_place"))
        keys.type("二楼会议室")
        keys.press("F2")
        secretary.shows(large.number)
        keys.press("F2")  # all that wait are chosen
        secretary.shows(silent.number)
        keys.press("F2")
        expect(page.locator("input[name=present]").first).to_be_visible()
        tick_all(secretary, keys)
        keys.press("F2")
        expect(page.get_by_role("link", name="登记到会")).to_be_visible()
    return Meeting.objects.get()


def tick_all(worker: Worker, keys: Keys) -> None:
    """Whoever is not ticked yet."""
    for box in worker.page.locator("input[name=present]").all():
        if not box.is_checked():
            keys.tab_to(box)
            keys.press("Space")


def vote(office: Office, meeting: Meeting, silent: Claim) -> None:
    """Su is a relative and withdraws from one claim; Tian is against it; the others agree to both."""
    su = office.at("su")
    with su.part("withdraw from a claim", **FORM) as keys:
        su.longest(keys)
        keys.tab_to(su.page.get_by_role("link", name=f"回避 {silent.number}"))
        keys.press("Enter")
        expect(su.page.locator("#id_reason")).to_be_focused()
        keys.type("患者是我堂兄")
        keys.press("F2")
        su.shows("患者是我堂兄")
    for username in ("su", "tian", "luo", "bai", "chair"):
        sheet(office, username, silent)
    assert meeting.invitees.filter(confirmed_at__isnull=True).count() == 0


def sheet(office: Office, username: str, silent: Claim) -> None:
    """A member's sheet: a key for each claim, one code for all."""
    worker = office.at(username)
    page = worker.page
    with worker.part(f"sheet of {username}", **FORM) as keys:
        worker.longest(keys)
        for claim in sorted_rows(page):
            if username == "tian" and claim == silent.number:
                keys.press("F7")
                keys.type("票据未经核实")
                keys.press("Enter")
            else:
                keys.press("F2")
        expect(page.locator("#id_code")).to_be_focused()
        worker.looked_at(f"journey-sheet-{username}")
        keys.type(unused_code(worker.person))
        keys.press("Alt+s")
        worker.shows("表决单已确认")


def sorted_rows(page) -> list[str]:
    """The claims of a sheet, as they stand on it."""
    expect(page.locator("[data-sitting-row]").first).to_be_visible()
    return page.locator("[data-sitting-row] a[target=_blank]").all_inner_texts()


def close(office: Office, meeting: Meeting) -> None:
    """The chair closes, the secretary freezes the minutes."""
    chair, secretary = office.at("chair"), office.at("secretary")
    with chair.part("close the decisions", keys=5, seconds=20) as keys:
        keys.press("F4")
        expect(chair.page).to_have_url(re.compile("/decide/$"))
        keys.press("F2")
        chair.shows("各项议题均已作出决定")
    assert now(meeting).state == "decided"
    with secretary.part("freeze the minutes", **FORM) as keys:
        secretary.page.reload()
        keys.press("F2")
        expect(secretary.page.locator("#id_number")).to_be_focused()
        keys.type("海合管纪〔2010〕1号")
        keys.press("F2")
        secretary.shows("SHA-256")
    secretary.looked_at("journey-minutes")
    assert_accessible(secretary.page)


def answer(office: Office) -> None:
    """What the committee decided is answered in writing, and handed over."""
    secretary = office.at("secretary")
    page = secretary.page
    with secretary.part("issue a notice and note how it was served", **FORM) as keys:
        secretary.longest(keys)
        expect(page.locator("#id_number")).to_be_focused()
        keys.type("海合管决〔2010〕1号")
        keys.press("F2")
        expect(page.locator("#id_way")).to_be_focused()
        keys.press("F2")
        expect(page.get_by_role("heading", level=1)).to_contain_text("决定书")
    assert DecisionNotice.objects.exclude(way="").count() == 1


def assert_all_is_as_decided(large: Claim, small: Claim, silent: Claim) -> None:
    """To the cent, with who withdrew and who was against."""
    granted = Approval.objects.get(claim=large)
    assert (granted.eligible, granted.fund_pays, granted.patient_pays) == (
        Decimal(42000),
        Decimal(37170),
        Decimal(6330),
    )
    assert list(ClaimPart.objects.filter(approval=granted).values_list("fund", "amount")) == [("uebmi", Decimal(37170))]
    assert now(large).state == "approved"  # waits for its publicity
    assert Approval.objects.get(claim=small).fund_pays == 1_392
    [about] = [one for one in now(Meeting.objects.get()).minutes.text["claims"] if one["claim"] == silent.number]
    assert about["recused"] == [{"person": "苏海燕", "reason": "患者是我堂兄"}]
    assert about["dissent"] == [{"person": "田文", "choice": "refuse", "reason": "票据未经核实"}]
    assert now(silent).state == "approved"
