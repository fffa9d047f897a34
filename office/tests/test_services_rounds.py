"""Deciding together: what a vote does, and each refusal in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from conftest import NOON, SECRET, with_factor
from office import deciding, selectors
from office.models import (
    Act,
    Appointment,
    Duty,
    DutyRequest,
    OfficeRound,
)
from office.rules import days, totp
from office.rules.rounds import Required
from office.services import factors, requests, rounds
from office.tests.factories import give, shown_by

pytestmark = pytest.mark.django_db

SEVEN = Required(
    rule="test",
    version="1",
    duties=(Duty.SECURITY_ADMINISTRATOR,),
    count=3,
    quorum=3,
    majority="half",
    by_seats=True,
)


@pytest.fixture
def admins(appoint):
    """Gia asks; the others decide."""
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira", "jon")]


@pytest.fixture
def asked(admins, appoint, county) -> DutyRequest:
    return propose(admins[0], appoint("eve"), county)


def propose(by, person, body, duty=Duty.CASHIER) -> DutyRequest:
    return requests.propose_duty(
        person=person,
        duty=duty,
        body=body,
        start=date(2010, 1, 1),
        reason="paper 3",
        by=by,
        at=NOON,
        proof=shown_by(by),
    )


def round_of(asked) -> OfficeRound:
    return deciding.rounds_of(asked).latest("pk")


def vote(round_, by, choice="approve", reason="", **more):
    given = {"hash_seen": round_.subject_hash, "proof": shown_by(by), "at": NOON} | more
    return rounds.vote(round=round_, by=by, choice=choice, reason=reason, **given)


@pytest.fixture
def meeting(asked, admins):
    """A round with a named body of three, in place of the one that came with the request."""
    rounds.void(subject=asked, by=admins[0], at=NOON, reason="test")
    body = [(one, "chair" if one == admins[1] else "member") for one in admins[1:]]
    return rounds.open_round(subject=asked, by=admins[0], at=NOON, required=SEVEN, body=body)


@pytest.fixture
def today():
    """A delegation is in force by the database's own calendar, so these tests live today."""
    return days.business_day(timezone.now())


def today_noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


class TestVote:
    def test_another_administrator_gives_the_duty(self, asked, admins):
        voted = vote(round_of(asked), admins[1])
        assert (voted.round.state, voted.round.outcome) == ("closed", "approved")
        asked.refresh_from_db()
        assert asked.state == "granted"
        given = Appointment.objects.get(request=asked)
        assert (given.person, given.duty) == (asked.person, Duty.CASHIER)
        said = Act.objects.filter(name__in=["round.voted", "round.closed", "duty.given"]).values_list("name", flat=True)
        assert set(said) == {"round.voted", "round.closed", "duty.given"}
        assert Act.objects.get(name="round.voted").second_factor
        assert rounds.replayed(round_of(asked)) == "approved"

    def test_or_refuses_it(self, asked, admins):
        vote(round_of(asked), admins[1], "refuse", "not yet")
        asked.refresh_from_db()
        assert asked.state == "refused"
        assert not Appointment.objects.filter(request=asked).exists()

    @pytest.mark.parametrize(
        ("choice", "reason", "said"), [("refuse", " ", "原因"), ("shrug", "x", "表决")], ids=["no reason", "no choice"]
    )
    def test_says_what_and_why(self, asked, admins, choice, reason, said):
        with pytest.raises(rounds.CannotVote, match=said):
            vote(round_of(asked), admins[1], choice, reason)

    def test_refuses_the_maker(self, asked, admins):
        with pytest.raises(rounds.CannotVote, match="本人"):
            vote(round_of(asked), admins[0])

    def test_refuses_whom_it_concerns(self, admins):
        asked, _half = requests.propose_reset(
            person=admins[1], kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        with pytest.raises(rounds.CannotVote, match="本人"):
            vote(round_of(asked), admins[1])

    @pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMINISTRATOR, Duty.OFFICE_HEAD, Duty.TOWNSHIP_CLERK])
    def test_refuses_outsiders(self, asked, appoint, duty):
        with pytest.raises(rounds.CannotVote, match="无权"):
            vote(round_of(asked), appoint("kim", duty))

    def test_refuses_a_second_time_and_a_closed_round(self, asked, admins):
        vote(round_of(asked), admins[1])
        for again in admins[1:3]:
            with pytest.raises(rounds.CannotVote, match="已"):
                vote(round_of(asked), again)

    def test_refuses_a_stale_page(self, asked, admins):
        with pytest.raises(rounds.CannotVote, match="变"):
            vote(round_of(asked), admins[1], hash_seen="0" * 64)

    def test_refuses_without_a_second_factor_of_ones_own(self, asked, admins):
        for proof in (None, shown_by(admins[2]), shown_by(admins[1], NOON - timedelta(minutes=16))):
            with pytest.raises(rounds.CannotVote, match="双因子"):
                vote(round_of(asked), admins[1], proof=proof)


class TestOwnCode:
    def test_a_code_confirms_this_content_alone(self, asked, admins):
        rounds.void(subject=asked, by=admins[0], at=NOON, reason="test")
        required = Required(rule="t", version="1", duties=(Duty.SECURITY_ADMINISTRATOR,), own_code=True)
        opened = rounds.open_round(subject=asked, by=admins[0], at=NOON, required=required)
        with_factor(admins[1], at=NOON)

        def shown(bound_to, at):
            return factors.prove(admins[1], totp.code_at(SECRET, totp.step_of(at)), at, bound_to)

        other = shown(f"{'0' * 64}:1.00", NOON - timedelta(minutes=2))
        for proof in (None, shown_by(admins[1]), other):
            with pytest.raises(rounds.CannotVote, match="双因子"):
                vote(opened, admins[1], proof=proof)
        assert vote(opened, admins[1], proof=shown(opened.bound_to, NOON)).round.outcome == "approved"


class TestMeeting:
    def test_a_majority_of_those_present(self, meeting, admins, asked):
        vote(meeting, admins[1])
        vote(meeting, admins[2], "refuse", "no")
        assert round_of(asked).state == "open"
        assert vote(meeting, admins[3], "cut", "less").round.outcome == "approved"

    def test_who_is_recused_or_absent_has_no_vote(self, meeting, admins):
        for seat, present, recusal in zip(meeting.seats.all(), (False, True), ("", "his brother"), strict=False):
            rounds.note_attendance(seat=seat, is_present=present, recusal=recusal, by=admins[0], at=NOON)
            with pytest.raises(rounds.CannotVote, match="回避"):
                vote(meeting, seat.person)

    def test_attendance_stands_once_a_seat_has_voted_or_the_round_is_over(self, meeting, admins):
        seat = meeting.seats.get(person=admins[1])
        vote(meeting, admins[1])
        with pytest.raises(rounds.CannotClose, match="已"):
            rounds.note_attendance(seat=seat, is_present=False, recusal="", by=admins[0], at=NOON)
        for one in admins[2:]:
            vote(meeting, one)
        with pytest.raises(rounds.CannotClose, match="结束"):
            rounds.note_attendance(seat=seat, is_present=False, recusal="", by=admins[0], at=NOON)
        with pytest.raises(rounds.CannotClose, match="结束"):
            rounds.close(round=meeting, by=admins[0], at=NOON)

    def test_nobody_from_outside_the_named_body(self, meeting, appoint):
        with pytest.raises(rounds.CannotVote, match="无权"):
            vote(meeting, appoint("kim", Duty.SECURITY_ADMINISTRATOR))

    def test_closed_while_somebody_is_silent_only_with_votes_enough(self, asked, admins, appoint):
        rounds.void(subject=asked, by=admins[0], at=NOON, reason="test")
        body = [(one, "member") for one in (*admins[1:], appoint("kim", Duty.SECURITY_ADMINISTRATOR))]
        opened = rounds.open_round(subject=asked, by=admins[0], at=NOON, required=SEVEN, body=body)
        for one in admins[1:3]:
            vote(opened, one)
        with pytest.raises(rounds.CannotClose, match="票"):
            rounds.close(round=opened, by=admins[0], at=NOON)
        vote(opened, admins[3])
        assert rounds.close(round=opened, by=admins[0], at=NOON).round.outcome == "approved"

    def test_deferred_it_waits_for_another_round_in_which_the_same_people_vote(self, meeting, admins, asked):
        for one, choice in zip(admins[1:], ("approve", "refuse", "abstain"), strict=True):
            vote(meeting, one, choice, "x")
        asked.refresh_from_db()
        assert (round_of(asked).outcome, asked.state) == ("deferred", "proposed")
        again = rounds.open_round(subject=asked, by=admins[0], at=NOON)
        assert vote(again, admins[1]).round.outcome == "approved"

    def test_nobody_sits_over_what_he_made(self, asked, admins):
        rounds.void(subject=asked, by=admins[0], at=NOON, reason="test")
        with pytest.raises(rounds.CannotOpen, match="本人"):
            rounds.open_round(subject=asked, by=admins[0], at=NOON, required=SEVEN, body=[(admins[0], "chair")])


class TestOpen:
    def test_one_at_a_time(self, asked, admins):
        with pytest.raises(rounds.CannotOpen, match="已"):
            rounds.open_round(subject=asked, by=admins[0], at=NOON)

    def test_nobody_takes_part_in_two_steps_of_one_thing(self, asked, admins):
        vote(round_of(asked), admins[1], "refuse", "no")
        second = rounds.open_round(subject=asked, by=admins[0], at=NOON, step="second")
        with pytest.raises(rounds.CannotVote, match="环节"):
            vote(second, admins[1])
        assert rounds.capacities(round=second, by=admins[1], at=NOON) == []
        assert rounds.capacities(round=second, by=admins[2], at=NOON) == [admins[2]]

    def test_void_its_votes_stay_readable(self, meeting, admins, asked):
        vote(meeting, admins[1])
        assert rounds.void(subject=asked, by=admins[0], at=NOON, reason="changed") == 1
        meeting.refresh_from_db()
        assert (meeting.state, meeting.void_reason, meeting.votes.count()) == ("void", "changed", 1)
        assert rounds.void(subject=asked, by=admins[0], at=NOON, reason="changed") == 0


class TestDelegation:
    @pytest.fixture
    def head(self, appoint, county):
        person = appoint("head", Duty.OFFICE_HEAD)
        give(person, Duty.COMMITTEE_CHAIR, county)
        return person

    @pytest.fixture
    def chair(self, appoint):
        return appoint("chair", Duty.COMMITTEE_CHAIR)

    def delegate(self, by, to, start=date(2010, 3, 1), days=6, **more):
        given = {"duty": Duty.OFFICE_HEAD, "reason": "ill", "at": NOON, "proof": shown_by(by)} | more
        return requests.delegate(to=to, by=by, start=start, end=start + timedelta(days=days), **given)

    def lost(self, admins, person):
        asked, _half = requests.propose_reset(
            person=person, kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        return round_of(asked)

    def test_both_names_stand_under_the_vote_and_in_the_trail(
        self, admins, head, chair, ada, today, django_assert_num_queries
    ):
        opened = self.lost(admins, ada)
        self.delegate(head, chair, start=today)
        with django_assert_num_queries(1):
            assert selectors.duties_decided_for(chair, today) == ([Duty.COMMITTEE_CHAIR], [Duty.OFFICE_HEAD])
        assert rounds.capacities(round=opened, by=chair, at=today_noon(today)) == [head]
        voted = vote(opened, chair, for_whom=head, at=today_noon(today), proof=shown_by(chair, today_noon(today)))
        given = voted.round.votes.get()
        assert (given.voter, given.for_whom) == (chair, head)
        act = Act.objects.get(name="round.voted")
        assert (act.by, act.for_whom) == (chair, head)

    def test_not_before_nor_after_nor_once_he_is_back(self, admins, head, chair, ada, today):
        opened = self.lost(admins, ada)
        later = self.delegate(head, chair, start=today + timedelta(days=1))
        at = today_noon(today)
        for _each in range(2):
            with pytest.raises(rounds.CannotVote, match="代"):
                vote(opened, chair, for_whom=head, at=at, proof=shown_by(chair, at))
            if later.state == "granted":
                requests.end_delegation(delegation=later, by=head, at=NOON)
                later.refresh_from_db()
                now = self.delegate(head, chair, start=today)
                requests.end_delegation(delegation=now, by=head, at=NOON)

    def test_one_step_deep(self, admins, head, chair, ada, appoint, today):
        opened = self.lost(admins, ada)
        self.delegate(head, chair, start=today)
        third = appoint("third", Duty.COMMITTEE_MEMBER)
        with pytest.raises(requests.CannotDelegate, match="本人"):
            self.delegate(chair, third, start=today)
        at = today_noon(today)
        with pytest.raises(rounds.CannotVote, match="代"):
            vote(opened, third, for_whom=head, at=at, proof=shown_by(third, at))

    def test_a_duty_that_came_later_and_excludes_it(self, admins, head, ada, appoint, county, today):
        opened = self.lost(admins, ada)
        kim = appoint("kim")
        self.delegate(head, kim, start=today)
        give(kim, Duty.INTERNAL_AUDITOR, county)
        at = today_noon(today)
        with pytest.raises(rounds.CannotVote, match="不相容"):
            vote(opened, kim, for_whom=head, at=at, proof=shown_by(kim, at))

    def test_refusals(self, head, chair, appoint, ada):
        left = appoint("left")
        left.left_on = NOON.date()
        left.save()
        for said, given in {
            "双因子": {"to": chair, "proof": None},
            "最后": {"to": chair, "days": -1},
            "其他": {"to": left},
            "不相容": {"to": appoint("dan2", Duty.INTERNAL_AUDITOR)},
            "本人": {"to": chair, "duty": Duty.CASHIER},
        }.items():
            with pytest.raises(requests.CannotDelegate, match=said):
                self.delegate(head, **given)
        given = self.delegate(head, chair)
        with pytest.raises(requests.CannotDelegate, match="已"):
            self.delegate(head, ada)
        with pytest.raises(requests.CannotDelegate, match="授权"):
            requests.end_delegation(delegation=given, by=chair, at=NOON)
        requests.end_delegation(delegation=given, by=head, at=NOON)
        with pytest.raises(requests.CannotDelegate, match="有效"):
            requests.end_delegation(delegation=given, by=head, at=NOON)

    @pytest.mark.parametrize("choice", ["approve", "refuse"])
    def test_two_administrators_say_it_for_somebody_who_cannot(self, admins, head, chair, choice):
        def ask(by, to=chair, proof=None):
            return requests.propose_delegation(
                person=head,
                to=to,
                duty=Duty.OFFICE_HEAD,
                start=NOON.date(),
                end=NOON.date(),
                reason="ill",
                by=by,
                at=NOON,
                proof=proof,
            )

        with pytest.raises(requests.CannotDelegate, match="双因子"):
            ask(admins[0])
        with pytest.raises(requests.CannotDelegate, match="他人"):
            ask(head, proof=shown_by(head))
        asked = ask(admins[0], proof=shown_by(admins[0]))
        assert dict(deciding.matter_of("office.delegation").rows(asked))
        vote(round_of(asked), admins[1], choice, "x")
        asked.refresh_from_db()
        assert asked.state == {"approve": "granted", "refuse": "refused"}[choice]
