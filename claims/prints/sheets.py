"""The sheet of a claim (补偿审批单): what it cost, what each fund pays and by which rule, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims import plan_words
from claims.prints.plan_tables import layer_name
from claims.rules import cases
from claims.rules.layers import Plan
from claims.selectors.diseases import Diagnosed
from office.rules import money


@dataclass(frozen=True)
class Document:
    """What a sheet rests on: a plan's name and paper, and where it is read."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One line of a computation, the rule that it follows, and where that is read."""

    path: str
    words: str
    url: str = ""


@dataclass(frozen=True)
class LayerPaid:
    """What one layer pays of a claim, and how that comes about."""

    name: str
    fund: str
    plan: str
    holds: bool
    base: Decimal
    deductible: Decimal
    pays: Decimal
    steps: Sequence[Step]

    @property
    def named(self) -> str:
        """The layer with the fund that pays it, where that has another name."""
        if self.fund == self.name:
            return self.name
        return _("%(layer)s (%(fund)s)") % {"layer": self.name, "fund": self.fund}


@dataclass(frozen=True)
class Sheet:
    """One claim's sheet; amounts in yuan."""

    number: str
    facts: Sequence[tuple[str, str]]
    total: Decimal
    own_items: Decimal
    first_share: Decimal
    eligible: Decimal
    other_payers: Decimal
    layers: Sequence[LayerPaid]
    fund_pays: Decimal
    hospital_bears: Decimal
    patient_pays: Decimal
    documents: Sequence[Document] = field(default_factory=list)
    counters: Sequence[tuple[str, str, str]] = field(default_factory=list)
    cut: Decimal = Decimal(0)  # what checks took off, which the rules count among the own items

    @property
    def deductible(self) -> Decimal:
        """What the layers took off together."""
        return sum((one.deductible for one in self.layers if one.holds), Decimal(0))

    @property
    def paying(self) -> list[LayerPaid]:
        """The layers that are for this claim."""
        return [one for one in self.layers if one.holds]


def sheets_of(case: Mapping[str, Any], plans: Sequence[Plan], documents: Sequence[Document] = ()) -> list[Sheet]:
    """The sheets of a case's claims in their order, each with what the year had used before and after it. Raises
    Faulty, of the rules."""
    answers = cases.answer(case, plans=plans)["claims"]
    used: list[Mapping[str, str]] = [{}]
    for count in range(1, len(answers) + 1):
        begun = {**case, "claims": case["claims"][:count]}
        used.append(cases.answer(begun, plans=plans, trace=False)["counters"])
    return [
        sheet(claim, answer, plans, documents=documents, counters=used[place : place + 2])
        for place, (claim, answer) in enumerate(zip(case["claims"], answers, strict=True))
    ]


def sheet(
    claim: Mapping[str, Any],
    answer: Mapping[str, Any],
    plans: Sequence[Plan],
    *,
    documents: Sequence[Document] = (),
    counters: Sequence[Mapping[str, str]] = ({}, {}),
) -> Sheet:
    """The sheet of a claim out of the answer to it; `counters` are those before and after it."""
    amounts = ("total", "own_items", "first_share", "eligible", "other_payers")
    said = [(place, plan, layer) for place, plan in enumerate(plans) for layer in plan.tree["layers"]]
    addresses = [one.url for one in documents]
    return Sheet(
        number=str(answer["id"]),
        facts=facts(claim),
        **{name: Decimal(answer[name]) for name in amounts},
        layers=[_layer(one, addresses, *where) for one, where in zip(answer["layers"], said, strict=True)],
        fund_pays=Decimal(answer["fund_pays"]),
        hospital_bears=Decimal(answer["hospital_bears"]),
        patient_pays=Decimal(answer["patient_pays"]),
        documents=documents,
        counters=_counters(plans, *counters),
    )


def facts(claim: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a claim states of itself, in words."""
    days = [claim[name] for name in ("admitted", "discharged") if claim.get(name)]
    told = [(_("days"), _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]})] if days else []
    names = ("kind", "tier", "level", "region", "designated", "referred", "emergency", "ground", "delivery")
    stated = {name: claim[name] for name in names if claim.get(name)}
    told.insert(0, (_("what it is"), plan_words.condition(stated)))
    if claim.get("disease"):
        told.append((_("disease"), claim["disease"]))
    return told


def graded(sheet: Sheet, disease: Diagnosed) -> Sheet:
    """The sheet of a tried stay with the group that the lists of the day give its disease."""
    group = plan_words.word(plan_words.DISEASE_GROUPS, disease.group) if disease.group else _("on no list that day")
    name = disease.name or (_("no disease of the office has this code") if disease.code else _("no disease named"))
    words = f"{disease.code} {name} · {group}".strip()
    others = [one for one in sheet.facts if one[0] != _("disease")]
    return replace(sheet, facts=[*others, (_("disease"), words)])


def _layer(
    answer: Mapping[str, Any], addresses: Sequence[str], place: int, plan: Plan, layer: Mapping[str, Any]
) -> LayerPaid:
    address = addresses[place] if place < len(addresses) else ""
    return LayerPaid(
        name=layer_name(layer),
        fund=plan_words.word(plan_words.FUNDS, answer["fund"]),
        plan=plan_name(plan),
        holds=answer["holds"],
        base=Decimal(answer["base"]),
        deductible=Decimal(answer["deductible"]),
        pays=Decimal(answer["pays"]),
        steps=[_step(line, place, address) for line in answer.get("trace", ())],
    )


def _step(line: Mapping[str, str], place: int, address: str) -> Step:
    """A line of the trace; the rules of later documents begin with their place among them."""
    path = line["path"].removeprefix(f"plans[{place}].")
    words = plan_words.in_words(line["zh" if _is_chinese() else "en"])
    return Step(path, words, f"{address}#{path}" if address and path else "")


def plan_name(plan: Plan) -> str:
    """What a document is called in the reader's language."""
    names = plan.name
    return names.get("zh-hans" if _is_chinese() else "en") or names.get("zh-hans") or plan.code


def _counters(plans: Sequence[Plan], before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the year had used before the claim and has after it, by counter in words."""
    return [
        (counter(plans, name), _used(name, before.get(name, "0")), _used(name, used)) for name, used in after.items()
    ]


def counter(plans: Sequence[Plan], name: str) -> str:
    """A counter of a plan year in words."""
    return _counter({layer["code"]: layer_name(layer) for plan in plans for layer in plan.tree["layers"]}, name)


def _used(name: str, used: str) -> str:
    """A counter's standing: stays are a number, everything else is yuan."""
    return used if name == "stays" else money.shown(Decimal(used))


def _counter(names: Mapping[str, str], name: str) -> str:
    layer, _dot, what = name.partition(".")
    if not what:
        return _("stays of the year")
    kind, _dot, disease = what.partition(".")
    words = {
        "year": _("%(layer)s: paid this year"),
        "eligible": _("%(layer)s: eligible cost counted this year"),
        "deductible": _("%(layer)s: deductible taken this year"),
        "base": _("%(layer)s: burden counted this year"),
        "household": _("%(layer)s: paid for the household this year"),
        "disease": _("%(layer)s: paid for disease %(disease)s this year"),
    }[kind]
    return words % {"layer": names.get(layer, layer), "disease": disease}


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
