"""What the page accepts on which somebody says that a record is a double."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.models import Member
from enrollment.rules import id_numbers
from enrollment.services import merges
from office.models import Person


class AlikeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A record that may be the same person's."""

    def label_from_instance(self, obj: Any) -> str:
        home = obj.household
        return f"{fields.told(obj)} · {obj.masked_id or '—'} · {home.village} {home.number}"


class MergeForm(forms.Form):
    """The record that is kept: one that looks alike, or any other by its ID number."""

    kept = AlikeField(
        label=_("double of"),
        queryset=Member.objects.none(),
        required=False,
        blank=True,
        widget=forms.RadioSelect,
        empty_label=_("another one"),
    )
    id_number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Of the record that is kept."),
    )
    reason = forms.CharField(label=_("reason"), max_length=200, help_text=_("How you know that it is one person."))

    def __init__(self, *args: Any, person: Person, alike: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        known = fields.those(alike).select_related("household__village")
        self.fields["kept"].queryset = known  # type: ignore[attr-defined]
        if alike:
            self.fields["id_number"].help_text = _("Of the record that is kept, where it does not stand above.")
        else:
            del self.fields["kept"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("kept") is None:
            typed["kept"] = self._by_number(typed.get("id_number", ""))
            if typed["kept"] is None:
                self.add_error("id_number", _("Choose a record above, or type an ID number that your office knows."))
        return typed

    def _by_number(self, typed: str) -> Member | None:
        try:
            number = id_numbers.read(typed).eighteen
        except id_numbers.IdFault:
            return None
        seen = Member.objects.visible_to(self.person, merges.RIGHT).exclude(state=Member.State.MERGED)
        return seen.filter(id_number=number).first()
