"""Of which span somebody asks the statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import Book
from funds.prints import financial_statements as prints
from funds.rules import spans
from funds.selectors import identities

WORDS = {
    spans.MONTH: _("month"),
    spans.QUARTER: _("quarter"),
    spans.HALF: pgettext_lazy("span", "half-year"),
    spans.YEAR: _("year"),
}


class SpanForm(forms.Form):
    """A span in which the books have something; the newest month comes first."""

    span = forms.ChoiceField(label=_("span"))

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for span, first in spans.spans_between(book.begins_on, identities.last_month(book)):
            label = str(WORDS[span])
            grouped.setdefault(label, []).append((spans.written(span, first), prints.span_words(span, first)))
        field: Any = self.fields["span"]
        field.choices = list(grouped.items())

    def clean_span(self) -> tuple[str, date]:
        return spans.read(str(self.cleaned_data["span"]))
