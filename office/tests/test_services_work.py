"""Work that is taken, put back, handed over, reassigned; what ends with a duty and with a leaver."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import NOON, proof_of
from office import deciding, selectors, worklists
from office.models import Act, Body, Duty, Lease, OfficeRound, Person
from office.services import requests, rounds, signing_in, work
from office.subjects import name_of
from office.tests.factories import fill_year, shown_by

pytestmark = pytest.mark.django_db

ROUNDS = worklists.ROUNDS
TODAY = NOON.date()
SOON, LATER = NOON + timedelta(minutes=10), NOON + timedelta(minutes=31)


def lease() -> Lease:
    return Lease.objects.live().get()


def ends() -> list[str]:
    return list(Lease.objects.exclude(ended_because="").order_by("pk").values_list("ended_because", flat=True))


def acts(prefix: str = "work.") -> list[str]:
    return list(Act.objects.filter(name__startswith=prefix).order_by("pk").values_list("name", flat=True))


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

    @pytest.mark.parametrize(("voter", "ended"), [("gives his vote", ["done"]), ("another one does", [])])
    def test_of_several_votes_whoever_gave_his_has_done_his_part(self, admins, sam, voter, ended):
        asked, _half = requests.propose_reset(
            person=sam, kind="factor", reason="lost", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        two = replace(deciding.rounds_of(asked).get().required, count=2, quorum=2)
        rounds.void(subject=asked, by=admins[0], at=NOON, reason="two must say so")
        opened = rounds.open_round(subject=asked, by=admins[0], at=NOON, required=two)
        work.take(worklist=ROUNDS, subject=name_of(opened), by=admins[1], at=NOON)
        vote(opened, admins[1] if voter == "gives his vote" else admins[2])
        opened.refresh_from_db()
        assert (ends(), opened.state) == (ended, "open")

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
