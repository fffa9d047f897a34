"""Which span of which scheme somebody asks the figures of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.before import today
from claims.models import StatisticsSheet
from claims.prints import statistics as prints
from claims.rules import statistics as rules
from enrollment.models import Scheme


class SpanForm(forms.Form):
    """A scheme and a span; both have a first choice, so that the page never is without figures."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.order_by("pk"), empty_label=None)
    span = forms.ChoiceField(label=_("span"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["span"]
        grouped: dict[str, list[tuple[str, str]]] = {}
        for span, first in rules.spans_until(today()):
            label = str(StatisticsSheet.Span(span).label)
            grouped.setdefault(label, []).append((written(span, first), prints.span_words(span, first)))
        field.choices = list(grouped.items())

    def clean_span(self) -> tuple[str, date]:
        span, _sign, first = str(self.cleaned_data["span"]).partition(":")
        return span, date.fromisoformat(first)


def written(span: str, first: date) -> str:
    """A span as an address says it."""
    return f"{span}:{first.isoformat()}"
