"""What the pages of schemes accept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.models import Scheme


class SchemeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Scheme
        fields = ("code", "name", "insures", "is_basic", "account", "contribution")
        help_texts = {
            "code": _("Small letters, digits and dashes, such as ncms. It stays the scheme's for ever."),
            "is_basic": _("Nobody is insured in two basic schemes at the same time; the database refuses it."),
            "contribution": _("It stays the scheme's for ever: rates of wages are for employees' schemes."),
        }

    def validate_unique(self) -> None:
        """The service says that the code is taken, and the trail that it was tried."""
