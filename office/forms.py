"""What the office's own pages accept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from office.models import Body, Duty, OneTimeCode, Person, Printer, PrinterOffset, WorkingDay
from office.models.printers import FARTHEST_MM
from office.models.rounds import Choice
from office.pages.forms import EditForm
from office.rules import duties

FIRST_YEAR, LAST_YEAR = 2004, 2100
MOST_DIGITS = 19  # fewer than these has every number of a record


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


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Body
        fields = ("code", "name", "kind")

    def validate_unique(self) -> None:
        """The service says that the code is taken, and the trail that it was tried."""


class RenameBodyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new name, with the one that its reader saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Body
        fields = ("name",)

    def see_again(self, name: str) -> None:
        """The reader was told the present name: saving again overwrites it knowingly."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = name
        self.data = typed


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Lower-case letters, digits, dots and dashes. It stays his for ever."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    class Meta:
        model = Person
        fields = ("username", "full_name")
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "off"})}

    def validate_unique(self) -> None:
        """The service says whose name it is, and the trail that it was tried."""


def _near(day: date) -> date:
    """A day after which the calendar goes on."""
    if day.year > LAST_YEAR:
        raise forms.ValidationError(_("This day is too far away."))
    return day


def _day_after(last: date) -> date:
    """Services ask for the first day without the duty."""
    return _near(last) + timedelta(days=1)


class LastDayForm(forms.Form):
    """The last day of something that goes on."""

    on = forms.DateField(label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}))


class EndDutyForm(LastDayForm):
    def clean_on(self) -> date:
        return _day_after(self.cleaned_data["on"])


class DutyForm(forms.Form):
    """A duty at a body from one day to another, both included, or from one day on."""

    duty = forms.ChoiceField(
        label=_("duty"),
        choices=Duty.choices,
        help_text=_("Duties that decide, pay, keep books or administer are given by two administrators."),
    )
    body = forms.ModelChoiceField(label=_("body"), queryset=Body.objects.all())
    start = forms.DateField(label=_("first day"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(
        label=_("last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until further notice."),
    )
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=200,
        help_text=_("The paper that appoints this person; needed where two administrators give the duty."),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if duties.is_given_by_two(typed.get("duty", "")) and not typed.get("reason"):
            self.add_error("reason", _("Name the paper: somebody else decides by it."))
        return typed

    def clean_start(self) -> date:
        return _near(self.cleaned_data["start"])

    def clean_end(self) -> date | None:
        last: date | None = self.cleaned_data["end"]
        start: date | None = self.cleaned_data.get("start")
        if last and start and last < start:
            raise forms.ValidationError(_("The last day comes before the first."))
        return last and _day_after(last)


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


class VoteForm(forms.Form):
    """One vote on one thing, with what its reader saw."""

    seen = forms.CharField(widget=forms.HiddenInput)
    for_whom = forms.ModelChoiceField(label=_("in whose name"), queryset=Person.objects.none())
    choice = forms.ChoiceField(label=_("vote"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("reason"), required=False, max_length=500, help_text=_("Needed for whatever is not an approval.")
    )
    code = _code_field(_("Code"), help_text=_("It confirms exactly this content and amount."))

    def __init__(
        self, *args: Any, people: Sequence[Person], choices: Sequence[str], own_code: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = dict(Choice.choices)
        self.fields["choice"].choices = [(choice, known[choice]) for choice in choices]  # type: ignore[attr-defined]
        self.fields["for_whom"].queryset = Person.objects.filter(pk__in=[one.pk for one in people])  # type: ignore[attr-defined]
        self.fields["for_whom"].initial = people[0] if people else None
        if len(people) == 1:
            self.fields["for_whom"].widget = forms.HiddenInput()
        if not own_code:
            del self.fields["code"]


class ResetRequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("lost"), choices=OneTimeCode.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("reason"), max_length=200, help_text=_("How you know that it is this person: he stands before you.")
    )


class DelegationForm(forms.Form):
    """Who decides in whose place, and for how long."""

    duty = forms.ChoiceField(label=_("duty"))
    to = forms.ModelChoiceField(label=_("acts for him"), queryset=Person.objects.none())
    start = forms.DateField(label=_("first day"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, *args: Any, person: Person, duties: Sequence[str], but: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [(duty, Duty(duty).label) for duty in duties]  # type: ignore[attr-defined]
        out = {person.pk, *(one.pk for one in but)}
        here = Person.objects.filter(left_on__isnull=True).exclude(pk__in=out)
        self.fields["to"].queryset = here.order_by("full_name")  # type: ignore[attr-defined]


class ColleagueForm(forms.Form):
    """One of the colleagues for whom the work waits as well."""

    to = forms.ModelChoiceField(
        label=_("to whom"),
        queryset=Person.objects.none(),
        help_text=_("Those for whom it waits, too. They keep it until the end of the next working day."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Person.objects.filter(pk__in=[one.pk for one in people])
        self.fields["to"].queryset = here.order_by("full_name")  # type: ignore[attr-defined]


class ReassignForm(ColleagueForm):
    """To whom the head gives it, why, and who had it on his screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("reason"), max_length=200)

    def seen_person(self) -> Person | None:
        """Who had it when the page was opened."""
        number = self.cleaned_data["seen"]
        return Person.objects.filter(pk=number).first() if number.isdecimal() and len(number) < MOST_DIGITS else None
