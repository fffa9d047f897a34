"""Fields that the register's forms share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.models import Category, Division, Member, Relation, Sex
from enrollment.services.identity import Entry
from office.models import Person
from office.rules import days

OTHERS = [(relation.value, relation.label) for relation in Relation if relation != Relation.HEAD]
NOTHING = ("", "—")  # nothing is chosen before the clerk chooses
LONGEST_NUMBER = 24


def today() -> date:
    """What a day's field begins with."""
    return days.business_day(timezone.now())


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day of the office's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def file_number_field(**more: Any) -> forms.CharField:
    """A household's number as a clerk types it."""
    typing = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
    return forms.CharField(max_length=LONGEST_NUMBER, widget=typing, **more)


class VillageField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A village with its township before it, because villages of different townships share names."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=Division.objects.none(), empty_label=NOTHING[1], **more)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} {obj}"

    def show_to(self, person: Person, right: str) -> None:
        """Those in sight of somebody."""
        seen = Division.objects.visible_to(person, right).filter(level=Division.Level.VILLAGE)
        self.queryset = seen.select_related("parent")


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some members of a household, each with what tells him from the others."""

    def label_from_instance(self, obj: Any) -> str:
        return told(obj)


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One member of a household."""

    def __init__(self, queryset: QuerySet[Member], **more: Any) -> None:
        super().__init__(queryset, empty_label=NOTHING[1], **more)

    def label_from_instance(self, obj: Any) -> str:
        return told(obj)


def told(member: Member) -> str:
    """A member in a choice: name, relation, birth date."""
    return f"{member.name} · {member.get_relation_display()} · {member.birth_date.isoformat()}"


def those(members: Iterable[Member]) -> QuerySet[Member]:
    """Members to choose from."""
    return Member.objects.filter(pk__in=[one.pk for one in members])


class EntryForm(forms.Form):
    """Who somebody is. An ID number alone tells birth date and sex."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    id_number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("18 or 15 digits; under 16 it may be added later. Birth date and sex follow from it."),
    )
    birth_date = day_field(_("birth date"), required=False)
    sex = forms.ChoiceField(label=_("sex"), required=False, choices=[NOTHING, *Sex.choices])
    relation = forms.ChoiceField(label=_("relation to the head"), choices=[NOTHING, *OTHERS])
    category = forms.ChoiceField(label=_("category"), choices=Category.choices, initial=Category.ORDINARY)

    def entry(self) -> Entry:
        """The person as typed."""
        typed = self.cleaned_data
        return Entry(
            name=typed["name"],
            id_number=typed["id_number"],
            sex=typed["sex"],
            birth_date=typed["birth_date"],
            relation=typed.get("relation", Relation.HEAD),
            category=typed["category"],
        )
