"""What the pages of benefit plans accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.models import BenefitPlan
from claims.models.plans import MOST_DOCUMENTS
from claims.rules import shipped
from claims.selectors import plans as selectors
from claims.services.plans import Place, seen_of
from enrollment.models import Scheme

LARGEST_FILE = 1_000_000  # bytes; a document of a county has a few thousand
LONGEST_TEXT = 400_000


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day of the office's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def text_field(**more: Any) -> forms.CharField:
    """A plan's document, to be typed as it is."""
    typing = forms.Textarea(attrs={"rows": 24, "class": "plan-text", "spellcheck": "false", "wrap": "off"})
    return forms.CharField(label=gettext_lazy("document"), widget=typing, max_length=LONGEST_TEXT, strip=False, **more)


class PlaceForm(forms.Form):
    """In which scheme's order a document stands, and where in it."""

    scheme = forms.ModelChoiceField(label=gettext_lazy("scheme"), queryset=Scheme.objects.all(), empty_label="—")
    position = forms.IntegerField(
        label=gettext_lazy("place in the order"),
        min_value=1,
        max_value=MOST_DOCUMENTS,
        initial=1,
        help_text=gettext_lazy("1 is the basic benefit; what works on what it left follows in order."),
    )


def _shipped_name(code: str) -> str:
    """What a shipped plan is called in the reader's language, with its code."""
    names = shipped.plan(code).name
    tongue = "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
    return f"{names.get(tongue) or names.get('zh-hans') or code} · {code}"


class BringForm(PlaceForm):
    """A document that comes in: a plan that is shipped, a file, or typed text."""

    shipped = forms.ChoiceField(label=gettext_lazy("a plan that is shipped"), required=False)
    file = forms.FileField(
        label=gettext_lazy("or a file"),
        required=False,
        help_text=gettext_lazy("YAML or JSON, in the format of docs/rules/benefits.md."),
    )
    text = text_field(required=False)
    field_order = ("shipped", "file", "text", "scheme", "position")
    file_name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shipped"].choices = [("", "—"), *((code, _shipped_name(code)) for code in shipped.codes())]  # type: ignore[attr-defined]
        self.fields["text"].label = _("or text")
        self.fields["text"].widget.attrs["rows"] = 12

    def clean_file(self) -> str:
        """The file's text."""
        sent: UploadedFile[Any] | None = self.cleaned_data["file"]
        if not sent:
            return ""
        if (sent.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for a plan."))
        try:
            text: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise forms.ValidationError(_("This file is no text in UTF-8.")) from fault
        self.file_name = sent.name or ""
        return text

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in ("shipped", "file", "text") if (typed.get(name) or "").strip()]
        if len(given) != 1 and not self.errors:
            self.add_error(None, _("Choose one: a shipped plan, a file, or text."))
        return typed

    def document(self) -> tuple[str, str]:
        """The document, and where it is from."""
        typed = self.cleaned_data
        if typed["shipped"]:
            return shipped.text(typed["shipped"]), typed["shipped"]
        return (typed["file"], self.file_name) if typed["file"] else (typed["text"], "")

    def keep_text(self, text: str) -> None:
        """What was in a file with faults stands in the field for text, to be corrected there."""
        typed: Any = self.data
        typed = typed.copy()
        typed[self.add_prefix("text")] = text
        typed[self.add_prefix("shipped")] = ""
        self.data = typed

    def place(self) -> Place:
        return Place(self.cleaned_data["scheme"], self.cleaned_data["position"])


class PlanChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some plans, each with its days."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.get_state_display()}"


class DocumentForm(PlaceForm):
    """A draft's document and its place; it carries what its reader saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    text = text_field()
    supersedes = PlanChoice(
        label=gettext_lazy("ends earlier"),
        queryset=BenefitPlan.objects.none(),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("An adopted plan that applies until the day before this one begins."),
    )
    field_order = ("text", "scheme", "position", "supersedes")

    def __init__(self, *args: Any, draft: BenefitPlan, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "seen": seen_of(draft),
            "text": draft.text,
            "scheme": draft.scheme_id,
            "position": draft.position,
            "supersedes": draft.supersedes_id,
        }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["supersedes"]
        field.queryset = selectors.may_be_ended(draft)

    def place(self) -> Place:
        typed = self.cleaned_data
        return Place(typed["scheme"], typed["position"], typed["supersedes"])

    def see_again(self, draft: BenefitPlan) -> None:
        """The reader was told that the draft changed: saving again overwrites it knowingly."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = seen_of(draft)
        self.data = typed


class PaperForm(forms.Form):
    """The county's paper that a plan rests on, and its scan."""

    number = forms.CharField(
        label=gettext_lazy("number of the paper"),
        max_length=60,
        help_text=gettext_lazy("As it stands on the paper, such as 海政发〔2009〕88号."),
    )
    day = day_field(gettext_lazy("date of the paper"))
    file = forms.FileField(
        label=gettext_lazy("scan"), required=False, help_text=gettext_lazy("A picture or a PDF of the whole paper.")
    )


class DoubtsForm(forms.Form):
    """A reason for each doubt about a document."""

    def __init__(self, *args: Any, doubts: list[selectors.Doubt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts = doubts
        for number, one in enumerate(doubts):
            self.fields[f"doubt-{number}"] = forms.CharField(
                label=one.path or _("the document"),
                initial=one.reason,
                required=False,
                max_length=300,
                help_text=one.words,
            )

    def reasons(self) -> dict[tuple[str, str], str]:
        """What was typed, by the doubt's path and Chinese words."""
        return {(one.path, one.zh): self.cleaned_data[f"doubt-{number}"] for number, one in enumerate(self.doubts)}


class CompareForm(forms.Form):
    """Which other plan is laid beside one."""

    other = PlanChoice(label=gettext_lazy("beside"), queryset=BenefitPlan.objects.none(), empty_label=None)

    def __init__(self, *args: Any, plan: BenefitPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["other"]
        field.queryset = selectors.comparable(plan)
