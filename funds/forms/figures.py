"""Which fund and year somebody asks the indicators of; the level of a warning as a paper states it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.before import line
from claims.forms.plans import day_field
from enrollment.models import Scheme
from funds.models import Book, WarningLevel
from funds.services.warning_levels import LevelOf


class YearForm(forms.Form):
    """A scheme, or all together, and a year."""

    scheme = forms.ModelChoiceField(
        label=_("scheme"),
        queryset=Scheme.objects.order_by("pk"),
        to_field_name="code",
        required=False,
        empty_label=_("all funds together"),
    )
    year = forms.ChoiceField(label=_("year"))

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(str(one), str(one)) for one in years]


class LevelForm(forms.Form):
    """From which level on a fund warns of something, since a day, by which paper."""

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    code = forms.ChoiceField(label=_("warning"), choices=WarningLevel.Code.choices)
    level = forms.DecimalField(
        label=_("level"),
        max_digits=14,
        decimal_places=2,
        help_text=_("In percent, points, months, days or yuan, as the warning is measured."),
    )
    first = day_field(_("in force from"))
    document = line(_("paper"), 100)

    def stated(self) -> LevelOf:
        """The level as it was typed."""
        return LevelOf(**{name: self.cleaned_data[name] for name in ("code", "level", "first", "document")})
