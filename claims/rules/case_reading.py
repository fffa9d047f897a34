"""Reading a case: person, claims, items, counters, with all faults at once (docs/rules/benefits.md, at the door)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from claims.rules import plans as plan_reading
from claims.rules import shipped
from claims.rules.bills import OTHER_GROUP, STAYS, Bill, Item, Person
from claims.rules.conditions import NUMBERS, OF_CLAIM, WORDS
from claims.rules.documents import Tree
from claims.rules.faults import Fault, Faulty, joined
from claims.rules.layers import Plan
from claims.rules.plan_rows import ACCOUNTS
from claims.rules.reading import SHOWN, Reader

CASE_KEYS: Final = ("plan", "person", "claims", "counters_before", "accounts")
PERSON_KEYS: Final = ("age", "birth_date", "category", "employment", "household_members", "years_enrolled")
DAYS: Final = ("admitted", "discharged", "settled")
STATED: Final = tuple(name for name in OF_CLAIM if name != "case_paid")
CLAIM_KEYS: Final = ("id", *STATED, *DAYS, "other_payers", "items", "total", "eligible")
ITEM_KEYS: Final = ("class", "group", "amount")
MOST_MEMBERS: Final = 99


@dataclass(frozen=True)
class Case:
    """A case read whole."""

    plans: tuple[Plan, ...]
    person: Person
    bills: tuple[Bill, ...]
    counters: Mapping[str, Decimal]
    accounts: Mapping[str, Decimal]


class CaseReader(Reader):
    """Reads one case; `plans` are given from outside or named in it."""

    def __init__(self, plans: Sequence[Plan] | None, find: Callable[[str], Plan] | None) -> None:
        super().__init__()
        self.plans = plans
        self.find = find or self._shipped

    def case(self, tree: Tree) -> Case:
        needed = ("person", "claims") if self.plans is not None else ("plan", "person", "claims")
        top = self.mapping(tree, "", CASE_KEYS, needed)
        plans = tuple(self.plans) if self.plans is not None else self._plans(top)
        person = self._person(top.get("person", {}))
        bills = self._bills(top["claims"]) if "claims" in top else ()
        self._born_before(person, bills)
        return Case(
            plans,
            person,
            bills,
            self._counters(top.get("counters_before", {})),
            self._accounts(top.get("accounts", {})),
        )

    # the plan

    def _plans(self, top: Mapping[str, Tree]) -> tuple[Plan, ...]:
        if "plan" not in top:
            return ()
        tree = top["plan"]
        if not isinstance(tree, list):
            return self._plan(tree, "plan")
        return tuple(plan for entry, path in self.rows(tree, "plan") for plan in self._plan(entry, path))

    def _plan(self, tree: Tree, path: str) -> tuple[Plan, ...]:
        try:
            if isinstance(tree, Mapping):
                return (plan_reading.of_tree(tree),)
            name = self.scalar(tree, path)
            return (self.find(name),) if name is not None else ()
        except Faulty as faulty:
            self.faults += [fault.under(path) for fault in faulty.faults]
        return ()

    def _shipped(self, name: str) -> Plan:
        if shipped.knows(name):
            return shipped.plan(name)
        raise Faulty([Fault("", "plan_path" if "/" in name else "plan_unknown", {"value": name[:SHOWN]})])

    # the person

    def _person(self, tree: Tree) -> Person:
        row = self.mapping(tree, "person", PERSON_KEYS)
        attributes = {
            name: self.attribute(name, row[name], f"person.{name}")
            for name in ("age", "category", "employment", "years_enrolled")
            if name in row
        }
        born = self.day(row["birth_date"], "person.birth_date") if "birth_date" in row else None
        if "age" in row and "birth_date" in row:
            self.fault("person.birth_date", "age_twice")
        members = None
        if "household_members" in row:
            members = self.whole(row["household_members"], "person.household_members", 1, MOST_MEMBERS)
        return Person(attributes, born, members)

    def _born_before(self, person: Person, bills: Sequence[Bill]) -> None:
        for place, bill in enumerate(bills):
            admitted = bill.days.get("admitted")
            if person.birth_date and admitted and person.birth_date > admitted:
                figures = {"born": person.birth_date, "admitted": admitted}
                self.fault(f"claims[{place}].admitted", "born_later", **figures)

    # the claims

    def _bills(self, tree: Tree) -> tuple[Bill, ...]:
        bills: list[Bill] = []
        ids: set[str] = set()
        for entry, path in self.rows(tree, "claims"):
            row = self.mapping(entry, path, CLAIM_KEYS, ("id", "kind"))
            name = self.text(row["id"], joined(path, "id")) if "id" in row else ""
            if name and name in ids:
                self.fault(joined(path, "id"), "id_twice", value=name[:SHOWN])
            ids.add(name)
            bills.append(self._bill(name, row, path))
        return tuple(bills)

    def _bill(self, name: str, row: Mapping[str, Tree], path: str) -> Bill:
        attributes = {key: self.attribute(key, row[key], joined(path, key)) for key in STATED if key in row}
        items = self._items(row, path)
        others = Decimal(0)
        if "other_payers" in row:
            others = self.amount(row["other_payers"], joined(path, "other_payers"))
            total = sum((item.amount for item in items), Decimal(0))
            if others > total:
                self.fault(joined(path, "other_payers"), "others_over_total", others=others, total=total)
        return Bill(name, attributes, items, self._days(row, path, attributes.get("kind")), others)

    def _days(self, row: Mapping[str, Tree], path: str, kind: Any) -> dict[str, date]:
        """The days that are stated, in order; a visit is admitted and discharged on one day."""
        read = {key: self.day(row[key], joined(path, key)) for key in DAYS if key in row}
        days = {key: day for key, day in read.items() if day is not None}
        if kind == "outpatient":
            days = self._visit(days, path)
        stated = [key for key in DAYS if key in days]
        for earlier, later in pairwise(stated):
            if days[later] < days[earlier]:
                self.fault(joined(path, later), "day_before", earlier=days[earlier], later=days[later])
        return days

    def _visit(self, days: dict[str, date], path: str) -> dict[str, date]:
        one = days.get("admitted", days.get("discharged"))
        if one is None:
            return days
        if days.get("discharged", one) != one:
            self.fault(joined(path, "discharged"), "visit_of_days", admitted=one, discharged=days["discharged"])
        return {"admitted": one, "discharged": one} | days

    def _items(self, row: Mapping[str, Tree], path: str) -> tuple[Item, ...]:
        sums = [key for key in ("total", "eligible") if key in row]
        if "items" in row and "eligible" not in row:
            items = tuple(self._item(entry, place) for entry, place in self.rows(row["items"], joined(path, "items")))
            if "total" in row:
                self._is_sum(row["total"], items, joined(path, "total"))
            return items
        if "items" in row or len(sums) < len(("total", "eligible")):
            self.fault(path, "items_or_total")
            return ()
        total = self.amount(row["total"], joined(path, "total"))
        eligible = self.amount(row["eligible"], joined(path, "eligible"))
        if eligible > total:
            self.fault(joined(path, "eligible"), "eligible_over_total", eligible=eligible, total=total)
        return Item(eligible, "A"), Item(total - eligible, "C")

    def _is_sum(self, tree: Tree, items: Sequence[Item], path: str) -> None:
        total, found = self.amount(tree, path), sum((item.amount for item in items), Decimal(0))
        if total != found:
            self.fault(path, "total_differs", total=total, sum=found)

    def _item(self, tree: Tree, path: str) -> Item:
        row = self.mapping(tree, path, ITEM_KEYS, ("class", "amount"))
        class_ = self.word(row["class"], joined(path, "class"), WORDS["class"]) if "class" in row else "A"
        group = self.text(row["group"], joined(path, "group")) if "group" in row else OTHER_GROUP
        amount = self.amount(row["amount"], joined(path, "amount")) if "amount" in row else Decimal(0)
        return Item(amount, class_, group)

    # what is used already

    def _counters(self, tree: Tree) -> dict[str, Decimal]:
        if not isinstance(tree, Mapping):
            self.mapping(tree, "counters_before", ())
            return {}
        counters = {}
        for name, value in tree.items():
            path = f"counters_before.{name}"
            if name == STAYS:
                counters[name] = Decimal(self.whole(value, path, 0, NUMBERS["stay"][1]))
            else:
                counters[name] = self.amount(value, path)
        return counters

    def _accounts(self, tree: Tree) -> dict[str, Decimal]:
        row = self.mapping(tree, "accounts", ACCOUNTS)
        return {name: self.amount(row[name], f"accounts.{name}") for name in ACCOUNTS if name in row}
