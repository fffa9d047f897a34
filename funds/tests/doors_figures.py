"""The doors of the funds' figures, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from enrollment.tests import factories as register
from funds.tests.doors_books import ACCOUNTANT, WATCHERS, book
from office.models import Job

DOORS: dict[str, frozenset[str]] = {
    "funds:indicators": WATCHERS,
    "funds:indicator": WATCHERS,
    "funds:outlook": WATCHERS,
    "funds:warning_levels": WATCHERS,
    "funds:warning_level_new": ACCOUNTANT,
}
POST_ONLY: set[str] = set()


def indicator(duty: str) -> list[object]:
    """An indicator of a year of the rural scheme."""
    year = register.FundYear.objects.filter(scheme=book().scheme, year=2010).first()
    return [(year or register.fund_year()).scheme.code, 2010, "use_rate"]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {"funds:indicator": indicator, "funds:outlook": lambda duty: [book().code]}
