"""What the pages of registers and lists accept: their beginning, a file, one row mended, a sample, its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import bulk_words
from claims.forms import found
from claims.forms.before import BY_CODE, line, today
from claims.models import BulkDocument, BulkRow, Provider, SampledRow
from claims.rules import registers
from claims.selectors import bulk
from enrollment.forms.fields import day_field
from enrollment.models import Scheme

FILE: Final = gettext_lazy(
    "Excel or CSV (UTF-8, GB18030); the first row names the columns, as in the empty table. It is only checked now:"
    " nothing is written before you say so."
)


class MonthField(forms.DateField):
    """A month typed by the number pad: 201002, or as it is written; its first day."""

    input_formats = ("%Y-%m", "%Y%m", "%Y/%m", "%Y.%m")
    widget = forms.DateInput(
        format="%Y-%m",
        attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": gettext_lazy("YYYYMM"), "size": 8},
    )


class BeginForm(forms.Form):
    """Whose register or list of which month; with a file it is checked first."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=BulkDocument.Kind.choices)
    provider = found.provider_field("county", label=gettext_lazy("provider"), help_text=BY_CODE)
    scheme = forms.ModelChoiceField(label=gettext_lazy("scheme"), queryset=Scheme.objects.order_by("pk"))
    month = MonthField(label=gettext_lazy("month"))
    note = line(gettext_lazy("note"), 300, required=False)
    file = forms.FileField(label=gettext_lazy("file"), required=False, help_text=FILE)

    def __init__(self, *args: Any, own: Provider | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["scheme"].empty_label = None
        if own is not None:
            is_clinic = own.level == Provider.Level.VILLAGE
            fields["provider"].initial = own
            fields["kind"].initial = (
                BulkDocument.Kind.VILLAGE_REGISTER if is_clinic else BulkDocument.Kind.HOSPITAL_LIST
            )
        found.suggest_providers(fields["provider"], today())


class SendForm(forms.Form):
    """All rows of a document in a file."""

    file = forms.FileField(label=gettext_lazy("file"), help_text=FILE)


class ReasonForm(forms.Form):
    """Why something is struck out or given up."""

    reason = line(gettext_lazy("reason"), 200)


class RowForm(forms.Form):
    """One row as it was typed or sent, each column a field; what is wrong stands at its field."""

    def __init__(self, *args: Any, row: BulkRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in registers.SHOWN[row.document.kind]:
            attributes = {"autocomplete": "off"} | ({"inputmode": "decimal"} if column in registers.COSTS else {})
            self.fields[column] = forms.CharField(
                label=bulk_words.COLUMNS[column],
                required=False,
                max_length=120,
                initial=row.given.get(column, ""),
                widget=forms.TextInput(attrs=attributes),
            )
        self.faults = bulk.faults_of(row)
        first = next((column for column, _sentence in self.faults if column in self.fields), "")
        if first:
            self.fields[first].widget.attrs["data-takes-focus"] = True

    def told(self) -> list[tuple[str, str]]:
        """What is wrong with the row as it was saved: the column in words, the sentence."""
        return [(str(bulk_words.COLUMNS.get(column, column)), sentence) for column, sentence in self.faults]


class DrawForm(forms.Form):
    """How many rows are drawn, and by which seed where one is to be repeated."""

    size = forms.IntegerField(label=gettext_lazy("rows to draw"), min_value=1)
    seed = forms.IntegerField(
        label=gettext_lazy("seed"),
        required=False,
        min_value=0,
        max_value=2**62,
        help_text=gettext_lazy("Empty: the machine takes one. The same seed draws the same rows of the same register."),
    )


class Asked(NamedTuple):
    """A drawn row with its two fields, or without them where it is answered."""

    sampled: SampledRow
    outcome: BoundField | None
    words: BoundField | None


class SampleForm(forms.Form):
    """What the patients or their families said, row by row; a row without an outcome stays open."""

    asked_on = day_field(gettext_lazy("asked on"), initial=today)

    def __init__(self, *args: Any, sampled: Sequence[SampledRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sampled = sampled
        for one in self.open:
            words = {"place": one.row.position}
            self.fields[f"o-{one.pk}"] = forms.ChoiceField(
                label=_("row %(place)s: outcome") % words,
                choices=[("", "—"), *SampledRow.Outcome.choices],
                required=False,
            )
            self.fields[f"w-{one.pk}"] = line(_("row %(place)s: in words") % words, 300, required=False)

    @property
    def open(self) -> list[SampledRow]:
        """Those that nobody answered yet."""
        return [one for one in self.sampled if not one.outcome]

    def rows(self) -> list[Asked]:
        """All of them in order."""
        return [
            Asked(one, None, None) if one.outcome else Asked(one, self[f"o-{one.pk}"], self[f"w-{one.pk}"])
            for one in self.sampled
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.open:
            outcome, words = typed.get(f"o-{one.pk}"), typed.get(f"w-{one.pk}")
            if outcome == SampledRow.Outcome.DIFFERS and not words:
                self.add_error(f"w-{one.pk}", _("Say how it differs."))
            if words and not outcome:
                self.add_error(f"o-{one.pk}", _("Say what came of it."))
        return typed

    def answers(self) -> list[tuple[SampledRow, str, str]]:
        """The rows that are answered now, with outcome and words."""
        typed = self.cleaned_data
        return [(one, typed[f"o-{one.pk}"], typed[f"w-{one.pk}"]) for one in self.open if typed.get(f"o-{one.pk}")]
