"""What the indicators are called, and on what they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAMES: Final[dict[str, StrPromise]] = {
    "participation_rate": pgettext_lazy("indicator", "participation"),
    "target_completion": _("target reached"),
    "collection_rate": _("contributions collected"),
    "arrival_rate": _("money arrived"),
    "financing_per_head": _("financing per head"),
    "use_rate": _("fund used"),
    "surplus_rate": _("surplus of the year"),
    "cumulative_surplus_rate": _("cumulative surplus"),
    "months_payable": _("months that can be paid"),
    "benefit_rate": _("benefit rate"),
    "inpatient_rate": _("stays per hundred people"),
    "cost_per_stay": _("cost of a stay"),
    "paid_per_stay": _("paid for a stay"),
    "cost_per_visit": _("cost of a visit"),
    "paid_per_visit": _("paid for a visit"),
    "actual_ratio": _("actual ratio"),
    "policy_ratio": _("policy-scope ratio"),
    "own_item_rate": _("own items"),
    "outside_share": _("outside the county"),
    "cut_rate": _("deducted"),
    "ceiling_cases": _("claims at a ceiling"),
    "floor_cases": _("claims raised to the floor"),
}

#: Numerator and denominator in words.
PARTS: Final[dict[str, tuple[StrPromise, StrPromise]]] = {
    "participation_rate": (_("people enrolled"), _("people who should enroll")),
    "target_completion": (_("people enrolled"), _("people wanted by the level above")),
    "collection_rate": (_("contributions received"), _("contributions due")),
    "arrival_rate": (pgettext_lazy("money", "arrived"), pgettext_lazy("money", "due")),
    "financing_per_head": (_("raised for the pool"), _("people enrolled")),
    "use_rate": (_("spent by the pool"), _("income of the pool")),
    "surplus_rate": (_("income less spending"), _("income of the pool")),
    "cumulative_surplus_rate": (_("all the fund has"), _("income of the year")),
    "months_payable": (_("money that is there"), _("spent in a month on average")),
    "benefit_rate": (_("stays and visits"), _("people enrolled")),
    "inpatient_rate": (_("stays"), _("people enrolled")),
    "cost_per_stay": (_("cost of stays"), _("stays")),
    "paid_per_stay": (_("paid for stays"), _("stays")),
    "cost_per_visit": (_("cost of visits"), _("visits")),
    "paid_per_visit": (_("paid for visits"), _("visits")),
    "actual_ratio": (_("paid by the funds"), _("total cost")),
    "policy_ratio": (_("paid by the funds"), _("eligible cost")),
    "own_item_rate": (_("own items in yuan"), _("total cost")),
    "outside_share": (_("outside the county"), _("all stays")),
    "cut_rate": (_("cut and struck out"), _("asked for")),
    "ceiling_cases": (_("claims at a ceiling"), ""),  # type: ignore[dict-item]
    "floor_cases": (_("claims raised to the floor"), ""),  # type: ignore[dict-item]
}

BASES: Final[dict[str, StrPromise]] = {
    "should_enroll": _("people who should enroll"),
    "target": _("target of the level above"),
    "due": pgettext_lazy("basis", "sum due"),
    "received": pgettext_lazy("basis", "sum received"),
    "with_accounts": _("sum received, own accounts included"),
    "cumulative": _("all the pool has"),
    "in_hand": _("money in hand"),
    "times": _("each stay and visit counts"),
    "stays": pgettext_lazy("basis", "stays"),
    "visits": pgettext_lazy("basis", "visits"),
    "claims": _("stays and visits together"),
    "paid": _("by what the funds pay"),
    "asked": _("what was asked for"),
    "central": _("central government"),
    "province": _("province or region"),
    "city": pgettext_lazy("level of government", "city"),
    "county": pgettext_lazy("level of government", "county"),
    "assistance": _("medical assistance"),
}

UNITS: Final[dict[str, StrPromise]] = {
    "%": "%",  # type: ignore[dict-item]
    "yuan": _("yuan"),
    "months": pgettext_lazy("unit", "months"),
    "cases": pgettext_lazy("unit", "claims"),
}
