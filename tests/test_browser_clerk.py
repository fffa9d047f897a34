"""A clerk's morning at the register in a browser, without a mouse: people, a household that moves, a roster.

Every page is held against axe, light and dark; the fixture `page` sees to a silent console and that nothing leaves.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from enrollment.models import Division, FundYear, Household, Member
from enrollment.rules import person_names
from enrollment.tests import factories, rosters
from office import jobs
from office.models import Act, Job
from tests.at_screens import assert_accessible, sign_in
from tests.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "6405221002010001"
ID_NUMBER = "64052219700301012X"


def keys(name: str) -> list[str]:
    lines = person_names.initials(name)
    return [line[:end] for line in lines for end in range(2, len(line) + 1)]


@pytest.fixture
def lan() -> Member:
    """Lan, head of a household in her village; her husband; somebody of another village with a name like his."""
    village = factories.division(name="山门村委会")
    Division.objects.filter(pk=village.pk).update(search_keys=keys("山门"))
    home = factories.household(NUMBER, village)
    lan = factories.member(home, "单小兰", id_number=ID_NUMBER, search_keys=keys("单小兰"))
    factories.member(home, "马文", born=date(1968, 5, 5), search_keys=keys("马文"))
    other = factories.household("6405221002020001", factories.division("640522100202", "水洼村委会"))
    factories.member(other, "马成林", born=date(1980, 5, 5), search_keys=keys("马成林"))
    return lan


@pytest.fixture
def year() -> FundYear:
    return factories.fund_year(factories.scheme(name="新型农村合作医疗"))


def open_by_key(page: Page, name: str) -> None:
    """A link, with Tab and Enter."""
    Keys(page).tab_to(page.get_by_role("link", name=name, exact=True))
    page.keyboard.press("Enter")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def find(page: Page, typed: str) -> None:
    """From whatever page: F3, what is known of somebody, Enter; the only one found has the focus, Enter opens it."""
    page.keyboard.press("F3")
    page.wait_for_url("**/register/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#found .found-entry")).to_be_focused()


def test_somebody_is_found_in_five_ways_and_the_household_moves(page, ada, lan):
    sign_in(page, ada)
    ways = {
        "号码前段": "640522197003",
        "号码末段": "012x",
        "姓名": "单小兰",
        "拼音": "sxl",
        "村和姓名": "山门 单小兰",
    }
    for way, typed in ways.items():
        find(page, typed)
        assert_accessible(page)
        page.keyboard.press("Enter")
        expect(heading(page), way).to_have_text("单小兰")
    assert_accessible(page)
    page.keyboard.press("Alt+f")
    expect(heading(page)).to_have_text(f"家庭户 {NUMBER}")
    assert_accessible(page)

    open_by_key(page, "迁移")
    village = page.get_by_label("村", exact=False).first
    expect(village).to_be_focused()
    assert_accessible(page)
    while village.evaluate("select => select.selectedOptions[0].text").endswith("山门村委会"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("水洼村三组12号")
    page.keyboard.press("F2")
    expect(heading(page)).to_have_text(f"家庭户 {NUMBER}")
    expect(page.locator("main")).to_contain_text("水洼村三组12号")
    home = Household.objects.get(number=NUMBER)
    assert (home.village.name, home.address) == ("水洼村委会", "水洼村三组12号")
    act = Act.objects.get(name="household.moved")
    assert (act.by, act.subject_id) == (ada, str(home.pk))
    find(page, "水洼 单小兰")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("单小兰")


def roster(folder: Path) -> Path:
    """A village's file: a household without a fault, one whose head's number is wrong, one that paid too much."""
    wrong = rosters.number(3)[:-1] + ("0" if rosters.number(3)[-1] != "0" else "1")
    lines = [
        rosters.line(0, "home-1", head=True),
        rosters.line(1, "home-1"),
        rosters.line(3, "home-2", head=True, id_number=wrong),
        rosters.line(4, "home-2"),
        rosters.line(5, "home-3", head=True, fee="200"),
    ]
    path = folder / "山门村花名册.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([rosters.HEADER, *lines])
    return path


def work(page: Page) -> Job:
    """What a worker does with the work that was asked for last; the page finds out by itself."""
    asked = Job.objects.latest("pk")
    assert page.url.endswith(f"/jobs/{asked.pk}/")
    jobs.run(asked.pk)
    expect(page.locator("#job")).to_contain_text("已完成")
    return asked


def test_a_roster_is_sent_checked_its_faults_read_and_the_rest_written(page, ada, year, tmp_path):
    factories.division(name="山门村委会")
    page.on("filechooser", lambda chooser: chooser.set_files(roster(tmp_path)))
    sign_in(page, ada)
    Keys(page).tab_to(page.locator("summary").first)  # the register's part of the navigation
    page.keyboard.press("Enter")
    open_by_key(page, "名册导入")
    expect(heading(page)).to_have_text("名册导入")
    assert_accessible(page)
    page.keyboard.press("Alt+n")
    expect(page.get_by_label("基金年度")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("文件")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label("文件")).not_to_have_value("")
    page.keyboard.press("F2")

    expect(page.locator("#job")).to_be_visible()
    work(page)
    assert not Member.objects.exists()
    faults = page.get_by_role("table").locator("tbody tr")
    expect(faults).to_have_count(2)
    expect(faults.nth(0)).to_contain_text("号码中有一位数字有误")
    expect(faults.nth(1)).to_contain_text("200")
    assert_accessible(page)
    with page.expect_download() as saved:
        page.keyboard.press("Alt+w")
    lines = CalamineWorkbook.from_path(saved.value.path()).get_sheet_by_index(0).to_python()
    assert [line[5] for line in lines[1:]] == ["id_check_digit", "fee_over"]

    checked = page.url
    page.keyboard.press("Alt+s")
    page.wait_for_url(lambda url: url != checked and not url.endswith("/write/"))
    work(page)
    assert_accessible(page)
    assert sorted(Member.objects.values_list("household__number", flat=True)) == ["home-1", "home-1"]
    find(page, "home-1")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("家庭户 home-1")
    expect(page.get_by_role("table").first).to_contain_text("马一")
    assert_accessible(page)
