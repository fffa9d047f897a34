"""The campaign's figures as a workbook shows them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from enrollment.rules.campaign import Line


def columns(place: str) -> list[str]:
    """The headings."""
    return [
        _("rank"),
        place,
        _("should enroll"),
        _("enrolled"),
        _("rate in percent"),
        _("enrolled on the day"),
        _("unpaid"),
        _("target"),
        _("of the target, percent"),
        _("due, yuan"),
        _("collected, yuan"),
        _("of due, percent"),
        _("collected on the day, yuan"),
        _("paid by households"),
        _("paid by medical assistance"),
        _("paid by the collective"),
        _("without a receipt of the stock"),
        _("given back"),
        _("handed in"),
        _("deposited"),
        _("confirmed"),
    ]


def cells(rank: int | None, name: str, line: Line) -> list[object]:
    """One line as plain values."""
    so_far, way = line.so_far, line.way
    return [
        rank,
        name,
        line.should,
        so_far.enrolled,
        line.rate,
        line.added.enrolled,
        line.unpaid,
        line.target,
        line.reached,
        line.due,
        so_far.collected,
        line.of_due,
        line.added.collected,
        so_far.cash,
        so_far.assisted,
        so_far.collective,
        so_far.without_receipt,
        so_far.refunded,
        way.handed_in,
        way.deposited,
        way.confirmed,
    ]
