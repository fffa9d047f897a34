"""The order of one layer once more, as docs/rules/benefits.md tells it: slowly, in fractions, on the plan's tree.

The engine's answers are compared with it on random plans. It shares nothing with the engine: it reads the tree itself
and knows no trace, no refusals and no faults.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from claims.tests.matching import Tree, amount_of, first, matches

SUMS = {"price", "limit_price", "fixed", "copay", "account"}
ADMISSIONS = ("inpatient", "delivery", "injury")
STEPS = {"fen": Fraction(1, 100), "jiao": Fraction(1, 10), "yuan": Fraction(1)}
ALL = Fraction(1)
NONE = Fraction(0)


def rounded(amount: Fraction, rounding: str = "fen") -> Fraction:
    """Half up."""
    step = STEPS[rounding]
    return math.floor(amount / step + Fraction(1, 2)) * step


@dataclass
class Claim:
    """A claim while its layers are worked through."""

    facts: dict[str, Any]
    items: Sequence[Tree]
    others: Fraction
    members: int
    used: dict[str, Fraction]
    groups: dict[str, Fraction] = field(default_factory=dict)
    full: Fraction = NONE
    eligible: Fraction = NONE
    own: Fraction = NONE
    own_left: Fraction = NONE
    paid: Fraction = NONE
    hospital: Fraction = NONE
    burden: Fraction = NONE
    price: Fraction = NONE
    over_ceiling: Fraction = NONE
    cut_payment: Fraction = NONE
    pays: dict[str, Fraction] = field(default_factory=dict)
    deductibles: dict[str, Fraction] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        return sum((Fraction(item["amount"]) for item in self.items), NONE)

    @property
    def unpaid(self) -> Fraction:
        return self.total - self.others - self.paid - self.hospital

    def count(self, counter: str, by: Fraction) -> None:
        self.used[counter] = self.used.get(counter, NONE) + by

    def so_far(self, counter: str) -> Fraction:
        return self.used.get(counter, NONE)


def assess(plans: Sequence[Tree], person: Tree, claim: Tree, used: dict[str, Fraction]) -> Claim:
    """One claim under a scheme's documents in their order; `used` moves with it."""
    facts = {**person, **{name: value for name, value in claim.items() if name not in ("id", "items", "other_payers")}}
    if claim["kind"] in ADMISSIONS:
        facts["stay"] = int(used.get("stays", NONE)) + 1
    at_work = Claim(facts, claim["items"], Fraction(claim["other_payers"]), int(person["household_members"]), used)
    layers = [(layer, plan) for plan in plans for layer in plan["layers"]]
    standing = [
        (layer, plan["rounding"])
        for layer, plan in layers
        if plan["in_force"]["from"] <= claim["discharged"] <= plan["in_force"]["through"]
    ]
    basic, rounding = next(each for each in standing if _of(each[0]) == "cost" and _is_for(each[0], facts))
    Step(at_work, basic, rounding).basic()
    for layer, _plan in layers:
        at_work.pays.setdefault(layer["code"], NONE)
        at_work.deductibles.setdefault(layer["code"], NONE)
    for layer, rounding in standing:
        if _of(layer) != "cost" and _is_for(layer, facts):
            Step(at_work, layer, rounding).later()
    if claim["kind"] in ADMISSIONS:
        at_work.count("stays", ALL)
    return at_work


def _of(layer: Tree) -> str:
    return str(layer.get("of", "cost"))


def _is_for(layer: Tree, facts: Mapping[str, Any]) -> bool:
    return matches(layer.get("when", {}), facts)


class Step:
    """One layer at work on a claim."""

    def __init__(self, claim: Claim, layer: Tree, rounding: str) -> None:
        self.claim, self.layer, self.rounding = claim, layer, rounding
        self.code, self.facts = str(layer["code"]), claim.facts
        self.is_basic = _of(layer) == "cost"
        self.deductible = NONE
        self.outside = NONE  # what the hospital bears or keeps beside a case price
        self.floor = NONE  # what it adds for the floor

    def basic(self) -> None:
        claim = self.claim
        groups, full, claim.own = self.view()
        claim.eligible = sum(groups.values(), full)
        first_share = claim.total - claim.eligible - claim.own
        left = claim.others
        off = min(left, sum(groups.values(), NONE))
        groups = less_pro_rata(groups, off)
        off, left = min(left - off, full), left - off
        full, left = full - off, left - off
        claim.own_left = claim.own - (left - min(left, first_share))
        self.settle(groups, full)

    def later(self) -> None:
        claim = self.claim
        bases = {
            "burden": claim.burden,
            "own_items": claim.own_left,
            "price": claim.price,
            "over_ceiling": claim.over_ceiling,
            "cut_payment": claim.cut_payment,
        }
        base = bases[_of(self.layer)]
        if "cover" in self.layer:
            groups, full, _own = self.view()
            base = max(sum(groups.values(), full) - claim.others - claim.paid - claim.hospital, NONE)
        self.settle({"other": base}, NONE)

    def view(self) -> tuple[dict[str, Fraction], Fraction, Fraction]:
        """The items by this layer's cover: eligible by group, paid in full, own items."""
        groups: dict[str, Fraction] = {}
        full: dict[str, Fraction] = {}
        own = NONE
        for item in self.claim.items:
            group, cost = item.get("group", "other"), Fraction(item["amount"])
            row = first(self.layer.get("cover", ()), {**self.facts, "class": item["class"], "group": group})
            share = amount_of(row, "share") if row else Fraction(item["class"] != "C")
            kind = full if row and row.get("paid_in_full") == "true" else groups
            kind[group] = kind.get(group, NONE) + cost * share
            own += cost if not share else NONE
        return (
            {group: rounded(cost) for group, cost in groups.items()},
            sum((rounded(cost) for cost in full.values()), NONE),
            own,
        )

    def settle(self, groups: dict[str, Fraction], full: Fraction) -> None:
        """Steps 2 to 7."""
        claim, base = self.claim, sum(groups.values(), full)
        row = first(self.layer["pay"], self.facts) if not self.by_group else None
        if row is not None and SUMS & set(row):
            grant, base = self.by_sum(row, groups, full, base)
        else:
            grant = self.by_rate(row, self.entered(groups)) + full
        grant = self.raised(grant, base)
        if self.is_basic:
            uncut = rounded(grant, self.rounding)
            claim.cut_payment = uncut - self.within_ceilings(uncut)
            claim.hospital = self.outside + self.floor
            claim.burden = base
            self.reduce(self.floor)
            claim.facts["case_paid"] = "true" if row is not None and {"price", "fixed"} & set(row) else "false"
        unpaid = max(claim.unpaid, NONE)
        if row is not None and "account" in row:
            unpaid = min(unpaid, claim.so_far(f"account.{row['account']}"))
        paid = min(self.within_ceilings(rounded(min(self.within_ceilings(grant), unpaid), self.rounding)), unpaid)
        self.finish(row, paid)

    def finish(self, row: Tree | None, paid: Fraction) -> None:
        claim = self.claim
        for counter in self.counted():
            claim.count(counter, paid)
        if row is not None and "account" in row:
            claim.count(f"account.{row['account']}", -paid)
        claim.paid += paid
        claim.pays[self.code], claim.deductibles[self.code] = paid, self.deductible
        self.reduce(paid)

    def reduce(self, by: Fraction) -> None:
        """Something is paid of the claim: the burden falls first, then own items."""
        claim = self.claim
        off = min(by, claim.burden)
        claim.burden -= off
        claim.own_left = max(claim.own_left - (by - off), NONE)

    # step 2

    def entered(self, groups: dict[str, Fraction]) -> dict[str, Fraction]:
        ceiling = self.layer.get("eligible_ceiling")
        if ceiling is None:
            return groups
        row = first(ceiling["rows"], self.facts) if "rows" in ceiling else ceiling
        whole, counter = sum(groups.values(), NONE), f"{self.code}.eligible"
        if row is None:
            return groups
        cut = max(whole - max(Fraction(row["amount"]) - self.claim.so_far(counter), NONE), NONE)
        self.claim.over_ceiling = cut
        self.claim.count(counter, whole - cut)
        return less_pro_rata(groups, cut)

    # steps 3 and 4

    @property
    def by_group(self) -> bool:
        return any("group" in row.get("when", {}) for row in self.layer["pay"])

    def by_rate(self, row: Tree | None, groups: dict[str, Fraction]) -> Fraction:
        whole = sum(groups.values(), NONE)
        table = self.layer.get("deductible")
        found = first(table["rows"], self.facts) if table else None
        if self.layer.get("over") == "year":
            assert row is not None
            return self.over_year(row, amount_of(found), whole)
        off, yearly = amount_of(found), bool(table) and table["per"] == "year"
        if yearly:
            off = max(off - self.claim.so_far(f"{self.code}.deductible"), NONE)
        off = self.deductible = min(off, whole)
        if yearly:
            self.claim.count(f"{self.code}.deductible", off)
        if row is not None:
            return self.rate(row, whole, off) * self.factor()
        return self.by_groups(groups, off, (table or {}).get("taken_from", "")) * self.factor()

    def by_groups(self, groups: dict[str, Fraction], off: Fraction, taken_from: str) -> Fraction:
        """Each row on the part of its groups, less its part of the deductible."""
        named = {group for group in groups if taken_from and _leads(taken_from, group)}
        leading = {group: cost for group, cost in groups.items() if group in named}
        others = {group: cost for group, cost in groups.items() if group not in named}
        from_leading = min(off, sum(leading.values(), NONE))
        left = {**less_pro_rata(leading, from_leading), **less_pro_rata(others, off - from_leading)}
        parts: dict[int, list[str]] = {}
        for group in groups:
            for place, row in enumerate(self.layer["pay"]):
                if matches(row.get("when", {}), {**self.facts, "group": group}):
                    parts.setdefault(place, []).append(group)
                    break
        return sum(
            (
                self.rate(
                    self.layer["pay"][place],
                    sum((groups[name] for name in names), NONE),
                    sum((groups[name] - left[name] for name in names), NONE),
                )
                for place, names in parts.items()
            ),
            NONE,
        )

    def rate(self, row: Tree, cost: Fraction, off: Fraction) -> Fraction:
        if self.layer.get("bands_on", "gross") == "gross":
            return self.filled(row, cost) - self.filled(row, off)
        return self.filled(row, cost - off)

    def filled(self, row: Tree, amount: Fraction) -> Fraction:
        """F of the document."""
        points = sum((Fraction(adjust["points"]) / 100 for adjust in self.adjusting("points")), NONE)
        points += amount_of(row, "ratio_per_year_of_age") * self.facts["age"] if "ratio_per_year_of_age" in row else 0
        bands = row["bands"] if "bands" in row else [{"ratio": row["ratio"]}]
        whole, lower = NONE, NONE
        for band in bands:
            upper = min(Fraction(band["upto"]), amount) if "upto" in band else amount
            ratio = min(max(Fraction(band["ratio"]) + points, NONE), ALL)
            whole += max(upper - lower, NONE) * ratio
            lower = max(upper, lower)
        return whole

    def over_year(self, row: Tree, off: Fraction, cost: Fraction) -> Fraction:
        counter = f"{self.code}.base"
        before = self.claim.so_far(counter)
        after = before + cost
        self.claim.count(counter, cost)
        self.deductible = min(off, after) - min(off, before)
        due = [
            rounded(self.rate(row, total, min(off, total)) * self.factor(), self.rounding) for total in (before, after)
        ]
        return due[1] - due[0]

    def by_sum(
        self, row: Tree, groups: dict[str, Fraction], full: Fraction, base: Fraction
    ) -> tuple[Fraction, Fraction]:
        claim = self.claim
        if "price" in row:
            return self.case_price(row)
        if "limit_price" in row:
            claim.price = min(claim.total, Fraction(row["limit_price"]))
            return claim.price * Fraction(row["ratio"]) * self.factor(), base
        if "fixed" in row:
            return min(Fraction(row["fixed"]), claim.total - claim.others) * self.factor(), base
        cost = sum(self.entered(groups).values(), NONE)
        if "copay" in row:
            return max(cost - Fraction(row["copay"]), NONE) * self.factor() + full, base
        return min(claim.so_far(f"account.{row['account']}"), cost) * self.factor() + full, base

    def case_price(self, row: Tree) -> tuple[Fraction, Fraction]:
        claim, price = self.claim, Fraction(row["price"])
        claim.price = price
        if "ratio" in row:
            self.outside = claim.total - max(price, claim.others)
            return price * Fraction(row["ratio"]) * self.factor(), max(price - claim.others, NONE)
        lesser = min(claim.total, price)
        self.outside = max(claim.total - max(price, claim.others), NONE)
        part = max(lesser - claim.total * Fraction(row["patient_share_of_cost"]), NONE)
        return part * self.factor(), max(lesser - claim.others, NONE)

    def adjusting(self, key: str) -> list[Tree]:
        rows = self.layer.get("adjust", ())
        return [row for row in rows if key in row and matches(row.get("when", {}), self.facts)]

    def factor(self) -> Fraction:
        return math.prod((Fraction(row["times"]) for row in self.adjusting("times")), start=ALL)

    # steps 5 and 6

    def raised(self, grant: Fraction, base: Fraction) -> Fraction:
        floor = self.layer.get("floor")
        row = first(floor["rows"], self.facts) if floor else None
        if floor and row is not None:
            of = self.claim.total - self.claim.others if floor["of"] == "total" else base
            lacking = max(Fraction(row["ratio"]) * of - grant, NONE)
            if floor.get("borne_by") == "hospital":
                unpaid = self.claim.unpaid - self.outside
                self.floor = min(rounded(lacking, self.rounding), rounded(max(unpaid - grant, NONE)))
            else:
                grant += lacking
        most = self.layer.get("patient_ceiling")
        if most:
            grant += max(base - grant - self.floor - Fraction(most["amount"]), NONE)
        return grant

    def ceilings(self) -> list[tuple[str, Fraction]]:
        """Each ceiling that applies: the counter and the amount."""
        found = []
        for ceiling in self.layer.get("ceilings", ()):
            row = first(ceiling["rows"], self.facts) if "rows" in ceiling else ceiling
            counter = ceiling.get("counter", "stay")
            if row is None or (counter == "year" and self.excepted):
                continue
            amount = (
                Fraction(row["amount"]) if "amount" in row else Fraction(row["amount_per_member"]) * self.claim.members
            )
            name = {"stay": "stay", "disease": f"{self.code}.disease.{self.facts['disease']}"}
            found.append((name.get(counter, f"{self.code}.{counter}"), amount))
        return found

    def counted(self) -> list[str]:
        """The counters that the payment moves, each once; a disease's only where a ceiling is for it."""
        measures = {ceiling.get("counter", "stay") for ceiling in self.layer.get("ceilings", ())}
        found = [f"{self.code}.household"] if "household" in measures else []
        if "year" in measures and not self.excepted:
            found.append(f"{self.code}.year")
        disease = f"{self.code}.disease.{self.facts.get('disease')}"
        return found + [disease for counter in dict.fromkeys(name for name, _ in self.ceilings()) if counter == disease]

    @property
    def excepted(self) -> bool:
        return any(matches(when, self.facts) for when in self.layer.get("except", ()))

    def within_ceilings(self, grant: Fraction) -> Fraction:
        for counter, amount in self.ceilings():
            used = NONE if counter == "stay" else self.claim.so_far(counter)
            grant = min(grant, max(amount - used, NONE))
        return grant


def less_pro_rata(groups: dict[str, Fraction], off: Fraction) -> dict[str, Fraction]:
    whole = sum(groups.values(), NONE)
    return {group: cost - (cost * off / whole if whole else NONE) for group, cost in groups.items()}


def _leads(taken_from: str, group: str) -> bool:
    name = taken_from.removeprefix("other_than_")
    return (group == name) != taken_from.startswith("other_than_")
