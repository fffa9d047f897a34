"""What the pages of rosters accept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.models import FundYear


class RosterForm(forms.Form):
    """Which year a roster is for, and the file."""

    fund_year = forms.ModelChoiceField(
        label=_("fund year"),
        queryset=FundYear.objects.confirmed().of_sums().select_related("scheme"),
        empty_label=None,
    )
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "Excel or CSV (UTF-8, GB18030), 400,000 rows and more. The first row names the columns 户编号, 户主, 姓名, "
            "身份证号, 村代码 and 缴费金额; 性别, 出生日期, 与户主关系, 人员类别 and 收据号 if there are any. "
            "It is only checked now: nothing is written before you say so."
        ),
    )
