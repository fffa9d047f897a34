"""Samples that tests need: an engagement in the field, people who contributed, who plans, draws, examines and looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import TestCase

from audit.models import Engagement, EngagementMember, Population, Sample, SampleItem
from audit.services import populations, sample_items, samples
from audit.services.populations import PopulationOf
from audit.services.sample_items import ResultOf
from audit.services.samples import PlanOf
from conftest import NOON
from enrollment.models import Contribution, FundYear, Household, Member
from enrollment.tests import factories as register
from office import jobs
from office.models import Body, Duty, Person
from office.tests.factories import tess

FIRST, LAST = date(2010, 1, 1), date(2010, 2, 28)
CLAUSE = "金额与票据不一致"


def engagement(body: Body, *people: Person, served: bool = True, **more: Any) -> Engagement:
    """An engagement whose notice is out, unless it is not served, with its people; the first leads it."""
    given = {
        "number": f"SJ2010-{Engagement.objects.count() + 1:05d}", "kind": "annual", "done_by": "internal",
        "title": "2010 年度专项稽核", "basis": "年度稽核计划", "body": body, "since": date(2009, 1, 1),
        "until": date(2010, 12, 31), "scope": "缴费与补偿", "plan": "抽样检查", "lead": people[0], "made_by": tess(),
        "made_at": NOON, **more,
    }  # fmt: skip
    made = Engagement.objects.create(**given)
    EngagementMember.objects.bulk_create(
        [EngagementMember(engagement=made, person=one, named_by=tess(), named_at=NOON) for one in people]
    )
    if served:
        made.state, made.notice_on, made.fieldwork_from = "noticed", date(2010, 2, 1), date(2010, 2, 10)
        made.save()
    return made


def people(count: int) -> list[Member]:
    """So many more people of one household."""
    home = Household.objects.filter(number="9001").first() or register.household("9001")
    before = home.members.count()
    return Member.objects.bulk_create(
        [
            Member(
                household=home, name=f"马{number}", is_head=not number, relation="other" if number else "head", sex="F",
                birth_date=date(1970, 3, 1), search_keys=["m"], changed_by=tess(), changed_at=NOON,
            )
            for number in range(before, before + count)
        ]
    )  # fmt: skip


def contributions(amounts: list[str], **more: Any) -> list[Contribution]:
    """A contribution of each amount."""
    given = {"fund_year": FundYear.objects.first() or register.fund_year(), "paid_on": date(2010, 1, 15),
             "noted_by": tess(), "noted_at": NOON}  # fmt: skip
    first = Contribution.objects.count() + 1
    return Contribution.objects.bulk_create(
        [
            Contribution(member=one, own=Decimal(amount), **{**given, "receipt": f"SJ{number:04d}", **more})
            for number, (one, amount) in enumerate(zip(people(len(amounts)), amounts, strict=True), start=first)
        ]
    )


@dataclass
class Field:
    """Auditors in the field, and what they do, in short."""

    dan: Person  # leads and draws
    eva: Person  # examines and looks a second time
    engagement: Engagement

    @classmethod
    def of(cls, appoint: Callable[..., Person], body: Body) -> Field:
        dan, eva = appoint("dan", Duty.INTERNAL_AUDITOR), appoint("eva", Duty.INTERNAL_AUDITOR)
        return cls(dan, eva, engagement(body, dan, eva))

    def asked(self, source: str = "contributions", **more: Any) -> Population:
        """A population that a job will freeze."""
        given = {"since": FIRST, "until": LAST, **more}
        return populations.ask(engagement=self.engagement, stated=PopulationOf(source, **given), by=self.dan, at=NOON)

    def frozen(self, source: str = "contributions", **more: Any) -> Population:
        """A population that its job froze."""
        with TestCase.captureOnCommitCallbacks():
            made = self.asked(source, **more)
        jobs.run(made.job.pk)
        made.refresh_from_db()
        return made

    def planned(self, population: Population, method: str = "attribute", **more: Any) -> Sample:
        """A sample of a population."""
        return samples.plan(population=population, stated=plan_of(method, **more), by=self.dan, at=NOON)

    def drawn(self, population: Population, method: str = "attribute", **more: Any) -> Sample:
        """A sample that is drawn."""
        return samples.draw(sample=self.planned(population, method, **more), by=self.dan, at=NOON)

    def examine(self, item: SampleItem, right: str | None = None, **more: Any) -> SampleItem:
        """An item found right, or what would have been right."""
        given = {"why": CLAUSE, "paper": "底稿-1", **more}
        stated = ResultOf("right") if right is None else ResultOf("wrong", Decimal(right), **given)
        return sample_items.examine(item=item, stated=stated, by=self.dan, at=NOON)

    def agree(self, item: SampleItem) -> SampleItem:
        return sample_items.agree(item=item, by=self.eva, at=NOON)

    def examine_all(self, sample: Sample, wrong: dict[int, str] | None = None) -> Sample:
        """Every item examined and agreed; by position what would have been right."""
        for item in sample.items.order_by("position"):
            self.agree(self.examine(item, (wrong or {}).get(item.position)))
        return sample

    def concluded(self, sample: Sample, words: str = "总体可以接受") -> Sample:
        return sample_items.conclude(sample=sample, conclusion=words, by=self.dan, at=NOON)


METHODS: dict[str, dict[str, Any]] = {
    "attribute": {"model": "binomial", "tolerable_rate": Decimal(20), "expected_rate": Decimal(0)},
    "money": {"tolerable": Decimal(400), "expected": Decimal(0)},
    "random": {"tolerable": Decimal(600), "expected": Decimal(0), "estimator": "difference"},
    "strata": {
        "tolerable": Decimal(600), "expected": Decimal(0), "estimator": "ratio", "allocation": "amount",
        "bounds": [50, 100],
    },
    "judgement": {},
}  # fmt: skip


def plan_of(method: str, **more: Any) -> PlanOf:
    """A plan as an auditor would state it."""
    return PlanOf(method, "缴费金额", CLAUSE, **{**METHODS[method], **more})
