"""The doors of collecting, and who may open each; enrollment/tests/doors.py takes them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from enrollment.models import CollectionSheet, FundYear, ReceiptBook, SheetEntry
from enrollment.rules.collection import Payer
from enrollment.services import sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from office.models import Duty, Person

CLERKS = frozenset({Duty.TOWNSHIP_CLERK})
CASHIER = frozenset({Duty.CASHIER})
WATCHERS = CLERKS | {
    Duty.FIRST_CHECKER,
    Duty.OFFICE_HEAD,
    Duty.FUND_ACCOUNTANT,
    Duty.ACCOUNTING_HEAD,
    Duty.CASHIER,
    Duty.INTERNAL_AUDITOR,
    Duty.STATE_AUDITOR,
}

DOORS: dict[str, frozenset[str]] = {
    "enrollment:sheets": WATCHERS | {Duty.FINANCE_REVIEWER},
    "enrollment:sheet": WATCHERS | {Duty.FINANCE_REVIEWER},
    "enrollment:sheet_open": CLERKS,
    "enrollment:blank_sheet": CLERKS,
    "enrollment:sheet_entry": CLERKS,
    "enrollment:sheet_receipts": CLERKS,
    "enrollment:sheet_hand_in": CLERKS,
    "enrollment:sheet_cancel": CLERKS,
    "enrollment:entry_take_back": CLERKS,
    "enrollment:entry_receipt": CLERKS,
    "enrollment:household_pay": CLERKS,
    "enrollment:receipt_books": WATCHERS,
    "enrollment:receipt_book": WATCHERS,
    "enrollment:receipts_issue": CASHIER,
    "enrollment:receipt_book_close": CASHIER,
    "enrollment:receipt_book_receive": CLERKS,
    "enrollment:receipt_spoil": CLERKS,
    "enrollment:receipt": WATCHERS,
    "enrollment:receipt_print": CLERKS,
    "enrollment:receipt_reissue": CLERKS,
    "enrollment:refunds": WATCHERS,
    "enrollment:refund_propose": CLERKS,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {"enrollment:receipt_book_receive", "enrollment:receipt_print", "enrollment:sheet_receipts"}

Arguments = Callable[[str], list[object]]


def addresses(of_household: Arguments) -> dict[str, Arguments]:
    """What each door's address needs."""

    def of_sheet(duty: str) -> list[object]:
        return [_entry().sheet_id]

    def of_entry(duty: str) -> list[object]:
        return [_entry().pk]

    def of_book(duty: str) -> list[object]:
        return [_book().pk]

    def of_receipt(duty: str) -> list[object]:
        return [_entry().receipts.earliest("pk").pk]

    def of_contribution(duty: str) -> list[object]:
        return [_entry().contributions.earliest("pk").pk]

    found: dict[str, Arguments] = {
        f"enrollment:sheet{what}": of_sheet for what in ("", "_entry", "_receipts", "_hand_in", "_cancel")
    }
    found |= {f"enrollment:entry_{what}": of_entry for what in ("take_back", "receipt")}
    books = ("receipt_book", "receipt_book_close", "receipt_book_receive", "receipt_spoil")
    found |= {f"enrollment:{name}": of_book for name in books}
    found |= {f"enrollment:receipt{what}": of_receipt for what in ("", "_print", "_reissue")}
    return found | {
        "enrollment:household_pay": of_household,
        "enrollment:refund_propose": of_contribution,
    }


def _entry() -> SheetEntry:
    """What a household paid, with its receipt, written by a clerk."""
    known = SheetEntry.objects.first()
    if known is not None:
        return known
    clerk = Person.objects.get(full_name=Duty.TOWNSHIP_CLERK)
    member = factories.member(factories.household("door"))
    year = FundYear.objects.filter(year=2010, state="confirmed").first() or factories.fund_year()
    opened = CollectionSheet.objects.first() or factories.sheet(year, member.household.village)
    paid: dict[str, Any] = {"paid": [Paid(member.pk, Payer.OWN)], "on": date(2009, 10, 2), "book": _book(), "by": clerk}
    return sheets.enter(sheet=opened, household=member.household, at=factories.NOON, **paid)


def _book() -> ReceiptBook:
    return ReceiptBook.objects.first() or factories.receipt_book()
