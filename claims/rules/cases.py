"""A case as `assess` and the pages give it, and its answer (docs/rules/benefits.md, at the door).

A case is a plan (or a scheme's documents in order), a person and claims in the order in which they are approved.
Counters run through the claims, each plan year by itself; any fault refuses the whole case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from claims.rules import documents
from claims.rules.bills import STAYS
from claims.rules.case_reading import Case, CaseReader
from claims.rules.documents import Tree
from claims.rules.evaluation import Answer, CannotAssess, LayerAnswer, after, assess, deciding_day
from claims.rules.faults import Fault, Faulty
from claims.rules.layers import Counter, Plan
from claims.rules.standing import ACCOUNT

__all__ = ["Fault", "Faulty", "answer", "counters_of", "read"]

#: Finds the plan that a case names; faults are told from the document's own top.
Finder = Callable[[str], Plan]


def read(text: str) -> Tree:
    """The case (or list of cases) in a JSON text, as plain values. Raises Faulty."""
    return documents.read_json(text)


def answer(
    case: Any, *, plans: Sequence[Plan] | None = None, trace: bool = True, find: Finder | None = None
) -> dict[str, Any]:
    """The answer to one case, amounts as text. Raises Faulty with all its faults.

    `plans` takes the place of the case's own; `find` says how a plan's name is found where the case may name files.
    """
    reader = CaseReader(plans, find)
    found = reader.case(documents.plain(case))
    reader.done()
    known = counters_of(found.plans)
    faults = [
        Fault(f"counters_before.{name}", "counter_unknown", {"known": ", ".join(known)})
        for name in found.counters
        if _kind(name) not in known
    ]
    if faults:
        raise Faulty(faults)
    return _answered(found, trace=trace)


def counters_of(plans: Sequence[Plan]) -> tuple[str, ...]:
    """The names of the counters that the plans use; a disease's counter stands as `<layer>.disease`."""
    names: list[str] = []
    for layer in (layer for plan in plans for layer in plan.layers):
        names += [f"{layer.code}.{each.counter.value}" for each in layer.ceilings if each.counter is not Counter.STAY]
        if layer.eligible_ceiling:
            names.append(f"{layer.code}.eligible")
        if layer.over_year:
            names.append(f"{layer.code}.base")
        elif layer.deductible and layer.deductible.yearly:
            names.append(f"{layer.code}.deductible")
    if any(plan.counts_stays for plan in plans):
        names.append(STAYS)
    return tuple(dict.fromkeys(names))


def _kind(name: str) -> str:
    layer, mark, _disease = name.partition(".disease.")
    return f"{layer}.disease" if mark else name


def _answered(case: Case, *, trace: bool) -> dict[str, Any]:
    years: dict[int, dict[str, Decimal]] = {}
    accounts = {f"{ACCOUNT}.{name}": held for name, held in case.accounts.items()}
    faults: list[Fault] = []
    told: list[dict[str, Any]] = []
    year = None
    for place, bill in enumerate(case.bills):
        try:
            year = deciding_day(case.plans[0], bill).year
            counters = years.setdefault(year, {} if years else dict(case.counters))
            result = assess(case.plans, case.person, bill, counters | accounts, trace=trace)
        except CannotAssess as refusal:
            faults.append(_placed(refusal.fault, place))
            continue
        moved = after(counters | accounts, result.moves)
        accounts = {name: held for name, held in moved.items() if name in accounts}
        years[year] = {name: used for name, used in moved.items() if name not in accounts}
        told.append(_claim(result, trace=trace))
    if faults:
        raise Faulty(dict.fromkeys(faults))
    used = years[year] if year is not None else case.counters
    return {"claims": told, "counters": _counters(case.plans, used)} | _accounts(accounts)


def _placed(fault: Fault, place: int) -> Fault:
    """A fault of the claim at its place in the case."""
    path = fault.path
    if path == "claim" or path.startswith("claim."):
        path = f"claims[{place}]{path.removeprefix('claim')}"
    return Fault(path, fault.key, fault.values)


def _claim(result: Answer, *, trace: bool) -> dict[str, Any]:
    return {
        "id": result.id,
        "total": _yuan(result.total),
        "eligible": _yuan(result.eligible),
        "own_items": _yuan(result.own_items),
        "first_share": _yuan(result.first_share),
        "other_payers": _yuan(result.other_payers),
        "layers": [_layer(each, trace=trace) for each in result.layers],
        "fund_pays": _yuan(result.fund_pays),
        "hospital_bears": _yuan(result.hospital_bears),
        "patient_pays": _yuan(result.patient_pays),
        "burden": _yuan(result.burden),
    }


def _layer(layer: LayerAnswer, *, trace: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": layer.code,
        "fund": layer.fund,
        "holds": layer.holds,
        "base": _yuan(layer.base),
        "deductible": _yuan(layer.deductible),
        "pays": _yuan(layer.pays),
    }
    if trace:
        told["trace"] = [{"path": line.path, "zh": line.zh, "en": line.en} for line in layer.lines]
    return told


def _counters(plans: Sequence[Plan], used: Mapping[str, Decimal]) -> dict[str, str]:
    """The counters that the plans use, as text; stays are a number."""
    known = counters_of(plans)
    names = [name for name in known if not name.endswith(".disease")]
    names += sorted(name for name in used if ".disease." in name and _kind(name) in known)
    zero = Decimal(0)
    return {name: f"{used.get(name, zero):f}" if name == STAYS else _yuan(used.get(name, zero)) for name in names}


def _accounts(accounts: Mapping[str, Decimal]) -> dict[str, Any]:
    if not accounts:
        return {}
    return {"accounts": {name.removeprefix(f"{ACCOUNT}."): _yuan(held) for name, held in accounts.items()}}


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"
