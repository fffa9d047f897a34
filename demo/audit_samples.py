"""Samples of the demo county: a monetary-unit sample of contributions half examined, an attribute sample that waits to
be drawn, a choice by judgement that is concluded. What is found is made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from audit.models import Engagement, Population, Sample, SampleItem
from audit.services import engagements, populations, sample_items, samples
from audit.services.engagements import EngagementOf
from audit.services.populations import PopulationOf
from audit.services.sample_items import ResultOf
from audit.services.samples import PlanOf
from office.models import Body, Person
from office.rules import days

Method = Sample.Method
ENGAGEMENT: Final = "缴费与补偿抽查（演示）"
ERROR: Final = "缴费金额与收据存根、银行回单不一致（演示）"
WORDS: Final = "收据存根少记一人，应补收（演示）"
LEFT: Final = 6  # items that are not examined yet
LOOKED: Final = 8  # items that somebody else has looked at


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave an engagement in the field with its populations and samples."""
    engagement = _engagement(people, at)
    since, until = engagement.since, engagement.until
    paid = _frozen(engagement, PopulationOf("contributions", since, until), people, at)
    if paid.state != Population.State.FROZEN:
        return
    _money(paid, people, at)
    rates = PlanOf(
        Method.ATTRIBUTE, "缴费登记表是否有代表人签字（演示）", "登记表无签字或代签（演示）", model="binomial",
        tolerable_rate=Decimal(5), expected_rate=Decimal(0),
    )  # fmt: skip
    samples.plan(population=paid, stated=rates, by=people["inspector"], at=at)
    _judgement(paid, people, at)


def _engagement(people: dict[str, Person], at: datetime) -> Engagement:
    today, by = days.business_day(at), people["inspector"]
    stated = EngagementOf(
        kind="special", done_by="internal", title=ENGAGEMENT, basis="年度稽核计划（演示）",
        body=Body.objects.get(code="640522"), since=today - timedelta(days=400), until=today,
        scope="个人缴费、住院补偿（演示）", plan="总体固定后按货币单元抽样，逐项核对收据（演示）", lead=by,
    )  # fmt: skip
    made = engagements.plan(stated=stated, by=by, at=at)
    engagements.name_member(engagement=made, person=people["auditor"], by=by, at=at)
    return engagements.serve_notice(
        engagement=made, served_on=today - timedelta(days=20), fieldwork_from=today - timedelta(days=5), by=by, at=at
    )


def _frozen(engagement: Engagement, stated: PopulationOf, people: dict[str, Person], at: datetime) -> Population:
    """A population frozen at once; its job, when a worker comes to it, finds it done."""
    asked = populations.ask(engagement=engagement, stated=stated, by=people["inspector"], at=at)
    return populations.freeze(population=asked, by=people["inspector"], at=at)


def _money(population: Population, people: dict[str, Person], at: datetime) -> None:
    """Drawn, most of it examined, half of it looked at by the audit bureau's auditor."""
    stated = PlanOf(
        Method.MONEY, "个人缴费是否足额入账（演示）", ERROR, tolerable=population.amount * 15 / 100, expected=Decimal(0)
    )
    by = people["inspector"]
    sample = samples.draw(sample=samples.plan(population=population, stated=stated, by=by, at=at), by=by, at=at)
    items = list(sample.items.order_by("position"))
    for place, item in enumerate(items[: max(len(items) - LEFT, 0)]):
        found = ResultOf("wrong", item.amount / 2, WORDS, "底稿-01") if place == 1 else ResultOf("right")
        done = sample_items.examine(item=item, stated=found, by=by, at=at)
        if place < LOOKED:
            sample_items.agree(item=done, by=people["auditor"], at=at)


def _judgement(population: Population, people: dict[str, Person], at: datetime) -> None:
    """The two largest payments, chosen because they are the largest; concluded."""
    stated = PlanOf(Method.JUDGEMENT, "大额缴费（演示）", ERROR)
    by = people["inspector"]
    sample = samples.plan(population=population, stated=stated, by=by, at=at)
    for row in population.rows.order_by("-amount", "place")[:2]:
        samples.pick(sample=sample, number=row.number, reason="金额最大（演示）", by=by, at=at)
    samples.draw(sample=sample, by=by, at=at)
    for item in SampleItem.objects.filter(sample=sample):
        done = sample_items.examine(item=item, stated=ResultOf("right"), by=by, at=at)
        sample_items.agree(item=done, by=people["auditor"], at=at)
    sample_items.conclude(sample=sample, conclusion="未发现问题（演示）", by=by, at=at)
