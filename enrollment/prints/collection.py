"""Papers of collecting: the blank sheet of a village (空白缴费登记表), receipts on their pre-printed form (套打)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from enrollment.models import Division, FundYear, Receipt
from enrollment.selectors import collecting
from enrollment.selectors.collecting import Due, Home
from office import access, printing
from office.models import Person, Printer, PrinterOffset
from office.rules import money


def blank_sheet(fund_year: FundYear, village: Division, *, by: Person, at: datetime) -> bytes:
    """A village's households that have still to pay, with places for what is collected. Raises CannotPrint."""
    duties = access.duties_of(by)
    homes = collecting.homes(fund_year, collecting.unpaid_households(fund_year, village))
    data = {
        "office": duties[0].body.name if duties else "",
        "title": _("Collection sheet %(year)s") % {"year": fund_year},
        "facts": [
            [_("village"), f"{village.parent} {village}"],
            [_("households"), f"{len(homes):,}"],
            [_("people"), f"{sum(len(home.to_pay) for home in homes):,}"],
        ],
        "header": [
            _("household"),
            _("Full name"),
            _("relation"),
            _("category"),
            _("own, yuan"),
            _("paid"),
            _("who pays"),
            _("date"),
            _("receipt"),
            _("signature"),
        ],
        "homes": [_home(home) for home in homes],
        "labels": [_("Collector"), _("Counted by"), _("Handed in on")],
    }
    return printing.render("enrollment/print/blank_sheet.typ", data, at=at)


def receipts(written: Sequence[Receipt], *, times: Mapping[int, int], printer: Printer | None, at: datetime) -> bytes:
    """Receipts, as `selectors.receipts.told` tells them, at their places on the pre-printed form, a form for each.

    All are moved by the printer's offsets. `times` says for each how often it was printed with this one: from the
    second on the paper says which print it is. Raises CannotPrint.
    """
    offset = PrinterOffset.objects.filter(printer=printer, form=printing.RECEIPT.code).first() if printer else None
    return printing.fill_each(
        printing.RECEIPT,
        [_values(one, times[one.pk]) for one in written],
        dx_mm=offset.right_mm if offset else Decimal(0),
        dy_mm=offset.down_mm if offset else Decimal(0),
        at=at,
    )


def _values(written: Any, times: int) -> dict[str, str]:
    entry = written.entry
    if entry is None:
        raise printing.CannotPrint(_("A spoiled receipt is not printed."))
    village = entry.household.village
    return {
        "number": written.number,
        "date": written.dated.isoformat(),
        "household_head": written.head_name or entry.household.number,
        "village": f"{village.parent}{village}",
        "people": str(written.people),
        "amount_figures": f"¥{money.shown(written.amount)}",
        "amount_capitals": money.capitals(written.amount),
        "collector": entry.sheet.collector,
        "note": _("Printed again (%(times)d)") % {"times": times} if times > 1 else "",
    }


def _home(home: Home) -> dict[str, object]:
    return {"number": home.household.number, "people": [_person(due) for due in home.to_pay]}


def _person(due: Due) -> list[str]:
    member = due.member
    return [
        member.name,
        str(member.get_relation_display()),
        str(member.get_category_display()),
        money.shown(due.own),
    ]
