"""The audit of 2009, in the spring after it: all screens over the year's claims, an engagement with a sample of what
was approved, examined by one and looked at by another, its report. What is examined is found right: the year is made
up without a fault. Each part is left out that was done before.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from audit.models import Engagement, Lead, Sample, SampleItem, Screening
from audit.screens.registry import SCREENS
from audit.services import engagements, populations, reports, sample_items, samples, screening
from audit.services.engagements import EngagementOf
from audit.services.populations import PopulationOf
from audit.services.sample_items import ResultOf
from audit.services.samples import PlanOf
from audit.services.screening_tables import Span
from demo.haiyuan import desk
from demo.haiyuan.desk import Day
from demo.haiyuan.figures import YEAR
from office import history
from office.models import Body

FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
SCREENED_ON, BEGUN_ON, REPORTED_ON = date(YEAR + 1, 3, 1), date(YEAR + 1, 3, 2), date(YEAR + 1, 4, 15)
NOTICE_ON, FIELDWORK_FROM = date(YEAR + 1, 3, 2), date(YEAR + 1, 3, 15)
TITLE: Final = f"新农合基金{YEAR}年度稽核（演示）"
TOLERABLE: Final = 5  # percent of the money approved
NUMBER: Final = "640522"


def inspect() -> str:
    """All of it; what came of it, in words."""
    people = desk.people()
    _screened(Day(people, SCREENED_ON))
    sample = _sampled(Day(people, BEGUN_ON))
    _reported(sample, Day(people, REPORTED_ON))
    return f"{Lead.objects.count()} leads, a sample of {sample.items.count()} of {sample.population.items}"


def _screened(day: Day) -> None:
    """Every screen over the whole year; begun again it goes on with the screens that are left."""
    by = day.people["inspector"]
    with history.acting(by=by):
        begun = Screening.objects.filter(first=FIRST, last=LAST).first()
        if begun is None:
            begun = screening.begin(span=Span(FIRST, LAST), screens=SCREENS, by=by, at=day.at)
        screening.go_on(begun, by=by, at=day.at)


def _sampled(day: Day) -> Sample:
    """An engagement in the field, and its sample by units of money, concluded."""
    by = day.people["inspector"]
    with history.acting(by=by), transaction.atomic():
        if known := Sample.objects.filter(population__engagement__title=TITLE).first():
            return known
        of_claims = PopulationOf("claims", FIRST, LAST)
        asked = populations.ask(engagement=_begun(day), stated=of_claims, by=by, at=day.at)
        population = populations.freeze(population=asked, by=by, at=day.at)
        tolerable = (population.amount * TOLERABLE / 100).quantize(Decimal("0.01"))
        stated = PlanOf(
            Sample.Method.MONEY, "补偿金额是否正确（演示）", "与票据、方案不一致（演示）",
            tolerable=tolerable, expected=Decimal(0),
        )  # fmt: skip
        planned = samples.plan(population=population, stated=stated, by=by, at=day.at)
    with history.acting(by=by):
        return samples.draw(sample=planned, by=by, at=day.at)


def _begun(day: Day) -> Engagement:
    by = day.people["inspector"]
    stated = EngagementOf(
        kind="annual", done_by="internal", title=TITLE, basis="年度稽核计划（演示）",
        body=Body.objects.get(code=NUMBER), since=FIRST, until=LAST, scope="门诊与住院补偿（演示）",
        plan="全年筛查；按货币单元抽样，逐项核对票据（演示）", lead=by,
    )  # fmt: skip
    made = engagements.plan(stated=stated, by=by, at=day.at)
    engagements.name_member(engagement=made, person=day.people["auditor"], by=by, at=day.at)
    return engagements.serve_notice(
        engagement=made, served_on=NOTICE_ON, fieldwork_from=FIELDWORK_FROM, by=by, at=day.at
    )


def _reported(sample: Sample, day: Day) -> None:
    """Every item examined and looked at again, the sample concluded, the report drawn up and issued by another."""
    by, other, of = day.people["inspector"], day.people["auditor"], sample.population.engagement
    for item in sample.items.exclude(state=SampleItem.State.AGREED).order_by("position"):
        if item.state == SampleItem.State.OPEN:
            with history.acting(by=by):
                sample_items.examine(item=item, stated=ResultOf("right"), by=by, at=day.at)
        with history.acting(by=other):
            sample_items.agree(item=item, by=other, at=day.at)
    if Sample.objects.get(pk=sample.pk).state == Sample.State.DRAWN:
        with history.acting(by=by):
            sample_items.conclude(sample=sample, conclusion="未发现差错（演示）", by=by, at=day.at)
    if not of.reports.exists():
        with history.acting(by=by):
            opinion, advice = "补偿计算与公布的方案一致（演示）", "继续逐月筛查（演示）"
            reports.draw_up(engagement=of, opinion=opinion, advice=advice, by=by, at=day.at)
    if drawn := of.reports.filter(state="drawn_up").first():
        with history.acting(by=other):
            reports.issue(report=drawn, by=other, at=day.at)
