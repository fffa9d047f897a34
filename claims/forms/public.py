"""What the pages of publicity, objections and appeals accept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.before import line, text, today
from claims.models import Cut, Objection
from claims.services.appeals import Filed
from claims.services.objections import Said
from claims.services.publicity import Posting, Slip
from enrollment.forms.fields import day_field
from enrollment.models import Division, Scheme

AMOUNT = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}


def month_choices(day: date, number: int = 12) -> list[tuple[str, str]]:
    """The last months, this one first."""
    months = [day.year * 12 + day.month - 1 - back for back in range(number)]
    return [(f"{one // 12}-{one % 12 + 1:02d}", f"{one // 12}-{one % 12 + 1:02d}") for one in months]


class MakeForm(forms.Form):
    """For which scheme, month and area lists are made."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.all(), empty_label="—")
    month = forms.ChoiceField(label=_("month"), help_text=_("What was approved or paid by the end of it."))
    area = forms.ModelChoiceField(
        label=_("villages of"), queryset=Division.objects.exclude(level="village").order_by("code"), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["month"]
        field.choices = month_choices(today())

    def clean_month(self) -> date:
        year, month = self.cleaned_data["month"].split("-")
        return date(int(year), int(month), 1)


class PostForm(forms.Form):
    """That a list hangs."""

    on = day_field(_("posted on"), initial=today)
    place = line(_("place of posting"), 120, help_text=_("Such as the board at the village office."))
    by_name = line(_("posted by"), 60)

    def posting(self) -> Posting:
        return Posting(**self.cleaned_data)


class SlipForm(forms.Form):
    """That the slip of a list came back."""

    on = day_field(_("slip came back on"), initial=today)
    by_name = line(_("slip signed by"), 60)
    photo = forms.FileField(label=_("photograph"), help_text=_("Of the list on its board, or of the signed slip."))

    def slip(self) -> Slip:
        typed = self.cleaned_data
        return Slip(typed["on"], typed["by_name"], typed["photo"])


class ObjectionForm(forms.Form):
    """What somebody says against an entry."""

    by_name = line(_("objection by"), 60)
    contact = line(_("how to reach"), 80, required=False)
    words = text(_("objection"))
    made_on = day_field(_("objected on"), initial=today)

    def said(self) -> Said:
        return Said(**self.cleaned_data)


class AnswerForm(forms.Form):
    """The answer to an objection."""

    result = forms.ChoiceField(label=_("result"), choices=Objection.Result.choices, widget=forms.RadioSelect)
    words = text(_("answer"), help_text=_("What was looked into, and what it came to. It is printed."))


class AppealForm(forms.Form):
    """An appeal; of each cut how much is asked back."""

    by_name = line(_("filed by"), 60)
    relation = line(_("relation to the patient"), 40)
    phone = line(_("phone"), 40, required=False)
    filed_on = day_field(_("filed on"), initial=today)
    grounds = text(_("grounds"))

    def __init__(self, *args: Any, cuts: Sequence[Cut], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cuts = cuts
        for one in cuts:
            self.fields[self.name_of(one)] = forms.DecimalField(
                label=f"{one.line.position} {one.line.name}",
                help_text=_("cut %(amount)s yuan: %(reason)s")
                % {"amount": one.amount, "reason": one.reason or one.get_reason_code_display()},
                required=False,
                min_value=Decimal("0.01"),
                max_value=one.amount,
                max_digits=14,
                decimal_places=2,
                widget=forms.TextInput(attrs=AMOUNT),
            )

    @staticmethod
    def name_of(cut: Cut) -> str:
        return f"cut-{cut.pk}"

    def filed(self) -> Filed:
        typed = self.cleaned_data
        asked = {one.pk: typed[self.name_of(one)] for one in self.cuts if typed.get(self.name_of(one))}
        plain = {name: typed[name] for name in ("by_name", "relation", "phone", "filed_on", "grounds")}
        return Filed(**plain, restored=asked)
