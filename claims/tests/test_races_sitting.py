"""A committee at the same moment: all members confirm, the chair closes twice, a sheet against an absence."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from claims.models import Approval, ClaimsVote
from claims.services import sitting
from claims.services.meetings import CannotMeet
from claims.tests.committee import Committee, bound
from claims.tests.deciding import now
from conftest import NOON
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint, size=7)


def at_once(*doing: Callable[[], object]) -> list[str]:
    """Everything at the same moment; what was refused, in words. A fault of the database is no refusal."""
    ready = threading.Barrier(len(doing))
    refused: list[str] = []

    def go(act: Callable[[], object]) -> None:
        try:
            ready.wait(20)
            act()
        except CannotMeet as refusal:
            refused.append(str(refusal))
        except Exception as fault:
            refused.append(f"fault: {fault!r}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def sheet_of(committee, meeting, by):
    """What a member is about to confirm, with his code shown."""
    ballots = committee.ballots(meeting, by)
    proof = bound(by, sitting.sheet_hash(meeting=meeting, ballots=ballots, by=by))
    return lambda: sitting.confirm(meeting=meeting, ballots=ballots, by=by, at=NOON, proof=proof)


def test_seven_confirm_and_the_chair_closes_twice(committee):
    claims = committee.several(2)
    meeting = committee.begin(*claims)
    assert at_once(*(sheet_of(committee, meeting, one) for one in committee.members)) == []
    assert ClaimsVote.objects.filter(round__step="committee").count() == 14
    proof = shown_by(committee.cai)
    closing = lambda: sitting.decide(meeting=meeting, by=committee.cai, at=NOON, proof=proof)  # noqa: E731
    assert len(at_once(closing, closing)) == 1
    assert {now(one).state for one in claims} == {"approved"}
    assert Approval.objects.count() == 2


def test_one_sheet_from_two_windows(committee):
    meeting = committee.begin(*committee.several(2))
    refused = at_once(*(sheet_of(committee, meeting, committee.cai) for _window in range(4)))
    assert len(refused) == 3
    assert not [one for one in refused if one.startswith("fault")]
    assert ClaimsVote.objects.filter(voter=committee.cai).count() == 2


def test_a_sheet_against_being_noted_as_gone(committee):
    meeting = committee.begin(committee.waiting())
    leaver = committee.members[6]
    refused = at_once(sheet_of(committee, meeting, leaver), lambda: committee.note(meeting, committee.members[:6]))
    assert len(refused) == 1
    assert not refused[0].startswith("fault")
    invitee = meeting.invitees.get(person=leaver)
    assert invitee.is_present == bool(invitee.confirmed_hash)
