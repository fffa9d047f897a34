"""What the page accepts on which a list of those helped is taken in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.coverage import YearField
from enrollment.models import FundYear
from enrollment.services.assistance_lists import LISTED, Paper


class AssistanceListForm(forms.Form):
    """Which list it is, by which paper, and the file."""

    fund_year = YearField(FundYear.objects.confirmed().of_sums(), label=_("fund year"))
    category = forms.ChoiceField(label=_("category"), choices=[(one.value, one.label) for one in LISTED])
    paper_number = forms.CharField(
        label=_("number of the paper"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    paper_date = fields.day_field(_("date of the paper"), initial=fields.today)
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "Excel or CSV (UTF-8, GB18030). The first row names the columns 姓名 and 身份证号; 乡镇 and 村 if there "
            "are any, by which people without an ID number are found. It is the whole list of this category: it "
            "replaces the one before. It is only checked now: nothing is written before you say so."
        ),
    )

    def paper(self) -> Paper:
        """The list as typed."""
        typed = self.cleaned_data
        return Paper(typed["fund_year"], typed["category"], typed["paper_number"], typed["paper_date"])
