"""Small forms of a claim's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class VoidForm(forms.Form):
    """Why a claim is made void."""

    reason = forms.CharField(
        label=_("why"),
        max_length=200,
        help_text=_("Entered by mistake, or taken back by the patient. The invoices become free for another claim."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FileForm(forms.Form):
    """A scan or photo of a paper."""

    file = forms.FileField(label=_("file"), help_text=_("A photo or scan: JPEG, PNG, TIFF or PDF."))
