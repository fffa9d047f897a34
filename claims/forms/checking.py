"""What the pages of checking accept: the decision about a claim, its cuts, questions to the hospital, flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms.plans import day_field
from claims.models import Cut, Flag, Verification
from claims.selectors.one_claim import ShownLine
from claims.services.checking import CutOf
from claims.services.verification import Question
from office.models import Person

TYPED: Final = {"autocomplete": "off", "spellcheck": "false"}
AMOUNT: Final = {**TYPED, "data-amount": True, "inputmode": "decimal"}


def amount_field(**more: Any) -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.TextInput(attrs=AMOUNT), **more)


class DecideForm(forms.Form):
    """A decision about a claim as it was seen; for whom, where somebody is away."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    for_whom = forms.ModelChoiceField(
        label=gettext_lazy("in whose name"), queryset=Person.objects.none(), empty_label=None, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: Sequence[Person], needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["for_whom"]
        field.queryset = Person.objects.filter(pk__in=[one.pk for one in people])
        if len(people) == 1:
            field.widget = forms.HiddenInput()
        field.initial = people[0].pk if people else None
        self.fields["reason"].required = needs_reason


class CutForm(DecideForm):
    """What is taken off the lines of a claim: for each an amount, a reason by its code, and words."""

    def __init__(self, *args: Any, lines: Sequence[ShownLine], **kwargs: Any) -> None:
        super().__init__(*args, needs_reason=False, **kwargs)
        self.lines = lines
        self.fields["reason"].widget = forms.TextInput(attrs=TYPED)
        for one in lines:
            number = one.line.pk
            label = _("cut of %(line)s") % {"line": one.line}
            self.fields[f"amount-{number}"] = amount_field(required=False, label=label)
            self.fields[f"code-{number}"] = forms.ChoiceField(
                choices=[("", "—"), *Cut.Reason.choices], required=False, label=_("why")
            )
            self.fields[f"words-{number}"] = forms.CharField(
                max_length=200, required=False, label=_("in words"), widget=forms.TextInput(attrs=TYPED)
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its fields."""
        return [
            {"shown": one, **{name: self[f"{name}-{one.line.pk}"] for name in ("amount", "code", "words")}}
            for one in self.lines
        ]

    def cuts(self) -> list[CutOf]:
        """The lines of which something is cut."""
        typed = self.cleaned_data
        return [
            CutOf(number, typed[f"amount-{number}"], typed[f"code-{number}"], typed[f"words-{number}"])
            for number in (one.line.pk for one in self.lines)
            if typed.get(f"amount-{number}")
        ]


class ReturnForm(DecideForm):
    """What is missing of a claim: ticked on the list of its kind, and what else there is in words."""

    papers = forms.MultipleChoiceField(
        label=gettext_lazy("papers that are missing or wrong"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("papers", "reason")

    def __init__(self, *args: Any, listed: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, needs_reason=False, **kwargs)
        field: Any = self.fields["papers"]
        field.choices = listed
        self.fields["reason"].label = _("what else is missing, in words")
        self.fields["reason"].help_text = _("The full list of it: it is told once, and asked for once.")

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("papers") and not (typed.get("reason") or "").strip():
            self.add_error(
                "papers", _("Tick what is missing, or say it in words: the full list of it, it is told once.")
            )
        return typed


class QuestionForm(forms.Form):
    """Whom the office asks about invoices, how, and until when an answer is awaited."""

    way = forms.ChoiceField(label=gettext_lazy("way"), choices=Verification.Way.choices)
    whom = forms.CharField(label=gettext_lazy("whom"), max_length=100, widget=forms.TextInput(attrs=TYPED))
    phone = forms.CharField(
        label=gettext_lazy("phone"), max_length=40, required=False, widget=forms.TextInput(attrs=TYPED)
    )
    on = day_field(gettext_lazy("asked on"))
    letter_number = forms.CharField(
        label=gettext_lazy("number of the letter"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("A letter has its number and a deadline."),
        widget=forms.TextInput(attrs=TYPED),
    )
    deadline_on = day_field(gettext_lazy("answer until"), required=False)

    def question(self) -> Question:
        typed = self.cleaned_data
        return Question(**{name: typed[name] for name in ("way", "whom", "phone", "letter_number", "deadline_on")})


class AnswerForm(forms.Form):
    """What came of a question to the hospital."""

    outcome = forms.ChoiceField(label=gettext_lazy("outcome"), choices=Verification.Outcome.choices)
    on = day_field(gettext_lazy("answered on"))
    words = forms.CharField(
        label=gettext_lazy("answer"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class HoldForm(forms.Form):
    """Who holds a claim, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=Flag.Kind.choices, initial=Flag.Kind.OFFICE)
    reason = forms.CharField(label=gettext_lazy("why"), max_length=300, widget=forms.TextInput(attrs=TYPED))


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=gettext_lazy("why"), max_length=300, widget=forms.TextInput(attrs=TYPED))


class TogetherForm(forms.Form):
    """Claims that are agreed to together, each with the hash that was seen of it."""

    claims = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("Choose at least one claim.")}
    )

    def __init__(self, *args: Any, known: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["claims"]
        field.choices = [(f"{number}:{seen}", number) for number, seen in known]

    def chosen(self) -> dict[int, str]:
        """The hash seen of each claim, by the claim's number."""
        pairs = (one.partition(":") for one in self.cleaned_data["claims"])
        return {int(number): seen for number, _mark, seen in pairs}
