"""What every page of checking asks of the database: as much for a few claims, lines and limits as for many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Flag, Verification
from claims.tests import doors_checking
from claims.tests.deciding import Desk
from conftest import NOON, sign_in
from office.models import Duty

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time, by somebody whom it is for.
COSTS: dict[str, int] = {
    "claims:claim_check": 13,
    "claims:check_together": 9,
    "claims:verification_ask": 5,
    "claims:verification_answer": 5,
    "claims:verification_letter": 10,
    "claims:flag_set": 5,
    "claims:flag_lift": 5,
    "claims:claim_take_back": 6,
    "claims:limits": 6,
    "claims:limit_new": 6,
}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(doors_checking.DOORS) - {"claims:check_next"}  # it leads elsewhere


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told.captured_queries)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_pages_cost_the_same(appoint, many):
    desk = Desk.of(appoint)
    claims = [desk.handed_on(desk.member(str(number)), ["10"] * many) for number in range(many)]
    for kind in ("inpatient", "delivery", "chronic", "outpatient", "injury", "special")[:many]:
        desk.limit("head", 90_000, kind=kind)
    claim = claims[0]
    given = {"way": "letter", "letter_number": "7", "asked_on": claim.entered_on, "deadline_on": date(2010, 3, 15)}
    for number in range(many):
        verification = Verification.objects.create(claim=claim, whom=str(number), asked_by=desk.fay, **given)
    flag = Flag.objects.create(claim=claims[1], kind="office", reason="x", set_by=desk.hal, set_at=NOON)
    accountant = appoint("acc", Duty.FUND_ACCOUNTANT)
    who = {
        "claims:claim_check": (desk.fay, [claim.pk, "cut"]),
        "claims:check_together": (desk.fay, []),
        "claims:verification_ask": (desk.fay, [claim.pk]),
        "claims:verification_answer": (desk.fay, [verification.pk]),
        "claims:verification_letter": (desk.fay, [verification.pk]),
        "claims:flag_set": (desk.hal, [claim.pk]),
        "claims:flag_lift": (desk.hal, [flag.pk]),
        "claims:claim_take_back": (desk.hal, [claim.pk]),
        "claims:limits": (desk.hal, []),
        "claims:limit_new": (accountant, []),
    }
    browsers = {person: sign_in(Client(), person) for person in {one for one, _arguments in who.values()}}
    counted = {
        door: asked(browsers[person], reverse(door, args=arguments)) for door, (person, arguments) in who.items()
    }
    assert counted == COSTS
