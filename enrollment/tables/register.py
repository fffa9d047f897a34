"""The lists of households and members; ID numbers are masked on the page and in the export."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from enrollment.models import Household, Member
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}


class MemberTable(tables.Table):
    name = tables.Column(verbose_name=_("Full name"), linkify=("enrollment:member", [tables.A("pk")]), attrs=WHOLE)
    id_number = tables.Column(accessor="masked_id", verbose_name=_("ID number"), orderable=False, attrs=WHOLE)
    sex = tables.Column(orderable=False)
    birth_date = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    household = tables.Column(
        accessor="household__number",
        verbose_name=_("Household number"),
        linkify=("enrollment:household", [tables.A("household_id")]),
        attrs=WHOLE,
    )
    relation = tables.Column(orderable=False)
    category = tables.Column(orderable=False)
    township = tables.Column(accessor="household__village__parent__name", verbose_name=_("Township"), orderable=False)
    village = tables.Column(accessor="household__village__name", verbose_name=_("Village"), orderable=False)
    state = Fragment("enrollment/_member_state.html", verbose_name=_("State"), orderable=False)

    class Meta:
        model = Member
        fields = (
            "name",
            "id_number",
            "sex",
            "birth_date",
            "household",
            "relation",
            "category",
            "township",
            "village",
            "state",
        )
        empty_text = _("Nobody is in the register yet.")


class HouseholdTable(tables.Table):
    """Households with `head_name` and `people`."""

    number = tables.Column(linkify=("enrollment:household", [tables.A("pk")]), attrs=WHOLE)
    head_name = tables.Column(verbose_name=_("Head"), orderable=False, attrs=WHOLE)
    people = tables.Column(verbose_name=_("people"), orderable=False, attrs=FIGURE)
    township = tables.Column(accessor="village__parent__name", verbose_name=_("Township"), orderable=False)
    village = tables.Column(accessor="village__name", verbose_name=_("Village"), orderable=False)
    address = tables.Column(verbose_name=_("Home address"), orderable=False)
    registered_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE, orderable=False)
    ended_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE, orderable=False)

    class Meta:
        model = Household
        fields = ("number", "head_name", "people", "township", "village", "address", "registered_on", "ended_on")
        empty_text = _("No household is in the register yet.")
