"""Forms that are tables: one line for each category, instalment, township or target, filled in from the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Category, ContributionRate, Division, SubsidyRate, Target, WageRate
from enrollment.rules.populations import MOST_HEADS
from enrollment.services.fund_year_lines import OfWages, Rate, Subsidy, TargetOf

INSTALMENTS = 4
FREE_GROUPS = 4


class GridRow(NamedTuple):
    """One line: what it is about, in words or as a field to fill in, and its fields."""

    label: str
    named: BoundField | None
    fields: Sequence[BoundField]


class GridForm(forms.Form):
    """A table with a heading for each column; it carries what its reader saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def hint(self) -> str:
        """What whoever fills it in should know."""
        return _("Enter moves to the next field. An emptied line is 0.")

    def headings(self) -> Sequence[str]:
        """What stands above the columns."""
        raise NotImplementedError

    def lines(self) -> Sequence[GridRow]:
        """The rows in order."""
        raise NotImplementedError

    def see_again(self, seen: str) -> None:
        """The reader was told that the lines changed: saving again overwrites them knowingly."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = seen
        self.data = typed


def _amount(label: str, *, required: bool) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"data-amount": True, "inputmode": "decimal", "autocomplete": "off", "size": 10})
    return forms.DecimalField(
        label=label, min_value=0, max_digits=10, decimal_places=2, required=required, widget=widget
    )


def _people(label: str) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"class": "entry-number", "inputmode": "numeric", "autocomplete": "off", "size": 9})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_HEADS, required=False, widget=widget)


class RatesForm(GridForm):
    """The contribution by category, by who pays it."""

    PAYERS = ("own", "assisted", "collective")

    def __init__(self, *args: Any, known: Sequence[ContributionRate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {one.category: one for one in known}
        for category in Category:
            for payer, heading in zip(self.PAYERS, self.headings(), strict=True):
                field = _amount(f"{category.label}: {heading}", required=payer == "own")
                line = said.get(category.value)
                field.initial = getattr(line, payer) if line else None
                self.fields[f"{category.value}-{payer}"] = field

    def headings(self) -> Sequence[str]:
        return [_("paid by the household"), _("paid by medical assistance"), _("paid by the collective")]

    @property
    def hint(self) -> str:
        return _("In yuan a head. Enter moves to the next field. An emptied one is 0.")

    def lines(self) -> Sequence[GridRow]:
        return [
            GridRow(str(category.label), None, [self[f"{category.value}-{payer}"] for payer in self.PAYERS])
            for category in Category
        ]

    def typed(self) -> Mapping[str, Rate]:
        """The contributions; who is not named pays nothing."""
        return {
            category: Rate(*(self.cleaned_data[f"{category}-{payer}"] or Decimal(0) for payer in self.PAYERS))
            for category in Category.values
        }


class WageRatesForm(GridForm):
    """What is contributed of wages by group, in percent of a base with its bounds; an empty line is no group."""

    FIELDS = ("employer", "person", "floor", "ceiling")

    def __init__(self, *args: Any, known: Sequence[WageRate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {one.group: one for one in known}
        for group in WageRate.Group:
            for name, heading in zip(self.FIELDS, self.headings(), strict=True):
                field = _amount(f"{group.label}: {heading}", required=group == WageRate.Group.ACTIVE or group in said)
                field.initial = getattr(said.get(group.value), name, None)
                self.fields[f"{group.value}-{name}"] = field
            for name in ("employer", "person"):
                self.fields[f"{group.value}-{name}"].validators.append(MaxValueValidator(100))

    def headings(self) -> Sequence[str]:
        return [
            _("employer, percent"),
            _("person, percent"),
            _("least base, yuan"),
            _("highest base, yuan"),
        ]

    @property
    def hint(self) -> str:
        return _("The base is a month's wage. Enter moves to the next field. A line left empty is not laid down.")

    def lines(self) -> Sequence[GridRow]:
        return [
            GridRow(str(group.label), None, [self[f"{group.value}-{name}"] for name in self.FIELDS])
            for group in WageRate.Group
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for group in WageRate.Group.values:
            names = [f"{group}-{name}" for name in self.FIELDS]
            empty = [name for name in names if typed.get(name) is None and name not in self.errors]
            if empty and len(empty) < len(names):
                for name in empty:
                    self.add_error(name, _("Fill in the whole line."))
        return typed

    def typed(self) -> Mapping[str, OfWages]:
        """The groups whose line is filled in."""
        return {
            group: OfWages(*(self.cleaned_data[f"{group}-{name}"] for name in self.FIELDS))
            for group in WageRate.Group.values
            if self.cleaned_data[f"{group}-employer"] is not None
        }


class SubsidiesForm(GridForm):
    """What each level of government adds a head, in up to four instalments."""

    def __init__(self, *args: Any, known: Sequence[SubsidyRate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {(one.level, one.instalment): one for one in known}
        for (level, instalment), label in self._places().items():
            line = self.known.get((level, instalment))
            per_head, due_on = self.headings()
            amount = _amount(f"{label}: {per_head}", required=False)
            due = forms.DateField(
                label=f"{label}: {due_on}",
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            amount.initial, due.initial = (line.per_head, line.due_on) if line else (None, None)
            self.fields[f"{level}-{instalment}-amount"] = amount
            self.fields[f"{level}-{instalment}-due"] = due

    def headings(self) -> Sequence[str]:
        return [_("amount a head, yuan"), _("due on")]

    def lines(self) -> Sequence[GridRow]:
        return [
            GridRow(label, None, [self[f"{level}-{number}-amount"], self[f"{level}-{number}-due"]])
            for (level, number), label in self._places().items()
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for level, number in self._places():
            if typed.get(f"{level}-{number}-amount") and not typed.get(f"{level}-{number}-due"):
                self.add_error(f"{level}-{number}-due", _("Say by when it is due."))
        return typed

    def typed(self) -> Mapping[tuple[str, int], Subsidy]:
        """The subsidies that are said; one that was emptied is 0 from now on."""
        found = {}
        for level, number in self._places():
            amount = self.cleaned_data[f"{level}-{number}-amount"]
            known = self.known.get((level, number))
            due = self.cleaned_data[f"{level}-{number}-due"] or (known.due_on if known else None)
            if due is not None and (amount or known):
                found[level, number] = Subsidy(amount or Decimal(0), due)
        return found

    def _places(self) -> dict[tuple[str, int], str]:
        return {
            (level.value, number): _("%(level)s, instalment %(number)s") % {"level": level.label, "number": number}
            for level in SubsidyRate.Level
            for number in range(1, INSTALMENTS + 1)
        }


class PopulationsForm(GridForm):
    """How many people should enroll, a line for each township or village."""

    def __init__(self, *args: Any, places: Sequence[Division], known: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        for one in places:
            field = _people(one.name)
            field.initial = known.get(one.pk)
            self.fields[f"heads-{one.pk}"] = field

    def headings(self) -> Sequence[str]:
        return [_("people who should enroll")]

    def lines(self) -> Sequence[GridRow]:
        return [GridRow(one.name, None, [self[f"heads-{one.pk}"]]) for one in self.places]

    def typed(self) -> Mapping[Division, int]:
        """The lines that were changed; an emptied one is 0."""
        return {
            one: self.cleaned_data[f"heads-{one.pk}"] or 0
            for one in self.places
            if f"heads-{one.pk}" in self.changed_data
        }


class TargetsForm(GridForm):
    """What the level above wants enrolled: of the county, of each township, of sub-groups that it names."""

    def __init__(self, *args: Any, places: Sequence[Division], known: Sequence[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.groups = [one.sub_group for one in known if one.sub_group]
        said = {(one.division_id, one.sub_group): one.heads for one in known}
        for one in places:
            self._add(f"division-{one.pk}", one.name, said.get((one.pk, "")))
        for number, group in enumerate(self.groups):
            self._add(f"group-{number}", group, said[None, group])
        for number in range(FREE_GROUPS):
            name = _("sub-group %(number)s") % {"number": number + 1}
            typing = forms.TextInput(attrs={"placeholder": _("name of a sub-group"), "autocomplete": "off"})
            self.fields[f"name-{number}"] = forms.CharField(label=name, max_length=40, required=False, widget=typing)
            self._add(f"free-{number}", name, None)

    def _add(self, name: str, label: str, heads: int | None) -> None:
        self.fields[name] = _people(label)
        self.fields[name].initial = heads

    def headings(self) -> Sequence[str]:
        return [_("people to enroll")]

    def lines(self) -> Sequence[GridRow]:
        return [
            *(GridRow(one.name, None, [self[f"division-{one.pk}"]]) for one in self.places),
            *(GridRow(group, None, [self[f"group-{number}"]]) for number, group in enumerate(self.groups)),
            *(GridRow("", self[f"name-{number}"], [self[f"free-{number}"]]) for number in range(FREE_GROUPS)),
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        names = [*self.groups]
        for number in range(FREE_GROUPS):
            name, heads = typed.get(f"name-{number}", "").strip(), typed.get(f"free-{number}")
            if heads and not name:
                self.add_error(f"name-{number}", _("Name the sub-group."))
            if name and name in names:
                self.add_error(f"name-{number}", _("This sub-group stands there already."))
            names.append(name)
        return typed

    def typed(self) -> Mapping[TargetOf, int]:
        """The targets that are said; an emptied one is 0."""
        said: dict[TargetOf, int] = {(one, ""): self.cleaned_data[f"division-{one.pk}"] or 0 for one in self.places}
        said |= {(None, group): self.cleaned_data[f"group-{number}"] or 0 for number, group in enumerate(self.groups)}
        for number in range(FREE_GROUPS):
            name, heads = self.cleaned_data[f"name-{number}"].strip(), self.cleaned_data[f"free-{number}"]
            if name:
                said[None, name] = heads or 0
        return said


class PopulationFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy(
            "Excel or CSV with the columns 区划代码 (code) and 应参合人数 (people): a row for each township or village."
        ),
    )


class PaperForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("scan"), help_text=gettext_lazy("A picture or PDF of the county's paper, with its seal.")
    )
