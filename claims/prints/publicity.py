"""The publicity list (公示表) on paper with its slip (公示回执), and the answer to an objection.

The columns are those that may be posted: no ID number, no illness, no telephone, no account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import Objection, PublicityEntry, PublicityList
from enrollment.models import Sex
from enrollment.prints.bulletin import issuer
from office import printing
from office.rules import money


def columns() -> list[str]:
    """What stands over the columns."""
    return [
        _("no."),
        _("village"),
        _("head of household"),
        _("patient"),
        _("sex"),
        _("age"),
        _("hospital"),
        _("total cost, yuan"),
        _("payment, yuan"),
        _("date"),
    ]


def values(found: PublicityList) -> list[list[Any]]:
    """The rows of a list as they were posted."""
    return [
        [
            one.position,
            found.village.name,
            one.head,
            one.patient,
            str(Sex(one.sex).label),
            one.age,
            one.provider,
            one.total,
            one.paid,
            one.on,
        ]
        for one in found.entries.all()
    ]


def sums(entries: Iterable[PublicityEntry]) -> tuple[Decimal, Decimal]:
    """Cost and payment of all entries."""
    known = list(entries)
    return sum((one.total for one in known), Decimal(0)), sum((one.paid for one in known), Decimal(0))


def posted(found: PublicityList, *, at: datetime) -> bytes:
    """The list as it hangs, with the slip that comes back below. Raises CannotPrint."""
    rows = values(found)
    total, paid = sum((row[-3] for row in rows), Decimal(0)), sum((row[-2] for row in rows), Decimal(0))
    data = {
        "office": issuer(),
        "title": _("Publicity list of payments"),
        "number": found.number,
        "facts": [
            [_("village"), f"{found.village.parent} {found.village}"],
            [_("scheme"), found.scheme.name],
            [_("month"), f"{found.month:%Y-%m} · {found.get_timing_display()}"],
        ],
        "says": _(
            "Posted for %(days)s days. Whoever knows something against an entry tells the township's station or the"
            " county office; every objection is answered."
        )
        % {"days": found.days},
        "header": columns(),
        "rows": [[_shown(cell) for cell in row] for row in rows],
        "total": ["", _("total"), "", "", "", "", "", money.shown(total), money.shown(paid), ""],
        "slip_title": _("Slip, to be sent back when the days are over"),
        "slip": _slip(found),
        "labels": [_("Posted by"), _("Village committee (seal)"), _("Date")],
    }
    return printing.render("claims/print/publicity.typ", data, at=at)


def _slip(found: PublicityList) -> list[list[str]]:
    return [
        [_("number"), found.number],
        [_("posted on"), found.posted_on.isoformat() if found.posted_on else ""],
        [_("posted until"), found.posted_until.isoformat() if found.posted_until else ""],
        [_("place of posting"), found.place],
        [_("objections"), ""],
    ]


def _shown(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return money.shown(cell)
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def answer(found: Objection, *, at: datetime) -> bytes:
    """The answer to whoever objected. Raises CannotPrint."""
    entry = found.entry
    data = {
        "office": issuer(),
        "title": _("Answer to an objection"),
        "number": found.number,
        "facts": [[label, str(value)] for label, value in facts(found)],
        "sections": [
            _section(_("Objection"), found.words),
            _section(_("Answer"), f"{found.get_result_display()}\n{found.answer}"),
        ],
        "labels": [_("Answered by"), pgettext("notice", "Received by"), _("Date")],
        "by": str(found.answered_by or entry.list.village),
    }
    return printing.render("claims/print/before.typ", data, at=at)


def facts(found: Objection) -> Sequence[tuple[str, object]]:
    """What an objection is about, by whom, and when it was answered."""
    return [
        *about(found),
        (_("objection by"), found.by_name),
        (_("objected on"), found.made_on.isoformat()),
        (_("answered on"), found.answered_on.isoformat() if found.answered_on else "—"),
    ]


def about(found: Objection) -> Sequence[tuple[str, object]]:
    """The entry as it was posted."""
    entry = found.entry
    return [
        (_("publicity list"), entry.list.number),
        (_("village"), f"{entry.list.village.parent} {entry.list.village}"),
        (_("entry"), f"{entry.position} · {entry.patient} · {entry.provider} · {money.shown(entry.paid)}"),
    ]


def _section(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": text, "header": [], "rows": []}
