"""The lists of money in and of banks in a browser: axe finds nothing, by day and by night,
and nothing lies beyond the edge."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from funds.tests.test_lists_costs import filled
from tests.at_screens import sign_in
from tests.test_browser_figures import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: One of each kind of page; what stands on them is that of funds/tests/test_lists_costs.py.
PAGES = (
    "slips", "ahead", "owed", "subsidy_letters", "statements", "matches", "reconciliations", "cash_counts",
)  # fmt: skip


def picture(page: Page, name: str) -> None:
    """For whoever looks at the pages (PICTURES=folder)."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_lists_of_the_funds_are_legible_by_day_and_by_night(page, appoint):
    till = filled(appoint, 3)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, till.counter.acc)
    for name in PAGES:
        page.goto(reverse(f"funds:{name}"))
        picture(page, name)
        fits(page)
