"""The list of benefit plans."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from claims.models import BenefitPlan
from claims.prints.days import shown_days
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}


class BenefitPlanTable(tables.Table):
    """Benefit plans: what each is called, for which scheme and days, and how far it is."""

    name = tables.Column(
        verbose_name=_("plan"), linkify=("claims:plan", [tables.A("pk")]), order_by=("name_zh",), accessor="name"
    )
    state = Fragment("claims/_plan_state.html", verbose_name=_("state"))
    scheme = tables.Column(attrs=WHOLE)
    kind = tables.Column(attrs=WHOLE)
    position = tables.Column(verbose_name=_("place"), attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    applies = tables.Column(verbose_name=_("applies"), order_by=("in_force",), attrs=WHOLE)
    paper_date = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = BenefitPlan
        fields = ("name", "state", "scheme", "position", "kind", "applies", "paper_number", "paper_date")
        empty_text = _("No benefit plan like that was entered.")

    def render_name(self, record: BenefitPlan) -> str:
        return str(record)

    def value_name(self, record: BenefitPlan) -> str:
        return str(record)

    def render_applies(self, record: BenefitPlan) -> str:
        return shown_days(record.applies)

    def value_applies(self, record: BenefitPlan) -> str:
        return shown_days(record.applies)

    def value_state(self, record: BenefitPlan) -> str:
        return str(record.get_state_display())
