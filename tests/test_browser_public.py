"""A month is posted in a village, somebody objects, and a patient appeals, each person before his own screen."""

from __future__ import annotations

import os
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.models import Appeal, Objection, PublicityList
from claims.tests import public
from claims.tests.deciding import now
from claims.tests.public import Office
from office.models import Duty
from office.rules import days
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page: Page, name: str) -> None:
    """A picture for the eyes, where somebody asks for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def fits(page: Page) -> None:
    """Without sideways scrolling, and for everybody."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert_accessible(page)


def test_posted_objected_to_and_appealed(page, county, appoint):
    office = Office.of(county)
    claim = office.desk.approved(kind="injury")
    cut = public.cut_claim(office.desk, member=claim.member)
    public.served(cut, office.lin, at=timezone.now(), number="海合决1")
    [made] = public.lists(office.desk, claim.member, office.lin)
    tom = appoint("tom", Duty.TOWNSHIP_CLERK)

    sign_in(page, tom)
    page.goto(reverse("claims:publicity") + "?year=2010")
    fits(page)
    looked_at(page, "publicity")
    page.get_by_role("link", name=made.number).click()
    expect(page).to_have_url(re.compile(f"/publicity/{made.pk}/$"))
    page.wait_for_load_state()  # a key is heard when the page's scripts are there
    page.keyboard.press("Alt+t")
    expect(page).to_have_url(re.compile("/post/$"))
    page.locator("#id_place").fill("村委会公示栏")
    page.locator("#id_by_name").fill("村会计")
    page.get_by_role("button", name="登记张贴").click()
    expect(page).to_have_url(re.compile(f"/publicity/{made.pk}/$"))
    fits(page)
    looked_at(page, "list")
    assert now(made).state == PublicityList.State.POSTED
    page.locator(f'a[href="{reverse("claims:objection_take", args=[made.entries.get().pk])}"]').click()
    page.locator("#id_by_name").fill("邻居")
    page.locator("#id_words").fill("当月在外打工")
    fits(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page).to_have_url(re.compile(r"/objections/\d+/$"))
    taken = Objection.objects.get()
    fits(page)
    looked_at(page, "objection")
    page.goto(reverse("claims:household_year", args=[claim.member.household_id]) + "?year=2010")
    fits(page)
    looked_at(page, "household")

    page.context.clear_cookies()
    sign_in(page, office.desk.ian)
    page.goto(reverse("claims:appeal_file", args=[cut.pk]))
    page.locator("#id_relation").fill("本人")
    page.locator("#id_grounds").fill("确有医嘱")
    page.locator(f"#id_cut-{cut.cuts.get().pk}").fill("400")
    fits(page)
    looked_at(page, "file")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page).to_have_url(re.compile(r"/appeals/\d+/$"))
    appeal = Appeal.objects.get()
    fits(page)
    public.vote(appeal, office.desk.hal, at=timezone.now())
    public.vote(appeal, office.cleo, at=timezone.now())
    page.reload()
    fits(page)
    looked_at(page, "appeal")
    page.goto(reverse("claims:appeals") + f"?year={days.business_day(timezone.now()).year}")
    fits(page)
    looked_at(page, "appeals")
    page.goto(reverse("claims:claim", args=[cut.pk]))
    fits(page)
    looked_at(page, "claim")

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for name, what in (
        ("publicity_list", made.pk),
        ("objection", taken.pk),
        ("appeal", appeal.pk),
        ("household_year", claim.member.household_id),
    ):
        page.goto(reverse(f"claims:{name}", args=[what]) + "?year=2010")
        fits(page)
        looked_at(page, f"en-{name}")
