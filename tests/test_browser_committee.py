"""A committee of five decides twenty claims on one sheet without the mouse: one withdraws from a claim, one is against
another, a majority cuts a third. Keys, clicks and seconds are counted; the limit is ten minutes."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Claim, ClaimsVote, Cut, Meeting
from claims.tests.committee import Committee
from claims.tests.deciding import now
from conftest import unused_code
from tests.at_screens import assert_accessible, sign_in
from tests.keyboard import IN_A_FIELD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIMS = 20
MEETING = r"/meetings/\d+/$"
#: Seconds that a key, a click and a vote's thought take somebody at a desk (keystroke-level model: K, P+B, M), and the
#: target of all five together, one after the other.
A_KEY, A_CLICK, A_THOUGHT, LIMIT = 0.28, 1.3, 1.35, 600


@dataclass
class Hands:
    """What is typed and clicked at a page, counted."""

    page: Page
    keys: int = 0
    clicks: int = 0

    def press(self, *names: str) -> None:
        for name in names:
            self.page.wait_for_load_state()
            self.page.keyboard.press(name)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.wait_for_load_state()
        self.page.wait_for_selector(IN_A_FIELD)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def sits_down(self, who) -> None:
        """Another member at his own desk."""
        self.page.context.clear_cookies()
        sign_in(self.page, who)


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


def looked_at(page: Page, name: str) -> None:
    """A picture for the eyes, where somebody asks for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def of(name: str, *arguments: object) -> str:
    return reverse(f"claims:{name}", args=arguments)


def called(page: Page, committee: Committee) -> Meeting:
    """The secretary calls the meeting, puts all that waits on its agenda, opens it and notes who came."""
    sign_in(page, committee.sec)
    looked_at(page, "home-secretary")
    page.goto(of("meeting_call"))
    assert_accessible(page)
    looked_at(page, "call")
    page.get_by_label("开会地点").fill("县合管中心二楼会议室")
    page.keyboard.press("F2")
    arrives(page, "/agenda/$")
    assert_accessible(page)
    looked_at(page, "agenda")
    page.keyboard.press("F2")
    arrives(page, MEETING)
    assert_accessible(page)
    looked_at(page, "called")
    page.keyboard.press("F2")
    arrives(page, "/attendance/$")
    assert_accessible(page)
    looked_at(page, "attendance")
    page.keyboard.press("F2")
    arrives(page, MEETING)
    looked_at(page, "open")
    return Meeting.objects.get()


def arrives(page: Page, where: str) -> None:
    """The page of an address, however slow the machine is."""
    page.wait_for_url(re.compile(where))


def confirmed(hands: Hands, who) -> None:
    """The code under the sheet."""
    page = hands.page
    expect(page.locator("#id_code")).to_be_focused()
    hands.type(unused_code(who))
    hands.press("Alt+S")
    arrives(page, MEETING)
    expect(page.get_by_text("表决单已确认")).to_be_visible()


def withdraws(hands: Hands, who, meeting: Meeting, claim: Claim) -> None:
    """A relative withdraws from one claim and agrees to all others."""
    page = hands.page
    page.goto(of("meeting", meeting.pk))
    page.get_by_role("link", name=f"回避 {claim.number}").click()
    hands.clicks += 1
    hands.type("申请人系本人表兄")
    looked_at(page, "withdraw")
    hands.press("F2")
    arrives(page, MEETING)
    hands.press("F2")
    arrives(page, "/sheet/$")
    expect(page.locator("[data-sitting-row]")).to_have_count(CLAIMS - 1)
    hands.press(*["F2"] * (CLAIMS - 1))
    confirmed(hands, who)


def dissents(hands: Hands, who, meeting: Meeting) -> None:
    """One is against the tenth claim, and says why."""
    page = hands.page
    page.goto(of("meeting_sheet", meeting.pk))
    assert_accessible(page)
    looked_at(page, "sheet")
    hands.press(*["F2"] * 9, "F7")
    hands.type("费用与病情不符")
    looked_at(page, "against")
    hands.press("Enter", *["F2"] * (CLAIMS - 10))
    confirmed(hands, who)


def cuts(hands: Hands, who, meeting: Meeting) -> None:
    """Of the third claim 200 yuan of the first line are cut, with the first reason; all others are agreed to."""
    page = hands.page
    page.goto(of("meeting_sheet", meeting.pk))
    hands.press("F2", "F2", "F4")
    hands.type("1")
    hands.press("Enter")
    hands.type("200")
    hands.press("Enter", "ArrowDown", "Enter")
    looked_at(page, "cut")
    hands.press("Enter", *["F2"] * (CLAIMS - 3))  # no other line
    confirmed(hands, who)


def closes(hands: Hands) -> None:
    """The chair, whose sheet was the last, decides all."""
    page = hands.page
    looked_at(page, "voted")
    hands.press("F4")
    arrives(page, "/decide/$")
    assert_accessible(page)
    looked_at(page, "decide")
    hands.press("F2")
    arrives(page, MEETING)
    expect(page.get_by_text("各项议题均已作出决定。")).to_be_visible()
    looked_at(page, "decided")


def written_down(page: Page, committee: Committee, meeting: Meeting) -> None:
    """The secretary freezes the minutes; the lists."""
    page.context.clear_cookies()
    sign_in(page, committee.sec)
    page.goto(of("meeting_freeze", meeting.pk))
    page.keyboard.type("海合管纪〔2010〕1号")
    page.keyboard.press("F2")
    arrives(page, MEETING)
    expect(page.get_by_text("会议纪要已定稿：")).to_be_visible()
    assert_accessible(page)
    looked_at(page, "frozen")
    for name in ("meetings", "notices", "committee"):
        page.goto(of(name))
        expect(page.locator(".htmx-request")).to_have_count(0)
        assert_accessible(page)
        looked_at(page, name)
    page.goto("/")
    looked_at(page, "home-after")


def test_five_decide_twenty_claims_on_one_sheet(page, committee):
    claims = committee.several(CLAIMS)
    chair, relative, against, *others = committee.members
    meeting = called(page, committee)
    hands = Hands(page)
    acts = [
        (relative, lambda: withdraws(hands, relative, meeting, claims[4])),
        (against, lambda: dissents(hands, against, meeting)),
        *((one, lambda one=one: cuts(hands, one, meeting)) for one in (*others, chair)),
    ]
    seconds = 0.0
    for who, act in acts:
        hands.sits_down(who)
        since = time.monotonic()
        act()
        seconds += time.monotonic() - since
    since = time.monotonic()
    closes(hands)
    seconds += time.monotonic() - since

    votes = ClaimsVote.objects.filter(round__step="committee")
    assert votes.count() == 5 * CLAIMS - 1
    assert {now(one).state for one in claims} == {Claim.State.APPROVED}
    assert [(one.claim_id, one.amount) for one in Cut.objects.filter(counts=True)] == [(claims[2].pk, 200)]
    assert votes.get(choice="refuse").reason == "费用与病情不符"
    at_desks = hands.keys * A_KEY + hands.clicks * A_CLICK + votes.count() * A_THOUGHT
    print(
        f"\ncommittee of five, {CLAIMS} claims: {hands.keys} keys, {hands.clicks} clicks, {seconds:.0f} s in the"
        f" browser, {at_desks:.0f} s at desks by the keystroke-level model"
    )
    assert max(seconds, at_desks) <= LIMIT
    written_down(page, committee, meeting)
