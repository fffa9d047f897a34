"""A plan document: read and checked whole, and written back (docs/rules/benefits.md, the document)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml

from claims.rules import documents
from claims.rules.conditions import ALWAYS
from claims.rules.documents import Tree
from claims.rules.faults import Fault, Faulty, joined
from claims.rules.layers import AmountRow, Ceiling, Counter, Deductible, Floor, Form, Layer, Of, PayRow, Plan
from claims.rules.plan_rows import EVERYWHERE, LATER, SOURCES, RowReader

__all__ = ["Fault", "Faulty", "Plan", "of_tree", "read", "written"]

SCHEMES: Final = ("ncms", "urbmi", "uebmi", "injury", "maternity", "cii", "large_sum", "assistance")
DECIDING: Final = ("discharged", "admitted", "settled")
ROUNDING: Final = ("fen", "jiao", "yuan")
PLAN_KEYS: Final = (
    "format",
    "code",
    "scheme",
    "name",
    "document",
    "in_force",
    "decided_by",
    "rounding",
    "layers",
    *SOURCES,
)
NEEDED: Final = ("format", "code", "scheme", "in_force", "layers")
LAYER_KEYS: Final = (
    "code",
    "fund",
    "name",
    "when",
    "of",
    "over",
    "cover",
    "eligible_ceiling",
    "deductible",
    "bands_on",
    "pay",
    "adjust",
    "floor",
    "patient_ceiling",
    "ceilings",
    "except",
    *SOURCES,
)


def read(text: str) -> Plan:
    """The plan in a YAML or JSON text. Raises Faulty with every fault of the document and its line."""
    try:
        return of_tree(documents.read_either(text))
    except Faulty as faulty:
        raise Faulty(documents.located(faulty.faults, text)) from faulty


def of_tree(tree: Any) -> Plan:
    """The plan that a tree of plain values states. Raises Faulty."""
    reader = PlanReader()
    plan = reader.plan(documents.plain(tree))
    reader.done()
    return plan


def written(tree: Tree) -> str:
    """The tree as YAML, every scalar as its text, in the order it has."""
    return str(yaml.dump(tree, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110))


class _Plain(yaml.SafeDumper):
    """Writes numbers, dates and flags as they were written, without quotation marks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    resolved = dumper.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]  # PyYAML ships none
    quoted = value in documents.NOTHING
    return yaml.ScalarNode(resolved if not quoted else documents.TEXT_TAG, value, style="'" if quoted else None)


_Plain.add_representer(str, _text)


class PlanReader(RowReader):
    """Reads a whole plan."""

    def plan(self, tree: Tree) -> Plan:
        top = self.mapping(tree, "", PLAN_KEYS, NEEDED)
        if top.get("format", "1") != "1":
            self.fault("format", "format_unknown")
        first, last = self._in_force(top)
        return Plan(
            code=self.code(top["code"], "code", r"_\-") if "code" in top else "",
            scheme=self.word(top["scheme"], "scheme", SCHEMES) if "scheme" in top else "",
            name=self._name(top, ""),
            document=self.text(top["document"], "document") if "document" in top else "",
            first=first,
            last=last,
            decided_by=self._word(top, "", "decided_by", DECIDING),
            rounding=self._word(top, "", "rounding", ROUNDING),
            layers=self._layers(top["layers"]) if "layers" in top else (),
            tree=dict(top),
        )

    def _in_force(self, top: Mapping[str, Tree]) -> tuple[date, date | None]:
        if "in_force" not in top:
            return date.min, None
        days = self.mapping(top["in_force"], "in_force", ("from", "through", *SOURCES), ("from",))
        first = self.day(days["from"], "in_force.from") if "from" in days else None
        last = self.day(days["through"], "in_force.through") if "through" in days else None
        if first and last and last < first:
            self.fault("in_force.through", "dates_reversed", first=first, last=last)
        return first or date.min, last

    def _name(self, row: Mapping[str, Tree], path: str) -> dict[str, str]:
        if "name" not in row:
            return {}
        place = joined(path, "name")
        names = self.mapping(row["name"], place, ("zh-hans", "en"), ("zh-hans",))
        return {tongue: self.text(each, joined(place, tongue)) for tongue, each in names.items()}

    def _word(self, row: Mapping[str, Tree], path: str, key: str, known: Sequence[str]) -> str:
        """One of the words, the first where nothing is said."""
        return self.word(row[key], joined(path, key), known) if key in row else known[0]

    def _layers(self, tree: Tree) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for entry, path in self.rows(tree, "layers"):
            layer = self._layer(entry, path)
            if layer.code and layer.code in {other.code for other in layers}:
                self.fault(joined(path, "code"), "code_twice", value=layer.code)
            layers.append(layer)
        return tuple(layers)

    def _layer(self, tree: Tree, path: str) -> Layer:
        row = self.mapping(tree, path, LAYER_KEYS, ("code", "fund", "pay"))
        of = Of(self._word(row, path, "of", tuple(Of)))
        self.asked = EVERYWHERE if of is Of.COST else LATER
        layer = Layer(
            path=path,
            code=self.code(row["code"], joined(path, "code")) if "code" in row else "",
            fund=self.code(row["fund"], joined(path, "fund")) if "fund" in row else "",
            name=self._name(row, path),
            when=self.condition_of(row, path),
            of=of,
            over_year=self._word(row, path, "over", ("stay", "year")) == "year",
            cover=self._table(row, path, "cover", self.cover_row),
            has_cover="cover" in row,
            eligible_ceiling=self._eligible_ceiling(row, path),
            deductible=self._deductible(row, path),
            gross=self._word(row, path, "bands_on", ("gross", "net")) == "gross",
            pay=self._table(row, path, "pay", lambda entry, place: self.pay_row(entry, place, by_group=of is Of.COST)),
            adjust=self._table(row, path, "adjust", self.adjust_row),
            floor=self._floor(row, path),
            patient_ceiling=self._patient_ceiling(row, path),
            ceilings=self._table(row, path, "ceilings", self._ceiling),
            excepted=self._table(row, path, "except", self.plain_row),
        )
        self._agree(layer)
        return layer

    def _table(self, row: Mapping[str, Tree], path: str, key: str, read_row: Any) -> tuple[Any, ...]:
        if key not in row:
            return ()
        return tuple(read_row(entry, place) for entry, place in self.rows(row[key], joined(path, key)))

    def _eligible_ceiling(self, row: Mapping[str, Tree], path: str) -> Ceiling | None:
        if "eligible_ceiling" not in row:
            return None
        place = joined(path, "eligible_ceiling")
        found = self.mapping(row["eligible_ceiling"], place, ("counter", "amount", "rows", *SOURCES), ("counter",))
        if "counter" in found:
            self.word(found["counter"], joined(place, "counter"), ("year",))
        return Ceiling(place, Counter.YEAR, self._amounts(found, place))

    def _deductible(self, row: Mapping[str, Tree], path: str) -> Deductible | None:
        if "deductible" not in row:
            return None
        place = joined(path, "deductible")
        found = self.mapping(row["deductible"], place, ("per", "taken_from", "rows", *SOURCES), ("per", "rows"))
        group = self.text(found["taken_from"], joined(place, "taken_from")) if "taken_from" in found else ""
        return Deductible(
            place,
            self._word(found, place, "per", ("stay", "year")) == "year",
            self._table(found, place, "rows", self.amount_row),
            group.removeprefix("other_than_"),
            group.startswith("other_than_"),
        )

    def _floor(self, row: Mapping[str, Tree], path: str) -> Floor | None:
        if "floor" not in row:
            return None
        place = joined(path, "floor")
        found = self.mapping(row["floor"], place, ("of", "rows", "borne_by", *SOURCES), ("of", "rows"))
        return Floor(
            place,
            self._word(found, place, "of", ("total", "eligible")) == "total",
            self._table(found, place, "rows", self.ratio_row),
            self._word(found, place, "borne_by", ("fund", "hospital")) == "hospital",
        )

    def _patient_ceiling(self, row: Mapping[str, Tree], path: str) -> AmountRow | None:
        if "patient_ceiling" not in row:
            return None
        place = joined(path, "patient_ceiling")
        keys = ("per", "amount", *SOURCES)
        found = self.mapping(row["patient_ceiling"], place, keys, ("per", "amount"))
        self._word(found, place, "per", ("stay",))
        amount = self.amount(found["amount"], joined(place, "amount")) if "amount" in found else Decimal(0)
        return AmountRow(place, ALWAYS, amount)

    def _ceiling(self, tree: Tree, path: str) -> Ceiling:
        keys = ("per", "counter", "amount", "amount_per_member", "rows", *SOURCES)
        row = self.mapping(tree, path, keys)
        if ("per" in row) == ("counter" in row):
            self.fault(path, "ceiling_what")
        self._word(row, path, "per", ("stay",))
        counter = Counter.STAY
        if "counter" in row:
            counter = Counter(self._word(row, path, "counter", ("year", "household", "disease")))
        if "amount_per_member" in row and counter is not Counter.HOUSEHOLD:
            self.fault(joined(path, "amount_per_member"), "per_member")
        return Ceiling(path, counter, self._amounts(row, path))

    def _amounts(self, row: Mapping[str, Tree], path: str) -> tuple[AmountRow, ...]:
        """The rows of a ceiling: its own table, or the one amount it states."""
        if sum(key in row for key in ("amount", "amount_per_member", "rows")) != 1:
            self.fault(path, "ceiling_amount")
        rows: tuple[AmountRow, ...] = self._table(row, path, "rows", self.amount_row)
        for key in ("amount", "amount_per_member"):
            if key in row:
                amount = self.amount(row[key], joined(path, key))
                rows = (*rows, AmountRow(path, ALWAYS, amount, key == "amount_per_member"))
        return rows

    def _agree(self, layer: Layer) -> None:
        """What of a layer must fit together."""
        if layer.by_group and any(each.form is not Form.BANDS for each in layer.pay):
            self.fault(joined(layer.path, "pay"), "group_beside_sum")
        if layer.over_year:
            self._over_year(layer)
        if layer.of is not Of.COST:
            if layer.eligible_ceiling:
                self.fault(layer.eligible_ceiling.path, "first_layer_cost", what="eligible_ceiling")
            if layer.floor and layer.floor.by_hospital:
                self.fault(joined(layer.path, "floor.borne_by"), "hospital_basic")
            if layer.has_cover and layer.of is not Of.BURDEN:
                self.fault(joined(layer.path, "cover"), "cover_of")
            self._no_case_prices(layer)

    def _over_year(self, layer: Layer) -> None:
        if layer.deductible and not layer.deductible.yearly:
            self.fault(joined(layer.deductible.path, "per"), "year_needs_yearly")
        if layer.by_group or any(each.form is not Form.BANDS for each in layer.pay):
            self.fault(joined(layer.path, "pay"), "year_form")

    def _no_case_prices(self, layer: Layer) -> None:
        sums: tuple[PayRow, ...] = tuple(each for each in layer.pay if each.form in (Form.PRICE, Form.LIMIT_PRICE))
        for each in sums:
            self.fault(each.path, "first_layer_cost", what=each.form.value)
