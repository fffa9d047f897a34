"""Minutes that are frozen, notices that are served, and what the database refuses of both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Claim, DecisionNotice, Meeting, Minutes
from claims.services import minutes, notices
from claims.services.approving import sha256_of
from claims.services.meetings import CannotMeet
from claims.services.notices import CannotNotice, Service
from claims.tests.committee import TODAY, Committee
from claims.tests.deciding import cut, now
from conftest import NOON
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


def refused(statement: str, *values: Any, words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def freeze(committee: Committee, meeting: Meeting, number: str = "海医审纪〔2010〕1号") -> Minutes:
    return minutes.freeze(meeting=meeting, number=number, by=committee.sec, at=NOON)


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


@pytest.fixture
def claim(committee) -> Claim:
    return committee.waiting()


@pytest.fixture
def decided(committee, claim) -> Meeting:
    """Cut by three, with one recused and one against it."""
    meeting = committee.begin(claim)
    chair, relative, against, *others = committee.members
    committee.recuse(meeting, claim, relative)
    committee.vote(meeting, against, committee.on(meeting, claim, "refuse", reason="no order in the file"))
    for one in (chair, *others):
        committee.vote(meeting, one, committee.on(meeting, claim, "cut", cut(claim, 1, "100")))
    return committee.decide(meeting)


class TestMinutes:
    def test_say_what_was_decided(self, committee, claim, decided):
        frozen = freeze(committee, decided)
        (item,) = frozen.text["claims"]
        assert (item["claim"], item["outcome"], item["fund_pays"]) == (claim.number, "approved", "990.00")
        assert item["recused"] == [{"person": "Mem1", "reason": "亲属回避"}]
        assert item["dissent"] == [{"person": "Mem2", "choice": "refuse", "reason": "no order in the file"}]
        assert item["cuts"] == [{"line": 1, "item": "item 1", "amount": "100.00", "reason": "over_limit"}]
        assert [one["person"] for one in item["votes"]] == ["Mem2", "Cai", "Mem3", "Mem4"]
        assert [one["present"] for one in frozen.text["called"]] == [True] * 5
        assert now(decided).state == "closed"

    def test_are_frozen_with_their_hash(self, committee, decided):
        frozen = now(freeze(committee, decided))
        assert frozen.sha256 == sha256_of(frozen.text)
        assert Act.objects.get(name="meeting.minutes-frozen").subject_hash == frozen.sha256
        refused("UPDATE claims_minutes SET text = '{}' WHERE id = %s", frozen.pk, words="only ever added to|denied")
        refused("DELETE FROM claims_minutes WHERE id = %s", frozen.pk, words="only ever added to|denied")

    @pytest.mark.parametrize("number", ["", "  ", "x" * 61])
    def test_have_a_number(self, committee, decided, number):
        with pytest.raises(CannotMeet, match="have a number"):
            freeze(committee, decided, number)

    def test_of_their_own(self, committee, decided):
        freeze(committee, decided)
        other = committee.begin(committee.waiting(committee.desk.member("2")), number="2010-2")
        committee.all_vote(other)
        with pytest.raises(CannotMeet, match="with this number already"):
            freeze(committee, committee.decide(other))

    def test_come_after_the_decision_and_once(self, committee, claim):
        meeting = committee.begin(claim)
        with pytest.raises(CannotMeet, match="is in session"):
            freeze(committee, meeting)
        committee.all_vote(meeting)
        committee.decide(meeting)
        freeze(committee, meeting)
        with pytest.raises(CannotMeet, match="is minutes frozen"):
            freeze(committee, meeting, "2")

    def test_are_kept_by_nobody_who_voted(self, committee, decided):
        with pytest.raises(CannotMeet, match="does not keep"):
            minutes.freeze(meeting=decided, number="1", by=committee.cai, at=NOON)


class TestNotices:
    def issue(self, committee, claim, number="海医决〔2010〕1号", on=TODAY) -> DecisionNotice:
        return notices.issue(claim=claim, number=number, on=on, by=committee.sec, at=NOON)

    def test_answers_what_the_committee_decided(self, committee, claim, decided):
        issued = self.issue(committee, claim)
        assert issued.round == decided.agenda.get().round
        assert Act.objects.get(name="notice.issued").facts["number"] == issued.number

    def test_answers_what_was_refused_or_cut_by_one(self, committee):
        desk = committee.desk
        refused_one = desk.check(desk.handed_on(), desk.fay, "refuse", reason="no papers")
        assert self.issue(committee, refused_one).round.step == "first_check"
        small = desk.handed_on(desk.member("2"), ("600",))
        small = desk.check(desk.check(small, desk.fay, "cut", cut(small, 1, "100")), desk.sue)
        assert small.state == "payable"
        assert self.issue(committee, small, "2").round.step == "second_check"

    def test_nothing_else(self, committee, claim):
        desk = committee.desk
        small = desk.handed_on(desk.member("2"), ("600",))
        for one in (claim, small, desk.check(desk.check(small, desk.fay), desk.sue)):
            with pytest.raises(CannotNotice, match="cut, refused or decided by the committee"):
                self.issue(committee, one)

    def test_refusals(self, committee, claim, decided):
        for number, on, field in ((" ", TODAY, "number"), ("1", TODAY + DAY, "on"), ("1", TODAY - DAY, "on")):
            with pytest.raises(CannotNotice) as refusal:
                self.issue(committee, claim, number, on)
            assert refusal.value.field == field
        self.issue(committee, claim)
        with pytest.raises(CannotNotice, match="its notice already"):
            self.issue(committee, claim, "2")

    def test_is_served_once_and_stays_so(self, committee, claim, decided):
        notice = self.issue(committee, claim)
        for given, field in (
            (Service("dream", "马1", TODAY), "way"),
            (Service("posted", " ", TODAY), "served_to"),
            (Service("posted", "马1", TODAY + DAY), "served_on"),
            (Service("posted", "马1", TODAY - DAY), "served_on"),
        ):
            with pytest.raises(CannotNotice) as refusal:
                notices.serve(notice=notice, service=given, by=committee.sec, at=NOON)
            assert refusal.value.field == field
        served = Service("handed_over", "马1", TODAY)
        notices.serve(notice=notice, service=served, by=committee.sec, at=NOON)
        assert (now(notice).way, now(notice).served_by) == ("handed_over", committee.sec)
        with pytest.raises(CannotNotice, match="served already"):
            notices.serve(notice=notice, service=served, by=committee.sec, at=NOON)
        refused(
            "UPDATE claims_decisionnotice SET served_to = 'x' WHERE id = %s", notice.pk, words="answered already|stays"
        )


class TestTheDatabase:
    @pytest.mark.parametrize("state", ["decided", "closed"])
    def test_a_meeting_moves_by_its_table(self, committee, claim, state):
        meeting = committee.call(claim)
        refused("UPDATE claims_meeting SET state = %s WHERE id = %s", state, meeting.pk, words="does not go from")

    def test_knows_the_same_moves(self, committee, claim):
        meeting = committee.call(claim)
        for before, after in sorted(Meeting.MOVES - {("", "called"), ("decided", "closed")}):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM claims_meeting WHERE id = %s", [meeting.pk])
                mark = transaction.savepoint()
                if before == "open":
                    cursor.execute("UPDATE claims_meeting SET state = 'open' WHERE id = %s", [meeting.pk])
                cursor.execute("UPDATE claims_meeting SET state = %s WHERE id = %s", [after, meeting.pk])
                assert now(meeting).state == after
                transaction.savepoint_rollback(mark)

    def test_closed_it_has_its_minutes(self, decided):
        refused("UPDATE claims_meeting SET state = 'closed' WHERE id = %s", decided.pk, words="has its minutes")

    @pytest.mark.parametrize("change", ["place = 'x'", "held_on = held_on + 1", "number = 'x'"])
    def test_in_session_it_stays_what_it_was_called_as(self, committee, claim, change):
        meeting = committee.begin(claim)
        refused(f"UPDATE claims_meeting SET {change} WHERE id = %s", meeting.pk, words="stays what it was called as")

    def test_nobody_is_called_later_and_no_sheet_changes(self, committee, claim):
        meeting = committee.begin(claim)
        refused(
            "INSERT INTO claims_invitee (meeting_id, person_id, role, confirmed_hash) VALUES (%s, %s, 'member', '')",
            meeting.pk,
            committee.desk.hal.pk,
            words="called before a meeting begins",
        )
        committee.vote(meeting, committee.cai)
        for change in ("is_present = false", "confirmed_hash = repeat('0', 64)", "confirmed_at = now()"):
            refused(
                f"UPDATE claims_invitee SET {change} WHERE meeting_id = %s AND person_id = %s",
                meeting.pk,
                committee.cai.pk,
                words="while a meeting is in session",
            )

    def test_the_agenda_is_only_added_to(self, committee, claim):
        meeting = committee.begin(claim)
        refused("DELETE FROM claims_agendaitem WHERE meeting_id = %s", meeting.pk, words="only ever added to|denied")
        other = committee.desk.handed_on(committee.desk.member("2"))
        opened = meeting.agenda.get().round
        refused(
            "INSERT INTO claims_agendaitem (meeting_id, position, claim_id, round_id) VALUES (%s, 2, %s, %s)",
            meeting.pk,
            other.pk,
            opened.pk,
            words="wait for the committee",
        )

    def test_a_vote_is_no_outsiders_nor_anothers_nor_a_second(self, committee, claim):
        meeting = committee.begin(claim)
        committee.recuse(meeting, claim, committee.members[1])
        opened = meeting.agenda.get().round
        committee.vote(meeting, committee.cai)
        seats = {one.person: one.pk for one in opened.seats.all()}
        chair, relative, third = committee.members[:3]
        for seat, voter, words in (
            (seats[chair], chair, "one vote|once"),
            (seats[relative], relative, "recused"),
            (seats[third], committee.desk.hal, "not the voter"),
            (seats[third], committee.sec, "not the voter"),
        ):
            refused(
                "INSERT INTO claims_claimsvote (round_id, seat_id, voter_id, choice, reason_code, reason, hash_seen)"
                " VALUES (%s, %s, %s, 'approve', '', '', %s)",
                opened.pk,
                seat,
                voter.pk,
                opened.subject_hash,
                words=words,
            )

    def test_nobody_gets_a_seat_once_somebody_voted(self, committee, claim, appoint):
        meeting = committee.begin(claim)
        committee.vote(meeting, committee.cai)
        late = appoint("late", Duty.COMMITTEE_MEMBER)
        refused(
            "INSERT INTO claims_claimsseat (round_id, person_id, role, is_present, recusal)"
            " VALUES (%s, %s, 'member', true, '')",
            meeting.agenda.get().round_id,
            late.pk,
            words="body is complete",
        )

    def test_an_outcome_is_what_the_votes_say(self, committee, claim):
        meeting = committee.begin(claim)
        opened = meeting.agenda.get().round
        statement = "UPDATE claims_claimsround SET state = 'closed', outcome = %s, closed_at = now() WHERE id = %s"
        refused(statement, "approved", opened.pk, words="too few votes")
        committee.all_vote(meeting)
        refused(statement, "refused", opened.pk, words="the votes say approved")
        refused("UPDATE claims_claim SET state = 'approved' WHERE id = %s", claim.pk, words="no round has decided")
