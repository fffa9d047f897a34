"""Lists about coverage: exceptions to whole households, double enrollment, accounts and their entries."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from enrollment.models import Account, AccountEntry, Coverage, Household, HouseholdException
from office import words
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}

#: Why somebody is not insured although others of his household are.
WHY = {
    "excepted": _("%(name)s: exception, %(told)s"),
    "elsewhere": _("%(name)s: insured in %(told)s"),
    "newborn": _("%(name)s: born in the year, not entered yet"),
    "void": _("%(name)s: the contribution was made void"),
    "unpaid": _("%(name)s: no contribution noted"),
}


class ExceptionTable(tables.Table):
    member = tables.Column(
        accessor="member__name",
        verbose_name=_("Full name"),
        linkify=("enrollment:coverage", [tables.A("member_id")]),
        attrs=WHOLE,
    )
    household = tables.Column(
        accessor="member__household__number",
        verbose_name=_("household number"),
        linkify=("enrollment:household", [tables.A("member__household_id")]),
        attrs=WHOLE,
    )
    village = tables.Column(accessor="member__household__village__name", verbose_name=_("village"), orderable=False)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    reason = tables.Column(orderable=False)
    noted_by = tables.Column(accessor="noted_by__full_name", verbose_name=_("noted by"), orderable=False)
    noted_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)
    ended_at = Fragment("enrollment/_exception_state.html", verbose_name=_("state"), orderable=False)
    end = Fragment("enrollment/_exception_end.html", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = HouseholdException
        fields = ("member", "household", "village", "fund_year", "reason", "noted_by", "noted_at", "ended_at", "end")
        empty_text = _("Nobody is left out.")

    def value_ended_at(self, record: HouseholdException) -> object:
        return record.ended_at


class NotWholeTable(tables.Table):
    """Households of which some are insured, each with `head_name` and what selectors/wholeness.py tells."""

    number = tables.Column(linkify=("enrollment:household", [tables.A("pk")]), attrs=WHOLE)
    head_name = tables.Column(verbose_name=_("head"), orderable=False, attrs=WHOLE)
    village = tables.Column(accessor="village__name", verbose_name=_("village"), orderable=False)
    people = tables.Column(verbose_name=_("people"), orderable=False, attrs=FIGURE)
    insured = tables.Column(verbose_name=_("insured"), orderable=False, attrs=FIGURE)
    excepted = tables.Column(verbose_name=_("excepted"), orderable=False, attrs=FIGURE)
    left_out = tables.Column(verbose_name=_("not insured, and why"), orderable=False)

    class Meta:
        model = Household
        fields = ("number", "head_name", "village", "people", "insured", "excepted", "left_out")
        empty_text = _("Every household is whole.")

    def render_left_out(self, record: Any) -> str:
        return format_html_join(mark_safe("<br>"), "{}", ([told] for told in _left_out(record)))

    def value_left_out(self, record: Any) -> str:
        return "\n".join(_left_out(record))


def _left_out(record: Any) -> list[str]:
    """Whoever of a household is not insured, with the reason, in words."""
    return [str(WHY[one["why"]]) % {"name": one["name"], "told": one["told"]} for one in record.left_out]


class DoubleTable(tables.Table):
    """Coverages, each with `other`: an earlier one of what seems to be the same person."""

    member = tables.Column(
        accessor="member__name",
        verbose_name=_("Full name"),
        linkify=("enrollment:coverage", [tables.A("member_id")]),
        orderable=False,
        attrs=WHOLE,
    )
    id_number = tables.Column(accessor="member__masked_id", verbose_name=_("ID number"), orderable=False, attrs=WHOLE)
    household = tables.Column(accessor="member__household__number", verbose_name=_("household number"), orderable=False)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    period = tables.Column(orderable=False, attrs=WHOLE)
    other = Fragment("enrollment/_double_other.html", verbose_name=_("the other one"), orderable=False)
    why = tables.Column(verbose_name=_("why"), orderable=False, empty_values=())
    ways = Fragment("enrollment/_double_ways.html", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = Coverage
        fields = ("member", "id_number", "household", "fund_year", "period", "other", "why", "ways")
        empty_text = _("Nobody is enrolled twice.")

    def render_period(self, record: Coverage) -> str:
        return words.period(record.period)

    def value_period(self, record: Coverage) -> str:
        return words.period(record.period)

    def render_why(self, record: Any) -> str:
        return self.value_why(record)

    def value_why(self, record: Any) -> str:
        other = record.other
        if other["member"] == record.member_id:
            return str(_("one person in two schemes"))
        if record.person == other["person"]:
            return str(_("two records that were merged"))
        return str(_("same name, birth date and sex"))

    def value_other(self, record: Any) -> str:
        other = record.other
        return f"{other['name']} {other['household']} {other['scheme']} {other['first']} – {other['last']}"


class AccountTable(tables.Table):
    """Accounts, each with `owner_name`: the person's, or the household's head."""

    scheme = tables.Column(orderable=False, attrs=WHOLE)
    owner = Fragment("enrollment/_account_owner.html", verbose_name=_("whose"), orderable=False)
    village = tables.Column(accessor="village_name", verbose_name=_("village"), orderable=False)
    balance = tables.Column(
        verbose_name=_("balance, yuan"), attrs=FIGURE, linkify=("enrollment:account", [tables.A("pk")])
    )

    class Meta:
        model = Account
        fields = ("scheme", "owner", "village", "balance")
        empty_text = _("No account.")

    def render_balance(self, record: Account) -> str:
        return money.shown(record.balance)

    def value_owner(self, record: Any) -> str:
        number = record.household.number if record.household else record.member.household.number
        return f"{number} {record.owner_name or ''}"


class AccountEntryTable(tables.Table):
    on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    kind = tables.Column(orderable=False)
    amount = tables.Column(verbose_name=_("amount, yuan"), orderable=False, attrs=FIGURE)
    balance_after = tables.Column(verbose_name=_("balance, yuan"), orderable=False, attrs=FIGURE)
    reference = tables.Column(orderable=False)
    by = tables.Column(accessor="by__full_name", verbose_name=_("by"), orderable=False)
    at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE, orderable=False)

    class Meta:
        model = AccountEntry
        fields = ("on", "kind", "amount", "balance_after", "reference", "by", "at")
        empty_text = _("Nothing was booked yet.")

    def render_amount(self, value: Any) -> str:
        return money.shown(value)

    def render_balance_after(self, value: Any) -> str:
        return money.shown(value)
