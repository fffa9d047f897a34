"""The pages of bodies, people and duties: who gets there, what is shown, that the services are reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import NOON, proof_of, sign_in
from office import proof, sheets
from office.models import Act, Appointment, Body, Delegation, Duty, Person, SignIn
from office.pages import guard
from office.rules import days
from office.services import requests, sessions
from office.tests.factories import give
from office.tests.test_pages import hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_sec(appoint) -> Client:
    """Gives and ends duties."""
    return sign_in(Client(), appoint("sec", Duty.SECURITY_ADMINISTRATOR))


@pytest.fixture
def as_dan(dan) -> Client:
    return sign_in(Client(), dan)


def today():
    return days.business_day(timezone.now())


def forget_factor(client: Client) -> None:
    session = client.session
    del session[proof.SESSION_KEY]
    session.save()


def text(answer) -> str:
    return answer.content.decode()


class TestBodies:
    def test_the_list_offers_what_one_may(self, as_sam, as_dan, county):
        mine, his = text(as_sam.get("/bodies/")), text(as_dan.get("/bodies/"))
        for address in ("/bodies/add/", f"/bodies/{county.pk}/rename/"):
            assert address in mine
            assert address not in his
        assert county.name in his

    def test_it_is_narrowed(self, as_sam, county):
        Body.objects.create(code="2", name="县人民医院", kind=Body.Kind.HOSPITAL)
        assert county.name not in text(as_sam.get("/bodies/?kind=hospital"))
        assert county.name in text(as_sam.get("/bodies/?name=合管"))

    def test_one_is_added(self, as_sam):
        assert as_sam.get("/bodies/add/").status_code == 200
        answer = as_sam.post("/bodies/add/", {"code": "2", "name": "县医院", "kind": "hospital"})
        assert answer.headers["Location"] == "/bodies/"
        assert Body.objects.get(code="2").name == "县医院"

    def test_a_taken_code_is_refused_and_the_trail_knows(self, as_sam, county):
        answer = as_sam.post("/bodies/add/", {"code": county.code, "name": "x", "kind": "hospital"})
        assert answer.status_code == 422
        assert Act.objects.filter(name="body.added", kind=Act.Kind.REFUSED).exists()

    def test_one_is_renamed(self, as_sam, county):
        page = as_sam.get(f"/bodies/{county.pk}/rename/")
        answer = as_sam.post(f"/bodies/{county.pk}/rename/", {"seen": hidden(page, "seen"), "name": "海原县医保局"})
        assert answer.status_code == 302
        assert Body.objects.get(pk=county.pk).name == "海原县医保局"

    def test_a_name_that_changed_meanwhile_is_told_and_then_overwritten_knowingly(self, as_sam, county):
        seen = hidden(as_sam.get(f"/bodies/{county.pk}/rename/"), "seen")
        Body.objects.update(name="别名")
        told = as_sam.post(f"/bodies/{county.pk}/rename/", {"seen": seen, "name": "新名"})
        assert told.status_code == 422
        assert "别名" in text(told)
        assert hidden(told, "seen") == "别名"
        assert 'value="新名"' in text(told)
        as_sam.post(f"/bodies/{county.pk}/rename/", {"seen": hidden(told, "seen"), "name": "新名"})
        assert Body.objects.get(pk=county.pk).name == "新名"


class TestPeopleList:
    def names(self, client, query="") -> list[str]:
        sheet = sheets.rows(client.get(f"/people/?as=xlsx{query}").content, "a.xlsx")
        return [str(row[0]) for row in sheet[1:]]

    def test_it_shows_those_who_are_here_with_duties_and_bodies(self, as_dan, ada, cleo, county):
        Person.objects.filter(pk=cleo.pk).update(left_on=today())
        page = text(as_dan.get("/people/"))
        assert f"/people/{ada.pk}/" in page
        assert f"/people/{cleo.pk}/" not in page
        assert str(Duty.TOWNSHIP_CLERK.label) in page
        assert county.name in page

    def test_it_is_narrowed_by_both_names(self, as_dan, appoint):
        appoint("lan", full_name="马小兰")
        assert self.names(as_dan, "&name=LAN") == self.names(as_dan, "&name=小兰") == ["lan"]

    def test_it_is_narrowed_by_who_is_here(self, as_dan, ada, dan):
        Person.objects.filter(pk=ada.pk).update(left_on=today())
        assert self.names(as_dan, "&here=no") == ["ada"]
        assert "ada" not in self.names(as_dan, "&here=yes")
        assert {"ada", "dan"} <= set(self.names(as_dan))

    def test_duty_and_body_are_those_of_one_duty_of_today(self, as_dan, appoint, ada, county):
        station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
        both = appoint("eve", Duty.TOWNSHIP_CLERK, body=station)
        give(both, Duty.INTAKE_CLERK, county)
        past = appoint("fay")
        give(past, Duty.TOWNSHIP_CLERK, county, end=today())
        assert self.names(as_dan, "&duty=township_clerk") == ["ada", "eve"]
        assert self.names(as_dan, f"&body={station.pk}") == ["eve"]
        assert self.names(as_dan, f"&duty=township_clerk&body={county.pk}") == ["ada"]

    def test_what_is_no_duty_or_body_narrows_nothing(self, as_dan, ada):
        assert "ada" in self.names(as_dan, "&body=0&duty=township_clerk")

    def test_the_export_says_the_duties_in_words(self, as_dan, ada, county):
        sheet = sheets.rows(as_dan.get("/people/?as=xlsx&name=ada").content, "a.xlsx")
        row = sheet[1]
        assert list(row[1:4]) == ["Ada", str(Duty.TOWNSHIP_CLERK.label), county.name]

    def test_many_people_cost_no_more_questions(self, as_dan, appoint, django_assert_num_queries):
        for number in range(12):
            appoint(f"p{number}", Duty.TOWNSHIP_CLERK, Duty.INTAKE_CLERK)
        as_dan.get("/people/")
        with django_assert_num_queries(7):
            as_dan.get("/people/")

    def test_only_who_may_adds_somebody(self, as_sam, as_dan):
        assert "/people/add/" in text(as_sam.get("/people/"))
        assert "/people/add/" not in text(as_dan.get("/people/"))


class TestAddPerson:
    def test_somebody_comes(self, as_sam):
        assert as_sam.get("/people/add/").status_code == 200
        answer = as_sam.post("/people/add/", {"username": "lan", "full_name": "马小兰"})
        assert answer.headers["Location"] == f"/people/{Person.objects.get(username='lan').pk}/"

    def test_a_taken_name_is_refused_and_the_trail_knows(self, as_sam, ada):
        assert as_sam.post("/people/add/", {"username": "ada", "full_name": "Ada"}).status_code == 422
        assert Act.objects.filter(name="person.added", kind=Act.Kind.REFUSED).exists()


class TestPerson:
    def test_the_system_administrator_sees_sessions_and_ends(self, as_sam, ada):
        sign_in(Client(HTTP_USER_AGENT="x"), ada)
        page = text(as_sam.get(f"/people/{ada.pk}/"))
        for door in ("leave", "end-sessions", "one-time-code"):
            assert f"/people/{ada.pk}/{door}/" in page
        for door in ("duties/give", "delegate"):
            assert f"/people/{ada.pk}/{door}/" not in page
        assert "/acts/?by=" not in page

    def test_the_security_administrator_gives_and_ends_duties(self, as_sec, ada, county):
        over = give(ada, Duty.INTAKE_CLERK, county, end=today())
        page = text(as_sec.get(f"/people/{ada.pk}/"))
        for door in ("duties/give", "delegate", "one-time-code"):
            assert f"/people/{ada.pk}/{door}/" in page
        assert f"/people/{ada.pk}/leave/" not in page
        assert f"/duties/{ada.appointments.get(duty=Duty.TOWNSHIP_CLERK).pk}/end/" in page
        assert f"/duties/{over.pk}/end/" not in page
        assert "127.0.0.1" not in page

    def test_an_auditor_reads_and_goes_on_to_acts_and_states(self, as_dan, ada):
        page = text(as_dan.get(f"/people/{ada.pk}/"))
        assert f"/acts/?by={ada.pk}" in page
        assert f"/history/office.person/{ada.pk}/" in page
        assert f"/history/office.appointment/{ada.appointments.get().pk}/" in page
        assert f"/people/{ada.pk}/leave/" not in page
        assert as_dan.get(f"/history/office.person/{ada.pk}/").status_code == 200

    def test_on_his_own_page_nobody_administers(self, as_sam, sam):
        page = text(as_sam.get(f"/people/{sam.pk}/"))
        for door in ("leave", "end-sessions", "one-time-code"):
            assert f"/people/{sam.pk}/{door}/" not in page

    def test_who_left_is_shown_and_nothing_is_offered(self, as_sec, ada):
        Person.objects.filter(pk=ada.pk).update(left_on=today())
        page = text(as_sec.get(f"/people/{ada.pk}/"))
        assert today().isoformat() in page
        assert "/duties/give/" not in page

    def test_somebody_new_has_no_duty(self, as_sam, appoint):
        assert as_sam.get(f"/people/{appoint('eve').pk}/").status_code == 200

    def test_more_duties_cost_no_more_questions(self, as_sec, ada, county, django_assert_num_queries):
        for number in range(12):
            start = today() + timedelta(days=number)
            give(ada, Duty.INTAKE_CLERK, county, start, start + timedelta(days=1))
        as_sec.get(f"/people/{ada.pk}/")
        with django_assert_num_queries(9):
            as_sec.get(f"/people/{ada.pk}/")

    def test_who_acted_for_whom_is_shown_also_when_it_has_ended(self, as_sam, appoint, sam):
        head, chair = appoint("head", Duty.OFFICE_HEAD), appoint("chair", Duty.COMMITTEE_CHAIR)
        now = timezone.now()
        for one, other, duty in ((head, chair, Duty.OFFICE_HEAD), (chair, head, Duty.COMMITTEE_CHAIR)):
            requests.delegate(
                to=other,
                duty=duty,
                start=today(),
                end=today(),
                reason="ill",
                by=one,
                at=now,
                proof=proof_of(one, at=now),
            )
        assert text(as_sam.get(f"/people/{head.pk}/")).count(str(Delegation.State.GRANTED.label)) == 2
        as_sam.post(f"/people/{head.pk}/leave/", {"on": today().isoformat()})
        for person in (head, chair):
            page = text(as_sam.get(f"/people/{person.pk}/"))
            assert page.count(str(Delegation.State.ENDED.label)) == 2
            assert str(Delegation.State.GRANTED.label) not in page


class TestMyPage:
    def test_a_delegation_that_is_over_is_gone(self, appoint):
        head, chair = appoint("head", Duty.OFFICE_HEAD), appoint("chair", Duty.COMMITTEE_CHAIR)
        browser = sign_in(Client(), head)
        for at, reason in ((NOON, "long ago"), (timezone.now(), "this week")):
            day = days.business_day(at)
            requests.delegate(
                to=chair, duty=Duty.OFFICE_HEAD, start=day, end=day, reason=reason, by=head, at=at,
                proof=proof_of(head, at=at),
            )  # fmt: skip
        page = text(browser.get("/me/"))
        assert ("long ago" in page, "this week" in page) == (False, True)


class TestLeave:
    def test_what_will_end_is_shown_and_ends(self, as_sam, ada, county):
        desk = sign_in(Client(), ada)
        page = text(as_sam.get(f"/people/{ada.pk}/leave/"))
        assert str(Duty.TOWNSHIP_CLERK.label) in page
        assert "127.0.0.1" in page
        answer = as_sam.post(f"/people/{ada.pk}/leave/", {"on": today().isoformat()})
        assert answer.headers["Location"] == f"/people/{ada.pk}/"
        ada.refresh_from_db()
        assert ada.left_on == today()
        assert ada.appointments.get().period.upper == today() + timedelta(days=1)
        assert desk.get("/").status_code == 302

    def test_refused_on_the_form(self, as_sam, sam):
        assert as_sam.post(f"/people/{sam.pk}/leave/", {"on": today().isoformat()}).status_code == 422
        assert Act.objects.filter(name="person.left", kind=Act.Kind.REFUSED).exists()

    def test_without_a_second_factor_of_now_a_code_is_asked_and_what_was_typed_is_kept(self, as_sam, ada):
        page = as_sam.get(f"/people/{ada.pk}/leave/")
        forget_factor(as_sam)
        # whoever has no factor in his session at all is led to set one up; so show an old one
        session = as_sam.session
        old = proof.mark(_old_proof())
        session.update(old)
        session.save()
        typed = {guard.FIELD: hidden(page, guard.FIELD), "on": "2010-03-01"}
        answer = as_sam.post(f"/people/{ada.pk}/leave/", typed)
        assert answer.headers["Location"].startswith("/me/code/?next=")
        assert Person.objects.get(pk=ada.pk).is_active


def _old_proof():
    from office.models import Factor
    from office.services import factors

    factor = Factor.objects.get(person__username="sam")
    return factors.first_proof(factor, timezone.now() - timedelta(hours=1))


class TestEndSessions:
    def test_they_end(self, as_sam, ada):
        desk = sign_in(Client(), ada)
        assert "127.0.0.1" in text(as_sam.get(f"/people/{ada.pk}/end-sessions/"))
        assert as_sam.post(f"/people/{ada.pk}/end-sessions/").status_code == 302
        assert desk.get("/").status_code == 302
        assert SignIn.objects.get(person=ada).ended_because == SignIn.End.BY_OFFICE

    def test_refused_on_the_form(self, as_sam, sam):
        assert as_sam.post(f"/people/{sam.pk}/end-sessions/").status_code == 422
        assert as_sam.get("/").status_code == 200

    def test_it_says_when_there_are_none(self, as_sam, ada):
        sessions.end_all(person=ada, because=SignIn.End.IDLE, at=timezone.now())
        assert as_sam.get(f"/people/{ada.pk}/end-sessions/").status_code == 200


class TestDuties:
    def give(self, client, person, county, **typed):
        said = {"duty": "intake_clerk", "body": county.pk, "start": "2010-03-01"} | typed
        return client.post(f"/people/{person.pk}/duties/give/", said)

    def test_one_is_given_until_a_last_day(self, as_sec, appoint, county):
        eve = appoint("eve")
        assert as_sec.get(f"/people/{eve.pk}/duties/give/").status_code == 200
        assert self.give(as_sec, eve, county, end="2010-03-31").headers["Location"] == f"/people/{eve.pk}/"
        period = eve.appointments.get().period
        assert (period.lower.isoformat(), period.upper.isoformat()) == ("2010-03-01", "2010-04-01")

    def test_or_until_further_notice(self, as_sec, appoint, county):
        eve = appoint("eve")
        self.give(as_sec, eve, county)
        assert eve.appointments.get().period.upper is None

    def test_one_that_two_give_is_asked_for(self, as_sec, appoint, county):
        eve = appoint("eve")
        answer = self.give(as_sec, eve, county, duty="cashier", reason="海合管字〔2010〕3号")
        assert answer.headers["Location"].startswith("/decisions/")
        assert not eve.appointments.exists()

    def test_what_the_service_refuses_stands_on_the_form(self, as_sec, ada, county):
        answer = self.give(as_sec, ada, county, duty="township_clerk")
        assert answer.status_code == 422
        assert "2009-01-01" in text(answer)
        assert Act.objects.filter(name="duty.given", kind=Act.Kind.REFUSED).exists()

    @pytest.mark.parametrize(
        "typed",
        [
            {"duty": "cashier"},
            {"duty": "cashier", "reason": "x", "end": "2010-02-28"},
            {"duty": "king"},
            {"body": "0"},
            {"start": ""},
            {"start": "9999-12-31"},
            {"end": "2010-02-28"},
            {"end": "9999-12-31"},
        ],
    )
    def test_refused_on_the_form(self, as_sec, appoint, county, typed):
        eve = appoint("eve")
        assert self.give(as_sec, eve, county, **typed).status_code == 422
        assert not eve.appointments.exists()

    def test_one_is_ended_with_its_last_day(self, as_sec, ada):
        duty = ada.appointments.get()
        assert as_sec.get(f"/duties/{duty.pk}/end/").status_code == 200
        answer = as_sec.post(f"/duties/{duty.pk}/end/", {"on": today().isoformat()})
        assert answer.headers["Location"] == f"/people/{ada.pk}/"
        assert Appointment.objects.get(pk=duty.pk).period.upper == today() + timedelta(days=1)

    @pytest.mark.parametrize("on", ["2008-12-31", "9999-12-31", ""])
    def test_an_end_that_cannot_be_is_refused_on_the_form(self, as_sec, ada, on):
        duty = ada.appointments.get()
        assert as_sec.post(f"/duties/{duty.pk}/end/", {"on": on}).status_code == 422
        assert Appointment.objects.get(pk=duty.pk).period.upper is None

    def test_whoever_keeps_people_gives_no_duties_and_the_other_way_round(self, as_sam, as_sec, ada):
        assert as_sam.get(f"/people/{ada.pk}/duties/give/").status_code == 403
        assert as_sec.get(f"/people/{ada.pk}/leave/").status_code == 403
