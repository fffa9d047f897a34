"""What the page of participation asks: which year, which township."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.models import Division, FundYear
from office.models import Person


class ParticipationForm(forms.Form):
    fund_year = forms.ModelChoiceField(
        label=_("fund year"), queryset=FundYear.objects.none(), required=False, empty_label=None
    )
    township = forms.ModelChoiceField(
        label=_("township"), queryset=Division.objects.none(), required=False, empty_label=_("all townships")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = FundYear.objects.confirmed().select_related("scheme")
        seen = Division.objects.visible_to(person, "enrollment.view_fundyear").filter(level=Division.Level.TOWNSHIP)
        self.fields["fund_year"].queryset = confirmed  # type: ignore[attr-defined]
        self.fields["township"].queryset = seen  # type: ignore[attr-defined]
