"""What the pages of divisions accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.models import Division
from office.models import Body


class StationForm(forms.Form):
    """Which station serves a township, with the one that its reader saw."""

    seen = forms.ModelChoiceField(queryset=Body.objects.all(), required=False, widget=forms.HiddenInput)
    body = forms.ModelChoiceField(
        label=_("township station"),
        queryset=Body.objects.filter(kind=Body.Kind.TOWNSHIP_STATION),
        required=False,
        empty_label=_("no station"),
        help_text=_("Its clerks see this township and its villages, and no other."),
    )

    def __init__(self, *args: Any, township: Division, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"body": township.station, "seen": township.station}} | kwargs)

    def see_again(self, station: Body | None) -> None:
        """The reader was told the present station: saving again overwrites it knowingly."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = station.pk if station else ""
        self.data = typed
