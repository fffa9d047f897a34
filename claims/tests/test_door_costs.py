"""What the pages of tokens, and the hospitals' door itself, ask of the database: as much for many as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.tests import door, doors_door
from conftest import sign_in
from office.models import Duty

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time by whoever gives tokens.
COSTS: dict[str, int] = {
    "claims:door_token": 5,
    "claims:door_token_give": 7,
    "claims:door_token_revoke": 6,
    "claims:door_tokens": 6,
}

#: Statements of a request at the door.
AT_THE_DOOR: dict[str, int] = {"claim": 8, "claims": 51, "claims again": 5, "eligibility": 6, "previews": 16}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(doors_door.DOORS)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    lin = sign_in(Client(), appoint("lin", Duty.SECURITY_ADMINISTRATOR))
    hospitals = [door.hospital(f"H{number}", f"医院{number}") for number in range(many)]
    counted = {}
    for name in sorted(COSTS):
        of_one = name in doors_door.addresses()
        where = reverse(name, args=[hospitals[-1].token.pk] if of_one else [])
        lin.get(where)
        with CaptureQueriesContext(connection) as questions:
            answer = lin.get(where)
        assert answer.status_code == 200, where
        counted[name] = len(questions)
    assert counted == COSTS


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_request_asks_the_same_for_few_lines_and_for_many(many, county):
    hospital, who = door.hospital(), door.insured()
    lines = [{"group": "drug", "item_class": "A", "amount": "1.00"} for _line in range(many - 1)]
    lines.append({"group": "drug", "item_class": "A", "amount": f"{3001 - many}.00"})
    asked = door.asked(who, lines=lines)
    person = {"patient": asked["patient"], "on": "2010-01-11"}
    counted = {}

    def count(name, ask):
        with CaptureQueriesContext(connection) as questions:
            answer = ask()
        assert answer.status_code in {200, 201}, answer.json()
        counted[name] = len(questions)
        return answer

    hospital.post("/eligibility", person)
    count("eligibility", lambda: hospital.post("/eligibility", person))
    hospital.post("/previews", asked)
    count("previews", lambda: hospital.post("/previews", asked))
    number = count("claims", lambda: hospital.hand_in(asked)).json()["number"]
    count("claims again", lambda: hospital.hand_in(asked))
    count("claim", lambda: hospital.get(f"/claims/{number}"))
    assert counted == AT_THE_DOOR
