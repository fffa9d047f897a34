"""What the pages of screenings, leads and complaints accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Complaint
from audit.screens.registry import choices
from audit.screens.screen import Screen
from audit.services.complaints import FilesOf, Told
from audit.services.screening_tables import Span
from claims.forms import found
from claims.forms.before import BY_CODE, NAMED, ColleagueField, FilesField, line, text, today
from claims.models import Claim
from enrollment.forms.fields import day_field
from office.models import Person

OUTCOMES = [
    ("clear", _("nothing is wrong: clear it")),
    ("confirm", _("something is wrong: confirm it and go into it")),
]


class ScreeningForm(forms.Form):
    """Over which days which screens run."""

    first = day_field(_("taken in from"))
    last = day_field(_("taken in until"))
    screens = forms.MultipleChoiceField(
        label=_("screens"), choices=choices, widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})
    )

    def span(self) -> Span:
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])


class SettingForm(forms.Form):
    """A parameter of a screen, from a day on."""

    name = forms.ChoiceField(label=_("parameter"))
    value = forms.DecimalField(label=_("value"), max_digits=14, decimal_places=2)
    since = day_field(_("in force from"), initial=today)
    reason = line(_("why"), 200)

    def __init__(self, *args: Any, screen: Screen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["name"]
        field.choices = [(one.name, one.label) for one in screen.parameters_of()]


class DecideForm(forms.Form):
    """What came of a lead."""

    outcome = forms.ChoiceField(label=_("what came of it"), choices=OUTCOMES, widget=forms.RadioSelect)
    reason = text(_("why"), 500, help_text=_("What was looked into, and what it showed."))


class WordsForm(forms.Form):
    """Why something is done, or what was found."""

    words = text(_("in words"), 500)


class ClaimsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some claims of a lead, each with what tells it from the others."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.member} · {obj.total:,.2f} · {obj.get_state_display()}"


class LeadHoldForm(forms.Form):
    """Which claims are held before they are paid, and why."""

    claims = ClaimsField(
        label=pgettext_lazy("lead", "claims"), queryset=Claim.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reason = text(_("why"), 250, 2)

    def __init__(self, *args: Any, claims: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["claims"]
        field.queryset = claims
        field.initial = list(claims)


class WithFiles(forms.Form):
    """Files that are sent along: what they are, and whether they show who complained."""

    uploads = FilesField(label=_("files"), required=False, help_text=_("Pictures, PDF or tables; several at once."))
    what = line(_("what they are"), 200, required=False, help_text=_("Needed where files are sent."))
    names_informant = forms.BooleanField(
        label=_("they show who complained"),
        required=False,
        help_text=_("Such as a signed letter: read only by those who may see who complained."),
    )

    def sent_along(self) -> FilesOf:
        """The files as they were sent."""
        typed = self.cleaned_data
        return FilesOf(typed["uploads"], typed["what"], typed["names_informant"])


class ComplaintForm(WithFiles):
    """A complaint as it is taken down."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("complaint", "came"), choices=[("", "—"), *Complaint.Channel.choices]
    )
    received_on = day_field(_("received on"), initial=today)
    is_anonymous = forms.BooleanField(label=_("anonymous"), required=False)
    informant = line(_("informant"), 60, required=False, help_text=_("Left empty where it is anonymous."))
    contact = line(_("how to reach"), 80, required=False)
    about = line(_("whom it is about"), 120)
    provider = found.provider_field("", label=_("about the provider"), required=False, help_text=BY_CODE)
    about_person = ColleagueField(
        label=_("about somebody of the office"), queryset=Person.objects.none(), required=False, empty_label="—"
    )
    words = text(pgettext_lazy("complaint", "words"), 2000, 6)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.has_perm("enrollment.view_member"):
            member = found.member_field(person, label=_("about the patient"), required=False, help_text=NAMED)
            self.fields["member"] = member
        found.suggest_providers(self.fields["provider"], today())
        field: Any = self.fields["about_person"]
        field.queryset = Person.objects.filter(left_on__isnull=True).order_by("full_name")
        own = [name for name in self.fields if name not in (*WithFiles.base_fields, "member")]
        self.order_fields([*own[:6], "member", *own[6:]])  # files come last

    def told(self) -> Told:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in WithFiles.base_fields}
        return Told(about_member=typed.pop("member", None), about_provider=typed.pop("provider"), **typed)


class AssignForm(forms.Form):
    """Who looks into a complaint."""

    to = ColleagueField(label=_("given to"), queryset=Person.objects.none(), empty_label="—")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people


class ComplaintNoteForm(WithFiles):
    """What was done to look into a complaint."""

    on = day_field(_("on"), initial=today)
    words = text(_("what was looked into"), 1000)
    field_order = ("on", "words")


class AnswerForm(forms.Form):
    """What came of a complaint."""

    result = forms.ChoiceField(label=_("result"), choices=Complaint.Result.choices, widget=forms.RadioSelect)
    words = text(_("answer"), 2000, 6)


class PointForm(forms.Form):
    """Which claims a complaint points at, by their numbers."""

    claims = text(
        pgettext_lazy("lead", "claims"),
        1000,
        3,
        required=False,
        help_text=_("Their numbers, one a line; empty: whom it names alone."),
    )

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen

    def clean_claims(self) -> list[Claim]:
        numbers = self.cleaned_data["claims"].split()
        known = {one.number: one for one in self.seen.filter(number__in=numbers)}
        unknown = [one for one in numbers if one not in known]
        if unknown:
            raise forms.ValidationError(
                _("No claim has the number %(numbers)s."), params={"numbers": "、".join(unknown)}
            )
        return [known[one] for one in numbers]
