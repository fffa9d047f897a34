"""What figures of reports, findings and their bases are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: Figures and formulas by code.
#: What figures of reports are counted in, by the unit of their sign.
UNITS: Final[dict[str, StrPromise | str]] = {
    "%": "%",
    "amount": _("yuan"),
    "count": pgettext_lazy("unit", "people"),
    "times": pgettext_lazy("unit", "times"),
    "yuan": _("yuan"),
}

FIGURES: Final[dict[str, StrPromise]] = {
    "actual_ratio": _("actual ratio"),
    "arrival_rate": _("money arrived"),
    "collection_rate": _("contributions collected"),
    "cost_per_stay": _("cost of a stay"),
    "cumulative": _("cumulative surplus, yuan"),
    "due": _("fund that is due"),
    "enrolled": _("people enrolled"),
    "enrolled_together": _("people enrolled in all schemes"),
    "financing_per_head": _("financing per head"),
    "income_together": _("income of all schemes (paid and left)"),
    "inpatient_rate": _("stays per hundred people"),
    "paid_per_stay": _("paid for a stay"),
    "participation_rate": pgettext_lazy("indicator", "participation"),
    "parts": _("a whole and its parts"),
    "payment_rate": _("payment rate of the funds"),
    "points": _("points of a rise"),
    "policy_ratio": _("policy-scope ratio"),
    "raised": _("raised for the fund"),
    "received": _("fund received"),
    "should": _("people who should enroll"),
    "spending": _("spending of the year"),
    "spending_together": _("spending of all schemes"),
    "spent": _("spending of the year"),
    "stays": pgettext_lazy("report", "stays"),
    "stays_paid": _("paid for stays"),
    "stays_total": _("cost of stays"),
    "surplus": _("surplus of the year, yuan"),
    "surplus_rate": _("surplus of the year"),
    "target_completion": _("target reached"),
    "use_rate": _("fund used"),
    "visits": pgettext_lazy("report", "visits"),
    "visits_paid": _("paid for visits"),
    "wanted_together": _("people wanted in all schemes"),
}

#: How a number stands: tone of the mark, words, and what it means.
STATUSES: Final[dict[str, tuple[str, StrPromise, StrPromise]]] = {
    "agrees": ("done", _("agrees"), _("The formula gives it at its printed precision, rounded half up.")),
    "on_due": (
        "waiting",
        _("agrees on the sum due"),
        _("It stands on what was due, not on what was received: say so, or take the sum received."),
    ),
    "cut": ("waiting", _("cut, not rounded"), _("Places were cut off; rounded half up it is another.")),
    "near": (
        "waiting",
        _("differs by rounding"),
        _("The numbers it comes from are rounded so far that it can be right."),
    ),
    "wrong_basis": (
        "failed",
        _("wrong basis"),
        _("It is what was due less what was spent. A surplus is what was received less what was spent."),
    ),
    "wrong": ("failed", pgettext_lazy("number", "wrong"), _("The report's own numbers give another.")),
    "missing": ("quiet", _("not checkable"), _("The report does not give the other number.")),
}

BASES: Final[dict[str, StrPromise]] = {
    "": "",  # type: ignore[dict-item]
    "due": pgettext_lazy("basis", "sum due"),
    "received": pgettext_lazy("basis", "sum received"),
}

#: How a number of a report stands beside the books.
WHYS: Final[dict[str, tuple[str, StrPromise]]] = {
    "equal": ("done", _("equal")),
    "rounded": ("done", _("equal, rounded in the report")),
    "cut": ("waiting", _("equal, but cut instead of rounded")),
    "on_due": ("waiting", _("equal on the sum due; the books' figure stands on what was received")),
    "differs": ("failed", _("differs")),
    "not_in_books": ("quiet", _("the books do not have it")),
}

SCHEMES: Final[dict[str, StrPromise]] = {
    "ncms": _("rural cooperative fund"),
    "urbmi": _("residents' fund"),
    "uebmi": _("employees' pooled fund"),
    "injury": _("work injury fund"),
    "maternity": _("maternity fund"),
}
