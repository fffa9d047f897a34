"""What the pages of intake ask of the database: as much for a few claims, lines and people as for many.

The table names every page that shows something; one that is added without its figure fails here.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.tests import doors_intake, taking_in
from claims.tests.test_views_intake import typed
from conftest import sign_in
from office.models import Duty

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time by an intake clerk.
COSTS: dict[str, int] = {
    "claims:claim": 21,
    "claims:claim_change": 22,
    "claims:claim_files": 6,
    "claims:claim_missing": 7,
    "claims:claim_new": 6,
    "claims:claim_sheet": 11,
    "claims:claim_slip": 7,
    "claims:claim_void": 5,
    "claims:claims": 6,
}
#: Parts of a page that change by themselves; what they ask stands below.
FRAGMENTS = {"claims:claim_scans"}
SCANS = 6
PREVIEW = 17
WORKLIST = 7


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) | FRAGMENTS == set(doors_intake.DOORS) - doors_intake.POST_ONLY


def asked(client: Client, where: str, data: object = None) -> int:
    """How many statements a page takes when it is opened for the second time."""
    open_ = (lambda: client.get(where)) if data is None else (lambda: client.post(where, data))
    open_()
    with CaptureQueriesContext(connection) as seen:
        answer = open_()
    assert answer.status_code == 200, where
    return len(seen)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    ida = appoint("ida", Duty.INTAKE_CLERK)
    client = sign_in(Client(), ida)
    who = taking_in.insured()
    for number in range(many):
        bills = [
            taking_in.bill(f"{number}-{part}", 3000 // many if part else 3000 - 3000 // many * (many - 1))
            for part in range(many)
        ]
        claim = taking_in.entered(ida, who, lines=many, invoices=bills, papers=frozenset())
    asks = {"claims:claims": [], "claims:claim_new": []}
    counted = {door: asked(client, reverse(door, args=asks.get(door, [claim.pk]))) for door in sorted(COSTS)}
    assert counted == COSTS
    assert asked(client, "/claims/preview/", typed(member=who.pk)) == PREVIEW
    assert asked(client, "/work/claims.intake/") == WORKLIST
