"""The accountant looks at a month's figures, makes its sheet, and corrects it when a household lives elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import StatisticsSheet
from claims.tests.deciding import provider
from claims.tests.figures import TOWNSHIPS, House
from claims.tests.test_services_statistics import move
from conftest import NOON
from office.models import Duty
from tests.at_screens import sign_in
from tests.test_browser_public import fits, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_month_is_looked_at_made_and_corrected(page, appoint):
    house, then = House.of(appoint), timezone.now() - timedelta(days=40)
    wrong = house.approved(then)
    far = provider("X", level="province", region="outside", name="自治区人民医院")
    house.approved(then, amounts=("48210.55", "3100.20"), provider=far, kind="injury")
    house.approved(then, amounts=("88", "7.5"), kind="outpatient", member=house.member("v", TOWNSHIPS[1]))
    house.approved(then.replace(year=then.year - 1), amounts=("4100",), member=house.member("w"))

    sign_in(page, appoint("ann", Duty.FUND_ACCOUNTANT))
    page.goto(reverse("claims:statistics"))
    fits(page)
    page.keyboard.press("Alt+n")
    expect(page).to_have_url(re.compile("/figures/$"))
    page.get_by_label("统计区间").select_option(f"month:{timezone.localdate(then):%Y-%m}-01")
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_role("rowheader", name="自治区")).to_have_count(0)
    fits(page)
    looked_at(page, "figures")
    page.keyboard.press("Alt+s")
    expect(page).to_have_url(re.compile(r"/statistics/\d+/$"))
    sheet = StatisticsSheet.objects.get()
    fits(page)
    looked_at(page, "sheet")

    move(house, appoint, wrong, TOWNSHIPS[1])
    page.keyboard.press("Alt+r")
    expect(page).to_have_url(re.compile("/correct/$"))
    page.locator("#id_reason").fill("户籍乡镇登记有误")
    fits(page)
    looked_at(page, "correct")
    page.get_by_role("button", name="生成更正表").click()
    expect(page).to_have_url(re.compile(rf"/statistics/(?!{sheet.pk}/)\d+/$"))
    fits(page)
    looked_at(page, "correction")
    page.goto(reverse("claims:statistics") + "?stage=")
    fits(page)
    looked_at(page, "sheets")
    assert StatisticsSheet.objects.get(corrects=sheet).made_at > NOON

    page.goto(reverse("enrollment:go_live_new"))
    fits(page)
    looked_at(page, "go-live")
    home = page.url.removesuffix(reverse("enrollment:go_live_new"))
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": home}])
    page.goto(reverse("claims:statistics_sheet", args=[sheet.pk]))
    fits(page)
    looked_at(page, "sheet-en")
