"""The sheet of a claim on paper, so that a patient can follow it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.prints.sheets import Sheet
from office import access, printing
from office.models import Person
from office.rules import money


def paper(
    sheets: Sequence[Sheet], *, title: str, by: Person, at: datetime, decided: Sequence[Sequence[str]] = ()
) -> bytes:
    """Some sheets as one PDF, each on a page of its own, with who decided what is shown: step, person, how, when.
    Raises CannotPrint."""
    duties = access.duties_of(by)
    data = {
        "office": duties[0].body.name if duties else "",
        "title": title,
        "sheets": [_sheet(one) for one in sheets],
        "decided_title": _("Decided by"),
        "decided_header": [_("step"), _("person"), _("decision"), _("time")],
        "decided": decided,
        "labels": [_("Prepared by"), _("Checked by"), _("Patient")],
    }
    return printing.render("claims/print/sheet.typ", data, at=at)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    documents = [[_("plan"), one.words] for one in sheet.documents]
    return {
        "facts": [[_("approval sheet"), sheet.number], *map(list, sheet.facts), *documents],
        "header": [_("what"), _("yuan")],
        "rows": [[label, amount] for label, amount in amounts(sheet)],
        "how": _("How it is computed"),
        "layers": [
            {
                "title": f"{one.named} · {one.plan}",
                "steps": [[step.words] for step in one.steps],
                "pays": [_("pays"), one.pays],
            }
            for one in sheet.paying
        ],
        "capitals": [
            [_("The funds pay"), money.capitals(sheet.fund_pays), sheet.fund_pays],
            [_("The patient pays"), money.capitals(sheet.patient_pays), sheet.patient_pays],
        ],
    }


def amounts(sheet: Sheet) -> list[tuple[str, Any]]:
    """The sums of a sheet in the order in which they follow from one another."""
    told = [(_("total cost"), sheet.total)]
    if sheet.cut:
        told.append((_("cut by checks"), sheet.cut))
    told += [
        (_("own items"), sheet.own_items - sheet.cut),
        (_("first share"), sheet.first_share),
        (_("eligible cost"), sheet.eligible),
    ]
    if sheet.other_payers:
        told.append((_("paid by others"), sheet.other_payers))
    told.append((_("deductible"), sheet.deductible))
    told += [(_("%(layer)s pays") % {"layer": one.named}, one.pays) for one in sheet.paying]
    if sheet.hospital_bears:
        told.append((_("borne by the hospital"), sheet.hospital_bears))
    return [*told, (_("the patient pays"), sheet.patient_pays)]
