"""What the pages of findings, measures and money accept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.forms.engagements import NONE, EvidenceForm, SubjectForm, yes_no
from audit.forms.seen import SeenForm
from audit.models import EvidenceSheet, Finding, RectificationCheck, Waiver
from audit.selectors import findings as selectors
from audit.services.evidence import EvidenceOf
from audit.services.findings import SIGNED, FindingOf
from audit.services.rectifying import MeasureOf
from audit.services.waiving import WaiverOf
from claims.forms import found
from claims.forms.before import BY_CODE, NAMED, line, text
from claims.forms.intake import AmountField
from enrollment.forms.fields import day_field
from funds.models import Book, Posting
from office.models import Person
from office.rules import money


class FindingForm(forms.Form):
    """A finding as it is drafted."""

    title = line(_("title"), 100)
    fact = text(_("fact"), 4000, 5)
    rule = line(_("rule and article"), 300, help_text=_("The paper and its article, such as 财社〔2008〕8号第十二条."))
    cause = line(_("cause"), 500)
    responsible = line(_("who is responsible"), 100)
    amount = AmountField(label=_("amount it is about, yuan"), help_text=_("Empty: no money."))
    to_recover = AmountField(label=_("of it to be recovered, yuan"))
    provider = found.provider_field(label=_("provider"), required=False, help_text=BY_CODE)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = found.member_field(person, label=_("insured person"), required=False, help_text=NAMED)

    def told(self) -> FindingOf:
        """The finding as it was typed."""
        return FindingOf(**self.cleaned_data)


class ChangeForm(SeenForm, FindingForm):
    """A draft that is corrected."""

    watched = (*FindingForm.base_fields, "member")

    def told(self) -> FindingOf:
        """The finding as it was typed."""
        return FindingOf(**{name: self.cleaned_data[name] for name in self.watched})


class CiteForm(SubjectForm):
    """What a finding is about."""

    must = True


class RestForm(forms.Form):
    """The evidence sheet that a finding rests on."""

    sheet = forms.ModelChoiceField(
        label=_("evidence sheet"), queryset=EvidenceSheet.objects.none(), empty_label=NONE[1]
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sheet"]
        signed = finding.engagement.sheets.filter(state__in=SIGNED)
        field.queryset = signed.exclude(pk__in=finding.sheets.values("sheet")).order_by("-pk")
        field.label_from_instance = lambda one: f"{one} {one.title}"


class AnswerForm(forms.Form):
    """What the audited office says."""

    agrees = yes_no(_("the office agrees"))
    words = text(pgettext_lazy("audit", "answer"), 2000, 6)


class MeasureForm(forms.Form):
    """A measure that is asked for."""

    measure = text(_("measure"), 500, 3)
    responsible = line(_("who carries it out"), 100)
    due_on = day_field(pgettext_lazy("audit", "due on"))

    def told(self) -> MeasureOf:
        """The measure as it was typed."""
        return MeasureOf(**self.cleaned_data)


class HandInForm(forms.Form):
    """What was done."""

    result = text(pgettext_lazy("audit", "what was done"), 1000, 5)


class MeasureCheckForm(forms.Form):
    """What the check of a measure came to."""

    outcome = forms.ChoiceField(
        label=_("outcome"),
        choices=[one for one in RectificationCheck.Outcome.choices if one[0] != RectificationCheck.Outcome.REOPENED],
        widget=forms.RadioSelect,
        initial=RectificationCheck.Outcome.CLOSED,
    )
    words = text(pgettext_lazy("audit", "what the check found"), 500, 4)
    due_on = day_field(
        pgettext_lazy("audit", "due on"), required=False, help_text=_("Where it is sent back: until when anew.")
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("outcome") == RectificationCheck.Outcome.SENT_BACK and not typed.get("due_on"):
            self.add_error("due_on", str(_("Say until when it is to be carried out anew.")))
        return typed


class AgainForm(forms.Form):
    """A measure that is opened again."""

    words = text(_("why"), 500, 3)
    due_on = day_field(pgettext_lazy("audit", "due on"))


class DemandForm(forms.Form):
    """A letter that demands money."""

    payer = line(pgettext_lazy("audit", "to whom"), 100)
    amount = AmountField(label=_("amount, yuan"))
    pay_by = day_field(_("pay by"))

    def __init__(self, *args: Any, finding: Finding, owed: Decimal, **kwargs: Any) -> None:
        kwargs["initial"] = {"payer": _debtor(finding), "amount": owed}
        super().__init__(*args, **kwargs)


def _debtor(finding: Finding) -> str:
    """Who owes the money of a finding, as far as it says."""
    whose = finding.provider.name if finding.provider else finding.member.name if finding.member else ""
    return whose or finding.responsible


class WaiverForm(forms.Form):
    """Money that cannot be recovered, with the evidence of it."""

    debtor = line(_("who owes it"), 100)
    amount = AmountField(label=_("to be waived, yuan"))
    ground = forms.ChoiceField(label=pgettext_lazy("waiver", "ground"), choices=Waiver.Ground.choices)
    reason = text(
        _("why it cannot be recovered"), 1000, 4, help_text=_("What was tried, with which outcome, by which papers.")
    )
    upload, dated_on, words = (EvidenceForm.base_fields[name] for name in ("upload", "dated_on", "words"))

    def __init__(self, *args: Any, finding: Finding, owed: Decimal, **kwargs: Any) -> None:
        kwargs["initial"] = {"debtor": _debtor(finding), "amount": owed}
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = True

    def told(self) -> WaiverOf:
        """The waiver as it was typed."""
        debtor, amount, ground, reason = (self.cleaned_data[one] for one in ("debtor", "amount", "ground", "reason"))
        return WaiverOf(debtor, amount, ground, reason)

    def shown(self) -> EvidenceOf:
        """The evidence as it was sent."""
        return EvidenceOf(**{one: self.cleaned_data[one] for one in ("upload", "dated_on", "words")})


class LinkForm(forms.Form):
    """The posting that stands for a finding: money that came back, or a voucher by its number."""

    posting = forms.ModelChoiceField(
        label=_("money that came back"),
        queryset=Posting.objects.none(),
        required=False,
        empty_label=NONE[1],
        help_text=_("What the accountant noted as recovered, and nobody has linked yet."),
    )
    book = forms.ModelChoiceField(
        label=_("or a voucher: books"), queryset=Book.objects.order_by("pk"), required=False, empty_label=NONE[1]
    )
    month = line(_("month"), 7, required=False, help_text=_("Such as 2010-03."))
    number = forms.IntegerField(label=_("number"), required=False, min_value=1, max_value=99_999_999)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["posting"]
        field.queryset = selectors.to_link(finding)
        field.label_from_instance = _posting_in_words

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not typed.get("posting"):
            book, month, number = (typed.get(name) for name in ("book", "month", "number"))
            found_one = selectors.postings_called(book.code, str(month), number) if book and month and number else None
            if found_one is None:
                self.add_error("posting", str(_("Choose money that came back, or name a voucher.")))
            typed["posting"] = found_one
        return typed


def _posting_in_words(posting: Posting) -> str:
    sums = sum((one.amount for one in posting.entries.all() if one.side == "debit"), Decimal(0))
    return f"{posting.book.code} {posting.on} {posting} {posting.summary} ¥{money.shown(sums)}"
