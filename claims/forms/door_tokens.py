"""What is said of a token when it is given, and when it is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from claims.forms.before import line, text
from claims.forms.plans import day_field
from claims.models import Provider
from claims.services.door_tokens import Stated
from office import access
from office.models import Person

ADD = "claims.add_claim"


class DeskPersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of a hospital's desk, with where he works."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.at_body}"


class TokenForm(forms.Form):
    """A token for a hospital that has a desk of its own."""

    provider = forms.ModelChoiceField(
        label=_("provider"),
        queryset=Provider.objects.filter(body__isnull=False),
        empty_label="—",
        help_text=_("Those with a desk of their own in the system."),
    )
    acts_for = DeskPersonField(
        label=_("acts for"),
        queryset=Person.objects.none(),
        empty_label="—",
        help_text=_("Who of the hospital's desk answers for what the program sends: its rights are his."),
    )
    label = line(_("name"), 60, help_text=_("Such as the hospital's program and where it runs."))
    last = day_field(_("last day"), help_text=_("A year from today at most."))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["acts_for"]
        field.queryset = (
            Person.objects.filter(
                left_on__isnull=True,
                appointments__duty__in=access.granting(ADD),
                appointments__period__contains=today,
                appointments__body__in=Provider.objects.filter(body__isnull=False).values("body"),
            )
            .annotate(at_body=F("appointments__body__name"))
            .order_by("at_body", "full_name")
        )

    def stated(self) -> Stated:
        """The token as typed."""
        return Stated(**self.cleaned_data)


class RevokeForm(forms.Form):
    """Why a token is taken back."""

    reason = text(_("reason"), 300, 2)
