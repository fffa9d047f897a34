"""Meetings of the committee: called, agenda, attendance, recusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.models import ClaimsSeat
from claims.selectors import meetings as selectors
from claims.services import checking, flags, meetings
from claims.services.meetings import CannotMeet
from claims.tests.committee import TODAY, Committee, stated
from claims.tests.deciding import Desk, now
from conftest import NOON
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


class TestCalling:
    def test_calls_whoever_belongs_to_it_on_the_day(self, committee):
        meeting = committee.call()
        called = {one.person: one.role for one in meeting.invitees.all()}
        assert called == {one: "chair" if one == committee.cai else "member" for one in committee.members}
        assert (meeting.state, meeting.called_by) == ("called", committee.sec)
        assert Act.objects.get(name="meeting.called").facts["called"] == 5

    def test_seven(self, appoint):
        assert Committee.of(appoint, size=7).call().invitees.count() == 7

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"number": " "}, "number", "has its number"),
            ({"place": " "}, "place", "where the committee meets"),
            ({"held_on": TODAY - DAY, "notice_on": TODAY - DAY}, "held_on", "day is over"),
            ({"notice_on": TODAY + DAY, "held_on": TODAY + DAY}, "notice_on", "no later than today"),
        ],
    )
    def test_refuses_what_is_not_whole(self, committee, more, field, words):
        with pytest.raises(CannotMeet, match=words) as refusal:
            committee.call(**more)
        assert refusal.value.field == field
        assert Act.objects.get(kind="refused", name="meeting.called").reason == str(refusal.value)

    def test_a_number_is_given_once(self, committee):
        committee.call()
        with pytest.raises(CannotMeet, match="number already"):
            committee.call()

    def test_a_member_does_not_keep_it(self, committee):
        with pytest.raises(CannotMeet, match="does not keep its meeting"):
            meetings.call(stated=stated(), by=committee.cai, at=NOON)

    def test_two_are_no_committee(self, appoint):
        with pytest.raises(CannotMeet, match="Fewer than 3"):
            Committee.of(appoint, size=2).call()

    def test_nor_is_one_without_a_chair(self, appoint):
        Desk.of(appoint)
        for name in ("a1", "a2", "a3"):
            appoint(name, Duty.COMMITTEE_MEMBER)
        sec = appoint("sec", Duty.COMMITTEE_SECRETARY)
        with pytest.raises(CannotMeet, match="no chair"):
            meetings.call(stated=stated(), by=sec, at=NOON)


class TestTheAgenda:
    def test_takes_the_round_where_the_same_people_sit(self, committee):
        claim = committee.waiting()
        opened = checking.round_of(claim)
        meeting = committee.call(claim)
        assert meeting.agenda.get().round == opened
        assert (opened.quorum, opened.count, opened.majority, opened.own_code) == (4, 4, "half", True)

    def test_opens_another_where_others_were_called(self, committee, appoint):
        claim = committee.waiting()
        before = checking.round_of(claim)
        late = appoint("late", Duty.COMMITTEE_MEMBER)
        item = committee.call(claim).agenda.get()
        assert now(before).state == "void"
        assert item.round != before
        assert item.round.seats.filter(person=late).exists()

    def test_who_took_part_before_has_no_voice(self, committee, appoint):
        both = appoint("bo", Duty.SECOND_CHECKER, Duty.COMMITTEE_MEMBER)
        claim = committee.desk.check(committee.desk.handed_on(), committee.desk.fay)
        meeting = committee.call(committee.desk.check(claim, both))
        assert meeting.agenda.get().round.seats.get(person=both).recusal == "took part in an earlier step"
        assert selectors.sheet_for(meeting, both) == []

    def test_stands_in_the_order_that_was_given(self, committee):
        claims = committee.several(3)
        meeting = committee.call(*reversed(claims))
        assert [one.claim for one in meeting.agenda.all()] == claims[::-1]
        assert list(selectors.waiting_claims()) == []

    def test_refuses_what_does_not_wait_for_it(self, committee):
        claim = committee.desk.handed_on()
        with pytest.raises(CannotMeet, match="it is in first check"):
            committee.call(claim)

    def test_refuses_a_claim_twice(self, committee):
        claim = committee.waiting()
        meeting = committee.call(claim)
        with pytest.raises(CannotMeet, match="on this agenda already"):
            committee.put(meeting, claim)
        with pytest.raises(CannotMeet, match="of another meeting"):
            committee.call(claim, number="2010-2")

    def test_refuses_a_held_claim(self, committee):
        claim = committee.waiting()
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=committee.desk.hal, at=NOON)
        with pytest.raises(CannotMeet, match="is held: twin"):
            committee.call(claim)

    def test_is_complete_once_a_sheet_is_confirmed(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first)
        committee.vote(meeting, committee.cai)
        with pytest.raises(CannotMeet, match="agenda is complete"):
            committee.put(meeting, second)

    def test_what_comes_on_it_in_session_knows_who_is_there(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, present=committee.members[:4])
        (item,) = committee.put(meeting, second)
        assert item.round.seats.filter(is_present=True).count() == 4

    def test_a_claim_is_taken_off_for_another_meeting(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        with pytest.raises(CannotMeet, match="Say why"):
            meetings.take_off(item=meeting.agenda.get(claim=first), reason=" ", by=committee.sec, at=NOON)
        meetings.take_off(item=meeting.agenda.get(claim=first), reason="file incomplete", by=committee.sec, at=NOON)
        assert [one.claim for one in selectors.undecided(meeting)] == [second]
        assert list(selectors.waiting_claims()) == [first]
        assert committee.call(first, number="2010-2").agenda.get().round.state == "open"
        with pytest.raises(CannotMeet, match="not open on this agenda"):
            meetings.take_off(item=meeting.agenda.get(claim=first), reason="again", by=committee.sec, at=NOON)


class TestOpeningAndCancelling:
    def test_begins_on_its_day(self, committee):
        meeting = committee.call(committee.waiting(), held_on=TODAY + DAY)
        with pytest.raises(CannotMeet, match="meets on 2010-03-02"):
            meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON)
        assert meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON + DAY).state == "open"

    def test_with_something_on_its_agenda(self, committee):
        with pytest.raises(CannotMeet, match="Nothing is on the agenda"):
            meetings.open_meeting(meeting=committee.call(), by=committee.sec, at=NOON)

    def test_once_and_by_whoever_keeps_it(self, committee):
        meeting = committee.call(committee.waiting())
        with pytest.raises(CannotMeet, match="does not keep"):
            meetings.open_meeting(meeting=meeting, by=committee.cai, at=NOON)
        meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON)
        with pytest.raises(CannotMeet, match="is in session"):
            meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON)

    def test_cancelled_its_claims_wait_for_another(self, committee):
        claim = committee.waiting()
        meeting = committee.call(claim)
        with pytest.raises(CannotMeet, match="Say why"):
            meetings.cancel(meeting=meeting, reason="", by=committee.sec, at=NOON)
        meetings.cancel(meeting=meeting, reason="snow", by=committee.sec, at=NOON)
        assert now(meeting).state == "cancelled"
        assert (meeting.agenda.get().round.state, list(selectors.waiting_claims())) == ("void", [claim])
        committee.call(claim, number="2010-2")

    def test_broken_off_the_votes_stay_readable(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        committee.vote(meeting, committee.cai)
        meetings.cancel(meeting=meeting, reason="no quorum", by=committee.sec, at=NOON)
        assert meeting.agenda.get().round.votes.count() == 1
        assert checking.round_of(now(claim)).votes.count() == 0


class TestAttendance:
    def test_is_noted_in_every_claim(self, committee):
        meeting = committee.begin(*committee.several(2), present=committee.members[:3])
        assert [one.is_present for one in meeting.invitees.all()].count(True) == 3
        assert ClaimsSeat.objects.filter(round__in=meeting.agenda.values("round"), is_present=False).count() == 4

    def test_who_comes_late_is_there(self, committee):
        meeting = committee.begin(committee.waiting(), present=committee.members[:4])
        assert selectors.sheet_for(meeting, committee.members[4]) == []
        committee.note(meeting, committee.members)
        assert len(selectors.sheet_for(meeting, committee.members[4])) == 1

    def test_who_has_confirmed_was_there(self, committee):
        meeting = committee.begin(committee.waiting())
        committee.vote(meeting, committee.cai)
        with pytest.raises(CannotMeet, match="confirmed his sheet: he was there"):
            committee.note(meeting, committee.members[1:])

    def test_refuses_a_stranger_and_a_meeting_that_has_not_begun(self, committee):
        meeting = committee.call(committee.waiting())
        with pytest.raises(CannotMeet, match="is called"):
            committee.note(meeting, committee.members)
        meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON)
        with pytest.raises(CannotMeet, match="were called have a seat"):
            committee.note(meeting, [committee.desk.hal])

    def test_a_relative_withdraws_from_one_claim(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        committee.recuse(meeting, first, committee.members[1])
        assert [one.claim for one in selectors.sheet_for(meeting, committee.members[1])] == [second]
        assert Act.objects.get(name="meeting.recused").reason == "亲属回避"

    def test_refused_recusals(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        item, member = meeting.agenda.get(), committee.members[1]
        with pytest.raises(CannotMeet, match="Say why"):
            committee.recuse(meeting, claim, member, " ")
        with pytest.raises(CannotMeet, match="has no seat"):
            committee.recuse(meeting, claim, committee.desk.hal)
        with pytest.raises(CannotMeet, match="does not keep"):
            meetings.recuse(item=item, person=member, reason="cousin", by=committee.members[2], at=NOON)
        meetings.recuse(item=item, person=member, reason="cousin", by=member, at=NOON)
        with pytest.raises(CannotMeet, match="withdrawn already"):
            committee.recuse(meeting, claim, member)
        committee.vote(meeting, committee.cai)
        with pytest.raises(CannotMeet, match="voted already"):
            committee.recuse(meeting, claim, committee.cai)
