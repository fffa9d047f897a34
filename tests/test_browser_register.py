"""A clerk at the register in a browser: somebody is found in five ways without a mouse, and looked at."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from enrollment.models import Division, Member
from enrollment.rules import person_names
from enrollment.tests import factories
from office.models import Act
from tests.at_screens import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ID_NUMBER = "64052219700301012X"


def keys(name: str) -> list[str]:
    lines = person_names.initials(name)
    return [line[:end] for line in lines for end in range(2, len(line) + 1)]


def somebody(home, name: str, **more) -> Member:
    return factories.member(home, name, search_keys=keys(name), **more)


@pytest.fixture
def lan() -> Member:
    """Lan in her village, her husband, and others with names like hers."""
    village = factories.division(name="山门村委会")
    Division.objects.filter(pk=village.pk).update(search_keys=keys("山门"))
    home = factories.household("6405221002010001", village)
    lan = somebody(home, "单小兰", id_number=ID_NUMBER)
    somebody(home, "马文", born=date(1968, 5, 5))
    other = factories.household("6405221002020001", factories.division("640522100202", "水洼村委会"))
    somebody(other, "马成林", born=date(1980, 5, 5))
    return lan


def look_for(page: Page, typed: str) -> None:
    """From wherever the clerk is: to the search page, type, Enter."""
    page.goto("/register/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#found .found-entry").first).to_be_visible()


@pytest.mark.parametrize("typed", ["640522197003", "012x", "单小兰", "sxl", "dxl", "山门 单小兰", "sm sxl", "０１２Ｘ"])
def test_somebody_is_found_and_opened_by_keyboard(page, ada, lan, typed):
    sign_in(page, ada)
    look_for(page, typed)
    expect(page.locator("#found .found-entry")).to_be_focused()  # the only one: Enter opens it
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("单小兰")


def test_the_arrow_keys_go_through_what_was_found(page, ada, lan):
    sign_in(page, ada)
    page.keyboard.press("Alt+q")
    page.keyboard.type("马")
    page.keyboard.press("Enter")
    entries = page.locator("#found .found-entry")
    expect(entries).to_have_count(2)
    assert_accessible(page)
    page.locator("#find").focus()
    page.keyboard.press("ArrowDown")
    expect(entries.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(entries.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(entries.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("马文")


def test_a_household_is_opened_by_its_number_and_its_members_from_there(page, ada, lan):
    sign_in(page, ada)
    look_for(page, "6405221002010001")
    expect(page.locator("#found .found-entry")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6405221002010001")
    assert_accessible(page)
    page.get_by_role("link", name="马文").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("马文")
    page.keyboard.press("Alt+f")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6405221002010001")


def test_a_whole_id_number_is_shown_when_it_is_asked_for(page, ada, lan):
    sign_in(page, ada)
    page.goto(f"/register/members/{lan.pk}/")
    expect(page.locator("#id-number")).to_contain_text("640522********012X")
    assert_accessible(page)
    page.keyboard.press("Alt+i")
    expect(page.locator("#id-number")).to_contain_text(ID_NUMBER)
    assert_accessible(page)
    assert Act.objects.get(name="id-number.shown").by == ada


def test_nobody_and_one_letter_are_told_in_words(page, ada, lan):
    sign_in(page, ada)
    page.goto("/register/")
    for typed, told in (("m", "一个字母无法查找"), ("王五", "没有找到"), ("12", "没有此编号的家庭户")):
        page.locator("#find").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#found .nothing")).to_contain_text(told)
        expect(page.locator("#find")).to_be_focused()
    assert_accessible(page)


def test_lists_are_narrowed_by_village(page, ada, lan):
    sign_in(page, ada)
    page.goto("/register/members/")
    expect(page.locator("#list")).to_contain_text("马成林")
    page.locator("#id_village").select_option(str(lan.household.village_id))
    expect(page.locator("#list")).not_to_contain_text("马成林")
    expect(page).to_have_url(re.compile("village="))
    assert_accessible(page)
    page.goto("/register/households/")
    expect(page.locator("#list")).to_contain_text("6405221002010001")
    assert_accessible(page)
