"""Items of a sample (样本项目): examined by one, looked at by another; then what they say about the population."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from audit.models import Sample, SampleItem
from audit.rules import drawing, estimating
from audit.rules.estimating import Checked, Stratum
from audit.selectors import sampling as selectors
from audit.services.populations import MAKE, VIEW, CannotSample, hold
from audit.services.samples import hold_sample, is_drawn_again
from claims.services.locks import refusing
from office import access, attachments, trail
from office.models import Person
from office.services import work

EXAMINE: Final = "audit.change_sampleitem"
Method = Sample.Method
State = SampleItem.State
Outcome = SampleItem.Outcome
NOTHING: Final = Decimal(0)


@dataclass(frozen=True)
class ResultOf:
    """What examining an item showed: right, or wrong with what would have been right and why; the work paper."""

    outcome: str
    right_amount: Decimal | None = None
    why: str = ""
    paper: str = ""
    upload: UploadedFile[Any] | None = None


@refusing("sample-item.examined", CannotSample, about="item")
def _examine(*, item: SampleItem, stated: ResultOf, by: Person, at: datetime) -> SampleItem:
    held = _hold(item, by)
    if held.state != State.OPEN:
        raise CannotSample(_("This item is examined already."))
    if selectors.worked_on(held.row, by):
        raise CannotSample(_("Nobody examines what he worked on himself: leave this item to a colleague."))
    right = held.amount if stated.outcome == Outcome.RIGHT else stated.right_amount
    if right is None:
        raise CannotSample(_("State the amount that would have been right."), "right_amount")
    if stated.outcome == Outcome.WRONG and not stated.why.strip():
        raise CannotSample(_("Say what is wrong."), "why")
    held.state, held.outcome, held.right_amount = State.EXAMINED, stated.outcome, right
    held.why, held.paper = stated.why.strip(), stated.paper.strip()
    held.examined_by, held.examined_at = by, at
    held.looked_by, held.looked_at, held.remark = None, None, ""
    held.save()
    if stated.upload is not None:
        _attach(held, stated.upload, by=by, at=at)
    trail.record("sample-item.examined", held, by=by, at=at, right=EXAMINE, outcome=held.outcome, error=held.error)
    work.finish(subject=held, by=by, at=at)
    return held


def _attach(item: SampleItem, upload: UploadedFile[Any], *, by: Person, at: datetime) -> None:
    try:
        attachments.keep(subject=item, upload=upload, by=by, at=at)
    except attachments.CannotAttach as refusal:
        raise CannotSample(str(refusal), "upload") from refusal


def examine(*, item: SampleItem, stated: ResultOf, by: Person, at: datetime) -> SampleItem:
    """Note what examining an item showed; it waits for somebody else. Raises CannotSample."""
    done: SampleItem = _examine(item=item, stated=stated, by=by, at=at)
    return done


@refusing("sample-item.agreed", CannotSample, about="item")
def _agree(*, item: SampleItem, remark: str, by: Person, at: datetime) -> SampleItem:
    held = _hold_examined(item, by)
    held.state, held.looked_by, held.looked_at, held.remark = State.AGREED, by, at, remark.strip()
    held.save(update_fields=["state", "looked_by", "looked_at", "remark"])
    trail.record("sample-item.agreed", held, by=by, at=at, right=EXAMINE, outcome=held.outcome, error=held.error)
    work.finish(subject=held, by=by, at=at)
    return held


def agree(*, item: SampleItem, remark: str = "", by: Person, at: datetime) -> SampleItem:
    """Agree to what somebody else found. Raises CannotSample."""
    done: SampleItem = _agree(item=item, remark=remark, by=by, at=at)
    return done


@refusing("sample-item.sent-back", CannotSample, about="item")
def _send_back(*, item: SampleItem, remark: str, by: Person, at: datetime) -> SampleItem:
    held = _hold_examined(item, by)
    if not remark.strip():
        raise CannotSample(_("Say what is to be examined again."), "remark")
    trail.record(
        "sample-item.sent-back", held, by=by, at=at, right=EXAMINE, reason=remark.strip(), outcome=held.outcome
    )
    held.state, held.outcome, held.right_amount, held.why = State.OPEN, "", None, ""
    held.examined_by, held.examined_at = None, None
    held.looked_by, held.looked_at, held.remark = by, at, remark.strip()
    held.save()
    work.finish(subject=held, by=by, at=at)
    return held


def send_back(*, item: SampleItem, remark: str, by: Person, at: datetime) -> SampleItem:
    """Send an item back to be examined again, with the reason; what was noted stays in its history. Raises
    CannotSample."""
    done: SampleItem = _send_back(item=item, remark=remark, by=by, at=at)
    return done


def _hold(item: SampleItem, by: Person) -> SampleItem:
    sample = Sample.objects.select_related("population__engagement").get(pk=item.sample_id)
    hold(sample.population.engagement, by, EXAMINE)
    held_sample = Sample.objects.select_for_update(no_key=True, of=["self"]).get(pk=sample.pk)
    if held_sample.state != Sample.State.DRAWN:
        raise CannotSample(_("Items are examined between the drawing and the conclusion."))
    held = SampleItem.objects.select_for_update(no_key=True, of=["self"]).select_related("row__population")
    return held.get(pk=item.pk)


def _hold_examined(item: SampleItem, by: Person) -> SampleItem:
    held = _hold(item, by)
    if held.state != State.EXAMINED:
        raise CannotSample(_("This item waits for nobody's second look."))
    if held.examined_by_id == by.pk:
        raise CannotSample(_("Somebody else looks at what you examined."))
    if selectors.worked_on(held.row, by):
        raise CannotSample(_("Nobody examines what he worked on himself: leave this item to a colleague."))
    return held


@refusing("sample.concluded", CannotSample, about="sample")
def _conclude(*, sample: Sample, conclusion: str, by: Person, at: datetime) -> Sample:
    held = hold_sample(sample, by, MAKE)
    if held.state != Sample.State.DRAWN:
        raise CannotSample(_("A sample is concluded once, after it was drawn."))
    left = held.items.exclude(state=State.AGREED).count()
    if left:
        raise CannotSample(_("Not every item is agreed yet: %(left)s are left.") % {"left": left})
    if not conclusion.strip():
        raise CannotSample(_("Say it in words."), "conclusion")
    if not held.is_judgement and not is_drawn_again(held):
        raise CannotSample(_("The seed does not draw these items: this sample proves nothing. Give it up."))
    held.estimate = estimate_of(held)
    held.state, held.conclusion = Sample.State.CONCLUDED, conclusion.strip()
    held.concluded_by, held.concluded_at = by, at
    held.save(update_fields=["state", "estimate", "conclusion", "concluded_by", "concluded_at"])
    trail.record("sample.concluded", held, by=by, at=at, right=MAKE, holds=held.estimate.get("holds"))
    work.finish(subject=held, by=by, at=at)
    return held


def conclude(*, sample: Sample, conclusion: str, by: Person, at: datetime) -> Sample:
    """Conclude a sample of which every item is agreed: what it says about its population is kept. Raises
    CannotSample."""
    done: Sample = _conclude(sample=sample, conclusion=conclusion, by=by, at=at)
    return done


def estimate_of(sample: Sample) -> dict[str, Any]:
    """What the items of a sample say, in figures as text: what was found; of a population the likely and the most.

    `holds` says whether the limit lies at or below what is tolerable; of a sample by judgement it is None.
    """
    checked = selectors.checked(sample)
    wrong = sample.items.filter(outcome=Outcome.WRONG).count()
    found: dict[str, Any] = {
        "items": len(checked),
        "wrong": wrong,
        "too_much": str(sum((one.error for one in checked if one.error > 0), NOTHING)),
        "too_little": str(sum((-one.error for one in checked if one.error < 0), NOTHING)),
    }
    if sample.is_judgement:
        return found | {"holds": None}
    if sample.method == Method.ATTRIBUTE:
        return found | _rate(sample, len(checked), wrong)
    return found | _money(sample, checked)


def _rate(sample: Sample, size: int, wrong: int) -> dict[str, Any]:
    rate = estimating.rate(size, wrong, _sure(sample), model=sample.model, population=sample.population.items)
    return {
        "rate": str(_percent(rate.found, ROUND_HALF_UP)),
        "low": str(_percent(rate.lower, ROUND_FLOOR)),
        "high": str(_percent(rate.upper, ROUND_CEILING)),
        "holds": rate.upper * 100 <= (sample.tolerable_rate or NOTHING),
    }


def _money(sample: Sample, checked: list[Checked]) -> dict[str, Any]:
    population = sample.population
    if sample.method == Method.MONEY:
        plan = drawing.money_plan(selectors.fen_of(population), sample.size or 0)
        rest = Decimal(plan.rest) / 100
        money = estimating.money_units(checked, rest=rest, units=plan.units, confidence=_sure(sample))
    else:
        parts = [Stratum(one.items, one.amount, one.largest) for one in selectors.parts_of(population, sample.bounds)]
        money = estimating.means(checked, parts, estimator=sample.estimator, confidence=_sure(sample))
    limits = {} if money.low is None else {"t_low": str(money.low), "t_high": str(money.high)}
    return limits | {
        "likely": str(money.likely),
        "upper": str(money.upper),
        "certain": str(money.certain),
        "short": str(money.too_little),
        "holds": money.upper <= (sample.tolerable or NOTHING),
    }


def _sure(sample: Sample) -> Decimal:
    return (sample.confidence or NOTHING) / 100


def _percent(part: Decimal, rounding: str) -> Decimal:
    return (part * 100).quantize(Decimal("0.01"), rounding)


def register() -> None:
    """Called once when the app is ready: whoever sees an item reads what is kept with it."""
    attachments.register(SampleItem._meta.label_lower, _may_read)


def _may_read(person: Person, pk: str) -> bool:
    return VIEW in access.rights_of(person) and SampleItem.objects.visible_to(person).filter(pk=pk).exists()
