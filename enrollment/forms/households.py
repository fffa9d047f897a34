"""What the pages that change households accept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.fields import EntryForm, MemberField, MembersField, VillageField
from enrollment.models import Household, Member
from enrollment.services import households
from office.models import Person
from office.pages.forms import EditForm

NUMBER_HELP = _("Empty: the next free number of the village.")


class AddHouseholdForm(EntryForm):
    """A household with its head."""

    village = VillageField(label=_("village"))
    address = forms.CharField(label=_("address"), required=False, max_length=120)
    number = fields.file_number_field(label=_("household number"), required=False, help_text=NUMBER_HELP)
    on = fields.day_field(_("registered on"), initial=fields.today)
    field_order = ("village", "address", "number", "on", "name")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].show_to(person, households.ADD)  # type: ignore[attr-defined]
        self.fields["name"].label = _("name of the head")
        del self.fields["relation"]


class MoveHouseholdForm(EditForm):
    """Where a household lives, and since when."""

    on = fields.day_field(_("from this day on"), initial=fields.today)
    village = VillageField(label=_("village"))

    class Meta:
        model = Household
        fields = ("village", "address")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].show_to(person, households.CHANGE)  # type: ignore[attr-defined]
        self.order_fields(("village", "address", "on"))


class SplitForm(forms.Form):
    """Who goes, under whom, and who is head of those who stay."""

    members = MembersField(label=_("who goes"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple)
    head = MemberField(label=_("head of the new household"), queryset=Member.objects.none())
    new_head = MemberField(
        label=_("head of those who stay"),
        queryset=Member.objects.none(),
        required=False,
        help_text=_("Only when the present head is among those who go."),
    )
    village = VillageField(label=_("village"))
    address = forms.CharField(label=_("address"), required=False, max_length=120)
    number = fields.file_number_field(label=_("household number"), required=False, help_text=NUMBER_HELP)
    on = fields.day_field(_("from this day on"), initial=fields.today)

    def __init__(self, *args: Any, person: Person, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "head", "new_head"):
            self.fields[name].queryset = fields.those(members)  # type: ignore[attr-defined]
        self.fields["village"].show_to(person, households.CHANGE)  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """Who is head from now on."""

    head = MemberField(label=_("head of the household"), queryset=Member.objects.none())

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in members if not one.is_head]
        self.fields["head"].queryset = fields.those(others)  # type: ignore[attr-defined]


class EndHouseholdForm(forms.Form):
    """Since when nobody is left."""

    on = fields.day_field(_("ended on"), initial=fields.today)


class FileForm(forms.Form):
    """A photo or scan."""

    file = forms.FileField(label=_("file"), help_text=_("A photo or scan: JPEG, PNG, TIFF or PDF."))
