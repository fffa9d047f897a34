"""Samples in words: what a plan aims at, why it has its size, what was found and what follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Population, Sample
from audit.rules.sample_sizes import Size
from audit.services.samples import PlanOf
from office.rules import money


def shown_percent(value: Decimal | str | None) -> str:
    """A percentage as it is read: 95 %, 19.27 %."""
    return f"{Decimal(value or 0).normalize():f} %"


def query(population: Population) -> str:
    """What a population was asked to be, in one line."""
    parts = [
        str(population.get_source_display()),
        f"{population.since.isoformat()} – {population.until.isoformat()}",
        str(population.scheme) if population.scheme_id else _("all schemes"),
    ]
    if population.kind:
        parts.append(str(population.get_kind_display()))
    if population.least:
        parts.append(_("from %(amount)s yuan") % {"amount": money.shown(population.least)})
    return " · ".join(parts)


def aims(sample: Sample) -> list[tuple[str, str]]:
    """What a plan aims at, line by line."""
    if sample.is_judgement:
        return []
    lines = [(_("confidence"), shown_percent(sample.confidence))]
    if sample.method == Sample.Method.ATTRIBUTE:
        lines += [
            (_("tolerable rate"), shown_percent(sample.tolerable_rate)),
            (_("expected rate"), shown_percent(sample.expected_rate)),
            (_("chance by"), str(sample.get_model_display())),
        ]
        return lines
    lines += [
        (_("tolerable error, yuan"), money.shown(sample.tolerable or Decimal(0))),
        (_("expected error, yuan"), money.shown(sample.expected or Decimal(0))),
    ]
    if sample.estimator:
        lines.append((_("estimated"), str(sample.get_estimator_display())))
    if sample.bounds:
        lines.append((_("bounds of strata, yuan"), "、".join(f"{bound:,}" for bound in sample.bounds)))
        lines.append((_("shared out"), str(sample.get_allocation_display())))
        lines.append((_("of each stratum"), "、".join(map(str, sample.shares))))
    return lines


def size(sample: Sample) -> str:
    """How many items a plan asks for, and why."""
    if sample.is_judgement:
        return _("as many as are chosen, each with its reason")
    given = {
        "size": sample.size,
        "computed": sample.computed,
        "confidence": shown_percent(sample.confidence),
        "bears": f"{sample.bears or 0:g}",
        "reason": sample.size_reason,
    }
    if sample.size != sample.computed:
        why = _("%(size)s; the formula asks for %(computed)s") % given
        return f"{why}: {sample.size_reason}" if sample.size_reason else why
    if sample.method == Sample.Method.ATTRIBUTE:
        return _("%(size)s: with up to %(bears)s errors the tolerable rate is ruled out at %(confidence)s") % given
    if sample.method == Sample.Method.MONEY:
        return _("%(size)s money units: with errors of %(bears)s units the tolerable error is ruled out at"
                 " %(confidence)s") % given  # fmt: skip
    return _("%(size)s: with the spread of the amounts the estimate is as near as the tolerable less the expected"
             " error at %(confidence)s") % given  # fmt: skip


def of_size(stated: PlanOf, found: Size) -> str:
    """The size that the formula gives for a plan that is not fixed yet, and why."""
    planned = Sample(method=stated.method, confidence=stated.confidence, bears=found.errors)
    planned.size = planned.computed = found.items
    return size(planned)


def found(sample: Sample) -> list[str]:
    """What a concluded sample found and what that says about its population, in sentences."""
    told: dict[str, Any] = sample.estimate or {}
    if not told:
        return []
    said = [
        ngettext("%(items)s item was examined, %(wrong)s of them wrong: %(too_much)s yuan too much, %(too_little)s yuan"
                 " too little.",
                 "%(items)s items were examined, %(wrong)s of them wrong: %(too_much)s yuan too much, %(too_little)s"
                 " yuan too little.", told["items"])
        % {"items": told["items"], "wrong": told["wrong"], "too_much": _yuan(told["too_much"]),
           "too_little": _yuan(told["too_little"])}
    ]  # fmt: skip
    if told["holds"] is None:
        return [*said, _("These items were chosen by judgement: of those that were not chosen they say nothing.")]
    said += _of_rate(sample, told) if "rate" in told else _of_money(sample, told)
    return [*said, _holds(told["holds"])]


def _of_rate(sample: Sample, told: dict[str, Any]) -> list[str]:
    return [
        _("In the sample %(rate)s are wrong. With a confidence of %(confidence)s at most %(high)s of the population are"
          " wrong (limits from below %(low)s and from above %(high)s, each one-sided); tolerable are %(tolerable)s.")
        % {"rate": shown_percent(told["rate"]), "confidence": shown_percent(sample.confidence),
           "high": shown_percent(told["high"]), "low": shown_percent(told["low"]),
           "tolerable": shown_percent(sample.tolerable_rate)}
    ]  # fmt: skip


def _of_money(sample: Sample, told: dict[str, Any]) -> list[str]:
    given = {
        "likely": _yuan(told["likely"]),
        "upper": _yuan(told["upper"]),
        "confidence": shown_percent(sample.confidence),
        "total": money.shown(sample.population.amount),
        "tolerable": money.shown(sample.tolerable or Decimal(0)),
        "certain": _yuan(told["certain"]),
        "short": _yuan(told["short"]),
    }
    said = [
        _("Of %(total)s yuan most likely %(likely)s yuan are too much, and with a confidence of %(confidence)s at most"
          " %(upper)s yuan; tolerable are %(tolerable)s yuan.") % given,
        _("Of that %(certain)s yuan are certain: they lie in items that were all examined. Paid too little:"
          " %(short)s yuan; that is set off against nothing.") % given,
    ]  # fmt: skip
    if "t_low" in told:
        limits = {"low": _yuan(told["t_low"]), "high": _yuan(told["t_high"])}
        said.append(
            _("By Student's t the error lies between %(low)s and %(high)s yuan, each limit one-sided; for skewed"
              " amounts these are too narrow and decide nothing.") % limits
        )  # fmt: skip
    return said


def _holds(holds: bool) -> str:  # noqa: FBT001  kept so in the estimate
    if holds:
        return _("The limit is not above what is tolerable: the population can be relied upon.")
    return _("The limit is above what is tolerable: the population cannot be relied upon as it is; examine more of it,"
             " or have it put right.")  # fmt: skip


def _yuan(text: str) -> str:
    return money.shown(Decimal(text))
