"""The doors of statistics, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from claims.models import StatisticsSheet
from claims.services import statistics
from conftest import NOON
from enrollment.tests.factories import scheme
from office.models import Duty
from office.tests.factories import tess

MAKERS = frozenset({Duty.FUND_ACCOUNTANT})
READERS = MAKERS | {
    Duty.OFFICE_HEAD,
    Duty.ACCOUNTING_HEAD,
    Duty.FINANCE_REVIEWER,
    Duty.INTERNAL_AUDITOR,
    Duty.STATE_AUDITOR,
}

DOORS: dict[str, frozenset[str]] = {
    "claims:statistics": READERS,
    "claims:statistics_new": READERS,
    "claims:statistics_make": MAKERS,
    "claims:statistics_sheet": READERS,
    "claims:statistics_correct": MAKERS,
    "claims:statistics_print": READERS,
    "claims:statistics_workbook": READERS,
}
POST_ONLY = {"claims:statistics_make"}
OF_ONE = ("sheet", "correct", "print", "workbook")


def made() -> StatisticsSheet:
    """The sheet of a month, made by somebody who knocks at no door."""
    given = {"scheme": scheme(), "span": "month", "first": date(2010, 2, 1)}
    known = StatisticsSheet.objects.filter(**given).first()
    return known or statistics.make(**given, by=tess(), at=NOON)  # type: ignore[arg-type]


def addresses() -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {f"claims:statistics_{name}": lambda duty: [made().pk] for name in OF_ONE}
