"""Leads in a browser: from the worklist through the claims side by side to the decision, by keyboard; complaints; and
every page of them legible by day and by night."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.models import Lead
from audit.services import complaints, leads, screening
from audit.services.complaints import Told
from audit.services.screening_tables import Span
from audit.tests.world import World, day, hospital
from office.models import Person
from office.rules import days
from tests.at_screens import sign_in
from tests.test_browser_figures import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACCOUNT = {"payee_account": "6228480000001234", "payee_bank": "农信社"}


def picture(page: Page, name: str) -> None:
    """For whoever looks at the pages (PICTURES=folder)."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def screened(appoint: Any, dan: Person) -> World:
    """An office in which something overlaps, follows too soon, and goes to one account."""
    world, at = World.of(appoint), timezone.now()
    one, two = world.person(), world.person()
    world.stay(one, day(2, 1), day(2, 10))
    world.stay(one, day(2, 6), day(2, 14), ["2400.50", "310"], provider=hospital("P2"))
    world.stay(two, day(1, 4), day(1, 10))
    world.stay(two, day(1, 12), day(1, 20))
    for _household in range(4):
        world.stay(world.person(), day(2, 1), day(2, 8), **ACCOUNT)
    begun = screening.begin(span=Span(day(1, 1), day(12, 31)), screens=screening.SCREENS, by=dan, at=at)
    screening.go_on(begun, by=dan, at=at)
    return world


def test_a_lead_is_looked_into_by_keyboard(page, appoint, dan):
    screened(appoint, dan)
    first, second = Lead.objects.order_by("-score", "-money", "-pk")[:2]
    sign_in(page, dan)
    expect(page.get_by_text("待核查疑点线索")).to_be_visible()
    page.goto(reverse("audit:leads"))
    picture(page, "leads")
    fits(page)
    page.goto(reverse("audit:lead", args=[first.pk]))
    expect(page.locator("#sides")).to_be_visible()
    picture(page, "lead")
    fits(page)
    page.keyboard.press("Alt+p")
    expect(page.get_by_role("heading", level=1)).to_contain_text("暂缓")
    picture(page, "hold")
    fits(page)
    page.locator("#id_reason").fill("调取病历核对")
    page.keyboard.press("F2")
    expect(page.get_by_text("本线索暂缓").first).to_be_visible()
    page.keyboard.press("Alt+d")
    page.locator("#id_outcome_0").check()
    page.locator("#id_reason").fill("同日转院，病历相符")
    picture(page, "decide")
    fits(page)
    page.keyboard.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(second))
    first.refresh_from_db()
    assert (first.state, first.decided_by) == ("cleared", dan)
    assert not first.holds.filter(flag__lifted_at__isnull=True).exists()
    page.goto(reverse("audit:lead", args=[first.pk]))
    picture(page, "lead-cleared")
    fits(page)


def test_pages_of_the_audit_are_legible_by_day_and_by_night(page, appoint, dan):
    world = screened(appoint, dan)
    at = timezone.now()
    today = days.business_day(at)
    told = Told("visit", "某村卫生室", "登记了没有看过的门诊", today - timedelta(days=2), "马志明", "13900000000")
    taken = complaints.take_down(told=told, by=world.desk.ian, at=at)
    complaints.assign(complaint=taken, to=dan, by=dan, at=at)
    complaints.note(complaint=taken, on=today, words="入户核对三户，均称未就诊", by=dan, at=at)
    complaints.point_at(complaint=taken, claims=[], by=dan, at=at)
    lead = Lead.objects.filter(screen="shared_account").get()
    leads.confirm(lead=lead, reason="四户同一账户，账户为村医所有", by=dan, at=at)
    pages: dict[str, list[Any]] = {
        "screens": [],
        "screen_set": ["readmission"],
        "screenings": [],
        "screening": [lead.screening_id],
        "screening_new": [],
        "ranking": [],
        "leads_by": ["provider"],
        "complaints": [],
        "complaint": [taken.pk],
        "complaint_new": [],
        "complaint_answer": [taken.pk],
        "complaint_lead": [taken.pk],
    }
    sign_in(page, dan)
    for name, args in pages.items():
        page.goto(reverse(f"audit:{name}", args=args))
        picture(page, name)
        fits(page)
    page.goto(reverse("claims:claim", args=[lead.lead_claims.first().claim_id]))
    page.keyboard.press("Alt+m")
    expect(page.get_by_role("heading", level=1)).to_have_text("疑点线索")
    page.goto(reverse("audit:complaint", args=[taken.pk]))
    page.get_by_role("button", name="查看举报人").click()
    expect(page.get_by_text("马志明")).to_be_visible()
    sign_out(page)
    sign_in(page, world.desk.hal)
    page.goto(reverse("office:overview"))
    expect(page.get_by_text("稽核疑点线索")).to_be_visible()
    picture(page, "overview")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
