"""What the page accepts on which an office brings a file along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.coverage import YearField
from enrollment.models import FundYear, GoLiveProtocol
from enrollment.services import go_live_jobs

COLUMNS = _(
    "Excel or CSV (UTF-8, GB18030); the first row names the columns. Register: 户编号, 户主, 姓名, 身份证号, "
    "村代码 and the others of a roster. Coverage: 身份证号, 姓名; 户编号, 参保起始日期, 缴费金额 and 收据号 if "
    "there are any. Account balances: 户编号 or 身份证号, 账户余额."
)
NOTHING_YET = _("Nothing is written before somebody else signs.")


class GoLiveForm(forms.Form):
    """What is brought, for which year, as of which day, and the file."""

    kind = forms.ChoiceField(label=_("what"), choices=GoLiveProtocol.Kind.choices)
    fund_year = YearField(FundYear.objects.confirmed(), label=_("fund year"))
    as_of = fields.day_field(_("as of"), initial=fields.today)
    file = forms.FileField(label=_("file"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        says = [str(COLUMNS), *map(str, go_live_jobs.HINTS.values()), str(NOTHING_YET)]
        self.fields["file"].help_text = " ".join(says)
