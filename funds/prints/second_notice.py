"""A village's list of second compensation (二次补偿公示表) on paper with its slip.

Like the publicity lists it shows no ID number, no illness, no telephone, no account.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from enrollment.models import Division
from enrollment.prints.bulletin import issuer
from funds.models import SecondRun
from office import printing
from office.rules import money


def posted(run: SecondRun, village: Division, *, at: datetime) -> bytes:
    """The list as it hangs, with the slip that comes back below. Raises CannotPrint."""
    lines = list(run.lines.filter(village=village).select_related("member"))
    notice = run.notices.filter(village=village).first()
    rows = [
        [str(place), one.head, one.member.name, money.shown(one.burden), money.shown(one.granted)]
        for place, one in enumerate(lines, start=1)
    ]
    total = sum(one.granted for one in lines)
    data = {
        "office": issuer(),
        "title": _("List of second compensation"),
        "number": run.number,
        "facts": [
            [_("village"), f"{village.parent} {village}"],
            [_("scheme"), run.book.scheme.name],
            [_("fund year"), str(run.year)],
            [_("paper"), run.paper],
        ],
        "says": _(
            "Whoever thinks that his burden was counted wrong, or that he is missing, appeals to the county office with"
            " his papers until %(day)s."
        )
        % {"day": run.papers_by},
        "header": [_("no."), _("head of household"), _("person"), _("burden of the year, yuan"), _("granted, yuan")],
        "rows": rows,
        "total": ["", _("total"), "", "", money.shown(total)],
        "slip_title": _("Slip, to be sent back when the days are over"),
        "slip": [
            [_("number"), run.number],
            [_("posted on"), notice.posted_on.isoformat() if notice else ""],
            [_("posted until"), notice.posted_until.isoformat() if notice else ""],
            [_("place of posting"), notice.place if notice else ""],
            [_("appeals"), ""],
        ],
        "labels": [_("Posted by"), _("Village committee (seal)"), _("Date")],
    }
    return printing.render("funds/print/second_notice.typ", data, at=at)
