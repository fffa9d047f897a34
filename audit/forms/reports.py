"""Which report is shown; the text of one that is given in to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.models import ReportText


class SpanForm(forms.Form):
    """A year, and how much of it."""

    year = forms.ChoiceField(label=_("year"))
    span = forms.ChoiceField(label=_("span"), choices=ReportText.Span.choices)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["year"]
        chosen.choices = [(str(one), str(one)) for one in years]


class TextForm(forms.Form):
    """A report's text, of which year and span it is."""

    title = forms.CharField(label=_("title"), max_length=120)
    year = forms.IntegerField(label=_("year"), min_value=1990, max_value=2100)
    span = forms.ChoiceField(label=_("span"), choices=ReportText.Span.choices, initial=ReportText.Span.YEAR)
    text = forms.CharField(
        label=_("text"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Paste the whole text. It is kept as it is, with your name."),
    )
