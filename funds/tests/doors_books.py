"""The doors of the books, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from conftest import NOON
from enrollment.tests.factories import scheme
from funds.models import Book
from funds.services import books
from funds.tests.factories import JANUARY
from office.models import Duty, Job
from office.tests.factories import tess

ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
WATCHERS = ACCOUNTANT | AUDITORS | {Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD, Duty.CASHIER, Duty.FINANCE_REVIEWER}

DOORS: dict[str, frozenset[str]] = {
    "funds:books": WATCHERS,
    "funds:chart": WATCHERS,
    "funds:identity": WATCHERS,
}
POST_ONLY: set[str] = set()


def book() -> Book:
    """The books of the rural scheme, opened by somebody who knocks at no door."""
    of = scheme()
    known = Book.objects.filter(scheme=of).first()
    return known or books.open_book(scheme=of, chart=books.shipped("ncms"), begins_on=JANUARY, by=tess(), at=NOON)


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {f"funds:{name}": lambda duty: [book().code] for name in ("chart", "identity")}
