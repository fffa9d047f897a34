"""What the page accepts on which a household's account is entered."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PayeeAccountForm(forms.Form):
    """The account as the passbook has it."""

    holder = forms.CharField(label=_("account holder"), max_length=60)
    bank = forms.CharField(label=_("bank"), max_length=60)
    number = forms.CharField(
        label=_("account number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("From the passbook or card; blanks do not matter."),
    )
    reason = forms.CharField(label=_("reason"), max_length=200)
