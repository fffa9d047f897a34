"""Fields in which a clerk types a few letters and means one person, hospital or disease.

One that fits is taken; of several the field names them, to be chosen with the arrow keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.models import Disease, Provider
from claims.selectors import before
from claims.selectors.diseases import find_diseases
from claims.selectors.providers import find_providers
from enrollment.models import Member
from enrollment.selectors.search import RIGHT
from office.models import Person
from office.rules import days

SUGGESTED = 300


class Suggest(forms.TextInput):
    """A text field with a list to choose from."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"autocomplete": "off", **attrs})
        self.suggestions: Sequence[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field and, where there is something to choose from, its list."""
        if not self.suggestions:
            return super().render(name, value, attrs, renderer)
        key = f"{name}-known"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((one,) for one in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, options)


class FoundField(forms.CharField):
    """What was typed, read as the one thing that is meant."""

    widget: Suggest

    def __init__(self, find: Callable[[str], Sequence[Any]], label_of: Callable[[Any], str] = str, **more: Any) -> None:
        more.setdefault("max_length", 120)
        super().__init__(widget=Suggest(), **more)
        self.find, self.label_of = find, label_of

    def clean(self, value: Any) -> Any:
        """The one that fits; None for nothing typed."""
        typed: str = super().clean(value)
        if not typed:
            return None
        found = self.find(typed)
        exact = [one for one in found if self.label_of(one) == typed] or list(found)
        if len(exact) == 1:
            return exact[0]
        if not exact:
            raise forms.ValidationError(_("Nothing fits. Type it again, or more of it."))
        names = [self.label_of(one) for one in exact]
        self.widget.suggestions = names
        raise forms.ValidationError(_("Several fit, choose one: %(names)s") % {"names": "；".join(names[:8])})

    def prepare_value(self, value: Any) -> Any:
        """A thing that stands in the field at the beginning is shown by its label."""
        return self.label_of(value) if isinstance(value, Member | Provider | Disease) else value


LABEL = re.compile(r"^(\S+) (.+) (\d{4}-\d\d-\d\d)$")


def member_label(member: Member) -> str:
    """A person in one line, by which he is found again."""
    return f"{member.household.number} {member.name} {member.birth_date.isoformat()}"


def member_field(person: Person, **more: Any) -> FoundField:
    """A person of the register; a hospital's desk, which sees no register, types the whole ID number."""

    def find(typed: str) -> Sequence[Member]:
        if (chosen := LABEL.match(typed)) and person.has_perm(RIGHT):
            number, name, born = chosen.groups()
            seen = Member.objects.visible_to(person, RIGHT).exclude(state=Member.State.MERGED)
            return list(seen.filter(household__number=number, name=name, birth_date=born).select_related("household"))
        return before.people_called(typed, person=person, day=days.business_day(timezone.now()))

    return FoundField(find, member_label, **more)


def provider_label(provider: Provider) -> str:
    """A hospital in one line, by which it is found again."""
    return f"{provider.code} {provider.name}"


def provider_field(region: str = "", **more: Any) -> FoundField:
    """A provider by code, name or initials; those of a region are offered."""

    def find(typed: str) -> Sequence[Provider]:
        exact = list(Provider.objects.filter(code=typed.split(" ", 1)[0]))
        return exact or find_providers(typed)

    field = FoundField(find, provider_label, **more)
    field.region = region  # type: ignore[attr-defined]
    return field


def suggest_providers(field: Any, today: Any) -> None:
    """Offer the providers of the field's region that treat people today."""
    known = Provider.objects.open_on(today)
    known = known.filter(region=field.region) if field.region else known
    field.widget.suggestions = [provider_label(one) for one in known.order_by("code")[:SUGGESTED]]


def disease_field(**more: Any) -> FoundField:
    """A disease by code, name or initials."""

    def find(typed: str) -> Sequence[Disease]:
        exact = list(Disease.objects.filter(code=typed.split(" ", 1)[0], is_used=True))
        return exact or find_diseases(typed)

    return FoundField(find, str, **more)
