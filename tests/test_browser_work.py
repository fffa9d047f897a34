"""A clerk's day in a browser: work is taken, put back and handed over by keyboard; the head gives it to another."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from office import deciding
from office.models import Duty, Lease, Person
from office.services import requests
from office.tests.factories import shown_by
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admins(appoint) -> list[Person]:
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira")]


@pytest.fixture
def head(appoint, admins) -> Person:
    return appoint("head", Duty.OFFICE_HEAD)


@pytest.fixture
def asked(admins, head, ada) -> str:
    """Something waits for Hua, Ira and the head; its page."""
    now = timezone.now()
    request, _half = requests.propose_reset(
        person=ada, kind="password", reason="new", by=admins[0], at=now, proof=shown_by(admins[0], now)
    )
    return deciding.page_of(deciding.rounds_of(request).get())


def holder() -> str:
    return Lease.objects.live().get().holder.username


def test_work_is_taken_and_given_on_by_keyboard(page, asked, admins, head):
    sign_in(page, admins[1])
    page.keyboard.press("Alt+w")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Alt+t")
    expect(page.get_by_text("本人办理中")).to_be_visible()
    assert holder() == "hua"
    assert_accessible(page)
    page.keyboard.press("Alt+b")
    expect(page.get_by_text("已放回")).to_be_visible()
    assert not Lease.objects.live().exists()
    page.keyboard.press("Alt+t")
    expect(page.get_by_text("本人办理中")).to_be_visible()
    page.keyboard.press("Alt+g")
    expect(page.get_by_label("交给")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("交给").select_option(label="Ira")
    page.keyboard.press("F2")
    expect(page.get_by_text("Ira办理中")).to_be_visible()
    assert holder() == "ira"
    page.context.clear_cookies()

    sign_in(page, head)
    expect(page.get_by_text("Ira办理中")).to_be_visible()
    page.goto("/work/people/")
    assert_accessible(page)
    page.get_by_role("link", name="改派").press("Enter")
    expect(page.get_by_text("Ira正在办理")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("交给").select_option(label="Hua")
    page.get_by_label("说明").fill("下乡")
    page.keyboard.press("F2")
    expect(page.get_by_text("已交由Hua办理")).to_be_visible()
    assert holder() == "hua"
