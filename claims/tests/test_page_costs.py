"""What every page of benefit plans asks of the database: as much for a few plans as for many.

The table names every page that shows something; one that is added without its figure fails here.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import BenefitPlan
from claims.services import adoption
from claims.tests import (
    doors,
    doors_basics,
    doors_checking,
    doors_committee,
    doors_documents,
    doors_door,
    doors_figures,
    doors_intake,
    doors_public,
    doors_statistics,
    factories,
)
from claims.tests.factories import BASIC, CRITICAL, later
from claims.tests.test_services_adoption import complete, vote
from conftest import NOON, sign_in
from office import attachments
from office.models import Duty
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time by the fund accountant.
COSTS: dict[str, int] = {
    "claims:package": 4,
    "claims:packages": 4,
    "claims:plan": 14,
    "claims:plan_compare": 7,
    "claims:plan_document": 4,
    "claims:plan_document_edit": 7,
    "claims:plan_doubts": 5,
    "claims:plan_new": 5,
    "claims:plan_paper": 5,
    "claims:plans": 6,
    "claims:try": 7,
}


def test_every_page_that_shows_something_has_its_figure():
    redirects = {"claims:plan_choose"}
    parts = (
        doors_basics,
        doors_checking,
        doors_committee,
        doors_documents,
        doors_door,
        doors_figures,
        doors_intake,
        doors_public,
        doors_statistics,
    )
    others = {door for part in parts for door in part.DOORS} | set(doors_door.DOCUMENT)  # the last asks for nothing
    assert set(COSTS) == set(doors.DOORS) - others - doors.POST_ONLY - redirects


class World:
    """So many years of plans, each with its supplement, versions and scans, and a draft."""

    def __init__(self, many: int, by) -> None:
        for year in range(2011, 2011 + many):
            days = (f"{year}-01-01", f"{year}-12-31")
            self.plan = factories.adopted(later(BASIC, *days))
            factories.adopted(later(CRITICAL, *days), position=2)
        for number in range(many):
            attachments.keep_made(
                subject=self.plan, name=f"{number}.pdf", content=b"x", media_type="application/pdf", by=tess(), at=NOON
            )
        for _number in range(many):
            self.draft = factories.draft(later(BASIC, "2010-01-01", "2010-12-31"))


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    fay = appoint("fay", Duty.FUND_ACCOUNTANT)
    client = sign_in(Client(), fay)
    world = World(many, fay)
    counted = {}
    for door in sorted(COSTS):
        name = door.partition(":")[2]
        of_draft = name in {"plan_document_edit", "plan_paper", "plan_doubts"}
        plan: BenefitPlan = world.draft if of_draft else world.plan
        asks = dict.fromkeys(("packages", "plans", "plan_new", "try"), ())
        asks |= {"package": ("yinchuan-basic-services",), "plan_compare": (plan.pk, world.draft.pk)}
        where = reverse(door, args=asks.get(name, (plan.pk,)))
        client.get(where)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(where)
        assert answer.status_code == 200, where
        counted[door] = len(asked)
    assert counted == COSTS


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_case_that_is_tried_asks_for_the_plans_once(many, appoint):
    ida = appoint("ida", Duty.INTAKE_CLERK)
    client = sign_in(Client(), ida)
    world = World(many, ida)
    typed = {"plan": world.plan.pk, "s0-0-amount": "100", "s0-kind": "inpatient"}
    client.post("/claims/try/", typed)
    with CaptureQueriesContext(connection) as asked:
        client.post("/claims/try/", typed)
    assert len(asked) == 6


def test_a_decision_asks_the_same_whatever_was_decided_before(appoint):
    fay, hal = appoint("fay", Duty.FUND_ACCOUNTANT), appoint("hal", Duty.OFFICE_HEAD)
    client = sign_in(Client(), hal)
    counted = []
    for year in (2010, 2011):
        plan = complete(fay, later(BASIC, f"{year}-01-01", f"{year}-12-31"))
        opened = adoption.propose(plan=plan, by=fay, at=timezone.now())
        where = reverse("office:decision", args=["claims", opened.pk])
        client.get(where)
        with CaptureQueriesContext(connection) as asked:
            client.get(where)
        counted.append(len(asked))
        vote(opened, hal)
    assert counted[0] == counted[1]
