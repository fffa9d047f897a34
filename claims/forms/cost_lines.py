"""Cost lines by catalogue item: one field finds a drug or service, quantity times price is the amount."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import CatalogueEntry, Claim, ClaimLine
from claims.rules.bills import FEN, amount_of
from claims.selectors import picking
from claims.selectors.intake_content import Line
from claims.selectors.picking import Choice
from enrollment.models import Scheme

MOST_LINES: Final = 300
FIRST_LINES: Final = 1
MORE_LINES: Final = 10  # at a time, where there are no scripts
LONGEST_TYPED: Final = 80
MOST_DIGITS: Final = 18
TYPED: Final = {"autocomplete": "off", "inputmode": "decimal", "size": 7}


class NumberField(forms.DecimalField):
    """A number typed by the number pad, with a Chinese input method's digits and points too."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs=TYPED), min_value=Decimal(0), **more)

    def to_python(self, value: Any) -> Any:
        typed = unicodedata.normalize("NFKC", str(value or "")).replace("。", ".").replace(",", "").strip()
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class LineForm(forms.Form):
    """One line: what it is, how much of it, at which price. One in which nothing is typed does not count."""

    text = forms.CharField(
        label=gettext_lazy("drug or service"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    quantity = NumberField(label=gettext_lazy("quantity"), max_digits=9, decimal_places=2)
    price = NumberField(label=gettext_lazy("price, yuan"), max_digits=12, decimal_places=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quantity", "price"):
            self.fields[name].widget.attrs["aria-label"] = str(self.fields[name].label)
        self.choices: list[Choice] = []
        self.found: CatalogueEntry | None = self.initial.get("entry")

    @property
    def asked(self) -> int | None:
        """The number of the entry that was chosen."""
        number = self.data.get(f"{self.prefix}-entry", "")
        return int(number) if number.isdecimal() and len(number) <= MOST_DIGITS else None

    @property
    def typed(self) -> str:
        return str(self.data.get(f"{self.prefix}-text", "")).strip()[:LONGEST_TYPED]

    @property
    def counts(self) -> bool:
        names = ("text", "quantity", "price")
        return any(str(self.data.get(f"{self.prefix}-{name}", "")).strip() for name in names)

    @property
    def note(self) -> str:
        """What the catalogue says of it."""
        return picking.item(self.found).note if self.found else ""

    @property
    def amount(self) -> Decimal | None:
        """Quantity times price, to the fen."""
        given = getattr(self, "cleaned_data", None) or self.initial
        quantity, price = given.get("quantity"), given.get("price")
        return amount_of(quantity, price) if quantity and price else None

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.counts:
            return typed
        if self.found is None:
            several = _("Several are meant by this: choose one.") if self.choices else _("Nothing is found by this.")
            self.add_error("text", several if self.typed else _("This is needed."))
        for name in ("quantity", "price"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed."))
        if self.amount is not None and self.amount < FEN:
            self.add_error("price", _("A line costs more than nothing."))
        return typed

    def line(self) -> Line | None:
        """The line as it is claimed: class and group are the catalogue's."""
        if self.found is None or self.amount is None or not self.is_valid():
            return None
        entry = self.found
        typed = self.cleaned_data
        return Line(entry.name, entry.item_class, entry.group, self.amount, entry.pk, typed["quantity"], typed["price"])


class CostLines:
    """All lines by catalogue item; what is chosen is looked up in one go."""

    def __init__(self, data: Any, *, lines: Iterable[ClaimLine] = ()) -> None:
        self.data = data
        kept = [_typed(one) for one in lines]
        asked = (data or {}).get("lines", "")
        count = int(asked[:3]) if asked.isdecimal() else 0
        count = min(max(count, len(kept), FIRST_LINES), MOST_LINES)
        self.forms = [
            LineForm(data, prefix=f"l{place}", initial=kept[place] if place < len(kept) else {})
            for place in range(count)
        ]

    def find(self, scheme: Scheme | None, day: date) -> None:
        """What is meant in each line, by what was chosen or else by what was typed."""
        rows = [one for one in self.forms if one.counts]
        numbers = {one.asked for one in rows if one.asked is not None}
        chosen = CatalogueEntry.objects.in_bulk(numbers) if numbers else {}
        for one in rows:
            one.found = chosen.get(one.asked or 0)
        open_ = [one for one in rows if one.found is None and one.typed]
        codes = picking.items_by_code([one.typed for one in open_], scheme, day) if open_ else {}
        for one in open_:
            one.found = codes.get(one.typed)
            if one.found is None:
                self._search(one, scheme, day)

    def _search(self, one: LineForm, scheme: Scheme | None, day: date) -> None:
        one.choices = picking.some_items(one.typed, scheme, day)
        if len(one.choices) == 1:
            one.found = CatalogueEntry.objects.get(pk=one.choices.pop().pk)

    def is_valid(self) -> bool:
        """Whether every line can be read; all are looked at."""
        valid = [one.is_valid() for one in self.forms]
        return all(valid)

    def lines(self) -> list[Line]:
        """What is claimed."""
        found = (one.line() for one in self.forms if one.is_bound and one.counts)
        return [one for one in found if one is not None]

    def blank(self) -> LineForm:
        """A row for scripts to copy."""
        return LineForm(prefix="l__row__")


def lines_of(claim: Claim) -> list[ClaimLine]:
    """The lines of a claim's version with what the catalogue says of them."""
    return list(claim.lines.filter(version=claim.content_version).select_related("entry"))


def _typed(line: ClaimLine) -> dict[str, Any]:
    """A line of a catalogue entry as it was typed."""
    return {
        "entry": line.entry,
        "text": line.name,
        "quantity": line.quantity or Decimal(1),
        "price": line.price or line.amount,
    }
