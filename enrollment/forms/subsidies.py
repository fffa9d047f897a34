"""What the pages of subsidies accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.models import FundYear


class CountForm(forms.Form):
    """Which year, counted on which day."""

    fund_year = forms.ModelChoiceField(
        label=_("fund year"), queryset=FundYear.objects.none(), required=False, empty_label=None
    )
    on = fields.day_field(_("counted on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = FundYear.objects.confirmed().select_related("scheme")
        self.fields["fund_year"].queryset = confirmed  # type: ignore[attr-defined]


class ClaimForm(forms.Form):
    """Under which number a claim goes out, and by the count of which day."""

    number = forms.CharField(
        label=_("number of the claim"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    counted_on = fields.day_field(_("counted on"), initial=fields.today)
