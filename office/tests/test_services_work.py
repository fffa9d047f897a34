"""Work that is taken, put back, handed over, reassigned; what ends with a duty and with a leaver."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import NOON, proof_of
from office import access, deciding, desk, selectors, worklists
from office.models import Act, Body, Delegation, Duty, Lease, OfficeRound, Person
from office.services import leaving, people, requests, rounds, signing_in, work
from office.subjects import name_of
from office.tests.factories import fill_year, give, shown_by

pytestmark = pytest.mark.django_db

ROUNDS = worklists.ROUNDS
TODAY = NOON.date()
SOON, LATER = NOON + timedelta(minutes=10), NOON + timedelta(minutes=31)


@pytest.fixture
def admins(appoint) -> list[Person]:
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira")]


@pytest.fixture
def head(appoint, admins) -> Person:
    return appoint("head", Duty.OFFICE_HEAD)


@pytest.fixture
def opened(admins, head, ada) -> OfficeRound:
    """A round that waits for Hua, Ira and the head: Gia asked."""
    asked, _half = requests.propose_reset(
        person=ada, kind="password", reason="new", by=admins[0], at=NOON, proof=shown_by(admins[0])
    )
    return deciding.rounds_of(asked).get()


@pytest.fixture
def thing(opened) -> dict[str, object]:
    return {"worklist": ROUNDS, "subject": name_of(opened)}


def lease() -> Lease:
    return Lease.objects.live().get()


def ends() -> list[str]:
    return list(Lease.objects.exclude(ended_because="").order_by("pk").values_list("ended_because", flat=True))


def acts(prefix: str = "work.") -> list[str]:
    return list(Act.objects.filter(name__startswith=prefix).order_by("pk").values_list("name", flat=True))


class TestTake:
    def test_it_is_with_him_for_half_an_hour(self, thing, admins, opened):
        taken = work.take(**thing, by=admins[1], at=NOON)
        assert (taken.holder, taken.given_by, taken.until) == (admins[1], admins[1], NOON + timedelta(minutes=30))
        act = Act.objects.get(name="work.taken")
        assert (act.subject_type, act.subject_id, act.by) == (*name_of(opened), admins[1])
        assert str(taken).startswith("Hua")

    def test_the_length_is_a_setting(self, thing, admins, settings):
        settings.WORK_LEASE = timedelta(minutes=5)
        assert work.take(**thing, by=admins[1], at=NOON).until == NOON + timedelta(minutes=5)

    def test_another_one_is_told_who_has_it(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        with pytest.raises(work.CannotTake, match="Hua"):
            work.take(**thing, by=admins[2], at=SOON)
        assert lease().holder == admins[1]

    def test_when_the_time_is_over_another_takes_it_and_the_end_is_an_act(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        work.take(**thing, by=admins[2], at=LATER)
        assert lease().holder == admins[2]
        assert ends() == ["ran_out"]
        assert acts() == ["work.taken", "work.ended", "work.taken"]

    def test_taking_again_prolongs(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        work.take(**thing, by=admins[1], at=SOON)
        assert lease().until == SOON + timedelta(minutes=30)
        assert ends() == ["prolonged"]
        assert acts() == ["work.taken", "work.prolonged"]

    def test_and_never_shortens(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        given = work.hand_over(**thing, to=admins[2], by=admins[1], at=NOON)
        assert work.take(**thing, by=admins[2], at=SOON).until == given.until

    @pytest.mark.parametrize("who", ["maker", "nobody's", "without a duty", "concerned"])
    def test_it_gives_no_right(self, thing, admins, ada, ben, appoint, who):
        """Gia asked for it, Ben has no vote, Eve has no duty, Ada it is about."""
        person = {"maker": admins[0], "nobody's": ben, "concerned": ada}.get(who) or appoint("eve")
        with pytest.raises(work.CannotTake):
            work.take(**thing, by=person, at=NOON)

    @pytest.mark.parametrize(
        ("worklist", "subject"),
        [
            ("", ("", "")),
            ("none.such", ("office.officeround", "1")),
            (ROUNDS, ("office.person", "1")),
            (ROUNDS, ("office.officeround", "0")),
            (ROUNDS, ("office.officeround", "x")),
            (ROUNDS, ("office.officeround", "9" * 30)),
            ("office.jobs", ("office.job", "1")),
        ],
    )
    def test_what_does_not_wait_is_refused(self, admins, worklist, subject):
        with pytest.raises(work.CannotTake):
            work.take(worklist=worklist, subject=subject, by=admins[1], at=NOON)

    def test_another_ones_vote_goes_through_all_the_same(self, thing, admins, opened):
        """A courtesy, no right: whoever decides does, and then nobody works on it any more."""
        work.take(**thing, by=admins[1], at=NOON)
        vote(opened, admins[2])
        assert ends() == ["done"]
        assert Act.objects.get(name="work.ended").facts["how"] == "done"
        with pytest.raises(work.CannotTake):
            work.take(**thing, by=admins[1], at=SOON)

    def test_a_round_that_becomes_void_is_done_with(self, thing, admins, opened):
        work.take(**thing, by=admins[1], at=NOON)
        requests.withdraw(asked=deciding.subject_of(opened), by=admins[0], at=SOON)
        assert ends() == ["done"]


class TestPutBack:
    def test_others_may_take_it(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        work.put_back(**thing, by=admins[1], at=SOON)
        assert ends() == ["returned"]
        work.take(**thing, by=admins[2], at=SOON)
        assert acts() == ["work.taken", "work.put-back", "work.taken"]

    def test_by_whoever_has_it_alone(self, thing, admins):
        with pytest.raises(work.CannotPutBack):
            work.put_back(**thing, by=admins[1], at=SOON)
        work.take(**thing, by=admins[1], at=NOON)
        with pytest.raises(work.CannotPutBack):
            work.put_back(**thing, by=admins[2], at=SOON)


class TestHandOver:
    def test_the_colleague_has_it_until_the_end_of_the_next_working_day(self, thing, admins):
        fill_year(2010)
        work.take(**thing, by=admins[1], at=NOON)
        given = work.hand_over(**thing, to=admins[2], by=admins[1], at=SOON)
        assert (given.holder, given.given_by) == (admins[2], admins[1])
        assert given.until == datetime(2010, 3, 2, 15, 59, tzinfo=UTC)
        assert ends() == ["handed_over"]
        assert Act.objects.get(name="work.handed-over").facts["to"] == admins[2].pk

    def test_not_by_somebody_who_does_not_have_it(self, thing, admins):
        for _each in range(2):
            with pytest.raises(work.CannotHandOver):
                work.hand_over(**thing, to=admins[2], by=admins[2], at=SOON)
            work.take(**thing, by=admins[1], at=NOON)

    @pytest.mark.parametrize("to", ["himself", "no vote", "maker", "left"])
    def test_not_to_somebody_for_whom_it_does_not_wait(self, thing, admins, ben, sam, to):
        work.take(**thing, by=admins[1], at=NOON)
        person = {"himself": admins[1], "no vote": ben, "maker": admins[0], "left": admins[2]}[to]
        if to == "left":
            signing_in.leave(person=admins[2], on=TODAY, by=sam, at=NOON, proof=proof_of(sam))
        with pytest.raises(work.CannotHandOver):
            work.hand_over(**thing, to=person, by=admins[1], at=SOON)
        assert lease().holder == admins[1]


class TestReassign:
    def given(self, thing, head, **changes):
        return work.reassign(**thing, **({"reason": "ill", "by": head, "at": SOON} | changes))

    def test_the_head_gives_it_to_another(self, thing, admins, head):
        work.take(**thing, by=admins[1], at=NOON)
        given = self.given(thing, head, seen=admins[1], to=admins[2])
        assert (given.holder, given.given_by) == (admins[2], head)
        assert ends() == ["reassigned"]
        act = Act.objects.get(name="work.reassigned")
        assert (act.reason, act.duty, act.facts["before"]) == ("ill", Duty.OFFICE_HEAD, admins[1].pk)

    def test_what_nobody_has_as_well(self, thing, admins, head):
        assert self.given(thing, head, seen=None, to=head).holder == head
        assert Act.objects.get(name="work.reassigned").facts["before"] is None

    def test_what_ran_out_is_nobodys(self, thing, admins, head):
        work.take(**thing, by=admins[1], at=NOON)
        self.given(thing, head, seen=None, to=admins[2], at=LATER)
        assert ends() == ["ran_out"]

    @pytest.mark.parametrize("why", ["wordless", "moved on", "put back", "the same", "no vote"])
    def test_refused_in_words(self, thing, admins, head, ben, why):
        work.take(**thing, by=admins[1], at=NOON)
        typed = {
            "wordless": {"seen": admins[1], "to": admins[2], "reason": "  "},
            "moved on": {"seen": admins[2], "to": head},
            "put back": {"seen": admins[1], "to": admins[2], "at": LATER},
            "the same": {"seen": admins[1], "to": admins[1]},
            "no vote": {"seen": admins[1], "to": ben},
        }[why]
        with pytest.raises(work.CannotReassign):
            self.given(thing, head, **typed)
        assert lease().holder == admins[1]

    def test_the_head_of_a_station_reaches_his_own_people_alone(self, thing, admins, appoint, head):
        station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
        chief = appoint("chief", Duty.OFFICE_HEAD, body=station)
        work.take(**thing, by=admins[1], at=NOON)
        with pytest.raises(work.CannotReassign):
            self.given(thing, chief, seen=admins[1], to=chief)
        work.put_back(**thing, by=admins[1], at=NOON)
        assert self.given(thing, chief, seen=None, to=chief).holder == chief


class TestHowLong:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            pytest.param(datetime(2010, 3, 1, 4, tzinfo=UTC), date(2010, 3, 2), id="the next day"),
            pytest.param(datetime(2010, 3, 5, 4, tzinfo=UTC), date(2010, 3, 8), id="over a week-end"),
            pytest.param(datetime(2010, 9, 30, 4, tzinfo=UTC), date(2010, 10, 8), id="over a week of holidays"),
            pytest.param(datetime(2010, 12, 31, 4, tzinfo=UTC), date(2011, 1, 1), id="where the table ends"),
        ],
    )
    def test_until_the_end_of_the_next_working_day(self, db, at, day):
        fill_year(2010)
        until = work.end_of_next_working_day(at)
        assert (until.date(), until.hour, until.minute) == (day, 23, 59)


def vote(opened: OfficeRound, person: Person, choice: str = "approve") -> None:
    rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        reason="x",
        by=person,
        at=SOON,
        proof=shown_by(person, SOON),
    )


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


class TestDatabase:
    """Whatever path: the row stays what it was, and ends once."""

    @pytest.mark.parametrize(
        "change",
        ["until = until + interval '1 day'", "holder_id = given_by_id + 1", "subject_id = '0'", "worklist = 'other'"],
    )
    def test_nothing_but_the_end_changes(self, thing, admins, change):
        work.take(**thing, by=admins[1], at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE office_lease SET {change}")

    def test_it_ends_once(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        work.put_back(**thing, by=admins[1], at=SOON)
        for change in ({"ended_because": "done"}, {"ended_at": None, "ended_because": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Lease.objects.update(**change)

    def test_it_is_not_taken_away(self, thing, admins):
        work.take(**thing, by=admins[1], at=NOON)
        with pytest.raises(DatabaseError), transaction.atomic():
            Lease.objects.all().delete()

    @pytest.mark.parametrize(
        "row",
        [
            {"ended_at": SOON, "ended_because": "done"},
            {"ended_because": "done"},
            {"until": NOON},
            {"worklist": ""},
            {"subject_id": ""},
        ],
    )
    def test_what_makes_no_sense(self, admins, row):
        good = {
            "worklist": "x", "subject_type": "x", "subject_id": "1", "holder": admins[1], "given_by": admins[1],
            "taken_at": NOON, "until": LATER,
        }  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Lease.objects.create(**(good | row))

    def test_two_at_a_time(self, thing, admins):
        first = work.take(**thing, by=admins[1], at=NOON)
        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)

    def test_whoever_has_left(self, thing, admins):
        Person.objects.filter(pk=admins[1].pk).update(left_on=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Lease.objects.create(
                subject_type="x", subject_id="1", worklist="x",
                holder=admins[1], given_by=admins[2], taken_at=NOON, until=LATER,
            )  # fmt: skip


def test_working_days_are_asked_once(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        work.end_of_next_working_day(NOON)
    assert not selectors.working_days(TODAY, TODAY).days
