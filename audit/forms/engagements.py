"""What the pages of engagements, their papers and reports accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import subjects
from audit.forms.seen import SeenForm
from audit.models import Engagement, WorkPaper
from audit.services.auditing import WRITE
from audit.services.engagements import EngagementOf
from audit.services.evidence import EvidenceOf
from audit.services.papers import PaperOf, SheetOf, SignatureOf
from claims.forms.before import YES_NO, line, text, today
from enrollment.forms.fields import day_field
from enrollment.models import Scheme
from office import access
from office.models import Appointment, Body, Person
from office.rules import days

NONE = ("", "—")
#: What a work paper says.
WRITTEN = ("title", "procedure", "facts", "conclusion")


def auditors() -> QuerySet[Person]:
    """Whoever has a duty today in which one audits."""
    now = Appointment.objects.on(days.business_day(timezone.now())).filter(duty__in=access.granting(WRITE))
    return Person.objects.filter(pk__in=now.values("person"), left_on__isnull=True).order_by("full_name", "pk")


def colleagues() -> QuerySet[Person]:
    """Whoever works here."""
    return Person.objects.filter(left_on__isnull=True).order_by("full_name", "pk")


def yes_no(label: Any) -> forms.ChoiceField:
    """A question that is answered by yes or no."""
    return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect, initial="yes")


class EngagementForm(forms.Form):
    """An engagement as it is planned."""

    kind = forms.ChoiceField(label=_("kind"), choices=Engagement.Kind.choices)
    done_by = forms.ChoiceField(label=_("done by"), choices=Engagement.DoneBy.choices)
    title = line(_("title"), 100)
    basis = line(_("basis"), 200, help_text=_("The plan, order or paper it rests on, with its number."))
    body = forms.ModelChoiceField(label=_("audited body"), queryset=Body.objects.order_by("code"), empty_label=None)
    leaver = forms.ModelChoiceField(
        label=_("whose office ends"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=NONE[1],
        help_text=_("Of an audit at leaving office alone."),
    )
    scheme = forms.ModelChoiceField(
        label=_("scheme"), queryset=Scheme.objects.order_by("pk"), required=False, empty_label=_("all schemes")
    )
    since = day_field(_("audited from"))
    until = day_field(_("audited until"), initial=today)
    lead = forms.ModelChoiceField(
        label=pgettext_lazy("engagement", "lead"), queryset=Person.objects.none(), empty_label=NONE[1]
    )
    scope = text(_("scope"), 1000, 3)
    plan = text(pgettext_lazy("audit", "plan"), 4000, 6, help_text=_("What is looked at, in which order, by whom."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        leaver: Any = self.fields["leaver"]
        lead.queryset, leaver.queryset = auditors(), colleagues()

    def told(self) -> EngagementOf:
        """The engagement as it was typed."""
        return EngagementOf(**self.cleaned_data)


class ChangeForm(SeenForm, EngagementForm):
    """An engagement that is planned anew."""

    watched = tuple(EngagementForm.base_fields)

    def told(self) -> EngagementOf:
        """The engagement as it was typed."""
        return EngagementOf(**{name: self.cleaned_data[name] for name in self.watched})


class MemberForm(forms.Form):
    """Somebody who is named."""

    person = forms.ModelChoiceField(label=_("person"), queryset=Person.objects.none(), empty_label=NONE[1])

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = auditors().exclude(pk__in=engagement.members.values("person"))


class TakeOffForm(forms.Form):
    """Somebody who is taken off."""

    person = forms.ModelChoiceField(label=_("person"), queryset=Person.objects.none(), empty_label=NONE[1])
    on = day_field(_("taken off on"), initial=today)
    reason = text(_("why"), 200, 2)

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        there = engagement.members.there().exclude(person=engagement.lead_id)
        field.queryset = Person.objects.filter(pk__in=there.values("person")).order_by("full_name", "pk")


class LeadForm(forms.Form):
    """Who leads from now on."""

    lead = forms.ModelChoiceField(
        label=_("new lead"),
        queryset=Person.objects.none(),
        empty_label=NONE[1],
        help_text=_("He is named for the engagement if he is not yet. Nobody names himself."),
    )
    on = day_field(_("leads from"), initial=today)
    reason = text(_("why"), 200, 2)

    def __init__(self, *args: Any, engagement: Engagement, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["lead"]
        off = engagement.members.filter(taken_off__isnull=False)
        barred = [one for one in (engagement.lead_id, engagement.leaver_id, by.pk) if one]
        field.queryset = auditors().exclude(pk__in=barred).exclude(pk__in=off.values("person"))


class NoticeForm(forms.Form):
    """That the notice was served."""

    served_on = day_field(_("notice served on"), initial=today)
    fieldwork_from = day_field(_("fieldwork from"), help_text=_("Three working days after the notice at the earliest."))


class SubjectForm(forms.Form):
    """What something is of: a kind, and what one types to find it."""

    kind = forms.ChoiceField(label=_("what it is of"), required=False)
    number = line(
        _("number"), 60, required=False, help_text=_("A voucher by its books, month and number: ncms 2010-03 12.")
    )
    must = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        none = [] if self.must else [NONE]
        field.choices = [*none, *((one.name, one.title) for one in subjects.kinds())]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        kind, number = typed.get("kind", ""), typed.get("number", "")
        typed["subject"] = subjects.found(kind, number) if kind and number else None
        if (kind or number or self.must) and typed["subject"] is None:
            self.add_error("number", str(_("Nothing fits. Choose what it is, and type its number.")))
        return typed


class PaperForm(SubjectForm):
    """A work paper."""

    title = line(_("title"), 100)
    procedure = text(pgettext_lazy("work paper", "what was done"), 2000, 3)
    facts = text(pgettext_lazy("audit", "what was found"), 4000, 5)
    conclusion = text(pgettext_lazy("audit", "conclusion"), 1000, 3)
    field_order = ("title", "kind", "number", "procedure", "facts", "conclusion")

    def told(self) -> PaperOf:
        """The paper as it was typed."""
        return PaperOf(**{name: self.cleaned_data[name] for name in (*WRITTEN, "subject")})


class RewriteForm(SeenForm, PaperForm):
    """A work paper that is written anew; what it is of stays."""

    watched = WRITTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"], self.fields["number"]


class CheckForm(SeenForm):
    """What the check of a paper came to."""

    watched = WRITTEN

    agrees = yes_no(_("the paper holds"))
    remark = text(
        pgettext_lazy("work paper", "remark"), 300, 3, required=False, help_text=_("Needed where it is sent back.")
    )


class SheetForm(forms.Form):
    """An evidence sheet."""

    title = line(_("title"), 100)
    paper = forms.ModelChoiceField(
        label=_("work paper"), queryset=WorkPaper.objects.none(), required=False, empty_label=NONE[1]
    )
    dated_on = day_field(_("taken down on"), initial=today)
    facts = text(pgettext_lazy("audit", "facts"), 4000, 7)

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["paper"]
        field.queryset = engagement.papers.order_by("-pk")
        field.label_from_instance = lambda one: f"{one} {one.title}"

    def told(self) -> SheetOf:
        """The sheet as it was typed."""
        return SheetOf(**self.cleaned_data)


class SignatureForm(forms.Form):
    """How a sheet came back."""

    signed = yes_no(_("it is signed"))
    by_name = line(_("signed by"), 60, help_text=_("Who signed, or refused to, and as what."))
    on = day_field(_("signed on"), initial=today)
    words = text(_("what he said to it"), 500, 3, required=False, help_text=_("Needed where he refused to sign."))

    def told(self) -> SignatureOf:
        """The signature as it was typed."""
        return SignatureOf(**self.cleaned_data | {"signed": self.cleaned_data["signed"] == "yes"})


class EvidenceForm(forms.Form):
    """A file of evidence."""

    upload = forms.FileField(label=_("file"), help_text=_("A picture, PDF or table."))
    dated_on = day_field(_("date of the evidence"), help_text=_("The day of the paper itself, not of its scan."))
    words = line(_("what it shows"), 200)

    def told(self) -> EvidenceOf:
        """The file as it was sent."""
        return EvidenceOf(**self.cleaned_data)


class ReportForm(forms.Form):
    """What a report says beside its findings."""

    opinion = text(pgettext_lazy("report", "opinion"), 4000, 6, help_text=_("How the office stands on the whole."))
    advice = text(_("advice"), 4000, 4, required=False)


class WhyForm(forms.Form):
    """Why something is undone."""

    reason = text(_("why"), 200, 2)
