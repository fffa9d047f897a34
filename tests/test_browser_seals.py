"""Seals in a browser: the state by keyboard, a seal with its picture, a check that is asked for, a fault in words."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.models import Seal, SealingState
from audit.rules import signing
from audit.services import checking, exporting, sealing
from audit.tests.sealed import act, past_triggers
from audit.verifying import proof, told
from office.models import Act
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_seals(settings, tmp_path) -> None:
    settings.SEAL_KEY_FILE = tmp_path / "key"
    settings.SEAL_KEY_FILE.touch(mode=0o600)
    settings.SEAL_KEY_FILE.write_text(signing.written(signing.made()))
    settings.SEAL_CHECKPOINTS = tmp_path / "checkpoints"
    settings.SEAL_CHECKPOINTS.mkdir()


def fits(page: Page, name: str) -> None:
    """Nothing lies beyond the right edge of an office's screen, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_from_the_state_to_a_seal_and_to_a_fault(page, county, dan):
    for _seal in range(3):
        act(county)
        sealing.run(at=timezone.now())
    checking.check(kind="completeness", by=None, at=timezone.now())
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, dan)
    page.goto("/audit/seals/state/")
    expect(page.get_by_role("heading", level=1)).to_have_text("封存状态")
    expect(page.locator("main")).to_contain_text("封存正常")
    fits(page, "state")
    page.goto("/audit/seals/")
    expect(page.locator("#list")).to_contain_text(Seal.objects.get(number=3).code)
    fits(page, "list")
    page.get_by_role("link", name="2", exact=True).press("Enter")
    expect(page.locator(".seal-code")).to_have_text(Seal.objects.get(number=2).code)
    fits(page, "seal")
    page.keyboard.press("Alt+b")
    expect(page.get_by_role("heading", level=1)).to_have_text("第 1 号封存")
    pk = Act.objects.earliest("pk").pk
    past_triggers(f"UPDATE office_act SET reason = 'x', name = 'body.renamed' WHERE id = {pk}")
    kept = checking.check(kind="seals", by=dan, at=timezone.now())
    SealingState.objects.update(reason=SealingState.Reason.NO_KEY, detail="/var/lib/county-fund/seals/key")
    page.goto(f"/audit/seals/checks/{kept.pk}/")
    expect(page.locator("main")).to_contain_text("该行在封存后被改动")
    fits(page, "check")
    page.goto("/audit/seals/checks/")
    fits(page, "checks")
    page.goto("/audit/seals/state/")
    expect(page.locator("main")).to_contain_text("签名密钥缺失")
    fits(page, "standing-still")
    page.keyboard.press("Alt+v")
    expect(page.get_by_role("heading", level=1)).to_have_text("全部留痕核验")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("封存停滞")
    fits(page, "home")


def test_an_export_is_proved_in_the_page_where_it_was_asked_for(page, county, dan, tmp_path):
    made = exporting.export(folder=tmp_path / "out", year=2010, whole=False, by=dan, at=timezone.now())
    sealing.run(at=timezone.now())
    page.set_viewport_size({"width": 1366, "height": 900})
    sign_in(page, dan)
    page.goto("/audit/export/")
    expect(page.locator("main")).to_contain_text(made.sha256)
    fits(page, "export")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="证明文件").click()
    fetched.value.save_as(made.folder / fetched.value.suggested_filename)
    assert proof.check(made.folder, told.read_checkpoints(settings.SEAL_CHECKPOINTS)).faults == []
