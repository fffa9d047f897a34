"""Lists of those helped, and what comparing one with the register comes to."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import AssistanceLine, AssistanceList, Category, Member
from enrollment.tables.coverage import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import masking, money

WAYS = "enrollment/_assistance_ways.html"


class AssistanceListTable(tables.Table):
    """Lists, each with `is_in_force`."""

    category = tables.Column(linkify=("enrollment:assistance_list", [tables.A("pk")]), orderable=False, attrs=WHOLE)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    state = Fragment("enrollment/_assistance_state.html", verbose_name=_("state"), orderable=False)
    rows = tables.Column(verbose_name=_("people"), attrs=FIGURE, orderable=False)
    paper_number = tables.Column(orderable=False)
    paper_date = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    brought_by = tables.Column(accessor="brought_by__full_name", verbose_name=_("taken in by"), orderable=False)
    brought_at = tables.DateTimeColumn(
        format="Y-m-d H:i", verbose_name=pgettext_lazy("time", "taken in at"), attrs=WHOLE
    )

    class Meta:
        model = AssistanceList
        fields = (
            "category", "fund_year", "state", "rows", "paper_number", "paper_date", "brought_by", "brought_at"
        )  # fmt: skip
        empty_text = _("No list was taken in yet.")

    def render_rows(self, value: int) -> str:
        return f"{value:,}"

    def value_state(self, record: Any) -> str:
        return str(_("in force") if record.is_in_force else _("replaced"))


class ComparedTable(tables.Table):
    """People of a list, each with `told` (who he is in the register) and `paid` (what he paid himself)."""

    row = tables.Column(verbose_name=_("row"), attrs=FIGURE, orderable=False)
    name = tables.Column(verbose_name=_("name on the list"), orderable=False, attrs=WHOLE)
    id_number = tables.Column(verbose_name=_("ID number"), orderable=False, attrs=WHOLE)
    village = tables.Column(verbose_name=_("village on the list"), orderable=False)
    told = Fragment("enrollment/_assistance_who.html", verbose_name=_("in the register"), orderable=False, attrs=WHOLE)
    household = tables.Column(accessor="told__household", verbose_name=_("household number"), orderable=False)
    home = tables.Column(verbose_name=_("township and village"), orderable=False, empty_values=())
    category = tables.Column(accessor="told__category", verbose_name=_("category there"), orderable=False, attrs=WHOLE)
    state = tables.Column(accessor="told__state", verbose_name=_("state"), orderable=False, attrs=WHOLE)
    paid = tables.Column(verbose_name=_("paid himself, yuan"), attrs=FIGURE, orderable=False)
    ways = Fragment(WAYS, verbose_name="", orderable=False, exclude_from_export=True, attrs=WHOLE)

    class Meta:
        model = AssistanceLine
        fields = (
            "row", "name", "id_number", "village", "told", "household", "home", "category", "state", "paid", "ways"
        )  # fmt: skip
        empty_text = _("Nobody.")

    def render_id_number(self, value: str) -> str:
        return masking.masked(value)

    def value_id_number(self, record: AssistanceLine) -> str:
        return masking.masked(record.id_number)

    def value_told(self, record: Any) -> str:
        return str(record.told["name"]) if record.told else ""

    def value_household(self, record: Any) -> str:
        return str(record.told["household"]) if record.told else ""

    def render_home(self, record: Any) -> str:
        return self.value_home(record)

    def value_home(self, record: Any) -> str:
        return f"{record.told['township']} {record.told['village']}" if record.told else ""

    def render_category(self, value: str) -> str:
        return str(Category(value).label)

    def value_category(self, record: Any) -> str:
        return str(Category(record.told["category"]).label) if record.told else ""

    def render_state(self, value: str) -> str:
        return str(Member.State(value).label)

    def value_state(self, record: Any) -> str:
        return str(Member.State(record.told["state"]).label) if record.told else ""

    def render_paid(self, value: Any) -> str:
        return money.shown(value)


class UnlistedTable(tables.Table):
    """Members who have a category and are not on its list."""

    name = tables.Column(verbose_name=_("Full name"), linkify=("enrollment:member", [tables.A("pk")]), attrs=WHOLE)
    id_number = tables.Column(accessor="masked_id", verbose_name=_("ID number"), orderable=False, attrs=WHOLE)
    household = tables.Column(accessor="household__number", verbose_name=_("household number"), orderable=False)
    township = tables.Column(accessor="household__village__parent__name", verbose_name=_("township"), orderable=False)
    village = tables.Column(accessor="household__village__name", verbose_name=_("village"), orderable=False)
    category = tables.Column(orderable=False)
    ways = Fragment(WAYS, verbose_name="", orderable=False, exclude_from_export=True, attrs=WHOLE)

    class Meta:
        model = Member
        fields = ("name", "id_number", "household", "township", "village", "category", "ways")
        empty_text = _("Nobody.")
