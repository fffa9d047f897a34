"""What every page before a claim asks of the database: as much for a few papers as for many.

The table names every page that shows something; one that is added without its figure fails here.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import InjuryInquiry
from claims.tests import before, doors_before
from enrollment.tests.collecting import in_english
from office.models import Duty, Person

pytestmark = pytest.mark.django_db

#: Statements of a page opened for the second time by somebody who may open it.
COSTS: dict[str, int] = {
    "claims:admission": 6,
    "claims:admission_void": 5,
    "claims:admissions": 6,
    "claims:admit": 4,
    "claims:application": 7,
    "claims:application_check": 5,
    "claims:application_new": 4,
    "claims:applications": 6,
    "claims:bed_check": 5,
    "claims:bed_move": 5,
    "claims:certificate": 6,
    "claims:certificate_print": 7,
    "claims:certificate_review": 5,
    "claims:certificates": 6,
    "claims:discharge": 5,
    "claims:in_hospital_print": 6,
    "claims:injuries": 5,
    "claims:injury": 7,
    "claims:injury_conclude": 5,
    "claims:injury_open": 4,
    "claims:injury_print": 8,
    "claims:injury_visit": 6,
    "claims:late_allow": 5,
    "claims:late_allowances": 5,
    "claims:outside_stay": 5,
    "claims:outside_stay_note": 5,
    "claims:outside_stay_void": 5,
    "claims:outside_stays": 5,
    "claims:panel": 8,
    "claims:panel_find": 8,
    "claims:panel_hold": 5,
    "claims:panel_print": 8,
    "claims:panels": 6,
    "claims:referral": 8,
    "claims:referral_ask": 7,
    "claims:referral_print": 9,
    "claims:referrals": 5,
    "claims:time_limit_new": 5,
    "claims:time_limits": 6,
}

PAGES = sorted(set(doors_before.DOORS) - doors_before.POST_ONLY)
NUMBERS = iter(range(100, 10_000))


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(PAGES)


def world() -> None:
    """One more of everything."""

    def somebody():
        return before.insured(number=str(next(NUMBERS)))

    before.vote(before.referral(somebody()), before.second())
    before.stay(somebody())
    before.certificate(somebody())
    before.found(before.panel(), before.checked(somebody()))
    before.vote(before.concluded(before.visited(somebody())), before.second())
    before.injury(somebody())
    before.admission(somebody())


def opens(name: str) -> Person:
    """Somebody who may open a page."""
    duty = sorted(doors_before.DOORS[name] - {Duty.TOWNSHIP_CLERK})[0]
    known = {Duty.INTAKE_CLERK: before.intake, Duty.FIRST_CHECKER: before.first, Duty.HOSPITAL_DESK: before.desk}
    return known[duty]() if duty in known else before.somebody(f"opens-{duty}".replace("_", "-"), duty)


def asked(name: str) -> int:
    """Statements of the page, opened for the second time."""
    client = in_english(opens(name))
    arguments = doors_before.addresses().get(name, lambda duty: [])("")
    address = reverse(name, args=arguments)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


@pytest.fixture
def everything() -> None:
    before.time_limit("outside_reported", 5)
    world()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_much_of_many_as_of_few(name, everything):
    few = asked(name)
    world()
    world()
    assert InjuryInquiry.objects.count() == 6
    assert (name, asked(name)) == (name, few)
    assert few == COSTS[name]
