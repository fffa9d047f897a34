"""Reading the rows of a plan document: conditions, covers, ways of paying, adjustments (docs/rules/benefits.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from claims.rules.conditions import (
    ALWAYS,
    NUMBERS,
    OF_CLAIM,
    OF_ITEM,
    OF_PERSON,
    Condition,
    Range,
)
from claims.rules.documents import Tree
from claims.rules.faults import joined
from claims.rules.layers import AdjustRow, AmountRow, Band, CoverRow, Form, PayRow, RatioRow, Row
from claims.rules.reading import Reader

SOURCES: Final = ("cites", "assumed")
EVERYWHERE: Final = tuple(name for name in (*OF_CLAIM, *OF_PERSON) if name != "case_paid")
LATER: Final = (*OF_CLAIM, *OF_PERSON)
LIMITS: Final = ("from", "to", "under", "over")
FORMS: Final = ("ratio", "bands", "price", "limit_price", "fixed", "copay", "account")
ACCOUNTS: Final = ("household", "personal")
#: What may stand beside a form in its row.
COMPANIONS: Final[dict[str, tuple[str, ...]]] = {
    "ratio": ("ratio_per_year_of_age",),
    "price": ("ratio", "patient_share_of_cost"),
    "limit_price": ("ratio",),
}
PAY_KEYS: Final = ("when", *FORMS, "patient_share_of_cost", "ratio_per_year_of_age", *SOURCES)


class RowReader(Reader):
    """Reads rows; `asked` are the attributes that conditions of this layer may ask for."""

    asked: Sequence[str] = EVERYWHERE

    def mapping(self, tree: Tree, path: str, known: Sequence[str], needed: Sequence[str] = ()) -> Mapping[str, Tree]:
        """As any mapping; where it may name its source, the source is text and there is one kind of it."""
        found = super().mapping(tree, path, known, needed)
        if "cites" in known:
            for key in SOURCES:
                if key in found:
                    self.text(found[key], joined(path, key))
            if all(key in found for key in SOURCES):
                self.fault(path, "both_sources")
        return found

    # conditions

    def when(self, tree: Tree, path: str, more: Sequence[str] = ()) -> Condition:
        """A condition; `more` are attributes that may be asked for here alone."""
        known = (*self.asked, *more)
        if not isinstance(tree, Mapping):
            self.mapping(tree, path, known)
            return ALWAYS
        tests: list[tuple[str, Any]] = []
        nots: list[Condition] = []
        for name, value in tree.items():
            place = joined(path, name)
            if name == "not":
                nots.append(self._turned(value, place, more))
            elif name in known:
                tests.append((name, self._allowed(name, value, place)))
            else:
                self._unknown_attribute(name, place, known)
        return Condition(tuple(tests), tuple(nots))

    def _turned(self, tree: Tree, path: str, more: Sequence[str]) -> Condition:
        if isinstance(tree, Mapping) and not tree:
            self.fault(path, "not_empty")
        return self.when(tree, path, more)

    def _unknown_attribute(self, name: str, path: str, known: Sequence[str]) -> None:
        if name in (*OF_CLAIM, *OF_PERSON, *OF_ITEM):
            self.fault(path, "attribute_misplaced", value=name)
        else:
            self.fault(path, "attribute_unknown", value=name, known=", ".join((*known, "not")))

    def _allowed(self, name: str, tree: Tree, path: str) -> Any:
        if isinstance(tree, Mapping):
            return self._range(name, tree, path)
        if isinstance(tree, list):
            return frozenset(self.attribute(name, each, place) for each, place in self.rows(tree, path))
        return frozenset((self.attribute(name, tree, path),))

    def _range(self, name: str, tree: Tree, path: str) -> Range:
        limits = self.mapping(tree, path, LIMITS)
        if name not in NUMBERS:
            self.fault(path, "no_range", value=name)
            return Range(None, None)
        _least, most = NUMBERS[name]
        found = {key: self.whole(limits[key], joined(path, key), 0, most + 1) for key in LIMITS if key in limits}
        if not found:
            self.fault(path, "range_empty")
        if ("from" in found and "over" in found) or ("to" in found and "under" in found):
            self.fault(path, "range_double")
        first = found.get("from", found["over"] + 1 if "over" in found else None)
        last = found.get("to", found["under"] - 1 if "under" in found else None)
        if first is not None and last is not None and first > last:
            self.fault(path, "range_reversed")
        return Range(first, last)

    def condition_of(self, row: Mapping[str, Tree], path: str, more: Sequence[str] = ()) -> Condition:
        """The `when` of a row; a row without one always holds."""
        return self.when(row["when"], joined(path, "when"), more) if "when" in row else ALWAYS

    # rows

    def cover_row(self, tree: Tree, path: str) -> CoverRow:
        row = self.mapping(tree, path, ("when", "share", "paid_in_full", *SOURCES), ("share",))
        share = self.share(row["share"], joined(path, "share")) if "share" in row else Decimal(0)
        full = "paid_in_full" in row and self.flag(row["paid_in_full"], joined(path, "paid_in_full"))
        return CoverRow(path, self.condition_of(row, path, OF_ITEM), share, full)

    def amount_row(self, tree: Tree, path: str) -> AmountRow:
        row = self.mapping(tree, path, ("when", "amount", *SOURCES), ("amount",))
        amount = self.amount(row["amount"], joined(path, "amount")) if "amount" in row else Decimal(0)
        return AmountRow(path, self.condition_of(row, path), amount)

    def ratio_row(self, tree: Tree, path: str) -> RatioRow:
        row = self.mapping(tree, path, ("when", "ratio", *SOURCES), ("ratio",))
        ratio = self.share(row["ratio"], joined(path, "ratio")) if "ratio" in row else Decimal(0)
        return RatioRow(path, self.condition_of(row, path), ratio)

    def adjust_row(self, tree: Tree, path: str) -> AdjustRow:
        row = self.mapping(tree, path, ("when", "points", "times", *SOURCES))
        if ("points" in row) == ("times" in row):
            self.fault(path, "one_adjustment")
        points = self.points(row["points"], joined(path, "points")) if "points" in row else None
        times = self.factor(row["times"], joined(path, "times")) if "times" in row else None
        return AdjustRow(path, self.condition_of(row, path), points, times)

    def plain_row(self, tree: Tree, path: str) -> Row:
        """A row that is nothing but its condition."""
        return Row(path, self.when(tree, path))

    def pay_row(self, tree: Tree, path: str, *, by_group: bool) -> PayRow:
        row = self.mapping(tree, path, PAY_KEYS)
        when = self.condition_of(row, path, ("group",) if by_group else ())
        form = self._form(row, path)
        read = {
            key: self._figure(key, row[key], joined(path, key))
            for key in ("price", "limit_price", "fixed", "copay", "ratio", "patient_share_of_cost")
            if key in row
        }
        per_year = self._figure("ratio", row["ratio_per_year_of_age"], joined(path, "ratio_per_year_of_age")) \
            if "ratio_per_year_of_age" in row else None  # fmt: skip
        ratio = read.get("ratio")
        if form in ("ratio", "bands"):
            bands = (Band(None, ratio or Decimal(0)),) if form == "ratio" else self._bands(row["bands"], path)
            return PayRow(path, when, Form.BANDS, bands, per_year)
        account = self.word(row["account"], joined(path, "account"), ACCOUNTS) if form == "account" else ""
        return PayRow(
            path,
            when,
            Form(form),
            amount=read.get(form),
            ratio=ratio,
            patient_share=read.get("patient_share_of_cost"),
            account=account,
        )

    def _figure(self, key: str, tree: Tree, path: str) -> Decimal:
        return self.share(tree, path) if key in ("ratio", "patient_share_of_cost") else self.amount(tree, path)

    def _form(self, row: Mapping[str, Tree], path: str) -> str:
        """Which way of paying the row states; what does not belong to it is a fault."""
        found = [key for key in FORMS if key in row]
        leading = [key for key in found if key != "ratio"] or found
        if not leading:
            self.fault(path, "no_form", known=", ".join(FORMS))
            return "ratio"
        form = leading[0]
        if len(leading) > 1:
            self.fault(path, "two_forms", found=", ".join(leading))
            return form
        for key in ("ratio", "patient_share_of_cost", "ratio_per_year_of_age"):
            if key in row and key != form and key not in COMPANIONS.get(form, ()):
                self.fault(joined(path, key), "stands_alone", what=key, form=form)
        if form == "price" and ("ratio" in row) == ("patient_share_of_cost" in row):
            self.fault(path, "price_needs")
        if form == "limit_price" and "ratio" not in row:
            self.fault(path, "limit_needs")
        return form

    def _bands(self, tree: Tree, path: str) -> tuple[Band, ...]:
        bands: list[Band] = []
        for entry, place in self.rows(tree, joined(path, "bands")):
            row = self.mapping(entry, place, ("upto", "ratio", *SOURCES), ("ratio",))
            upto = self.amount(row["upto"], joined(place, "upto")) if "upto" in row else None
            ratio = self.share(row["ratio"], joined(place, "ratio")) if "ratio" in row else Decimal(0)
            if bands:
                self._follows(bands[-1], upto, place)
            bands.append(Band(upto, ratio))
        return tuple(bands)

    def _follows(self, before: Band, upto: Decimal | None, path: str) -> None:
        if before.upto is None:
            self.fault(path, "band_open")
        elif upto is not None and upto <= before.upto:
            self.fault(joined(path, "upto"), "bands_not_rising")
