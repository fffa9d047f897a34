"""A village register on the number pad and a hospital's list out of a file, each from the first row to the settlement,
each person before his own screen, without a mouse; keys and seconds are counted."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import BulkDocument, BulkRow, Claim, Disease, Settlement
from claims.services.search_keys import keys_of
from claims.tests.deciding import now
from claims.tests.documents import Office, stay
from claims.tests.taking_in import disease
from enrollment.models import Division
from enrollment.tests import factories as register
from office import jobs, sheets
from office.models import Job
from tests.at_screens import assert_accessible, sign_in
from tests.at_work import Worker
from tests.keyboard import Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VISITS = 12
KEYS_A_ROW = 12
SECONDS_A_ROW = 5
HEADINGS = {
    "kind": "类型", "book": "户编号", "name": "姓名", "disease": "诊断", "began_on": "入院日期", "ended_on": "出院日期",
    "receipt_type": "票据代码", "receipt": "收据号", "drug": "西药费",
}  # fmt: skip


@pytest.fixture
def office(appoint) -> Office:
    """The clinic lies in the village; illnesses are found by their initials."""
    made = Office.of(appoint)
    village = register.division()
    type(made.clinic).objects.filter(pk=made.clinic.pk).update(division=village)
    for code, name in (("J18", "肺炎"), ("J06", "上呼吸道感染")):
        disease(code, name)
        Disease.objects.filter(code=code).update(search_keys=keys_of(name))
    assert village.level == Division.Level.VILLAGE
    return made


def at(screens, person) -> Worker:
    worker = Worker(person, screens())
    sign_in(worker.page, person)
    return worker


def fits(worker: Worker, name: str) -> None:
    """Without sideways scrolling, for everybody, and for the eyes."""
    page = worker.page
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    assert_accessible(page)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
    worker.looked_at(name)


def printed(worker: Worker, name: str, what: int) -> None:
    """A paper comes to the printer."""
    answer = worker.page.request.get(reverse(f"claims:{name}", args=[what]))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    if folder := os.environ.get("PICTURES"):
        Path(folder, f"{name}.pdf").write_bytes(answer.body())


def begin(keys: Keys, page: Page) -> None:
    """From the list to the first cell of a new register."""
    keys.press("Alt+n")
    expect(page.locator("#id_kind")).to_be_focused()
    keys.press("Enter", "Enter", "Enter")
    keys.type("201002")
    keys.press("F2")
    expect(page.locator("#r0-began_on")).to_be_focused()


def type_visits(keys: Keys, page: Page) -> None:
    """Twelve visits of one day and one diagnosis, receipts one after the other."""
    for place in range(VISITS):
        if place == 0:
            keys.type("3")
        keys.press("Enter")
        expect(page.locator(f"#r{place}-member_text")).to_be_focused()
        keys.type(f"{place + 1:03}")
        keys.press("Enter")
        expect(page.locator(f"#r{place}-disease_text")).to_be_focused()
        if place == 0:
            keys.type("fy")
        keys.press("Enter")
        expect(page.locator(f"#r{place}-receipt")).to_be_focused()
        if place == 0:
            keys.type("000101")
        keys.press("Enter")
        expect(page.locator(f"#r{place}-drug")).to_be_focused()
        keys.type("30")
        keys.press("+")
    expect(page.locator(f"#r{VISITS}-began_on")).to_be_focused()


def test_a_register_from_the_first_cell_to_the_settlement(office, screens):
    for number in range(1, VISITS + 1):
        office.insured(f"4200{number:03}", f"马{'一二三四五六七八九十甲乙'[number - 1]}")
    vera = at(screens, office.vera)
    page = vera.page
    page.goto(reverse("claims:documents"))
    fits(vera, "documents-empty")
    keys = Keys(page)
    begin(keys, page)
    fits(vera, "visits-empty")
    keys, began = Keys(page), time.monotonic()
    type_visits(keys, page)
    took = time.monotonic() - began
    each = keys.count / VISITS
    print(f"{VISITS} visits: {keys.count} keys, {each:.1f} a row, {took:.1f} s; 200 visits: {each * 200:.0f} keys")
    assert each <= KEYS_A_ROW
    assert took / VISITS < SECONDS_A_ROW
    expect(page.locator("[data-sum=visits]")).to_have_text(str(VISITS))
    expect(page.locator("[data-sum=total]")).to_have_text("360.00")
    page.locator("#id_paper").fill("350")
    expect(page.locator("[data-sum=differs]")).to_have_text("10.00")
    vera.looked_at("visits-typed")
    page.locator("#r11-drug").fill("20")
    page.locator("#r11-receipt").fill("000101")
    page.keyboard.press("F2")
    expect(page.locator("#r11-receipt")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#r11-receipt")).to_be_focused()
    expect(page.locator("[data-sum=differs]")).to_have_text("0.00")
    fits(vera, "visits-faults")
    page.keyboard.type("000112")
    page.keyboard.press("F4")
    expect(page.locator("main")).to_contain_text("350.00")
    fits(vera, "document-draft")
    page.keyboard.press("F2")
    expect(page.locator("main")).to_contain_text("已上交")
    document = BulkDocument.objects.get()
    assert (document.state, document.row_count, document.total) == ("handed_in", VISITS, 350)

    fay = at(screens, office.fay)
    with fay.part("the sample is drawn and answered", keys=60, seconds=60) as keys:
        fay.home(keys)
        fay.page.goto(reverse("claims:bulk_document", args=[document.pk]))
        keys.press("Alt+s")
        expect(fay.page.locator("#id_size")).to_have_value("5")
        keys.press("F2")
        expect(fay.page.locator("select").first).to_be_visible()
        fits(fay, "sample")
        fay.page.locator("select").first.focus()
        for _row in range(5):
            keys.press("ArrowDown", "Enter", "Enter")
        keys.press("F2")
        fay.shows("抽查结果已填完")
    fits(fay, "document-sampled")

    sue = at(screens, office.sue)
    with sue.part("the register is decided", keys=6, seconds=60) as keys:
        sue.longest(keys)
        expect(sue.page).to_have_url(re.compile(f"/documents/{document.pk}/$"))
        fits(sue, "document-to-decide")
        keys.press("F2")
        sue.shows("已审核")
    assert now(document).state == "approved"
    assert Claim.objects.filter(document=document, state="payable").count() == VISITS

    ann = at(screens, office.ann)
    with ann.part("the register is settled", keys=6, seconds=60) as keys:
        ann.longest(keys)
        keys.press("Alt+e")
        expect(ann.page).to_have_url(re.compile(r"/settlements/\d+/$"))
    settled = Settlement.objects.get()
    assert (settled.claims, settled.total, settled.fund_pays) == (VISITS, 350, 12 * 11 + 8)
    ann.shows(settled.sha256)
    fits(ann, "settlement")
    printed(ann, "settlement_print", settled.pk)
    printed(ann, "document_print", document.pk)
    ann.page.goto(reverse("claims:settlements") + "?year=2010")
    fits(ann, "settlements")


def file_of(folder: Path, *rows: dict[str, str]) -> Path:
    """A hospital's workbook."""
    path = folder / "二月.xlsx"
    content = sheets.workbook(list(HEADINGS.values()), [[row.get(name, "") for name in HEADINGS] for row in rows])
    path.write_bytes(content)
    return path


def work_off() -> None:
    """The workers' part, where no worker runs."""
    for one in Job.objects.filter(state="waiting"):
        jobs.run(one.pk)


def test_a_hospitals_list_with_faults_is_mended_and_decided(office, screens, tmp_path):
    one, two, three = office.people(3)
    wrong = stay(two, "00000002") | {"name": "马九"}
    visited = {"kind": "门诊", "ended_on": "", "receipt_type": "064001"}
    path = file_of(
        tmp_path,
        stay(one, "00000001"),
        wrong,
        stay(three, "00000003", "90") | visited,
        stay(three, "00000004", "60") | visited | {"disease": "不存在"},
    )
    hugo = at(screens, office.hugo)
    page = hugo.page
    page.goto(reverse("claims:documents"))
    keys, began = Keys(page), time.monotonic()
    keys.press("Alt+n")
    expect(page.locator("#id_kind")).to_have_value("hospital_list")
    page.locator("#id_month").fill("201002")
    page.locator("#id_file").set_input_files(path)
    fits(hugo, "begin")
    keys.press("F2")
    expect(page).to_have_url(re.compile(r"/documents/jobs/\d+/$"))
    work_off()
    expect(page.get_by_role("button", name="导入")).to_be_visible()
    hugo.shows("行")
    fits(hugo, "check-of-a-list")
    keys.press("Alt+s")
    expect(page.get_by_role("button", name="导入")).to_have_count(0)
    work_off()
    expect(page.locator("a[data-key='Alt+B']")).to_be_visible()
    keys.press("Alt+b")
    document = BulkDocument.objects.get()
    expect(page).to_have_url(re.compile(f"/documents/{document.pk}/$"))
    fits(hugo, "list-with-faults")
    faulty = document.rows.filter(version=document.content_version, state=BulkRow.State.FAULTY)
    assert faulty.count() == 2
    keys.press("Alt+m")
    expect(page.locator("#id_book")).to_be_focused()
    fits(hugo, "row-with-faults")
    keys.press("Enter", "Control+a")
    keys.type(two.name)
    keys.press("F2")
    expect(page.locator("#id_disease")).to_be_focused()
    expect(page.locator("#id_disease")).to_have_value("不存在")
    keys.press("Alt+k")
    expect(page.locator("#id_reason")).to_be_focused()
    fits(hugo, "strike")
    keys.type("诊断不明")
    keys.press("F2")
    expect(page).to_have_url(re.compile(f"/documents/{document.pk}/$"))
    expect(page.locator("main")).to_contain_text("诊断不明")
    keys.press("F2")
    expect(page.locator("main")).to_contain_text("已上交")
    print(f"a list of four rows, one mended, one struck out: {keys.count} keys, {time.monotonic() - began:.1f} s")
    assert Claim.objects.filter(document=document).count() == 2
    fits(hugo, "list-handed-in")

    drawn = office.sampled(now(document))
    assert drawn.size == 1
    sue = at(screens, office.sue)
    with sue.part("the list is decided", keys=6, seconds=60) as keys:
        sue.home(keys)
        sue.page.goto(reverse("claims:bulk_document", args=[document.pk]))
        keys.press("F2")
        sue.shows("已审核")
    sue.page.goto(reverse("claims:document_deductions", args=[document.pk]))
    sue.shows("诊断不明")
    fits(sue, "deductions")
    printed(sue, "document_deductions_print", document.pk)

    sue.page.get_by_role("button", name="English").click()
    expect(sue.page.locator("html")).to_have_attribute("lang", "en")
    for name in ("document_deductions", "bulk_document"):
        sue.page.goto(reverse(f"claims:{name}", args=[document.pk]))
        fits(sue, f"en-{name}")
