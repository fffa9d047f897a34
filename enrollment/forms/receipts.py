"""What the pages of receipts accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.collection import EntryReceiptForm, number_field, reason_field
from enrollment.models import Division
from enrollment.services import receipts
from office.models import Person, Printer


class IssueForm(forms.Form):
    """Which receipts a township gets from the county."""

    township = forms.ModelChoiceField(label=_("township"), queryset=Division.objects.none(), empty_label="—")
    first = number_field(_("first number"))
    last = number_field(_("last number"))
    on = fields.day_field(_("issued on"), initial=fields.today)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Division.objects.visible_to(person, receipts.ISSUE).filter(level=Division.Level.TOWNSHIP)
        self.fields["township"].queryset = seen  # type: ignore[attr-defined]


class CountBackForm(forms.Form):
    """How many unused receipts of a book came in."""

    counted = forms.IntegerField(
        label=_("unused receipts counted"),
        min_value=0,
        max_value=10**9,
        widget=forms.TextInput(attrs={"class": "entry-number", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Count them before you look at the book. A difference is told."),
    )


class SpoilForm(forms.Form):
    """Which receipt was spoiled, and how."""

    receipt = number_field(_("receipt"))
    reason = reason_field()


class ReissueForm(EntryReceiptForm):
    """On which receipt the same is written again, and why."""

    reason = reason_field()


class PrintForm(forms.Form):
    """On which printer a receipt is printed."""

    printer = forms.ModelChoiceField(
        label=_("printer"), queryset=Printer.objects.none(), required=False, empty_label=_("without offsets")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Printer.objects.visible_to(person)
        self.fields["printer"].queryset = mine  # type: ignore[attr-defined]
        self.fields["printer"].initial = lambda: mine.order_by("pk").first()


class PrintAllForm(PrintForm):
    """Which receipts of a sheet are printed, one after the other."""

    NEW, ALL = "new", "all"
    which = forms.ChoiceField(
        label=_("receipts"),
        choices=[(NEW, _("those not printed yet")), (ALL, _("all of the sheet"))],
        required=False,
    )
