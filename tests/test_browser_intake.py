"""An intake clerk takes a plain claim in without the mouse: keys and seconds are counted; then the missing papers."""

from __future__ import annotations

import os
import re
import time
from io import BytesIO

import pytest
from django.db import transaction
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from claims.models import Claim
from claims.tests import basics, taking_in
from enrollment.services.search_keys import search_keys_of
from office.models import Duty
from tests.at_screens import assert_accessible, sign_in
from tests.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_SECONDS = 60
MOST_KEYS = 120
MANY_LINES = 20
SLOW = 20_000  # milliseconds, for a form with files on a busy machine
MOST_KEYS_A_LINE = 13


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.INTAKE_CLERK)


@pytest.fixture
def patient(clerk):
    """Somebody insured, his hospital, his illness; and others that are not meant."""
    taking_in.provider(search_keys=search_keys_of("海原县人民医院"))
    taking_in.provider("H2", "海原县中医院", search_keys=search_keys_of("海原县中医院"))
    known = taking_in.disease()
    type(known).objects.filter(pk=known.pk).update(search_keys=search_keys_of(known.name))
    taking_in.insured("0002", name="李四")
    return taking_in.insured()


def looked_at(page: Page, name: str) -> None:
    """A picture for the eyes, where somebody asks for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def type_plain_claim(keys: Keys, page: Page, patient) -> None:
    """Ten days in the county hospital, four kinds of cost, one invoice."""
    keys.type(patient.id_number[-4:])
    keys.press("Enter")
    expect(page.locator("#id_kind")).to_be_focused()
    keys.press("Enter")
    keys.type("hyxr")
    keys.press("Enter")
    expect(page.locator("#id_admitted_on")).to_be_focused()
    keys.type("20100111")
    keys.press("Enter")
    keys.type("20100121")
    keys.press("Enter")
    keys.type("fy")
    keys.press("Enter")
    expect(page.locator("#id_i0-type_code")).to_be_focused()
    for text in ("064001", "00012345", "3180"):
        keys.type(text)
        keys.press("Enter")
    keys.press("Enter")  # the invoice is of the day of discharge
    for _field in range(4):
        keys.press("Enter")  # no second invoice
    expect(page.locator("#id_c-drug-A")).to_be_focused()
    keys.type("2400")
    keys.press("Enter", "Enter")
    keys.type("600")
    keys.press("ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight")
    keys.type("180")


def test_a_plain_claim_in_a_minute(page, clerk, patient):
    sign_in(page, clerk)
    keys = Keys(page)
    page.goto("/claims/new/")
    expect(page.locator("#id_member_text")).to_be_focused()
    assert_accessible(page)
    began = time.monotonic()
    type_plain_claim(keys, page, patient)
    expect(page.locator("#claim-answer")).to_contain_text("3,180.00")
    expect(page.locator("#papers input")).to_have_count(7)
    keys.press("Alt+a")
    expect(page.locator("#claim-answer")).to_contain_text("材料齐全")
    looked_at(page, "intake-zh")
    keys.press("F4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("初审中")
    seconds = time.monotonic() - began
    print(f"a plain claim: {keys.count} keys, {seconds:.1f} s in a browser")
    assert seconds < MOST_SECONDS
    assert keys.count < MOST_KEYS
    claim = Claim.objects.get()
    assert (claim.total, claim.state, claim.member) == (3180, "first_check", patient)
    assert {(one.group, one.item_class, one.amount) for one in claim.lines.all()} == {
        ("drug", "A", 2400),
        ("exam", "A", 600),
        ("drug", "C", 180),
    }
    assert_accessible(page)
    looked_at(page, "claim-zh")


def test_missing_papers_and_a_refusal(page, clerk, patient):
    sign_in(page, clerk)
    keys = Keys(page)
    page.goto("/claims/new/")
    type_plain_claim(keys, page, patient)
    expect(page.locator("#claim-answer")).to_contain_text("缺 7 份材料")
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("受理中")
    expect(page.locator("main")).to_contain_text("打印告知书")
    looked_at(page, "missing-zh")
    assert_accessible(page)

    keys.press("Alt+n")
    expect(page.locator("#id_member_text")).to_be_focused()
    type_plain_claim(keys, page, patient)
    expect(page.locator("#claim-answer")).to_contain_text("已使用")
    looked_at(page, "used-zh")
    keys.press("F2")
    expect(page.locator("form.intake-form")).to_contain_text("已使用")
    expect(page.locator("#id_c-drug-A")).to_have_value("2,400.00")
    assert_accessible(page)
    assert Claim.objects.count() == 1


def lines_of_the_catalogue(patient) -> None:
    with transaction.atomic():  # an edition comes with all its entries
        basics.edition(("X01", "青霉素钠"), ("X02", "青霉胺"), ("X03", "头孢曲松钠", {"item_class": "B", "unit": "支"}))


def scan(name: str) -> dict[str, object]:
    """A page with something on it that can be seen to turn."""
    picture = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 700, 300), outline="black", width=12)
    out = BytesIO()
    picture.save(out, "PDF" if name.endswith("pdf") else "JPEG")
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": out.getvalue()}


def type_lines(keys: Keys, page: Page, many: int) -> None:
    """So many lines of the catalogue, the keyboard alone; Enter after a price opens the next."""
    page.keyboard.press("Alt+k")
    expect(page.locator("#id_l0-text")).to_be_focused()
    for place in range(many):
        keys.type("qmsn" if place % 2 else "X03")
        expect(page.locator(f"#id_l{place}-text ~ [data-found] input[type=radio]")).to_have_count(1)
        keys.press("Enter")
        expect(page.locator(f"#id_l{place}-quantity")).to_be_focused()
        keys.type("12")
        keys.press("Enter")
        keys.type("2.5")
        keys.press("Enter")
        expect(page.locator(f"#id_l{place + 1}-text")).to_be_focused()


def test_lines_of_the_catalogue_scans_and_papers_that_came_back(page, clerk, patient, appoint):
    """Twenty lines by keyboard, two scans with the claim; a checker leafs and sends back; all answered."""
    lines_of_the_catalogue(patient)
    sign_in(page, clerk)
    keys = Keys(page)
    page.goto("/claims/new/")
    type_plain_claim(keys, page, patient)
    page.locator("#id_c-drug-A").fill("1980")
    before = keys.count
    began = time.monotonic()
    type_lines(keys, page, MANY_LINES)
    expect(page.locator(".htmx-request")).to_have_count(0)
    print(f"{MANY_LINES} lines: {keys.count - before} keys, {time.monotonic() - began:.1f} s in a browser")
    assert (keys.count - before) / MANY_LINES <= MOST_KEYS_A_LINE
    expect(page.locator("[data-line-amount]").first).to_have_text("30.00")
    expect(page.locator("#claim-answer .intake-differs")).to_have_count(1)
    page.locator("#id_i0-amount").fill("3360")
    page.locator("#id_i0-amount").blur()
    expect(page.locator("#claim-answer .intake-differs")).to_have_count(0)
    page.locator("#id_scans").set_input_files([scan("出院小结.pdf"), scan("发票.jpg")])
    keys.press("Alt+a")
    expect(page.locator("#claim-answer")).to_contain_text("材料齐全")
    assert_accessible(page)
    looked_at(page, "lines-zh")
    expect(page.locator(".htmx-request")).to_have_count(0)
    keys.press("F4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("初审中", timeout=SLOW)
    claim = Claim.objects.get()
    assert (claim.total, claim.lines.filter(entry__isnull=False).count()) == (3360, MANY_LINES)
    drawn(page)
    looked_at(page, "scans-zh")
    assert_accessible(page)

    checker = appoint("fang", Duty.FIRST_CHECKER)
    page.context.clear_cookies()
    sign_in(page, checker)
    page.goto(f"/claims/{claim.pk}/")
    drawn(page)
    leaf(page, keys)
    drawn(page)
    keys.press("F6")
    drawn(page)
    page.locator("input[name=papers][value=fee_list]").check()
    page.locator("textarea[name=reason]").fill("护理记录")
    looked_at(page, "return-zh")
    assert_accessible(page)
    keys.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已退回", timeout=SLOW)
    drawn(page)

    page.context.clear_cookies()
    sign_in(page, clerk)
    page.goto(f"/claims/{claim.pk}/")
    expect(page.locator("main")).to_contain_text("护理记录")
    drawn(page)
    looked_at(page, "returned-zh")
    keys.press("F2")
    expect(page.locator("#paper-fee_list")).not_to_be_checked()
    looked_at(page, "anew-zh")
    assert_accessible(page)
    page.locator("#paper-fee_list").check()
    page.locator("input[name=answer-other]").fill("医院未出具护理记录")
    expect(page.locator(".htmx-request")).to_have_count(0)
    keys.press("F4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("初审中", timeout=SLOW)
    expect(page.locator("main")).to_contain_text("医院未出具护理记录")
    drawn(page)


def drawn(page: Page) -> None:
    """Until the open paper is there."""
    page.locator("#scans img").evaluate("one => one.decode()")


def leaf(page: Page, keys: Keys) -> None:
    """The next paper, nearer, turned and back, each by a key; nothing else on the page is asked for again."""
    picture = page.locator("#scans img")
    keys.press("Alt+w")
    expect(picture).to_have_attribute("alt", re.compile("发票"))
    for key, address in (
        ("Alt+z", "near=2&turn=0"),
        ("Alt+r", "near=2&turn=90"),
        ("Alt+x", "near=1&turn=90"),
    ):
        keys.press(key)
        expect(picture).to_have_attribute("src", re.compile(address))
        picture.evaluate("one => one.decode()")
    width, height = picture.evaluate("one => [one.naturalWidth, one.naturalHeight]")
    assert width > height  # it was upright before it was turned
    looked_at(page, "turned-zh")
    keys.press("Alt+b")
    expect(picture).to_have_attribute("alt", re.compile("出院小结"))
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_in_english_and_in_the_dark(page, clerk, patient):
    taking_in.entered(clerk)
    sign_in(page, clerk)
    if not os.environ.get("PICTURES"):
        page.goto(f"/claims/{Claim.objects.get().pk}/")
        expect(page.locator("main")).to_contain_text("1,420.00")
        return
    page.goto(f"/claims/{Claim.objects.get().pk}/")
    looked_at(page, "claim-entered-zh")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    looked_at(page, "claim-dark")
    page.goto("/claims/all/?year=" + str(Claim.objects.get().entered_on.year))
    looked_at(page, "list-zh")
