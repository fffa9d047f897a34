"""Whose day of the trail is shown, and what of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from office.filters import day_field
from office.models import Act, Person


class KindForm(forms.Form):
    """Acts of which kind a story shows."""

    kind = forms.ChoiceField(label=_("kind"), choices=[("", _("all")), *Act.Kind.choices], required=False)


class StoryForm(KindForm):
    """What of a story is shown: acts of a kind, back from the end of a day."""

    until = forms.DateField(label=_("until"), widget=day_field(), required=False)

    field_order = ("until", "kind")


class DayForm(KindForm):
    """A person and a day."""

    person = forms.ModelChoiceField(label=_("person"), queryset=Person.objects.order_by("full_name", "pk"))
    day = forms.DateField(label=_("day"), widget=day_field())

    field_order = ("person", "day", "kind")
