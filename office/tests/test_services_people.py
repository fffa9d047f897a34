"""Bodies, people, duties and their ends: what is done, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from conftest import NOON, proof_of, sign_in
from office import deciding
from office.models import Act, Appointment, Body, Duty, Person, SignIn
from office.rules import duties
from office.services import people, requests, rounds, sessions, signing_in
from office.tests.factories import give

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def sec(appoint) -> Person:
    """Gives and ends duties."""
    return appoint("sec", Duty.SECURITY_ADMINISTRATOR)


def by(person: Person) -> dict[str, object]:
    """Who does it, now, with his second factor."""
    return {"by": person, "at": NOON, "proof": proof_of(person)}


def unproved(person: Person) -> list[dict[str, object]]:
    """Without a proof, with somebody else's, and with one that is too old."""
    other = Person.objects.create_person(username="other", full_name="Other", password="x")
    proof = proof_of(person)
    return [
        {"by": person, "at": NOON, "proof": None},
        {"by": person, "at": NOON, "proof": proof_of(other)},
        {"by": person, "at": NOON + timedelta(hours=1), "proof": proof},
    ]


def last_act(name: str) -> Act:
    return Act.objects.filter(name=name).latest("pk")


class TestBodies:
    def test_one_is_added(self, sam):
        added = people.add_body(code="640522-01", name="李旺镇合作医疗站", kind="township_station", **by(sam))
        assert Body.objects.get(code="640522-01") == added
        act = last_act("body.added")
        assert (act.by, act.duty, act.second_factor) == (sam, Duty.SYSTEM_ADMINISTRATOR, True)

    def test_a_code_is_one_bodys(self, sam, county):
        with pytest.raises(people.CannotAddBody):
            people.add_body(code=county.code, name="x", kind="bank", **by(sam))

    def test_one_is_renamed(self, sam, county):
        people.rename_body(body=county, seen=county.name, name="海原县医保局", **by(sam))
        assert Body.objects.get(pk=county.pk).name == "海原县医保局"
        assert last_act("body.renamed").facts["before"] == county.name

    def test_not_over_a_name_that_was_not_seen(self, sam, county):
        with pytest.raises(people.CannotRenameBody, match=county.name):
            people.rename_body(body=county, seen="旧名", name="新名", **by(sam))
        assert Body.objects.get(pk=county.pk).name == county.name

    def test_without_a_second_factor_nothing(self, sam, county):
        for given in unproved(sam):
            with pytest.raises(people.CannotAddBody):
                people.add_body(code="x", name="x", kind="bank", **given)
            with pytest.raises(people.CannotRenameBody):
                people.rename_body(body=county, seen=county.name, name="x", **given)
        assert Body.objects.get() == county


class TestAddPerson:
    def test_somebody_comes_without_a_password(self, sam):
        added = people.add_person(username="ma.xiaolan-2", full_name="马小兰", **by(sam))
        assert not Person.objects.get(pk=added.pk).has_usable_password()
        assert last_act("person.added").facts["username"] == "ma.xiaolan-2"
        with pytest.raises(sessions.CannotSignIn):
            signing_in.check(username="ma.xiaolan-2", password="", address=None, at=NOON)

    def test_a_name_is_one_persons_also_after_he_left(self, sam, ada):
        signing_in.leave(person=ada, on=TODAY, **by(sam))
        with pytest.raises(people.CannotAddPerson):
            people.add_person(username="ada", full_name="Ada", **by(sam))

    def test_a_name_that_may_not_be(self, sam):
        with pytest.raises(people.CannotAddPerson):
            people.add_person(username="Ma Xiaolan", full_name="马小兰", **by(sam))

    def test_without_a_second_factor_nobody(self, sam):
        for given in unproved(sam):
            with pytest.raises(people.CannotAddPerson):
                people.add_person(username="eve", full_name="Eve", **given)
        assert not Person.objects.filter(username="eve").exists()


class TestGiveDuty:
    def give(self, person, body, given, duty=Duty.INTAKE_CLERK, start=TODAY, end=None) -> Appointment:
        return people.give_duty(person=person, duty=duty, body=body, start=start, end=end, **given)

    def test_it_is_given(self, sec, appoint, county):
        eve = appoint("eve")
        given = self.give(eve, county, by(sec), end=TOMORROW)
        assert (given.duty, given.period) == (Duty.INTAKE_CLERK, DateRange(TODAY, TOMORROW))
        act = last_act("duty.given")
        assert (act.by, act.duty, act.subject_id) == (sec, Duty.SECURITY_ADMINISTRATOR, str(eve.pk))
        assert act.facts["given_duty"] == Duty.INTAKE_CLERK

    @pytest.mark.parametrize("duty", Duty)
    def test_alone_only_what_takes_one(self, sec, appoint, county, duty):
        eve = appoint("eve")
        if not duties.is_given_by_two(duty):
            assert self.give(eve, county, by(sec), duty).duty == duty
            return
        with pytest.raises(people.CannotGiveDuty):
            self.give(eve, county, by(sec), duty)
        assert not eve.appointments.exists()

    def test_nobody_gives_himself_one(self, sec, county):
        with pytest.raises(people.CannotGiveDuty):
            self.give(sec, county, by(sec))

    def test_who_left_gets_none(self, sec, ada, sam, county):
        signing_in.leave(person=Person.objects.get(pk=ada.pk), on=TODAY, **by(sam))
        with pytest.raises(people.CannotGiveDuty):
            self.give(ada, county, by(sec))

    def test_it_does_not_end_before_it_begins(self, sec, appoint, county):
        with pytest.raises(people.CannotGiveDuty):
            self.give(appoint("eve"), county, by(sec), end=TODAY)

    def test_the_duty_in_the_way_is_named(self, sec, dan, county):
        with pytest.raises(people.CannotGiveDuty, match=str(Duty.INTERNAL_AUDITOR.label)):
            self.give(dan, county, by(sec))

    def test_the_same_duty_twice_is_named_with_its_days(self, sec, ada, county):
        with pytest.raises(people.CannotGiveDuty, match="2009-01-01"):
            self.give(ada, county, by(sec), Duty.TOWNSHIP_CLERK)

    def test_the_same_duty_at_another_body_is_well(self, sec, ada):
        station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
        self.give(ada, station, by(sec), Duty.TOWNSHIP_CLERK)
        assert ada.appointments.count() == 2

    def test_without_a_second_factor_none(self, sec, appoint, county):
        eve = appoint("eve")
        for given in unproved(sec):
            with pytest.raises(people.CannotGiveDuty):
                self.give(eve, county, given)
        assert not eve.appointments.exists()


class TestEndDuty:
    @pytest.fixture
    def duty(self, ada) -> Appointment:
        return ada.appointments.get()

    def end(self, duty, on, given) -> DateRange:
        people.end_duty(appointment=duty, on=on, **given)
        return Appointment.objects.get(pk=duty.pk).period

    def test_it_ends(self, sec, duty):
        assert self.end(duty, TOMORROW, by(sec)).upper == TOMORROW
        act = last_act("duty.ended")
        assert (act.by, act.duty, act.subject_id) == (sec, Duty.SECURITY_ADMINISTRATOR, str(duty.person_id))
        assert (act.facts["ended_duty"], act.facts["end"]) == (Duty.TOWNSHIP_CLERK, TOMORROW.isoformat())

    def test_earlier_still_but_never_later(self, sec, duty):
        self.end(duty, TOMORROW + timedelta(days=1), by(sec))
        for no_earlier in (TOMORROW + timedelta(days=1), TOMORROW + timedelta(days=2)):
            with pytest.raises(people.CannotEndDuty):
                self.end(duty, no_earlier, by(sec))
        assert self.end(duty, TOMORROW, by(sec)).upper == TOMORROW

    def test_nobody_ends_his_own(self, sec):
        with pytest.raises(people.CannotEndDuty):
            people.end_duty(appointment=sec.appointments.get(), on=TOMORROW, **by(sec))

    def test_its_first_day_stays(self, sec, duty):
        with pytest.raises(people.CannotEndDuty):
            self.end(duty, date(2009, 1, 1), by(sec))
        assert self.end(duty, date(2009, 1, 2), by(sec)).upper == date(2009, 1, 2)

    def test_what_is_over_stays_as_it_was(self, sec, duty):
        self.end(duty, TODAY, by(sec))
        with pytest.raises(people.CannotEndDuty):
            self.end(duty, date(2009, 6, 1), by(sec))

    def test_without_a_second_factor_it_goes_on(self, sec, duty):
        for given in unproved(sec):
            with pytest.raises(people.CannotEndDuty):
                self.end(duty, TOMORROW, given)
        assert Appointment.objects.get(pk=duty.pk).period.upper is None


class TestLastAdministrator:
    """Somebody is always left who gives duties."""

    @pytest.fixture
    def alone(self, county) -> Appointment:
        """The only security administrator that there is."""
        person = Person.objects.create_person(username="sec", full_name="Sec", password=None)
        return give(person, Duty.SECURITY_ADMINISTRATOR, county)

    @pytest.fixture
    def second(self, alone, county) -> Appointment:
        person = Person.objects.create_person(username="second", full_name="Second", password=None)
        return give(person, Duty.SECURITY_ADMINISTRATOR, county)

    def test_his_duty_does_not_end(self, alone, sam):
        with pytest.raises(people.CannotEndDuty, match=str(people.LAST_ADMINISTRATOR)):
            people.end_duty(appointment=alone, on=TOMORROW, **by(sam))

    def test_nor_does_he_leave(self, alone, sam):
        with pytest.raises(signing_in.CannotLeave, match=str(people.LAST_ADMINISTRATOR)):
            signing_in.leave(person=alone.person, on=TODAY, **by(sam))

    def test_one_of_two_may(self, alone, second, sam):
        people.end_duty(appointment=alone, on=TOMORROW, **by(second.person))
        with pytest.raises(people.CannotEndDuty):
            people.end_duty(appointment=second, on=TOMORROW, **by(sam))
        signing_in.leave(person=alone.person, on=TODAY, **by(sam))

    def test_the_database_refuses_it_too(self, alone):
        alone.period = DateRange(alone.period.lower, TOMORROW)
        with pytest.raises(IntegrityError, match="left to give duties"):
            alone.save()

    def test_where_one_is_left_the_head_decides_who_becomes_the_other(self, alone, appoint):
        head = appoint("head", Duty.OFFICE_HEAD)
        new = Person.objects.create_person(username="new", full_name="New", password=None)
        for one in Appointment.objects.filter(duty=Duty.SECURITY_ADMINISTRATOR).exclude(pk=alone.pk):
            signing_in.leave(person=one.person, on=TODAY, **by(alone.person))
        asked = requests.propose_duty(
            person=new,
            duty=Duty.SECURITY_ADMINISTRATOR,
            body=alone.body,
            start=TODAY,
            reason="one is too few",
            **by(alone.person),
        )
        opened = deciding.rounds_of(asked).get()
        rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, **by(head))
        assert new.appointments.get().duty == Duty.SECURITY_ADMINISTRATOR


class TestEndSessions:
    def test_somebody_is_signed_out_everywhere(self, sam, ada):
        desks = [sign_in(Client(), ada) for _desk in range(2)]
        sign_in(Client(), sam)
        assert people.end_sessions(person=ada, **by(sam)) == 2
        assert [desk.get("/").status_code for desk in desks] == [302, 302]
        assert {one.ended_because for one in SignIn.objects.filter(person=ada)} == {SignIn.End.BY_OFFICE}
        assert Session.objects.count() == 1  # his own goes on
        assert last_act("sessions.ended").facts["sessions"] == 2

    def test_not_his_own(self, sam):
        with pytest.raises(people.CannotEndSessions):
            people.end_sessions(person=sam, **by(sam))

    def test_without_a_second_factor_they_go_on(self, sam, ada):
        sign_in(Client(), ada)
        for given in unproved(sam):
            with pytest.raises(people.CannotEndSessions):
                people.end_sessions(person=ada, **given)
        assert Session.objects.exists()


class TestLeave:
    def periods(self, person) -> dict[str, date | None]:
        return {one.duty: one.period.upper for one in person.appointments.all()}

    def test_his_duties_end_with_his_last_day(self, sam, ada, county):
        give(ada, Duty.HOSPITAL_DESK, county, date(2009, 1, 1), date(2010, 1, 1))
        give(ada, Duty.INTAKE_CLERK, county, TODAY, TODAY + timedelta(days=30))
        give(ada, Duty.VILLAGE_DOCTOR, county, date(2009, 1, 1), TOMORROW)
        signing_in.leave(person=ada, on=TODAY, **by(sam))
        assert self.periods(ada) == {
            Duty.TOWNSHIP_CLERK: TOMORROW,
            Duty.HOSPITAL_DESK: date(2010, 1, 1),  # was over
            Duty.INTAKE_CLERK: TOMORROW,
            Duty.VILLAGE_DOCTOR: TOMORROW,  # ended by itself on that day
        }
        assert Act.objects.filter(name="duty.ended", by=sam).count() == 2

    def test_what_began_later_keeps_its_first_day(self, sam, ada, county):
        later = TODAY + timedelta(days=10)
        give(ada, Duty.INTAKE_CLERK, county, later)
        give(ada, Duty.HOSPITAL_DESK, county, later, later + timedelta(days=1))
        signing_in.leave(person=ada, on=TODAY - timedelta(days=3), **by(sam))
        assert self.periods(ada) == {
            Duty.TOWNSHIP_CLERK: TODAY - timedelta(days=2),
            Duty.INTAKE_CLERK: later + timedelta(days=1),
            Duty.HOSPITAL_DESK: later + timedelta(days=1),
        }

    def test_not_oneself(self, sam):
        with pytest.raises(signing_in.CannotLeave):
            signing_in.leave(person=sam, on=TODAY, **by(sam))

    def test_not_before_the_last_day_has_come(self, sam, ada):
        with pytest.raises(signing_in.CannotLeave):
            signing_in.leave(person=ada, on=TOMORROW, **by(sam))

    def test_without_a_second_factor_he_stays(self, sam, ada):
        for given in unproved(sam):
            with pytest.raises(signing_in.CannotLeave):
                signing_in.leave(person=ada, on=TODAY, **given)
        assert Person.objects.get(pk=ada.pk).is_active


class TestSignOut:
    def test_it_ends_this_session_and_stands_in_the_trail(self, ada, client):
        other = sign_in(Client(), ada)
        sign_in(client, ada)
        assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
        assert other.get("/").status_code == 200
        assert SignIn.objects.get(ended_at__isnull=False).ended_because == SignIn.End.SIGNED_OUT
        assert last_act("sign-in.ended").by == ada
