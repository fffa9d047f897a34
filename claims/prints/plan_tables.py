"""A plan's document as tables that a clerk reads: layer by layer, rule by rule, each with its citation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims import plan_words
from claims.plan_words import Tree, condition, percent, plain, word, yuan

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from claims.rules.layers import Plan

OF: dict[str, StrPromise] = {
    "cost": gettext_lazy("the eligible cost"),
    "burden": gettext_lazy("what the layers before left of the eligible cost"),
    "own_items": gettext_lazy("own items"),
    "price": gettext_lazy("the case price"),
    "over_ceiling": gettext_lazy("eligible cost above the eligible ceiling"),
    "cut_payment": gettext_lazy("what the payment ceilings cut"),
}
DECIDED_BY: dict[str, StrPromise] = {
    "admitted": gettext_lazy("the day of admission"),
    "discharged": gettext_lazy("the day of discharge"),
    "settled": gettext_lazy("the day of settlement"),
}
ROUNDING: dict[str, StrPromise] = {
    "fen": gettext_lazy("to the fen"),
    "jiao": gettext_lazy("to the jiao"),
    "yuan": gettext_lazy("to the yuan"),
}
CEILINGS: dict[str, StrPromise] = {
    "stay": gettext_lazy("a stay"),
    "year": gettext_lazy("a year"),
    "household": gettext_lazy("a household and year"),
    "disease": gettext_lazy("a disease and year"),
}


@dataclass(frozen=True)
class Rule:
    """One rule: where it stands in the document, for whom it is, what it says line by line, on what it rests."""

    path: str
    who: str
    what: tuple[str, ...]
    cites: str = ""
    assumed: str = ""


@dataclass(frozen=True)
class Block:
    """Rules that belong together: deductibles, ratios, ceilings."""

    key: str
    title: str
    rules: Sequence[Rule]
    note: str = ""


@dataclass(frozen=True)
class LayerTold:
    """A layer as a page shows it: its name, what it works on and for whom, its blocks."""

    path: str
    code: str
    title: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    cites: str = ""
    assumed: str = ""


@dataclass(frozen=True)
class PlanTold:
    """A whole document in words."""

    facts: Sequence[tuple[str, str]]
    layers: Sequence[LayerTold] = field(default_factory=list)
    cites: str = ""
    assumed: str = ""

    @property
    def rules(self) -> Iterator[Rule]:
        """Every rule of the document."""
        return (rule for layer in self.layers for block in layer.blocks for rule in block.rules)


def told(plan: Plan) -> PlanTold:
    """What a document says, in the reader's language."""
    tree = plan.tree
    return PlanTold(
        facts=[
            (_("rests on"), plan.document or "—"),
            (_("claims are counted by"), word(DECIDED_BY, plan.decided_by)),
            (_("payments are rounded"), word(ROUNDING, plan.rounding)),
        ],
        layers=[_layer(f"layers[{place}]", one) for place, one in enumerate(tree["layers"])],
        **_sources(tree),
    )


def layer_name(layer: Tree) -> str:
    """What a layer is called: its own name, a usual one, or its code."""
    tongue = "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
    names: Mapping[str, str] = layer.get("name") or {}
    return names.get(tongue) or names.get("zh-hans") or word(LAYERS, layer["code"])


LAYERS: dict[str, StrPromise] = {
    "outpatient": gettext_lazy("outpatient visits"),
    "inpatient": gettext_lazy("inpatient stays"),
    "delivery": gettext_lazy("deliveries"),
    "chronic": gettext_lazy("chronic diseases"),
    "special": gettext_lazy("special outpatient treatment"),
    "minors_outpatient": gettext_lazy("minors' outpatient visits"),
    "basic_services": gettext_lazy("basic services"),
    "household_account": gettext_lazy("household account"),
    "cataract": gettext_lazy("cataract operations"),
    "injury": gettext_lazy("injuries"),
    "case_payment": gettext_lazy("payment by the case"),
    "critical_illness": gettext_lazy("critical illness"),
    "second": gettext_lazy("second compensation"),
    "large_sum": gettext_lazy("large-sum supplement"),
    "assistance": gettext_lazy("medical assistance"),
}


def _layer(path: str, layer: Tree) -> LayerTold:
    facts = [
        (_("paid by"), word(plan_words.FUNDS, layer["fund"])),
        (_("is for"), condition(layer.get("when"))),
        (_("works on"), word(OF, layer.get("of", "cost"))),
    ]
    if layer.get("over") == "year":
        facts.append((_("counts"), _("over the year, together with what came before")))
    blocks = [made for make in BLOCKS if (made := make(path, layer)) is not None]
    return LayerTold(path, layer["code"], layer_name(layer), facts, blocks, **_sources(layer))


def _sources(row: Tree) -> dict[str, str]:
    return {name: row.get(name) or "" for name in ("cites", "assumed")}


def _rules(path: str, rows: Sequence[Tree], say: Callable[[Tree], Sequence[str]]) -> list[Rule]:
    """The rows of a table in words; the last one that is for all is for all others."""
    return [
        Rule(
            f"{path}[{place}]",
            condition(row.get("when"), nothing=_("all others") if place else ""),
            tuple(say(row)),
            **_sources(row),
        )
        for place, row in enumerate(rows)
    ]


def _cover(path: str, layer: Tree) -> Block | None:
    if "cover" not in layer:
        return None
    return Block("cover", _("Eligible part of an item"), _rules(f"{path}.cover", layer["cover"], _share))


def _share(row: Tree) -> list[str]:
    if not Decimal(row["share"]):  # a word, not a computation
        return [_("own item, not eligible")]
    said = [_("%(percent)s eligible") % {"percent": percent(row["share"])}]
    if row.get("paid_in_full") == "true":
        said.append(_("then paid in full, without deductible and ratio"))
    return said


def _eligible_ceiling(path: str, layer: Tree) -> Block | None:
    if "eligible_ceiling" not in layer:
        return None
    rules = _ceiling(f"{path}.eligible_ceiling", layer["eligible_ceiling"])
    return Block("eligible_ceiling", _("Most eligible cost that counts, a year"), rules)


def _deductible(path: str, layer: Tree) -> Block | None:
    if "deductible" not in layer:
        return None
    table = layer["deductible"]
    rules = _rules(f"{path}.deductible.rows", table["rows"], lambda row: [yuan(row["amount"])])
    title = _("Deductible of a year") if table["per"] == "year" else _("Deductible of a stay")
    return Block("deductible", title, _whole(table, rules), _taken_from(table))


def _taken_from(table: Tree) -> str:
    group = table.get("taken_from", "")
    if not group:
        return ""
    if group.startswith("other_than_"):
        named = word(plan_words.GROUPS, group.removeprefix("other_than_"))
        return _("Comes off everything but %(group)s first.") % {"group": named}
    return _("Comes off %(group)s first.") % {"group": word(plan_words.GROUPS, group)}


def _pay(path: str, layer: Tree) -> Block:
    is_banded = any("bands" in row for row in layer["pay"])
    note = ""
    if is_banded and layer.get("bands_on", "gross") == "gross":
        note = _("Bands count from the first yuan; the deductible comes off the lowest ones.")
    elif is_banded:
        note = _("Bands count what is left after the deductible.")
    return Block("pay", _("Ratio of compensation"), _rules(f"{path}.pay", layer["pay"], _way), note)


def _way(row: Tree) -> list[str]:
    form = next(name for name in WAYS if name in row)
    return WAYS[form](row)


def _ratio(row: Tree) -> list[str]:
    if "ratio_per_year_of_age" in row:
        return [
            _("%(percent)s + %(each)s for each year of age")
            % {"percent": percent(row["ratio"]), "each": percent(row["ratio_per_year_of_age"])}
        ]
    return [percent(row["ratio"])]


def _bands(row: Tree) -> list[str]:
    said, reached = [], ""
    for band in row["bands"]:
        limits = {"from": reached and yuan(reached), "to": yuan(band["upto"]) if band.get("upto") else ""}
        if limits["from"] and limits["to"]:
            words = _("%(from)s to %(to)s")
        else:
            words = _("up to %(to)s") if limits["to"] else _("over %(from)s") if limits["from"] else _("all of it")
        said.append(f"{words % limits}: {percent(band['ratio'])}")
        reached = band.get("upto") or ""
    return said


def _price(row: Tree) -> list[str]:
    said = [_("case price %(amount)s") % {"amount": yuan(row["price"])}]
    if "patient_share_of_cost" in row:
        said.append(_("the patient pays %(percent)s of the cost") % {"percent": percent(row["patient_share_of_cost"])})
    else:
        said.append(_("the fund pays %(percent)s of the price") % {"percent": percent(row["ratio"])})
    return said


def _limit_price(row: Tree) -> list[str]:
    return [
        _("limit %(amount)s") % {"amount": yuan(row["limit_price"])},
        _("%(percent)s of the lesser of cost and limit") % {"percent": percent(row["ratio"])},
    ]


def _account(row: Tree) -> list[str]:
    return [_("out of the %(account)s, as far as it reaches") % {"account": word(plan_words.ACCOUNTS, row["account"])}]


WAYS: dict[str, Callable[[Tree], list[str]]] = {
    "bands": _bands,
    "price": _price,
    "limit_price": _limit_price,
    "fixed": lambda row: [_("a fixed %(amount)s") % {"amount": yuan(row["fixed"])}],
    "copay": lambda row: [_("the patient pays %(amount)s, the fund the rest") % {"amount": yuan(row["copay"])}],
    "account": _account,
    "ratio": _ratio,
}


def _adjust(path: str, layer: Tree) -> Block | None:
    if "adjust" not in layer:
        return None
    return Block("adjust", _("Adjustments"), _rules(f"{path}.adjust", layer["adjust"], _adjustment))


def _adjustment(row: Tree) -> list[str]:
    if "points" in row:
        points = plain(row["points"])
        return [_("%(points)s percentage points") % {"points": points if points.startswith("-") else f"+{points}"}]
    return [_("payment × %(times)s") % {"times": plain(row["times"])}]


def _floor(path: str, layer: Tree) -> Block | None:
    if "floor" not in layer:
        return None
    table = layer["floor"]
    rules = _rules(f"{path}.floor.rows", table["rows"], lambda row: [percent(row["ratio"])])
    title = _("At least, of the total cost") if table["of"] == "total" else _("At least, of the eligible cost")
    note = _("What is missing is borne by the hospital.") if table.get("borne_by") == "hospital" else ""
    return Block("floor", title, _whole(table, rules), note)


def _patient_ceiling(path: str, layer: Tree) -> Block | None:
    if "patient_ceiling" not in layer:
        return None
    row = layer["patient_ceiling"]
    rule = Rule(f"{path}.patient_ceiling", _("all"), (yuan(row["amount"]),), **_sources(row))
    return Block("patient_ceiling", _("The patient bears at most, a stay"), [rule])


def _ceilings(path: str, layer: Tree) -> Block | None:
    if "ceilings" not in layer:
        return None
    rules = [
        rule
        for place, row in enumerate(layer["ceilings"])
        for rule in _ceiling(f"{path}.ceilings[{place}]", row, word(CEILINGS, row.get("counter", "stay")))
    ]
    return Block("ceilings", _("Ceilings"), rules)


def _ceiling(path: str, row: Tree, each: str = "") -> list[Rule]:
    """The rules of one ceiling, each with what it is measured by."""
    if "rows" in row:
        rules = _rules(f"{path}.rows", row["rows"], lambda one: [yuan(one["amount"])])
        return [Rule(one.path, _by(each, one.who), one.what, one.cites, one.assumed) for one in _whole(row, rules)]
    if "amount_per_member" in row:
        said = _("%(amount)s for each member") % {"amount": yuan(row["amount_per_member"])}
    else:
        said = yuan(row["amount"])
    return [Rule(path, each or _("all"), (said,), **_sources(row))]


def _by(each: str, who: str) -> str:
    return f"{each} · {who}" if each else who


def _except(path: str, layer: Tree) -> Block | None:
    if "except" not in layer:
        return None
    rules = [
        Rule(f"{path}.except[{place}]", condition(row), (_("does not count against the year's ceiling"),))
        for place, row in enumerate(layer["except"])
    ]
    return Block("except", _("Apart from the year's ceiling"), rules)


def _whole(table: Tree, rules: list[Rule]) -> list[Rule]:
    """The rules of a table that names one source for all that have none of their own."""
    sources = _sources(table)
    return [one if one.cites or one.assumed else Rule(one.path, one.who, one.what, **sources) for one in rules]


BLOCKS: tuple[Callable[[str, Tree], Block | None], ...] = (
    _cover,
    _eligible_ceiling,
    _deductible,
    _pay,
    _adjust,
    _floor,
    _patient_ceiling,
    _ceilings,
    _except,
)
