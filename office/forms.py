"""What the office's own pages accept."""

from __future__ import annotations

from django import forms
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
