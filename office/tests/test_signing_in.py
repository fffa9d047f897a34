"""The pages of signing in, of one's own sign-in, and what a session may and may not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import NOON, code, proof_of, sign_in, unused_code, with_factor
from office import proof, signin
from office.models import Duty, Factor, Job, OneTimeCode, Person, SignIn
from office.pages import address, guard
from office.rules import totp
from office.sealing import box
from office.services import factors, signing_in
from office.tests.factories import one_time_code
from office.tests.test_pages import hidden
from office.views import me

pytestmark = pytest.mark.django_db

NEW = "a new and long password"


@pytest.fixture
def english(client):
    client.cookies.load({"django_language": "en"})
    return client


def enter(client, name: str, password: str = "", **more):
    return client.post("/sign-in/", {"username": name, "password": password or f"{name}-password", **more})


def send(client, url: str, **typed):
    """Fill in a page's form and send it."""
    page = client.get(url)
    return client.post(url, {guard.FIELD: hidden(page, guard.FIELD), **typed})


class TestPassword:
    def test_after_five_wrong_ones_a_page_says_so(self, english, ada):
        for _each in range(5):
            assert enter(english, "ada", "wrong").status_code == 200
        answer = enter(english, "ada")
        assert answer.status_code == 429
        assert "Wait 15 minutes" in answer.content.decode()
        assert "_auth_user_id" not in english.session

    def test_the_session_gets_a_new_key(self, client, ada, sam):
        sign_in(client, sam)
        before = client.session.session_key
        enter(client, "ada")
        assert client.session.session_key != before
        assert SignIn.objects.get(session_key=before).ended_because == SignIn.End.SIGNED_OUT
        assert proof.SESSION_KEY not in client.session
        assert SignIn.objects.get(session_key=client.session.session_key).person == ada

    def test_password_fields_hide_what_is_typed_and_take_what_is_pasted(self, client, ada):
        pages = [client.get("/sign-in/"), client.get("/sign-in/lost-password/")]
        pages.append(sign_in(client, ada).get("/me/password/"))
        named = re.compile(r"""<input[^>]*name="[a-z_]*password"[^>]*>""")
        fields = [tag for page in pages for tag in named.findall(page.content.decode())]
        assert len(fields) >= 4
        for field in fields:
            assert 'type="password"' in field
            assert re.search('autocomplete="(current|new)-password"', field)
            assert "onpaste" not in field

    def test_every_page_offers_to_sign_out(self, client, ada):
        sign_in(client, ada)
        for url in ("/", "/me/", "/jobs/", "/working-days/"):
            assert 'action="/sign-out/"' in client.get(url).content.decode(), url


class TestCode:
    @pytest.fixture
    def factor(self, sam):
        return with_factor(sam)

    def test_who_has_a_factor_is_not_in_before_the_code(self, client, sam, factor):
        assert enter(client, "sam", next="/jobs/").headers["Location"] == "/sign-in/code/"
        assert client.get("/jobs/").status_code == 302
        assert client.get("/sign-in/code/").status_code == 200
        before = client.session.session_key
        answer = client.post("/sign-in/code/", {"code": unused_code(sam)})
        assert answer.headers["Location"] == "/jobs/"
        assert client.get("/jobs/").status_code == 200
        assert client.session.session_key != before
        assert proof.fresh(client.session, timezone.now()).is_of(sam, at=timezone.now())

    def test_a_wrong_and_a_used_code_are_said(self, english, sam, factor):
        used = unused_code(sam)
        factors.prove(sam, used, timezone.now())
        enter(english, "sam")
        for typed, said in (("000000", "This code is wrong."), (used, "was used already"), ("", "required")):
            page = english.post("/sign-in/code/", {"code": typed})
            assert page.status_code == 422
            assert said in page.content.decode()
        assert "_auth_user_id" not in english.session

    def test_five_wrong_codes_close_it(self, client, sam, factor):
        enter(client, "sam")
        for _each in range(5):
            client.post("/sign-in/code/", {"code": "000000"})
        assert client.post("/sign-in/code/", {"code": unused_code(sam)}).status_code == 429

    def test_the_right_password_again_does_not_open_the_code(self, client, sam, factor):
        enter(client, "sam")
        for _each in range(5):
            client.post("/sign-in/code/", {"code": "000000"})
        enter(client, "sam")
        assert client.post("/sign-in/code/", {"code": unused_code(sam)}).status_code == 429

    def test_without_a_password_before_there_is_no_code_page(self, client, db):
        assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"

    def test_the_code_comes_within_five_minutes(self, client, sam, factor, time_machine):
        now = timezone.now()
        enter(client, "sam")
        time_machine.move_to(now + timedelta(minutes=6))
        assert client.post("/sign-in/code/", {"code": unused_code(sam)}).headers["Location"] == "/sign-in/"

    def test_who_left_meanwhile_does_not_come_in(self, client, sam, ben, factor):
        enter(client, "sam")
        signing_in.leave(person=sam, on=NOON.date(), by=ben, at=NOON, proof=proof_of(ben))
        assert client.post("/sign-in/code/", {"code": unused_code(sam)}).headers["Location"] == "/sign-in/"


class TestSetUp:
    """Sam administers: without a second factor he can do nothing but set one up."""

    @pytest.fixture
    def entered(self, client, sam):
        enter(client, "sam")
        return client

    def secret(self, client) -> bytes:
        client.get("/me/factor/")
        return box(me.NEW_SECRET).decrypt(client.session[me.NEW_SECRET])

    def test_every_page_leads_there_and_none_does_anything(self, entered, county):
        assert entered.get("/jobs/?state=done").headers["Location"] == "/me/factor/?next=%2Fjobs%2F%3Fstate%3Ddone"
        assert entered.get("/me/").status_code == 302
        assert entered.post("/printers/add/", {"body": county.pk, "name": "x"}).headers["Location"] == "/me/factor/"
        fragment = entered.get("/jobs/", headers={"HX-Request": "true"})
        assert fragment.headers["HX-Redirect"] == "/me/factor/"

    def test_signing_out_language_and_colours_stay(self, entered):
        assert entered.post("/language/", {"language": "en"}).status_code == 302
        assert entered.post("/sign-out/").headers["Location"] == "/sign-in/"

    def test_it_is_set_up_with_its_first_code_and_all_is_open(self, entered, sam):
        secret = self.secret(entered)
        page = entered.get("/me/factor/").content.decode()
        assert totp.written(secret)[:4] in page
        assert '<svg viewBox="0 0' in page
        assert "style=" not in page
        answer = send(entered, "/me/factor/?next=/jobs/", code=code(timezone.now(), secret), next="/jobs/")
        assert answer.headers["Location"] == "/jobs/"
        assert factors.live(sam)
        assert entered.get("/jobs/").status_code == 200
        assert me.NEW_SECRET not in entered.session

    def test_a_wrong_first_code_is_refused_and_the_picture_stays(self, entered, sam):
        secret = self.secret(entered)
        assert send(entered, "/me/factor/", code="000000").status_code == 422
        assert self.secret(entered) == secret
        assert factors.live(sam) is None

    def test_a_duty_that_needs_none_asks_for_none(self, client, ada):
        enter(client, "ada")
        assert client.get("/").status_code == 200


class TestReplace:
    def test_with_a_code_of_the_old_one_and_the_other_sessions_end(self, as_sam, sam):
        other = sign_in(Client(), sam)
        as_sam.get("/me/factor/")
        secret = box(me.NEW_SECRET).decrypt(as_sam.session[me.NEW_SECRET])
        typed = {"old_code": unused_code(sam), "code": code(timezone.now(), secret)}
        assert send(as_sam, "/me/factor/", **typed).headers["Location"] == "/me/"
        assert as_sam.get("/me/").status_code == 200
        assert other.get("/me/").status_code == 302
        assert Factor.objects.filter(person=sam, ended_at__isnull=False).count() == 1

    def test_without_one_it_stays(self, as_sam, sam):
        before = factors.live(sam)
        as_sam.get("/me/factor/")
        secret = box(me.NEW_SECRET).decrypt(as_sam.session[me.NEW_SECRET])
        right = code(timezone.now(), secret)
        assert send(as_sam, "/me/factor/", old_code="000000", code=right).status_code == 422
        assert send(as_sam, "/me/factor/", code=right).status_code == 422
        assert factors.live(sam) == before

    def test_guessing_the_old_one_closes_it_and_every_try_counts(self, as_sam, sam):
        for _each in range(5):
            assert send(as_sam, "/me/factor/", old_code="000000", code="000000").status_code == 422
        assert send(as_sam, "/me/factor/", old_code=unused_code(sam), code="000000").status_code == 429


class TestShowCode:
    def test_it_makes_the_second_factor_fresh(self, as_sam, sam, time_machine):
        time_machine.move_to(timezone.now() + timedelta(minutes=20))
        assert proof.fresh(as_sam.session, timezone.now()) is None
        assert send(as_sam, "/me/code/?next=/jobs/", code="000000").status_code == 422
        assert send(as_sam, "/me/code/", code=unused_code(sam), next="/jobs/").headers["Location"] == "/jobs/"
        assert proof.fresh(as_sam.session, timezone.now())

    def test_guessing_closes_it(self, as_sam, sam):
        for _each in range(5):
            send(as_sam, "/me/code/", code="000000")
        assert send(as_sam, "/me/code/", code=unused_code(sam)).status_code == 429

    def test_it_leads_to_no_other_site(self, as_sam, sam):
        answer = send(as_sam, "/me/code/", code=unused_code(sam), next="https://evil.example/")
        assert answer.headers["Location"] == "/"


class TestMyPage:
    def test_it_says_who_i_am_and_where_i_am_signed_in(self, as_sam, sam, county):
        page = as_sam.get("/me/").content.decode()
        for said in ("sam", str(Duty.SYSTEM_ADMINISTRATOR.label), county.name, "127.0.0.1"):
            assert said in page

    def test_it_says_where_no_factor_is_set_up(self, as_ada):
        assert "/me/factor/" in as_ada.get("/me/").content.decode()

    def test_the_other_sessions_are_ended(self, as_ada, ada):
        other = sign_in(Client(), ada)
        assert other.get("/me/").content.decode().count("127.0.0.1") == 2
        assert as_ada.post("/me/sessions/end-others/").status_code == 302
        assert other.get("/me/").status_code == 302
        assert as_ada.get("/me/").content.decode().count("127.0.0.1") == 1

    def test_nobody_ends_the_sessions_of_others(self, as_ada, ben):
        other = sign_in(Client(), ben)
        as_ada.post("/me/sessions/end-others/")
        assert other.get("/me/").status_code == 200

    def test_the_password_is_changed_and_this_session_goes_on(self, as_ada, ada):
        other = sign_in(Client(), ada)
        before = as_ada.session.session_key
        typed = {"old_password": "ada-password", "new_password": NEW, "again": NEW}
        assert send(as_ada, "/me/password/", **typed).headers["Location"] == "/me/"
        assert as_ada.session.session_key != before
        assert "127.0.0.1" in as_ada.get("/me/").content.decode()
        assert other.get("/me/").status_code == 302

    @pytest.mark.parametrize(
        "typed",
        [
            {"old_password": "wrong", "new_password": NEW, "again": NEW},
            {"old_password": "ada-password", "new_password": NEW, "again": "another"},
            {"old_password": "ada-password", "new_password": "short", "again": "short"},
        ],
        ids=["wrong old one", "two that differ", "too short"],
    )
    def test_a_refused_password_is_said_in_words(self, as_ada, typed):
        assert send(as_ada, "/me/password/", **typed).status_code == 422

    def test_guessing_the_present_password_closes_the_name(self, as_ada):
        for _each in range(5):
            send(as_ada, "/me/password/", old_password="wrong", new_password=NEW, again=NEW)
        answer = send(as_ada, "/me/password/", old_password="ada-password", new_password=NEW, again=NEW)
        assert answer.status_code == 429


class TestLost:
    def issue(self, person: Person, kind: str) -> str:
        return one_time_code(person, kind, timezone.now())

    def test_a_lost_password(self, client, ada):
        assert client.get("/sign-in/lost-password/").status_code == 200
        one = self.issue(ada, OneTimeCode.Kind.PASSWORD)
        typed = {"username": "ada", "one_time_code": one, "new_password": NEW, "again": NEW}
        for wrong in ({"one_time_code": "AAAAA-AAAAA"}, {"new_password": "short", "again": "short"}):
            assert client.post("/sign-in/lost-password/", typed | wrong).status_code == 422
        assert client.post("/sign-in/lost-password/", typed).headers["Location"] == "/sign-in/"
        assert enter(client, "ada", NEW).headers["Location"] == "/"

    def test_a_lost_factor(self, client, sam):
        with_factor(sam)
        one = self.issue(sam, OneTimeCode.Kind.FACTOR)
        typed = {"username": "sam", "password": "sam-password", "one_time_code": one}
        for wrong in ({"one_time_code": "AAAAA-AAAAA"}, {"password": "wrong"}):
            assert client.post("/sign-in/lost-factor/", typed | wrong).status_code == 422
        assert client.post("/sign-in/lost-factor/", typed).headers["Location"] == "/sign-in/"
        enter(client, "sam")
        assert client.get("/").headers["Location"] == "/me/factor/?next=%2F"

    @pytest.mark.parametrize("lost", ["password", "factor"])
    def test_guessing_closes_it(self, client, ada, lost):
        typed = {"username": "ada", "password": "ada-password", "one_time_code": "A", "new_password": NEW, "again": NEW}
        statuses = [client.post(f"/sign-in/lost-{lost}/", typed).status_code for _each in range(6)]
        assert statuses == [422] * 5 + [429]


class TestEnd:
    def test_nobody_at_the_screen_for_half_an_hour(self, as_ada, ada, time_machine):
        now = timezone.now()
        time_machine.move_to(now + timedelta(minutes=29))
        assert as_ada.get("/").status_code == 200
        time_machine.move_to(now + timedelta(minutes=58))
        assert as_ada.get("/").status_code == 200
        time_machine.move_to(now + timedelta(minutes=89))
        assert as_ada.get("/").headers["Location"] == "/sign-in/?next=%2F"
        assert SignIn.objects.get().ended_because == SignIn.End.IDLE

    def test_a_page_that_asks_by_itself_does_not_keep_it_open(self, as_ada, ada, time_machine):
        job = Job.objects.create(name="x", title="x", asked_by=ada, asked_at=NOON, sent_at=NOON)
        now = timezone.now()
        for minutes in range(0, 30, 5):
            time_machine.move_to(now + timedelta(minutes=minutes))
            assert as_ada.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).status_code == 200
        time_machine.move_to(now + timedelta(minutes=31))
        over = as_ada.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
        assert over.headers["HX-Redirect"].startswith("/sign-in/")

    def test_after_eight_hours_however_busy(self, as_ada, time_machine):
        now = timezone.now()
        for minutes in range(0, 480, 20):
            time_machine.move_to(now + timedelta(minutes=minutes))
            assert as_ada.get("/").status_code == 200
        time_machine.move_to(now + timedelta(hours=8))
        assert as_ada.get("/").status_code == 302
        assert SignIn.objects.get().ended_because == SignIn.End.TOO_LONG

    def test_signing_out_ends_it_on_the_server(self, as_ada):
        key = as_ada.session.session_key
        as_ada.post("/sign-out/")
        stolen = Client()
        stolen.cookies["county_session"] = key
        assert stolen.get("/").status_code == 302
        assert SignIn.objects.get().ended_because == SignIn.End.SIGNED_OUT


class TestAddress:
    @pytest.mark.parametrize(
        ("headers", "behind_proxy", "found"),
        [
            ({"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}, False, "10.0.0.7"),
            ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 10.0.0.7"}, True, "10.0.0.7"),
            ({"REMOTE_ADDR": "127.0.0.1"}, True, "127.0.0.1"),
            ({"REMOTE_ADDR": ""}, False, None),
        ],
        ids=["a header of the desk's own is not believed", "the proxy is", "no header", "a socket"],
    )
    def test_of_a_request(self, rf, settings, headers, behind_proxy, found):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
        assert address.of(rf.get("/", **headers)) == found


def test_outside_a_demo_no_code_is_shown(sam):
    with_factor(sam)
    assert signin.code_of("sam", timezone.now()) == ""
