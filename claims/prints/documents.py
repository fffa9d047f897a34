"""Registers and lists on paper: as their form has them (门诊补偿登记表、垫付款申报表), what was deducted (扣减清单),
the settlement (结算单) with its sum in capitals, its hash and its signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import BulkDocument, BulkRow, Settlement
from claims.selectors import bulk, document_pages
from claims.selectors.bulk import Deduction
from enrollment.prints.bulletin import issuer
from office import printing
from office.rules import money

TEMPLATE: Final = "claims/print/document.typ"
LEFT, RIGHT, CENTER = "left", "right", "center"
#: What keeps a column wide enough for a signature or a fingerprint.
ROOM: Final = "\u3000" * 9
#: The columns of figures in the tables below, counted from the left.
OF_CLAIMS: Final = (0, 4, 5)
OF_DEDUCTIONS: Final = (0, 4, 5)


def document(found: BulkDocument, *, at: datetime) -> bytes:
    """The rows that are not struck out, as the paper form has them. Raises CannotPrint."""
    rows = list(document_pages.rows(found, "all").exclude(state=BulkRow.State.STRUCK))
    is_register = found.kind == BulkDocument.Kind.VILLAGE_REGISTER
    columns = _register_columns() if is_register else _list_columns()
    total = ["" for _one in columns]
    total[1] = _("total")
    of_total, of_proposed = (7, 8) if is_register else (8, 9)
    total[of_total] = money.shown(sum((one.total or Decimal(0) for one in rows), Decimal(0)))
    total[of_proposed] = money.shown(sum((one.proposed or Decimal(0) for one in rows), Decimal(0)))
    made = _of_register if is_register else _of_list
    return _printed(
        found.number,
        _("Register of outpatient payments") if is_register else _("Monthly list of payments advanced"),
        facts=[
            (_("provider"), found.provider.name),
            (_("month"), f"{found.month:%Y-%m} · {found.scheme.name}"),
            (_("state"), f"{found.get_state_display()} · {found.entered_by} · {found.entered_on.isoformat()}"),
        ],
        columns=columns,
        rows=[made(one) for one in rows],
        total=total,
        labels=[_("Filled in by"), _("Provider (seal)"), _("Checked by"), _("Date")],
        flipped=True,
        at=at,
    )


def _register_columns() -> list[tuple[str, str]]:
    return [
        (_("no."), CENTER),
        (_("day"), CENTER),
        (_("household number"), LEFT),
        (_("patient"), LEFT),
        (_("village"), LEFT),
        (_("diagnosis"), LEFT),
        (_("number of the receipt"), LEFT),
        (_("cost, yuan"), RIGHT),
        (_("payment, yuan"), RIGHT),
        (_("signature of the patient"), LEFT),
    ]


def _of_register(row: BulkRow) -> list[str]:
    home = row.member.household if row.member else None
    return [
        str(row.position),
        _day(row.began_on),
        home.number if home else _said(row, "book"),
        row.member.name if row.member else _said(row, "name"),
        str(home.village) if home else "",
        row.disease.name if row.disease else _said(row, "disease"),
        row.receipt_number,
        _yuan(row.total),
        _yuan(row.proposed),
        ROOM,
    ]


def _list_columns() -> list[tuple[str, str]]:
    return [
        (_("no."), CENTER),
        (_("kind"), LEFT),
        (_("patient"), LEFT),
        (_("household number"), LEFT),
        (_("diagnosis"), LEFT),
        (_("from"), CENTER),
        (pgettext("day", "until"), CENTER),
        (_("number of the receipt"), LEFT),
        (_("cost, yuan"), RIGHT),
        (_("proposed, yuan"), RIGHT),
        (_("claim"), LEFT),
    ]


def _of_list(row: BulkRow) -> list[str]:
    return [
        str(row.position),
        str(row.get_kind_display()) if row.kind else _said(row, "kind"),
        row.member.name if row.member else _said(row, "name"),
        row.member.household.number if row.member else _said(row, "book"),
        row.disease.name if row.disease else _said(row, "disease"),
        _day(row.began_on),
        _day(row.ended_on or row.began_on),
        row.receipt_number,
        _yuan(row.total),
        _yuan(row.proposed),
        row.claim.number if row.claim else "",
    ]


def _said(row: BulkRow, column: str) -> str:
    return str(row.given.get(column, ""))


def deductions_of(found: BulkDocument) -> list[Deduction]:
    """The lines of the list of deductions."""
    return bulk.deductions_of(found)


def deduction_facts(found: BulkDocument, told: Sequence[Deduction]) -> list[tuple[str, object]]:
    """What the list is of, and its sums."""
    return [
        (_("provider"), found.provider.name),
        (_("month"), f"{found.month:%Y-%m} · {found.scheme.name}"),
        (_("lines"), len(told)),
        (_("deducted, yuan"), money.shown(sum((one.deducted for one in told), Decimal(0)))),
    ]


def deduction_columns() -> list[str]:
    """What stands over the columns."""
    return [
        _("row"),
        _("patient"),
        _("number of the receipt"),
        _("day"),
        _("asked, yuan"),
        _("deducted, yuan"),
        _("reason"),
        _("claim"),
    ]


def deduction_values(told: Sequence[Deduction]) -> list[list[Any]]:
    """The lines with their amounts and days as such."""
    return [
        [one.position, one.name, one.receipt, one.day, one.asked, one.deducted, one.reason, one.claim] for one in told
    ]


def deduction_rows(told: Sequence[Deduction]) -> list[list[str]]:
    """The lines in words."""
    return [[_shown(cell) for cell in row] for row in deduction_values(told)]


def deductions(found: BulkDocument, *, at: datetime) -> bytes:
    """The list of deductions, which goes to the provider. Raises CannotPrint."""
    told = deductions_of(found)
    sides = (CENTER, LEFT, LEFT, CENTER, RIGHT, RIGHT, LEFT, LEFT)
    asked = sum((one.asked for one in told), Decimal(0))
    off = sum((one.deducted for one in told), Decimal(0))
    return _printed(
        found.number,
        _("List of deductions"),
        facts=deduction_facts(found, told),
        columns=list(zip(deduction_columns(), sides, strict=True)),
        rows=deduction_rows(told),
        total=["", _("total"), "", "", money.shown(asked), money.shown(off), "", ""],
        labels=[_("Prepared by"), pgettext("notice", "Received by"), _("Date")],
        flipped=True,
        says="" if told else _("Nothing is deducted."),
        at=at,
    )


def settlement_facts(found: Settlement) -> list[tuple[str, object]]:
    """What is settled, and its sums."""
    return [
        (_("provider"), found.provider.name),
        (_("month"), f"{found.month:%Y-%m} · {found.scheme.name}"),
        (_("register or list"), found.document.number),
        (_("claims"), found.claims),
        (_("total cost, yuan"), money.shown(found.total)),
        (_("deducted, yuan"), money.shown(found.deducted)),
        (_("the funds pay, yuan"), money.shown(found.fund_pays)),
        (_("made"), f"{found.made_on.isoformat()} · {found.made_by}"),
        ("SHA-256", found.sha256),
    ]


def claims_of(found: Settlement) -> tuple[list[str], list[list[str]]]:
    """The claims of a settlement: header and rows."""
    header = [_("no."), _("claim"), _("patient"), _("day"), _("total cost, yuan"), _("the funds pay, yuan")]
    rows = [
        [str(place), one.claim, one.patient, _day(one.day), money.shown(one.total), money.shown(one.fund_pays)]
        for place, one in enumerate(bulk.settled_lines(found), start=1)
    ]
    return header, rows


def settlement(found: Settlement, *, at: datetime) -> bytes:
    """The settlement, to be signed by both sides. Raises CannotPrint."""
    header, rows = claims_of(found)
    sides = (CENTER, LEFT, LEFT, CENTER, RIGHT, RIGHT)
    return _printed(
        found.number,
        _("Settlement with a provider"),
        facts=settlement_facts(found),
        columns=list(zip(header, sides, strict=True)),
        rows=rows,
        total=["", _("total"), "", "", money.shown(found.total), money.shown(found.fund_pays)],
        labels=[_("Prepared by"), _("Checked by"), _("Person in charge"), _("Provider (seal)")],
        capitals=[money.capitals(found.fund_pays), money.shown(found.fund_pays)],
        at=at,
    )


def _printed(
    number: str,
    title: str,
    *,
    facts: Sequence[tuple[str, object]],
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    total: Sequence[str],
    labels: Sequence[str],
    at: datetime,
    capitals: Sequence[str] = (),
    flipped: bool = False,
    says: str = "",
) -> bytes:
    data = {
        "office": issuer(),
        "title": title,
        "number": number,
        "facts": [[label, str(value)] for label, value in facts],
        "header": [label for label, _side in columns],
        "sides": [side for _label, side in columns],
        "rows": [list(row) for row in rows],
        "total": list(total),
        "labels": list(labels),
        "capitals": list(capitals),
        "flipped": flipped,
        "says": says,
    }
    return printing.render(TEMPLATE, data, at=at)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else money.shown(amount)


def _shown(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return money.shown(cell)
    return _day(cell) if cell is None or isinstance(cell, date) else str(cell)
