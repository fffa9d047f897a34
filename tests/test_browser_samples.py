"""A sample of an audit in two browsers, without a mouse: frozen, planned, drawn, examined item after item, looked at by
another, concluded."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from audit.models import Population, Sample
from audit.tests.sampling import Field, contributions
from office import jobs
from tests.at_funds import Teller, at, together

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def frozen(dan: Teller) -> Population:
    """A population of contributions."""
    dan.opens("audit:populations")
    dan.press("Alt+n")
    dan.chooses("source", "contributions")
    dan.types(since="01012010", until="02282010")
    dan.fits("population-form")
    dan.press("F2")
    made = Population.objects.get()
    dan.shows("正在后台固定")
    jobs.run(made.job.pk)
    dan.page.reload()
    dan.shows(made.sha256 or "SHA-256")
    dan.fits("population")
    return made


def drawn(dan: Teller) -> Sample:
    """A monetary-unit sample of four units."""
    dan.press("Alt+2")
    dan.types(purpose="个人缴费是否足额入账", error_means="金额与收据存根不一致", tolerable="560")
    dan.fits("sample-plan")
    dan.press("F2")
    dan.shows("货币单元抽样")
    dan.fits("sample-planned")
    dan.press("F2")
    dan.shows("已抽出")
    return Sample.objects.get()


def examined(dan: Teller, outcome: str, **fields: str) -> None:
    """One item; the next one opens by itself."""
    expect(dan.page.get_by_label("正确", exact=True)).to_be_focused()
    dan.keys.press("Space" if outcome == "正确" else "ArrowDown")
    expect(dan.page.get_by_label(outcome, exact=True)).to_be_checked()
    dan.types(**fields)
    dan.press("F2")


def test_a_sample_from_the_population_to_the_conclusion(screens, appoint, county):
    field = Field.of(appoint, county)
    contributions([str(10 + number) for number in range(30)])
    dan, eva = at(screens, field.dan), at(screens, field.eva)
    with together("sampling", dan, keys=140):
        frozen(dan)
        sample = drawn(dan)
    items = sample.items.count()
    dan.fits("sample")
    dan.press("Alt+e")
    dan.fits("sample-item")
    with together("examining", dan, keys=60):
        examined(dan, "有错", right_amount="5", why="收据存根少记一人", paper="底稿-1")
        for _item in range(items - 1):
            examined(dan, "正确")
    dan.shows("没有待您办理的项目")
    eva.opens("audit:sample", sample.pk)
    eva.press("Alt+l")
    eva.fits("sample-look")
    with together("looking again", eva, keys=30):
        for _item in range(items):
            eva.keys.press("Space")
            eva.press("F2")
    eva.shows("没有待您办理的项目")
    dan.opens("audit:sample", sample.pk)
    dan.press("F2")
    dan.types(conclusion="扩大检查")
    dan.press("F2")
    dan.shows("总体")
    expect(dan.page.locator("main")).to_contain_text(re.compile("最可能多付 .+ 元"))
    dan.fits("sample-concluded")
    dan.page.get_by_role("button", name="重新抽取核对").press("Enter")
    dan.shows("按种子重新抽取的项目完全相同")
    dan.opens("audit:sample_item", sample.items.earliest("position").pk)
    dan.press("Alt+PageDown")
    dan.shows(f"{sample} 第 2 项")
    dan.fits("sample-item-agreed")
    for name in ("samples", "populations"):
        dan.page.goto(reverse(f"audit:{name}"))
        dan.fits(name)
