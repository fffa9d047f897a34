"""What the locks of a meeting are for: with them taken out the same moment goes wrong. And a connection that breaks in
the middle of the closing leaves nothing half-done."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections

from claims.models import Approval, ClaimsVote, CounterMove
from claims.services import approving, meetings, sitting
from claims.tests.committee import Committee
from claims.tests.deciding import now
from claims.tests.test_races_sitting import at_once, sheet_of
from conftest import NOON
from office.models import Act
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


def closing(committee, meeting):
    """The chair closes, with his factor shown before."""
    proof = shown_by(committee.cai)
    return lambda: sitting.decide(meeting=meeting, by=committee.cai, at=NOON, proof=proof)


def last_sheet_against_closing(committee) -> tuple[object, list[str]]:
    """Four have confirmed and one is noted as gone; he comes back and confirms while the chair closes."""
    meeting = committee.begin(committee.waiting())
    committee.all_vote(meeting, but=committee.members[4:])
    late = sheet_of(committee, meeting, committee.members[4])
    refused = at_once(late, closing(committee, meeting))
    return meeting, refused


def test_the_last_sheet_against_the_closing(committee):
    """Either the chair waits for him, or is told that he is missing: no claim is decided without his vote."""
    meeting, refused = last_sheet_against_closing(committee)
    assert not [one for one in refused if one.startswith("fault")]
    if refused:
        assert "Mem4" in refused[0]
        assert now(meeting).state == "open"
    else:
        assert now(meeting).state == "decided"
    assert meeting.invitees.filter(confirmed_at__isnull=False).count() == 5
    assert ClaimsVote.objects.filter(round__step="committee").count() == 5


def placing(committee, meeting):
    """Two windows of the secretary put a claim each on the agenda."""
    claims = committee.several(2)
    return [lambda one=one: committee.put(meeting, one) for one in claims]


def test_two_windows_change_the_agenda(committee):
    meeting = committee.call()
    assert at_once(*placing(committee, meeting)) == []
    assert [one.position for one in meeting.agenda.all()] == [1, 2]


def unlock(monkeypatch, module) -> None:
    """The meeting is looked at by two at once, and not locked."""
    met = threading.Barrier(2)

    def looked_at(meeting, *states):
        current = type(meeting).objects.get(pk=meeting.pk)
        met.wait(20)
        return current

    monkeypatch.setattr(module, "locked", looked_at)


def meet_before(monkeypatch, module, step: str) -> None:
    """Two come to a step before either takes it."""
    met = threading.Barrier(2)
    take = getattr(module, step)

    def waits(*given):
        met.wait(20)
        return take(*given)

    monkeypatch.setattr(module, step, waits)


def test_without_the_lock_of_the_meeting_both_take_the_same_place(committee, monkeypatch):
    """The negative control."""
    meeting = committee.call()
    both = placing(committee, meeting)
    unlock(monkeypatch, meetings)
    meet_before(monkeypatch, meetings, "_round_with")  # both have read the last place by then
    [refused] = at_once(*both)
    assert refused.startswith("fault: IntegrityError")
    assert "agenda_position_once" in refused


def test_without_the_lock_of_the_meeting_it_is_closed_twice(committee, monkeypatch):
    """The negative control: the second gets past the state of the meeting and is told what is not true."""
    meeting = committee.begin(committee.waiting())
    committee.all_vote(meeting)
    unlock(monkeypatch, sitting)
    [refused] = at_once(closing(committee, meeting), closing(committee, meeting))
    assert refused == "没有列入议题的申请。"


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(committee, monkeypatch):
    """The database ends the connection after the first claim was approved: all are as they were, and the same closing
    done again decides all."""
    claims = committee.several(3)
    meeting = committee.begin(*claims)
    committee.all_vote(meeting)
    approve, done = approving.approve, []

    def breaks(claim, *given, **more):
        if done:
            kill_this_connection()
        approve(claim, *given, **more)
        done.append(claim.pk)

    monkeypatch.setattr(approving, "approve", breaks)
    with pytest.raises(OperationalError):
        closing(committee, meeting)()
    connection.close()
    assert len(done) == 1
    assert now(meeting).state == "open"
    assert {now(one).state for one in claims} == {"committee"}
    assert [Approval.objects.count(), CounterMove.objects.count()] == [0, 0]
    assert not Act.objects.filter(name__in=["meeting.decided", "claim.approved"]).exists()
    monkeypatch.setattr(approving, "approve", approve)
    later = NOON + timedelta(minutes=1)
    sitting.decide(meeting=meeting, by=committee.cai, at=later, proof=shown_by(committee.cai, later))
    assert {now(one).state for one in claims} == {"approved"}
    assert Approval.objects.count() == len(claims)


def kill_this_connection() -> None:
    """As where the database is restarted: from another connection it ends this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()

    def end() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [number])
        finally:
            connections.close_all()

    other = threading.Thread(target=end)
    other.start()
    other.join(20)
