"""What the pages that change members accept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.fields import EntryForm, MemberField
from enrollment.models import Household, Member, Relation, Sex
from enrollment.services import members
from enrollment.services.identity import Entry
from enrollment.services.members import Joined
from office.models import Person
from office.pages.forms import EditForm
from office.rules import masking


class AddMemberForm(EntryForm):
    """Who comes into a household, why and when."""

    joined = forms.ChoiceField(label=_("why"), choices=[fields.NOTHING, *Joined.choices])
    on = fields.day_field(_("from this day on"), initial=fields.today)


class CorrectMemberForm(EditForm):
    """What stands of a person. The ID number is not shown: typing one replaces it."""

    id_number = forms.CharField(
        label=_("ID number"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    no_number = forms.BooleanField(
        label=_("to be added later"), required=False, help_text=_("Takes the ID number away: it was not this person's.")
    )
    birth_date = fields.day_field(_("birth date"), required=False)
    sex = forms.ChoiceField(label=_("sex"), required=False, choices=[fields.NOTHING, *Sex.choices])

    class Meta:
        model = Member
        fields = ("name", "id_number", "birth_date", "sex", "relation", "category")
        labels = {"name": _("Full name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.masked_id
        self.initial["id_number"] = ""
        self.fields["id_number"].help_text = (
            _("Empty: it stays %(number)s.") % {"number": known} if known else _("18 or 15 digits.")
        )
        if not known:
            del self.fields["no_number"]
        if self.instance.is_head:
            del self.fields["relation"]
        else:
            self.fields["relation"].choices = fields.OTHERS  # type: ignore[attr-defined]
        self.order_fields(("name", "id_number", "no_number"))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("id_number") and typed.get("no_number"):
            self.add_error("no_number", _("Type a number or take it away, not both."))
        return typed

    def entry(self) -> Entry:
        """The person as typed; None for the ID number says that it stays."""
        typed = self.cleaned_data
        number: str | None = typed["id_number"] or None
        return Entry(
            name=typed["name"],
            id_number="" if typed.get("no_number") else number,
            sex=typed["sex"],
            birth_date=typed["birth_date"],
            relation=typed.get("relation", Relation.HEAD),
            category=typed["category"],
        )

    def _post_clean(self) -> None:
        """The service judges what was typed; the record on the screen stays as it was."""

    def _shown(self, record: models.Model, name: str) -> str:
        return record.masked_id if name == "id_number" and isinstance(record, Member) else super()._shown(record, name)

    def _typed_text(self, name: str) -> str:
        typed = super()._typed_text(name)
        if name != "id_number":
            return typed
        return masking.masked(typed) if typed else str(self.instance.masked_id)


class LeavingForm(forms.Form):
    """The day on which somebody died or moved away, and who is head of those who are left."""

    on = fields.day_field(_("on"), initial=fields.today)
    reason = forms.CharField(label=_("reason"), max_length=200)
    new_head = MemberField(
        label=_("head of those who stay"),
        queryset=Member.objects.none(),
        help_text=_("This was the head of the household; somebody else is from now on."),
    )

    def __init__(self, *args: Any, member: Member, household: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in household if one != member]
        if member.is_head and member.state == Member.State.LIVING and others:
            self.fields["new_head"].queryset = fields.those(others)  # type: ignore[attr-defined]
        else:
            del self.fields["new_head"]


class DeathForm(LeavingForm):
    """When somebody died."""

    reason = forms.CharField(
        label=_("reason"), max_length=200, required=False, help_text=_("For example the certificate's number.")
    )


class ReturnForm(forms.Form):
    """When somebody was back, or why it was another one."""

    on = fields.day_field(_("from this day on"), initial=fields.today)
    relation = forms.ChoiceField(label=_("relation to the head"), choices=[fields.NOTHING, *fields.OTHERS])
    reason = forms.CharField(label=_("reason"), max_length=200)


class MoveMemberForm(LeavingForm):
    """Into which household somebody comes."""

    household = fields.file_number_field(label=_("household number"))
    relation = forms.ChoiceField(label=_("relation to the head"), choices=[fields.NOTHING, *fields.OTHERS])
    field_order = ("household", "relation", "on", "new_head")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["on"].label = _("from this day on")
        del self.fields["reason"]

    def clean_household(self) -> Household:
        number = "".join(self.cleaned_data["household"].split())
        found = Household.objects.visible_to(self.person, members.CHANGE).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("Your office knows no household with this number."))
        return found
