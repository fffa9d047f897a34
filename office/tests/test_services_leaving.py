"""What ends with a duty and with somebody who leaves, and the open work that he leaves behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conftest import NOON, proof_of
from office import access, deciding, desk
from office.models import Act, Body, Delegation, Duty, Lease, Person
from office.rules.rounds import Required
from office.services import leaving, people, requests, rounds, signing_in, work
from office.tests.factories import give, shown_by
from office.tests.test_services_work import LATER, ROUNDS, SOON, TODAY, ends, lease, vote

pytestmark = pytest.mark.django_db


def delegate(person: Person, to: Person, duty: str, start: date = TODAY, end: date = TODAY) -> Delegation:
    return requests.delegate(
        to=to, duty=duty, start=start, end=end, reason="ill", by=person, at=NOON, proof=shown_by(person)
    )


class TestLeave:
    def leave(self, person: Person, sam: Person) -> None:
        signing_in.leave(person=person, on=TODAY, by=sam, at=SOON, proof=proof_of(sam, at=SOON))

    def test_what_he_had_taken_waits_for_others(self, thing, admins, sam):
        work.take(**thing, by=admins[1], at=NOON)
        self.leave(admins[1], sam)
        assert ends() == ["left"]
        assert Act.objects.get(name="work.ended").by == sam
        work.take(**thing, by=admins[2], at=SOON)

    def test_delegations_from_him_and_to_him_end_each_with_its_act(self, head, admins, appoint, sam):
        chair = appoint("chair", Duty.COMMITTEE_CHAIR)
        mine, his = delegate(head, chair, Duty.OFFICE_HEAD), delegate(chair, head, Duty.COMMITTEE_CHAIR)
        self.leave(head, sam)
        assert {one.state for one in Delegation.objects.filter(pk__in=[mine.pk, his.pk])} == {"ended"}
        assert Act.objects.filter(name="delegation.ended", by=sam).count() == 2

    def test_one_that_is_over_stays_as_it_was(self, head, appoint, sam):
        chair = appoint("chair", Duty.COMMITTEE_CHAIR)
        past = delegate(head, chair, Duty.OFFICE_HEAD, TODAY - timedelta(days=3), TODAY - timedelta(days=1))
        self.leave(head, sam)
        past.refresh_from_db()
        assert past.state == "granted"

    def test_one_that_is_being_decided_is_taken_back(self, head, admins, appoint, sam):
        chair = appoint("chair", Duty.COMMITTEE_CHAIR)
        asked = requests.propose_delegation(
            person=head, to=chair, duty=Duty.OFFICE_HEAD, start=TODAY, end=TODAY, reason="ill",
            by=admins[0], at=NOON, proof=shown_by(admins[0]),
        )  # fmt: skip
        self.leave(chair, sam)
        asked.refresh_from_db()
        assert asked.state == "withdrawn"
        assert deciding.rounds_of(asked).get().state == "void"
        assert Act.objects.filter(name="request.withdrawn", by=sam).exists()

    def test_rounds_in_which_he_had_a_vote_or_that_he_opened_stay_open_for_others(self, opened, admins, sam):
        self.leave(admins[0], sam)
        self.leave(admins[1], sam)
        opened.refresh_from_db()
        assert opened.state == "open"
        vote(opened, admins[2])
        opened.refresh_from_db()
        assert opened.outcome == "approved"

    def test_all_of_it_or_nothing(self, thing, admins, sam, monkeypatch):
        work.take(**thing, by=admins[1], at=NOON)
        monkeypatch.setattr(leaving.work, "end_of_leaver", fail)
        with pytest.raises(ZeroDivisionError):
            self.leave(admins[1], sam)
        assert Person.objects.get(pk=admins[1].pk).is_active
        assert access.duties_of(Person.objects.get(pk=admins[1].pk))


def fail(**_words: object) -> None:
    raise ZeroDivisionError


class TestEndDuty:
    def end(self, person: Person, duty: str, by: Person, on: date = TODAY) -> None:
        appointment = person.appointments.get(duty=duty)
        people.end_duty(appointment=appointment, on=on, by=by, at=SOON, proof=proof_of(by, at=SOON))

    @pytest.fixture
    def chair(self, appoint, admins) -> Person:
        return appoint("chair", Duty.COMMITTEE_CHAIR)

    def test_the_delegation_that_stands_on_it_ends(self, head, chair, admins):
        given = delegate(head, chair, Duty.OFFICE_HEAD, TODAY, TODAY + timedelta(days=5))
        self.end(head, Duty.OFFICE_HEAD, admins[0])
        given.refresh_from_db()
        assert given.state == "ended"

    def test_one_of_another_duty_goes_on(self, appoint, chair, admins):
        both = appoint("both", Duty.OFFICE_HEAD, Duty.COMMITTEE_MEMBER)
        given = delegate(both, chair, Duty.COMMITTEE_MEMBER)
        self.end(both, Duty.OFFICE_HEAD, admins[0])
        given.refresh_from_db()
        assert given.state == "granted"

    def test_one_that_rests_on_the_same_duty_elsewhere_goes_on(self, head, chair, admins):
        station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
        given = delegate(head, chair, Duty.OFFICE_HEAD)
        elsewhere = give(head, Duty.OFFICE_HEAD, station)
        people.end_duty(appointment=elsewhere, on=TODAY, by=admins[0], at=SOON, proof=proof_of(admins[0], at=SOON))
        given.refresh_from_db()
        assert given.state == "granted"

    def test_of_a_duty_that_ends_later_what_begins_after_it_ends_now(self, head, chair, admins):
        last = TODAY + timedelta(days=3)
        now = delegate(head, chair, Duty.OFFICE_HEAD, TODAY, TODAY + timedelta(days=5))
        then = delegate(head, chair, Duty.OFFICE_HEAD, TODAY + timedelta(days=8), TODAY + timedelta(days=9))
        self.end(head, Duty.OFFICE_HEAD, admins[0], on=last)
        now.refresh_from_db()
        then.refresh_from_db()
        assert (now.state, then.state) == ("granted", "ended")

    def test_what_lies_on_a_worklist_without_the_right_is_given_up(self, thing, head, admins):
        work.take(**thing, by=head, at=NOON)
        self.end(head, Duty.OFFICE_HEAD, admins[0])
        assert ends() == ["duty_ended"]

    def test_what_another_duty_still_shows_stays(self, thing, appoint, admins):
        both = appoint("both", Duty.OFFICE_HEAD, Duty.COMMITTEE_MEMBER)
        work.take(**thing, by=both, at=NOON)
        self.end(both, Duty.COMMITTEE_MEMBER, admins[0])
        assert lease().holder == both

    def test_a_worklist_that_is_gone_is_given_up_too(self, thing, admins, head):
        taken = work.take(**thing, by=head, at=NOON)
        Lease.objects.create(
            worklist="gone", subject_type="x", subject_id="1", holder=head, given_by=head, taken_at=NOON, until=LATER
        )
        work.end_without_right(person=head, by=admins[0], at=SOON)
        assert lease() == taken
        assert Act.objects.get(name="work.ended").subject_type == ""


class TestOpenWork:
    def test_what_he_holds_and_what_waits_for_him_alone(self, thing, admins, head, ada, appoint):
        chair = appoint("chair", Duty.COMMITTEE_CHAIR)
        delegate(head, chair, Duty.OFFICE_HEAD)
        work.take(**thing, by=head, at=NOON)
        found = desk.open_work_of(head, SOON)
        assert [item.subject for _list, item in found.held] == [thing["subject"]]
        assert len(found.alone) == 1
        assert desk.open_work_of(chair, SOON).alone
        maker = desk.open_work_of(admins[0], SOON)
        assert (maker.held, len(maker.alone)) == ([], 1)
        assert not desk.open_work_of(ada, SOON)
        assert not desk.open_work_of(head, SOON + timedelta(days=2)).held

    def test_what_came_back_waits_for_whoever_asked(self, admins, head, ada):
        asked, _half = requests.propose_reset(
            person=ada, kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        vote(deciding.rounds_of(asked).get(), admins[1], "return")
        [(_kind, item)] = desk.open_work_of(admins[0], SOON).alone
        assert item.note

    @pytest.mark.parametrize("choice", ["return", "defer", "abstain"])
    def test_until_he_asks_once_more_or_takes_it_back(self, admins, ada, choice):
        asked, _half = requests.propose_reset(
            person=ada, kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        vote(deciding.rounds_of(asked).get(), admins[1], choice)
        [(kind, _item)] = desk.open_work_of(admins[0], SOON).alone
        again = rounds.open_round(subject=asked, by=admins[0], at=SOON)
        assert [one.title for one, _item in desk.open_work_of(admins[0], SOON).alone] != [kind.title]
        rounds.void(subject=asked, by=admins[0], at=SOON, reason="x")
        assert again.pk
        assert not desk.open_work_of(admins[0], SOON)

    def test_nor_once_it_is_withdrawn(self, admins, ada):
        asked, _half = requests.propose_reset(
            person=ada, kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        vote(deciding.rounds_of(asked).get(), admins[1], "return")
        requests.withdraw(asked=asked, by=admins[0], at=SOON)
        assert not desk.open_work_of(admins[0], SOON)

    def test_the_rounds_in_which_he_sits_until_he_voted_or_is_recused(self, admins, head, ada, appoint):
        asked = requests.propose_duty(
            person=ada, duty=Duty.CASHIER, body=ada.appointments.get().body, start=TODAY, reason="x",
            by=admins[0], at=NOON, proof=shown_by(admins[0]),
        )  # fmt: skip
        rounds.void(subject=asked, by=admins[0], at=NOON, reason="test")
        three = Required(
            rule="t", version="1", duties=(Duty.SECURITY_ADMINISTRATOR,), count=2, quorum=2, majority="half",
            by_seats=True,
        )  # fmt: skip
        jon = appoint("jon", Duty.SECURITY_ADMINISTRATOR)
        body = [(one, "member") for one in (*admins[1:], jon)]
        meeting = rounds.open_round(subject=asked, by=admins[0], at=NOON, required=three, body=body)
        seat = meeting.seats.get(person=jon)
        rounds.note_attendance(seat=seat, is_present=True, recusal="brother", by=admins[0], at=NOON)
        vote(meeting, admins[1])
        found = desk.open_work([*admins, jon, head], SOON)
        assert [bool(found[one.pk]) for one in (admins[1], jon, head)] == [False, False, False]
        [(_kind, item)] = found[admins[2].pk].alone
        assert item.url == deciding.page_of(meeting)

    def test_what_a_leaver_left_behind_until_another_takes_it(self, thing, admins, sam):
        work.take(**thing, by=admins[1], at=NOON)
        TestLeave().leave(admins[1], sam)
        assert [item.subject for _list, item in desk.open_work_of(admins[1], SOON).left] == [thing["subject"]]
        work.take(**thing, by=admins[2], at=SOON)
        assert not desk.open_work_of(admins[1], SOON)

    def test_nor_when_it_is_decided(self, thing, opened, admins, sam):
        work.take(**thing, by=admins[1], at=NOON)
        TestLeave().leave(admins[1], sam)
        vote(opened, admins[2])
        assert not desk.open_work_of(admins[1], SOON)

    def test_a_worklist_that_is_gone_shows_nothing(self, head):
        Lease.objects.create(
            worklist="gone", subject_type="x", subject_id="1", holder=head, given_by=head, taken_at=NOON, until=LATER
        )
        assert desk.held_work(SOON) == []

    def test_those_for_whom_it_waits(self, thing, admins, head):
        assert desk.who_sees(ROUNDS, thing["subject"], NOON) == [head, *admins[1:]]
        assert desk.who_sees(ROUNDS, thing["subject"], NOON, but=[head]) == admins[1:]
        assert desk.who_sees("gone", thing["subject"], NOON) == []
