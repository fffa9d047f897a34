"""A claim for subsidies on paper (补助资金申请表): what is asked of whom, and the count behind it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from enrollment.models import SubsidyClaim
from enrollment.selectors.subsidies import Due
from office import access, printing
from office.models import Person
from office.rules import money


def columns() -> list[str]:
    """The headings of the table by level and instalment."""
    return [
        _("who subsidises"),
        _("instalment"),
        _("due on"),
        _("a head, yuan"),
        _("people"),
        _("subsidy due, yuan"),
        _("claimed, yuan"),
        _("open, yuan"),
    ]


def cells(owed: Due) -> list[object]:
    """One line of the table as plain values."""
    rate = owed.rate
    laid_down = [rate.instalment, rate.due_on, rate.per_head] if rate else [None, None, None]
    return [owed.label, *laid_down, owed.heads, owed.due, owed.claimed, owed.open]


def claim(claim: SubsidyClaim, *, by: Person, at: datetime) -> bytes:
    """The claim as PDF. Raises CannotPrint."""
    duties = access.duties_of(by)
    data = {
        "office": duties[0].body.name if duties else "",
        "title": _("Claim for subsidies"),
        "number": claim.number,
        "facts": _facts(claim),
        "capitals": money.capitals(claim.amount),
        "figures": money.shown(claim.amount),
        "heading": _("By township"),
        "header": [_("code"), _("township"), _("people"), _("subsidy due, yuan")],
        "rows": [[code, name, f"{heads:,}", due] for code, name, heads, due in claim.places],
        "total": ["", _("together"), f"{claim.heads:,}", claim.due],
    }
    return printing.render("enrollment/print/subsidy_claim.typ", data, at=at)


def _facts(claim: SubsidyClaim) -> list[list[object]]:
    rate = claim.rate
    payer = str(claim.get_payer_display())
    if rate:
        payer += " · " + _("instalment %(instalment)s, %(per_head)s yuan a head") % {
            "instalment": rate.instalment,
            "per_head": money.shown(rate.per_head),
        }
    return [
        [_("fund year"), str(claim.fund_year)],
        [_("who subsidises"), payer],
        [_("counted on"), claim.counted_on],
        [_("due altogether, yuan"), claim.due],
        [_("claimed before, yuan"), claim.claimed_before],
        [_("claimed now, yuan"), claim.amount],
    ]
