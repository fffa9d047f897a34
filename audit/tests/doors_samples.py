"""The doors of populations and samples, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from audit.models import Population, PopulationRow, Sample, SampleItem
from audit.tests.sampling import contributions, engagement
from conftest import NOON
from enrollment.models import Contribution
from office.models import Body, Duty, Job
from office.tests.factories import tess

AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})

READ = (
    "populations", "population", "population_rows", "samples", "sample", "sample_script", "sample_item", "sample_print",
    "sample_book", "sample_compare",
)  # fmt: skip
MADE = (
    "population_new", "sample_new", "sample_draw", "sample_pick", "sample_examine", "sample_look", "sample_conclude",
    "sample_void",
)  # fmt: skip
OF_SAMPLE = (
    "sample", "sample_draw", "sample_compare", "sample_pick", "sample_examine", "sample_look", "sample_conclude",
    "sample_void", "sample_print", "sample_book",
)  # fmt: skip

DOORS: dict[str, frozenset[str]] = {
    **{f"audit:{name}": AUDITORS for name in READ},
    **{f"audit:{name}": AUDITORS for name in MADE},
}
POST_ONLY: set[str] = {"audit:sample_draw", "audit:sample_compare"}


def population() -> Population:
    """A frozen population of one row, of people who knock at no door."""
    known = Population.objects.first()
    if known is not None:
        return known
    body = Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).earliest("pk")
    other = tess().__class__.objects.create_person(username="una", full_name="Una", password=None)
    paid = Contribution.objects.first() or contributions(["10"])[0]
    made = Population.objects.create(
        number="ZT-X", engagement=engagement(body, tess(), other), source="contributions", since=date(2010, 1, 1),
        until=date(2010, 2, 1), asked_by=tess(), asked_at=NOON,
    )  # fmt: skip
    PopulationRow.objects.create(
        population=made, place=1, subject_id=paid.pk, number="SJ1", day=date(2010, 1, 15), amount=paid.amount
    )
    made.state, made.items, made.amount = "frozen", 1, paid.amount
    made.sha256, made.frozen_at = "0" * 64, timezone.now()
    made.save()
    return made


def item() -> SampleItem:
    """An item chosen by judgement, in a sample that is drawn."""
    known = SampleItem.objects.first()
    if known is not None:
        return known
    of = population()
    sample = Sample.objects.create(
        number="CY-X", population=of, purpose="缴费金额", error_means="不一致", method="judgement", made_by=tess(),
        made_at=NOON,
    )  # fmt: skip
    row = PopulationRow.objects.get(population=of)
    made = SampleItem.objects.create(sample=sample, row=row, position=1, reason="金额异常", amount=Decimal(row.amount))
    Sample.objects.filter(pk=sample.pk).update(state="drawn", drawn_by=tess(), drawn_at=NOON)
    return made


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs; one of everything for all."""
    return {
        **{f"audit:{name}": lambda duty: [population().pk] for name in ("population", "population_rows")},
        "audit:sample_new": lambda duty: [population().pk, "money"],
        **{f"audit:{name}": lambda duty: [item().sample_id] for name in OF_SAMPLE},
        "audit:sample_item": lambda duty: [item().pk],
    }
