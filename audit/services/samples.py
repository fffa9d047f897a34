"""Samples (审计抽样): planned over a frozen population, drawn by a seed that the database makes once the plan is fixed.

The seed is written down in a transaction of its own, before anybody knows what it draws: whoever dislikes a sample can
give it up with a reason, which stays beside the next one, but cannot draw it again unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Population, PopulationRow, Sample, SampleItem
from audit.rules import drawing, sample_sizes
from audit.rules.drawing import Drawn, Numbers
from audit.rules.sample_sizes import CannotPlan, Size, Stratum
from audit.selectors import sampling as selectors
from audit.services.populations import MAKE, CannotSample, hold
from claims.services import before
from claims.services.locks import refusing
from office import trail
from office.models import Lease, Person
from office.rules import days
from office.services import work

TOGETHER: Final = 2_000
Method = Sample.Method
State = Sample.State
REFUSALS: Final = {
    "expected_too_high": gettext_lazy("What is expected lies below what is tolerable."),
    "too_large": gettext_lazy("No sample of a size that could be examined bears this: allow more, or expect less."),
    "no_population": gettext_lazy("The population is empty."),
}


@dataclass(frozen=True)
class PlanOf:
    """A plan as the auditor states it. Rates and confidence in percent, errors and bounds in yuan; of a method's fields
    only its own are read. Without `size` the formula's size is taken."""

    method: str
    purpose: str
    error_means: str
    confidence: Decimal = Decimal(95)
    model: str = ""
    tolerable_rate: Decimal | None = None
    expected_rate: Decimal | None = None
    tolerable: Decimal | None = None
    expected: Decimal | None = None
    estimator: str = ""
    allocation: str = ""
    bounds: Sequence[int] = field(default_factory=tuple)
    size: int | None = None
    size_reason: str = ""

    @property
    def sure(self) -> Decimal:
        """The confidence as a part of 1."""
        return self.confidence / 100


def size_of(population: Population, plan: PlanOf) -> Size:
    """The size that the formula gives for a plan. Raises CannotSample."""
    try:
        if plan.method == Method.ATTRIBUTE:
            return sample_sizes.attribute_size(
                plan.sure,
                _needed(plan.tolerable_rate, "tolerable_rate") / 100,
                _needed(plan.expected_rate, "expected_rate") / 100,
                model=plan.model,
                population=population.items,
            )
        tolerable, expected = _needed(plan.tolerable, "tolerable"), _needed(plan.expected, "expected")
        if plan.method == Method.MONEY:
            if not population.amount:
                raise CannotSample(_("The population comes to nothing: money units cannot be drawn of it."))
            return sample_sizes.money_size(plan.sure, population.amount, tolerable, expected)
        return sample_sizes.mean_size(
            plan.sure, _strata(population, plan), tolerable, expected, allocation=plan.allocation or "number"
        )
    except CannotPlan as refusal:
        raise CannotSample(str(REFUSALS[refusal.code])) from refusal


def _needed(value: Decimal | None, name: str) -> Decimal:
    if value is None:
        raise CannotSample(_("State what is tolerable and what is expected."), name)
    return value


def _strata(population: Population, plan: PlanOf) -> list[Stratum]:
    bounds = plan.bounds if plan.method == Method.STRATA else ()
    return [Stratum(one.items, one.amount, one.spread) for one in selectors.parts_of(population, bounds)]


@refusing("sample.planned", CannotSample, about="population")
def _plan(*, population: Population, stated: PlanOf, by: Person, at: datetime) -> Sample:
    hold(population.engagement, by, MAKE)
    held = Population.objects.select_for_update(no_key=True, of=["self"]).get(pk=population.pk)
    if held.state != Population.State.FROZEN:
        raise CannotSample(_("Samples are drawn from a population that is frozen."))
    made = Sample(
        number=before.next_number(Sample, "CY", days.business_day(at)),
        population=held,
        method=stated.method,
        purpose=stated.purpose.strip(),
        error_means=stated.error_means.strip(),
        made_by=by,
        made_at=at,
    )
    if stated.method != Method.JUDGEMENT:
        _put_figures(made, stated, size_of(held, stated))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as refusal:
        raise CannotSample(_("Fill in every field of the plan.")) from refusal
    trail.record("sample.planned", made, by=by, at=at, right=MAKE, method=made.method, size=made.size,
                 population=held.number)  # fmt: skip
    return made


def plan(*, population: Population, stated: PlanOf, by: Person, at: datetime) -> Sample:
    """Fix the plan of a sample; from now on it does not change. Raises CannotSample."""
    made: Sample = _plan(population=population, stated=stated, by=by, at=at)
    return made


def _put_figures(made: Sample, stated: PlanOf, found: Size) -> None:
    """What a method needs, the size it has, and why it has another one."""
    made.confidence = stated.confidence
    made.computed, made.bears = found.items, found.errors
    made.size = min(stated.size or found.items, made.population.items)
    made.size_reason = stated.size_reason.strip() if made.size != found.items else ""
    if made.size < found.items and not made.size_reason:
        raise CannotSample(
            _("The formula asks for %(size)s items: say why fewer are enough.") % {"size": found.items}, "size_reason"
        )
    if made.method == Method.ATTRIBUTE:
        made.model, made.tolerable_rate, made.expected_rate = stated.model, stated.tolerable_rate, stated.expected_rate
        return
    made.tolerable, made.expected = stated.tolerable, stated.expected
    if made.method == Method.MONEY:
        return
    made.estimator = stated.estimator
    if made.method == Method.STRATA:
        if not stated.bounds or list(stated.bounds) != sorted({*stated.bounds} - {0}):
            raise CannotSample(_("Bounds are rising whole amounts of yuan."), "bounds")
        made.bounds, made.allocation = list(stated.bounds), stated.allocation
        made.shares = sample_sizes.allocate(made.size, _strata(made.population, stated), stated.allocation)
        made.size = sum(made.shares)


def draw(*, sample: Sample, by: Person, at: datetime) -> Sample:
    """Let the database draw the seed, then draw what follows from it. A drawing that broke off goes on with its seed.

    Raises CannotSample.
    """
    seeded: Sample = _seed(sample=sample, by=by, at=at)
    drawn: Sample = _draw(sample=seeded, by=by, at=at)
    return drawn


@refusing("sample.seeded", CannotSample, about="sample")
def _seed(*, sample: Sample, by: Person, at: datetime) -> Sample:
    held = hold_sample(sample, by, MAKE)
    if held.state == State.SEEDED or held.is_judgement:
        return held
    if held.state != State.PLANNED:
        raise CannotSample(_("This sample is drawn already."))
    held.state, held.generator, held.drawn_by, held.drawn_at = State.SEEDED, drawing.GENERATOR, by, at
    held.save(update_fields=["state", "generator", "seed", "drawn_by", "drawn_at"])
    held.refresh_from_db(fields=["seed"])
    trail.record("sample.seeded", held, by=by, at=at, right=MAKE, seed=held.seed, generator=held.generator)
    return held


@refusing("sample.drawn", CannotSample, about="sample")
def _draw(*, sample: Sample, by: Person, at: datetime) -> Sample:
    held = hold_sample(sample, by, MAKE)
    if held.is_judgement:
        if held.state != State.PLANNED or not held.items.exists():
            raise CannotSample(_("Choose the items first, each with its reason."))
        held.drawn_by, held.drawn_at = by, at
    elif held.state != State.SEEDED:
        raise CannotSample(_("This sample is drawn already."))
    else:
        _keep(held, places_of(held))
    held.state = State.DRAWN
    held.save(update_fields=["state", "drawn_by", "drawn_at"])
    trail.record("sample.drawn", held, by=by, at=at, right=MAKE, items=held.items.count())
    work.finish(subject=held, by=by, at=at)
    return held


def places_of(sample: Sample) -> list[Drawn]:
    """What the seed of a sample draws from its population; the same whenever it is asked."""
    population = sample.population
    numbers = Numbers(population.sha256, sample.seed)
    size = sample.size or 0
    if sample.method == Method.MONEY:
        return drawing.money_units(numbers, selectors.fen_of(population), size)
    if sample.method == Method.STRATA:
        bounds = [bound * 100 for bound in sample.bounds]
        return drawing.stratified(numbers, drawing.strata_of(selectors.fen_of(population), bounds), sample.shares)
    return drawing.simple(numbers, population.items, size)


def _keep(sample: Sample, drawn: Sequence[Drawn]) -> None:
    rows: dict[int, Any] = {}
    places = [one.place for one in drawn]
    for start in range(0, len(places), TOGETHER):
        some = PopulationRow.objects.filter(population=sample.population_id, place__in=places[start : start + TOGETHER])
        rows |= {row.place: row for row in some}
    SampleItem.objects.bulk_create(
        [
            SampleItem(
                sample=sample,
                row=rows[one.place],
                position=position,
                stratum=one.stratum,
                is_certain=one.is_certain,
                amount=rows[one.place].amount,
            )
            for position, one in enumerate(drawn, start=1)
        ],
        batch_size=TOGETHER,
    )


@refusing("sample.picked", CannotSample, about="sample")
def _pick(*, sample: Sample, number: str, reason: str, by: Person, at: datetime) -> SampleItem:
    held = hold_sample(sample, by, MAKE)
    if not held.is_judgement or held.state != State.PLANNED:
        raise CannotSample(_("Items are chosen for a sample by judgement, before it is drawn."))
    found = list(PopulationRow.objects.filter(population=held.population_id, number=number.strip())[:2])
    if not found:
        raise CannotSample(_("There is no such number in the population."), "number")
    if not reason.strip():
        raise CannotSample(_("Say why this item is chosen."), "reason")
    row = next((one for one in found if not held.items.filter(row=one).exists()), None)
    if row is None:
        raise CannotSample(_("This item was chosen already."), "number")
    made = SampleItem.objects.create(
        sample=held, row=row, position=held.items.count() + 1, reason=reason.strip(), amount=row.amount
    )
    trail.record("sample.picked", held, by=by, at=at, right=MAKE, reason=made.reason, item=row.number)
    return made


def pick(*, sample: Sample, number: str, reason: str, by: Person, at: datetime) -> SampleItem:
    """Choose an item by judgement, with the reason. Raises CannotSample."""
    made: SampleItem = _pick(sample=sample, number=number, reason=reason, by=by, at=at)
    return made


@refusing("sample.given-up", CannotSample, about="sample")
def _give_up(*, sample: Sample, reason: str, by: Person, at: datetime) -> None:
    held = hold_sample(sample, by, MAKE)
    if held.state not in {State.PLANNED, State.DRAWN}:
        raise CannotSample(_("A sample is given up before its conclusion."))
    if not reason.strip():
        raise CannotSample(_("Say it in words."), "reason")
    held.state, held.void_reason = State.VOID, reason.strip()
    held.save(update_fields=["state", "void_reason"])
    trail.record("sample.given-up", held, by=by, at=at, right=MAKE, reason=held.void_reason)
    _let_go(held, by, at)


def _let_go(sample: Sample, by: Person, at: datetime) -> None:
    """Nobody works any more on a sample that is given up, nor on an item of it."""
    taken = Lease.objects.live().filter(subject_type=SampleItem._meta.label_lower).values_list("subject_id", flat=True)
    work.finish(subject=sample, by=by, at=at)
    for item in sample.items.filter(pk__in=[int(one) for one in taken]).order_by("pk"):
        work.finish(subject=item, by=by, at=at)


def give_up(*, sample: Sample, reason: str, by: Person, at: datetime) -> None:
    """Give a sample up, with the reason; it stays, and is named beside every other of its population. Raises
    CannotSample."""
    _give_up(sample=sample, reason=reason, by=by, at=at)


def is_drawn_again(sample: Sample) -> bool:
    """Whether the rows still are what was frozen, and the seed draws exactly the items of the sample."""
    if selectors.hash_of(sample.population) != sample.population.sha256:
        return False
    kept = list(sample.items.order_by("position").values_list("row__place", "stratum", "is_certain"))
    return kept == [(one.place, one.stratum, one.is_certain) for one in places_of(sample)]


def hold_sample(sample: Sample, by: Person, right: str) -> Sample:
    """A sample as it is now, held, with its engagement in the field. Raises CannotSample."""
    hold(sample.population.engagement, by, right)
    return (
        Sample.objects.select_for_update(no_key=True, of=["self"])
        .select_related("population__engagement")
        .get(pk=sample.pk)
    )
