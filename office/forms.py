"""What the office's own pages accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from office.models import Printer, PrinterOffset, WorkingDay
from office.models.printers import FARTHEST_MM
from office.pages.forms import EditForm

FIRST_YEAR, LAST_YEAR = 2004, 2100


class WorkingDayForm(EditForm):
    is_working = forms.TypedChoiceField(
        label=_("working day"),
        choices=[(True, _("yes")), (False, _("no"))],
        coerce=lambda word: word in {True, "True"},
    )

    class Meta:
        model = WorkingDay
        fields = ("is_working", "reason")
        help_texts = {"reason": _("The festival, or the paper by which the office decided.")}

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError(_("Say by what decision this day differs."))
        return reason


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class NoticeForm(YearForm):
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "Excel or CSV with the columns 日期 (date), 上班 (是 or 否) and 说明 (reason); only the named days."
        ),
    )


class PrinterForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Printer
        fields = ("body", "name")
        help_texts = {"name": _("As on the printer's label.")}


class OffsetForm(EditForm):
    right_mm = forms.DecimalField(
        label=_("to the right, mm"),
        min_value=-FARTHEST_MM,
        max_value=FARTHEST_MM,
        max_digits=4,
        decimal_places=1,
    )
    down_mm = forms.DecimalField(
        label=_("down, mm"),
        min_value=-FARTHEST_MM,
        max_value=FARTHEST_MM,
        max_digits=4,
        decimal_places=1,
        help_text=_("Negative numbers move the print to the left and up. Measure on the trial sheet."),
    )

    class Meta:
        model = PrinterOffset
        fields = ("right_mm", "down_mm")


def _name_field() -> forms.CharField:
    return UsernameField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )


def _password_field(label: Any, *, is_new: bool = False) -> forms.CharField:
    autocomplete = "new-password" if is_new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=256, widget=widget)


def _code_field(label: Any, **more: Any) -> forms.CharField:
    typing = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=typing), **more)


class SignInForm(forms.Form):
    username = _name_field()
    password = _password_field(_("Password"))


class CodeForm(forms.Form):
    code = _code_field(_("Code"), help_text=_("The six digits that your authenticator shows now."))


class SignInCodeForm(CodeForm):
    """On the way in, where no script puts the cursor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class NewPasswordForm(forms.Form):
    new_password = _password_field(_("New password"), is_new=True)
    again = _password_field(_("New password again"), is_new=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = " ".join(password_validators_help_texts())

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new_password") != again:
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class UnseenName(forms.TextInput):
    """Says to a password keeper whose password this is; a person does not see it."""

    is_hidden = True


class ChangePasswordForm(NewPasswordForm):
    username = forms.CharField(
        required=False, widget=UnseenName(attrs={"hidden": True, "autocomplete": "username", "readonly": True})
    )
    old_password = _password_field(_("Present password"))
    field_order = ("old_password", "new_password", "again")


class ResetPasswordForm(NewPasswordForm):
    username = _name_field()
    one_time_code = forms.CharField(
        label=_("One-time code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("username", "one_time_code", "new_password", "again")


class ResetFactorForm(SignInForm):
    one_time_code = forms.CharField(
        label=_("One-time code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class FactorForm(forms.Form):
    old_code = _code_field(_("Code of your present factor"))
    code = _code_field(
        _("Code of the new factor"), help_text=_("The six digits that your authenticator shows for this picture.")
    )

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["old_code"]
