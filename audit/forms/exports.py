"""What leaves for the audit bureau."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    """Everything or a year, with whole numbers or masked ones."""

    year = forms.TypedChoiceField(label=_("year"), coerce=int, empty_value=None, required=False)
    whole = forms.BooleanField(
        label=_("whole ID and account numbers"),
        required=False,
        help_text=_("Otherwise they are masked. Which it was stands in the trail."),
    )

    def __init__(self, *args: Any, years: Sequence[int], may_see_whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["year"]
        chosen.choices = [("", _("everything")), *((str(one), str(one)) for one in years)]
        if not may_see_whole:
            del self.fields["whole"]
