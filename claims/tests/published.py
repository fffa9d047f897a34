"""Published benefit computations as plan documents and cases (docs/rules/published.md).

A quoted rule that is a deductible and bands is turned into a plan document here; any other one was written out by hand
as claims/tests/data/published/GROUP.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from claims.rules import cases, plans
from office.rules import money

Example = Mapping[str, Any]

DATA = Path(__file__).parent / "data"
EXAMPLES: tuple[Example, ...] = tuple(
    json.loads((DATA / "worked-examples.json").read_text(encoding="utf-8"))["examples"]
)
BY_HAND = {path.stem: path for path in sorted((DATA / "published").glob("g*.yaml"))}

#: A rule of nothing but these is turned into a document.
CONVERTED = {"deductible", "deductible_applies", "bands", "bands_on", "patient_ceiling"}
SCHEMES = {"CI": "cii", "URBMI": "urbmi", "UEBMI": "uebmi", "NRCMS": "ncms"}
FACILITIES: dict[str | None, dict[str, str]] = {
    "三级": {"tier": "3", "level": "city"},
    "二级": {"tier": "2", "level": "county"},
    "一级": {"tier": "1", "level": "township"},
    "乡镇": {"tier": "1", "level": "township"},
    "社区": {"tier": "1", "level": "township"},
    "其他": {"tier": "2", "level": "county"},
    "省级": {"tier": "3", "level": "province"},
    None: {},
}
EMPLOYMENT = {"working": "active", "retired": "retired"}
#: What a stay cost of which only the sum paid is published; it is more than any such sum.
UNPUBLISHED_TOTAL = "3000"
MOST_SEARCHED = 100_000


def has_a_plan(example: Example) -> bool:
    """Whether the page states a rule by which a bill is paid."""
    policy = example["policy"]
    return bool(example["claims"]) and policy.get("bands", ()) is not None


def plan(example: Example) -> plans.Plan:
    """The plan document of an example's rule."""
    by_hand = BY_HAND.get(example["group"].lower())
    if by_hand:
        return plans.read(by_hand.read_text(encoding="utf-8"))
    return plans.of_tree(converted(example))


def converted(example: Example) -> dict[str, Any]:
    """A quoted deductible with bands, as the tree of a plan document."""
    policy, stay = example["policy"], example["claims"][0]
    beyond = set(policy) - CONVERTED
    if beyond:
        raise LookupError(f"{example['id']} states {beyond}: its plan is written by hand.")
    scheme = SCHEMES[example["scheme"].split()[0]]
    layer: dict[str, Any] = {"code": "basic", "fund": scheme, "cites": example["policy_text"]}
    if shares := stay.get("first_self_pay"):
        layer["cover"] = [
            {"when": {"class": "C"}, "share": "0"},
            {"when": {"class": "B"}, "share": str(1 - Decimal(shares[0]["rate"]))},
            {"share": "1"},
        ]
    if amount := policy.get("deductible", stay.get("deductible")):
        per = "year" if policy.get("deductible_applies") == "per_year" else "stay"
        layer["deductible"] = {"per": per, "rows": [{"amount": amount}]}
    layer["bands_on"] = policy.get("bands_on", "gross")
    layer["pay"] = [{"bands": [_band(band) for band in policy["bands"]]}]
    if most := policy.get("patient_ceiling"):
        layer["patient_ceiling"] = {"per": "stay", "amount": most}
    return {
        "format": "1",
        "code": f"published-{example['group'].lower()}",
        "scheme": scheme,
        "name": {"zh-hans": example["title"], "en": example["title"]},
        "document": f"{example['source']['page']}, {example['source']['address']}",
        "in_force": {"from": f"{example['year'][:4]}-01-01", "through": f"{example['year'][-4:]}-12-31"},
        "layers": [layer],
    }


def _band(band: Mapping[str, str | None]) -> dict[str, str | None]:
    return {"ratio": band["rate"]} if band["to"] is None else {"upto": band["to"], "ratio": band["rate"]}


def case(example: Example, **changed: str) -> dict[str, Any]:
    """The example's stay; pages give no days, so it lies in March of the rule's first year."""
    stay = {name: value for name, value in (example["claims"][0] | changed).items() if value is not None}
    claim = {
        "id": example["id"],
        "kind": stay.get("kind", "inpatient"),
        **FACILITIES[stay.get("facility")],
        "admitted": f"{example['year'][:4]}-03-01",
        "discharged": f"{example['year'][:4]}-03-{'01' if stay.get('kind') == 'outpatient' else '09'}",
        "other_payers": "0" if example["group"].lower() in BY_HAND else stay.get("basic_paid", "0"),
        **{key: stay[key] for key in ("disease", "referred") if key in stay},
        **_cost(stay),
    }
    person = {"age": stay.get("age", 40), "category": "low_income" if "MA" in example["scheme"] else "ordinary"}
    if "person" in stay:
        person["employment"] = EMPLOYMENT[stay["person"]]
    return {"person": person, "claims": [claim]}


def _cost(stay: Mapping[str, Any]) -> dict[str, Any]:
    """The bill by class; what the page does not take out is class A."""
    total = stay.get("total", UNPUBLISHED_TOTAL)
    if "eligible" in stay and "excluded" not in stay:
        return {"total": total, "eligible": stay["eligible"]}
    by_class = {"B": _second_class(stay), "C": Decimal(stay.get("excluded") or stay.get("class_c") or 0)}
    by_class["A"] = Decimal(total) - sum(by_class.values())
    return {"items": [{"class": name, "amount": str(amount)} for name, amount in by_class.items() if amount]}


def _second_class(stay: Mapping[str, Any]) -> Decimal:
    shares = stay.get("first_self_pay", [])
    return sum((Decimal(share["amount"]) for share in shares), Decimal(stay.get("class_b", 0)))


def answer(example: Example, **changed: str) -> dict[str, Any]:
    """What the plan makes of the example's stay."""
    found: dict[str, Any] = cases.answer(case(example, **changed), plans=[plan(example)])["claims"][0]
    return found


def asked(example: Example) -> tuple[str, Decimal]:
    """What the example asks for, and what its page prints."""
    [(measure, printed)] = example["expected"].items()
    return measure, Decimal(printed)


def given(example: Example) -> Decimal:
    """What the rule gives of what the example asks for, in full figures."""
    measure, _printed = asked(example)
    return MEASURES[measure](example)


def agrees(example: Example, found: Decimal) -> bool:
    """Whether the page prints this figure, to the fen or within the tolerance noted where the page rounds."""
    _measure, printed = asked(example)
    return abs(money.yuan(found) - printed) <= Decimal(example["tolerance"])


def _of_claim(name: str) -> Callable[[Example], Decimal]:
    return lambda example: Decimal(answer(example)[name])


def _total(example: Example) -> Decimal:
    """The sum of the bill, from the example of the same page that lists its items."""
    whole = next(other for other in EXAMPLES if other["group"] == example["group"])
    return Decimal(answer(whole)["total"])


def _of_layer(code: str) -> Callable[[Example], Decimal]:
    def pays(example: Example) -> Decimal:
        [found] = [layer for layer in answer(example)["layers"] if layer["code"] == code]
        return Decimal(found["pays"])

    return pays


def _basic_fund(example: Example) -> Decimal:
    """What the fund of the first layer pays: critical illness and assistance are asked for by themselves."""
    layers = answer(example)["layers"]
    return sum((Decimal(layer["pays"]) for layer in layers if layer["fund"] == layers[0]["fund"]), Decimal(0))


def _base(example: Example) -> Decimal:
    [layer] = answer(example)["layers"]
    return Decimal(layer["base"]) - Decimal(layer["deductible"])


def _ratio(example: Example) -> Decimal:
    found = answer(example)
    return Decimal(found["fund_pays"]) / Decimal(found["total"]) * 100


def _patient_share(example: Example) -> Decimal:
    """What the patient bears of the eligible cost over the deductible."""
    found = answer(example)
    return Decimal(found["burden"]) - Decimal(found["layers"][0]["deductible"])


def _before_ceiling(example: Example) -> Decimal:
    """What the rule gives where no ceiling bounds it."""
    tree = plan(example).tree
    [layer] = tree["layers"]
    unbounded = plans.of_tree(tree | {"layers": [{key: layer[key] for key in layer if key != "ceilings"}]})
    return Decimal(cases.answer(case(example), plans=[unbounded])["claims"][0]["fund_pays"])


def _cost_for_the_patient(example: Example) -> Decimal:
    """The cost, in whole yuan, of which the patient pays what the example says: paying rises with cost."""
    pays = Decimal(example["claims"][0]["patient_pays"])
    least, most = 0, MOST_SEARCHED
    while least < most:
        middle = (least + most) // 2
        if Decimal(answer(example, total=str(middle))["patient_pays"]) < pays:
            least = middle + 1
        else:
            most = middle
    return Decimal(least)


MEASURES: dict[str, Callable[[Example], Decimal]] = {
    "fund_pays": _basic_fund,
    "ci_pays": _of_layer("critical_illness"),
    "ma_pays": _of_layer("assistance"),
    "ma_large_sum_pays": _of_layer("large_sum_aid"),
    "ma_tilted_pays": _of_layer("tilted_aid"),
    "all_funds_pay": _of_claim("fund_pays"),
    "patient_pays": _of_claim("patient_pays"),
    "total": _total,
    "actual_ratio_percent": _ratio,
    "before_ceiling": _before_ceiling,
    "base": _base,
    "patient_share": _patient_share,
    "cost_for_patient_4100": _cost_for_the_patient,
}
