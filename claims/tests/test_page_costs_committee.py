"""What every page of the committee asks of the database: as much for a few claims and members as for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Meeting
from claims.services import committee as rules
from claims.services import notices
from claims.tests import doors_committee
from claims.tests.committee import TODAY, Committee
from claims.tests.deciding import now
from conftest import NOON, sign_in
from office.models import Duty

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 7

#: Statements of a page opened for the second time, by somebody whom it is for.
COSTS: dict[str, int] = {
    "claims:committee": 7,
    "claims:committee_rule_new": 4,
    "claims:meetings": 5,
    "claims:meeting": 14,
    "claims:meeting_call": 7,
    "claims:meeting_agenda": 7,
    "claims:meeting_attendance": 6,
    "claims:meeting_cancel": 5,
    "claims:meeting_freeze": 5,
    "claims:meeting_sheet": 13,
    "claims:meeting_decide": 16,
    "claims:agenda_take_off": 5,
    "claims:agenda_recuse": 8,
    "claims:notices": 5,
    "claims:notice_issue": 5,
    "claims:notice_serve": 5,
}
#: They do something at once, or lead elsewhere.
BUT = {"claims:meeting_open", "claims:meeting_print", "claims:notice_print"}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(doors_committee.DOORS) - BUT


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told.captured_queries)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_pages_cost_the_same(appoint, many):
    committee = Committee.of(appoint, size=3 + many)
    claims = committee.several(many)
    meeting = committee.begin(*claims)
    issued = [answered(committee, number) for number in range(many)]
    for number in range(many):
        committee.waiting(committee.desk.member(f"later {number}"))
        committee.call(number=f"x{number}")
    accountant = appoint("acc", Duty.FUND_ACCOUNTANT)
    given = {"quorum": "half", "majority": "half", "least": 3, "document": "x", "by": accountant, "at": NOON}
    for _number in range(many):
        rules.propose(since=TODAY, **given)
    item = meeting.agenda.first()
    sec, member = committee.sec, committee.members[1]
    who = {
        "claims:committee": (sec, []),
        "claims:committee_rule_new": (accountant, []),
        "claims:meetings": (sec, []),
        "claims:meeting": (sec, [meeting.pk]),
        "claims:meeting_call": (sec, []),
        "claims:meeting_agenda": (sec, [meeting.pk]),
        "claims:meeting_attendance": (sec, [meeting.pk]),
        "claims:meeting_cancel": (sec, [meeting.pk]),
        "claims:meeting_freeze": (sec, [meeting.pk]),
        "claims:meeting_sheet": (member, [meeting.pk]),
        "claims:meeting_decide": (committee.cai, [meeting.pk]),
        "claims:agenda_take_off": (sec, [item.pk]),
        "claims:agenda_recuse": (sec, [item.pk]),
        "claims:notices": (sec, []),
        "claims:notice_issue": (sec, [issued[0].claim_id]),
        "claims:notice_serve": (sec, [issued[0].pk]),
    }
    browsers = {person: sign_in(Client(), person) for person in {one for one, _arguments in who.values()}}
    counted = {
        door: asked(browsers[person], reverse(door, args=arguments)) for door, (person, arguments) in who.items()
    }
    assert counted == COSTS
    assert Meeting.objects.count() == many + 1


def answered(committee: Committee, number: int):
    """A notice on a claim that a second checker refused."""
    works = committee.desk
    refused = works.check(works.handed_on(works.member(f"refused {number}")), works.fay, "refuse", reason="x")
    return notices.issue(claim=now(refused), number=str(refused.pk), on=TODAY, by=committee.sec, at=NOON)
