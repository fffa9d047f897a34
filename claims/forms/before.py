"""What the pages accept on which things before a claim are noted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.forms import found
from claims.models import BedCheck, Disease, ExpertPanel, InjuryInquiry, PanelFinding, TimeLimit
from claims.models.certificates import CertificateApplication
from enrollment.forms.fields import day_field
from enrollment.models import Member, Scheme
from office.models import Person
from office.rules import days

NAMED = _("ID number, name or initials, or village and name.")
BY_CODE = _("Code, name or initials.")
YES_NO = [("yes", _("yes")), ("no", _("no"))]


def line(label: Any, longest: int = 100, **more: Any) -> forms.CharField:
    """A line of text."""
    typing = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=typing, **more)


def text(label: Any, longest: int = 1000, rows: int = 4, **more: Any) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


def today() -> Any:
    """The office's day."""
    return days.business_day(timezone.now())


class PersonForm(forms.Form):
    """A form about one person of the register."""

    def __init__(self, *args: Any, person: Person, member: Member | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = found.member_field(person, label=_("person"), help_text=NAMED)
        if member is not None:
            field.initial = member
        self.fields = {"member": field, **self.fields}
        self.person = person


class ReferralForm(PersonForm):
    """The referral form of a county hospital."""

    origin = found.provider_field("county", label=_("referred from"), help_text=BY_CODE)
    destination = found.provider_field("outside", label=_("referred to"), help_text=BY_CODE)
    disease = found.disease_field(label=_("diagnosis"), help_text=BY_CODE)
    diagnosis = line(_("diagnosis in words"), 200, required=False)
    reason = text(_("reason of the referral"), 300, 2)
    doctor = line(_("doctor"), 60)
    admitted_on = day_field(
        _("admitted there on"), required=False, help_text=_("Only of an emergency that is filed afterwards.")
    )
    holds = forms.IntegerField(
        label=_("holds, days"),
        required=False,
        min_value=1,
        max_value=730,
        help_text=_("Left empty: as long as the scheme's paper says."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("origin", "destination"):
            found.suggest_providers(self.fields[name], today())


class OutsideStayForm(PersonForm):
    """A reported stay outside."""

    provider = found.provider_field("outside", label=_("provider"), required=False, help_text=BY_CODE)
    hospital = line(_("or the hospital by its name"), required=False)
    admitted_on = day_field(_("admitted on"))
    illness = line(_("illness"), required=False)
    phone = line(_("phone"), 40)
    reported_by = line(_("reported by"), 60, help_text=_("Who called or came, and what he is to the patient."))
    reported_on = day_field(_("reported on"), initial=today)
    note = line(_("note"), 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found.suggest_providers(self.fields["provider"], today())


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = line(_("why"), 200)


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files at once."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in several]


class ApplicationForm(PersonForm):
    """An application for a certificate of a chronic disease."""

    disease = found.disease_field(label=_("disease"), help_text=BY_CODE)
    hospital = line(_("diagnosed by"))
    diagnosed_on = day_field(_("diagnosed on"))
    phone = line(_("phone"), 40, required=False)
    note = line(_("note"), 300, required=False)
    evidence = FilesField(label=_("evidence"), required=False, help_text=_("Pictures or PDF; several at once."))


class CheckForm(forms.Form):
    """What the check of an application found."""

    agrees = forms.ChoiceField(
        label=_("person, evidence and list agree"), choices=YES_NO, widget=forms.RadioSelect, initial="yes"
    )
    words = text(_("what the check found"), 300, 2)


class ReviewForm(forms.Form):
    """The yearly review of a certificate."""

    goes_on = forms.ChoiceField(label=_("goes on"), choices=YES_NO, widget=forms.RadioSelect, initial="yes")
    words = text(_("what the review found"), 300, 2)


class PanelForm(forms.Form):
    """A session of the expert panel."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.all(), empty_label="—")
    held_on = day_field(_("held on"), initial=today)
    place = line(_("place of the session"))
    experts = text(_("experts"), help_text=_("One a line: name, title, hospital."))


class FindingForm(forms.Form):
    """What the panel found of an application."""

    outcome = forms.ChoiceField(label=_("finding"), choices=PanelFinding.Outcome.choices, widget=forms.RadioSelect)
    disease = found.disease_field(label=_("disease"), help_text=BY_CODE)
    first = day_field(_("valid from"), required=False)
    last = day_field(_("valid until"), required=False)
    words = text(_("in words"), 300, 2, required=False, help_text=_("Needed where it is refused or put off."))

    def __init__(self, *args: Any, panel: ExpertPanel, application: CertificateApplication, **kwargs: Any) -> None:
        known = PanelFinding.objects.filter(panel=panel, application=application).first()
        disease: Disease = known.disease if known else application.disease
        initial: dict[str, Any] = {"disease": disease, "outcome": "approved", "first": panel.held_on}
        if known is not None:
            last = known.valid.upper - days.ONE_DAY if known.valid else None
            first = known.valid.lower if known.valid else None
            initial |= {"outcome": known.outcome, "words": known.words, "first": first, "last": last}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)


class InjuryForm(PersonForm):
    """What the injured person states."""

    injured_on = day_field(_("injured on"))
    place = line(_("where it happened"), 120)
    cause = forms.ChoiceField(label=_("cause stated"), choices=[("", "—"), *InjuryInquiry.Cause.choices])
    statement = text(_("what happened, as stated"))
    stated_by = line(_("stated by"), 60)
    witnesses = line(_("witnesses"), 300, required=False)
    proof = line(_("proof of the village or the police"), 200, required=False)
    phone = line(_("phone"), 40, required=False)


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody else who works here."""


class VisitForm(forms.Form):
    """A visit by two people."""

    on = day_field(_("visited on"), initial=today)
    second = ColleagueField(label=_("together with"), queryset=Person.objects.none(), empty_label="—")
    spoken_to = line(_("spoken to"), 200)
    words = text(_("what was found"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["second"]
        field.queryset = Person.objects.filter(left_on__isnull=True).exclude(pk=person.pk).order_by("full_name")


class ConclusionForm(forms.Form):
    """What an inquiry comes to."""

    liable_party = line(
        _("who else is liable"), required=False, help_text=_("Left empty where nobody else is; then it may be payable.")
    )
    payable = forms.ChoiceField(label=pgettext_lazy("injury", "payable"), choices=YES_NO, widget=forms.RadioSelect)
    words = text(_("grounds"))


class AdmissionForm(PersonForm):
    """Somebody is admitted."""

    hospital_number = line(_("number at the hospital"), 40)
    admitted_on = day_field(_("admitted on"), initial=today)
    ward = line(_("ward"), 40)
    bed = line(_("bed"), 20)
    illness = line(_("illness"))
    doctor = line(_("doctor"), 60, required=False)
    is_injury = forms.BooleanField(label=_("injury"), required=False)


class BedForm(forms.Form):
    """Another bed."""

    ward = line(_("ward"), 40)
    bed = line(_("bed"), 20)


class DischargeForm(forms.Form):
    """The day on which a patient left."""

    on = day_field(_("discharged on"), initial=today)


class BedCheckForm(forms.Form):
    """What was found at the bed."""

    finding = forms.ChoiceField(label=_("finding"), choices=BedCheck.Finding.choices, widget=forms.RadioSelect)
    words = text(_("in words"), 300, 2, required=False, help_text=_("Needed unless the patient lies in his bed."))


class TimeLimitForm(forms.Form):
    """How many days a scheme's paper gives for something."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.all(), empty_label="—")
    kind = forms.ChoiceField(label=_("time limit"), choices=[("", "—"), *TimeLimit.Kind.choices])
    days = forms.IntegerField(label=_("number of days"), min_value=1, max_value=730)
    first = day_field(_("in force from"))
    last = day_field(_("in force until"), required=False, help_text=_("Left empty: until another follows."))
    document = line(_("paper"), help_text=_("As it stands on the paper, such as 海政发〔2009〕88号."))


class LateAllowanceForm(PersonForm):
    """A late claim that may be taken in, by person and day of discharge."""

    discharged_on = day_field(_("discharged on"))
    reason = text(_("reason"), 300, 2)
