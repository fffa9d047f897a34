"""What all pages share: signing in, lists, forms sent twice, stale or after the session's end, errors, languages."""

from __future__ import annotations

import re
import threading
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections
from django.http import Http404
from django.test import Client, RequestFactory
from python_calamine import CalamineWorkbook

from conftest import NOON, sign_in, unused_code
from office.models import FormUse, Job, Printer, WorkingDay
from office.pages import errors, guard, once
from office.pages.lists import EXPORTED_AT_ONCE
from office.services import calendar
from office.tests.factories import fill_year

ENGLISH = {"django_language": "en"}


@pytest.fixture
def year(db):
    fill_year(2010)
    return WorkingDay.objects.get(day="2010-03-01")


@pytest.fixture
def english(client):
    client.cookies.load(ENGLISH)
    return client


def hidden(page, name: str) -> str:
    """The value of a hidden field of a page."""
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def changed(page, **typed) -> dict[str, str]:
    """What the browser sends from a day's page."""
    return {guard.FIELD: hidden(page, guard.FIELD), "seen": hidden(page, "seen"), **typed}


class TestSignIn:
    def test_a_stranger_is_asked_to_sign_in_and_then_led_back(self, client, ada):
        asked = client.get("/jobs/?state=done")
        assert asked.headers["Location"] == "/sign-in/?next=%2Fjobs%2F%3Fstate%3Ddone"
        answer = client.post("/sign-in/", {"username": "ada", "password": "ada-password", "next": "/jobs/?state=done"})
        assert answer.headers["Location"] == "/jobs/?state=done"
        assert client.get("/jobs/").status_code == 200

    def test_a_wrong_password_is_said_without_saying_which_was_wrong(self, english, ada):
        for name in ("ada", "nobody"):
            page = english.post("/sign-in/", {"username": name, "password": "wrong"}).content.decode()
            assert "Name or password is wrong." in page

    @pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_nobody_is_led_to_another_site(self, client, ada, goal):
        answer = client.post("/sign-in/", {"username": "ada", "password": "ada-password", "next": goal})
        assert answer.headers["Location"] == "/"

    def test_signing_out_ends_the_session(self, as_ada):
        as_ada.post("/sign-out/")
        assert as_ada.get("/").status_code == 302
        assert as_ada.get("/sign-out/").status_code in {302, 405}

    def test_no_sign_ins_are_shown_outside_a_demo(self, client, ada):
        assert "demo-" not in client.get("/sign-in/").content.decode()

    def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(self, client, db):
        answer = client.get("/jobs/", headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=")


class TestLanguageAndColours:
    def test_chinese_is_the_default_whatever_the_browser_says(self, client, db):
        page = client.get("/sign-in/", headers={"Accept-Language": "en-US,en;q=0.9"})
        assert page.headers["Content-Language"] == "zh-hans"
        assert 'lang="zh-hans"' in page.content.decode()

    def test_the_switch_is_remembered(self, client, db):
        client.post("/language/", {"language": "en", "next": "/sign-in/"})
        assert 'lang="en"' in client.get("/sign-in/").content.decode()

    def test_colours_are_remembered_and_nonsense_is_not(self, client, db):
        client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})
        assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()
        client.post("/theme/", {"theme": "pink", "next": "/sign-in/"})
        assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()


class TestListPage:
    def test_it_shows_a_page_and_htmx_gets_the_table_alone(self, as_ada, year):
        whole = as_ada.get("/working-days/?year=2010").content.decode()
        part = as_ada.get("/working-days/?year=2010", headers={"HX-Request": "true"}).content.decode()
        assert "<html" in whole
        assert "<html" not in part
        assert "2010-01-01" in part

    def test_pages_with_personal_data_are_kept_nowhere(self, as_ada, year):
        answer = as_ada.get("/working-days/")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "HX-Request" in answer.headers["Vary"]

    def test_without_an_address_of_its_own_it_shows_this_year(self, as_ada, year, time_machine):
        time_machine.move_to(NOON)
        assert "2010-01-01" in as_ada.get("/working-days/").content.decode()

    def test_the_filter_narrows(self, as_ada, year):
        page = as_ada.get("/working-days/?year=2010&is_working=False&month=10&page=1").content.decode()
        assert "2010-10-01" in page
        assert "2010-10-12" not in page

    def test_a_filter_that_makes_no_sense_is_said_and_harmless(self, as_ada, year):
        assert as_ada.get("/working-days/?year=abc&month=13&page=999999&sort=nonsense").status_code == 200

    def test_totals_come_in_a_second_request(self, as_ada, year):
        page = as_ada.get("/working-days/?year=2010&as=totals").content.decode()
        assert "365" in page
        assert "<html" not in page

    def test_the_export_holds_exactly_what_is_filtered(self, as_ada, year):
        answer = as_ada.get("/working-days/?year=2010&month=10&is_working=False&as=xlsx")
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        expected = WorkingDay.objects.filter(day__year=2010, day__month=10, is_working=False).count()
        assert len(rows) == 1 + expected
        assert len(rows[0]) == 7  # without the column of buttons

    def test_a_large_export_becomes_a_job(self, as_ada, ada):
        Job.objects.bulk_create(
            Job(name="x", title=f"第{number}", asked_by=ada, asked_at=NOON, sent_at=NOON)
            for number in range(EXPORTED_AT_ONCE + 1)
        )
        asking = as_ada.get("/jobs/?title=第&as=xlsx")
        assert "5,001" in asking.content.decode()
        assert not Job.objects.filter(name="office.tasks.export_list").exists()
        answer = as_ada.post("/jobs/?title=第&as=xlsx", {guard.FIELD: hidden(asking, guard.FIELD)})
        assert answer.status_code == 302
        assert as_ada.post("/jobs/?title=第&as=xlsx", {guard.FIELD: hidden(asking, guard.FIELD)}).url == answer.url
        assert Job.objects.get(name="office.tasks.export_list").arguments == {
            "path": "/jobs/",
            "query": "title=%E7%AC%AC",
        }
        assert as_ada.post("/jobs/").status_code == 405

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, as_sam, sam, django_assert_num_queries):
        def many(first: int, last: int) -> None:
            fill_year(2010)
            WorkingDay.objects.filter(day__month__range=(first, last)).update(changed_by=sam, changed_at=NOON)

        many(1, 1)
        with django_assert_num_queries(5):  # session, person, duties, demo mark, rows
            as_sam.get("/working-days/?year=2010")
        many(1, 12)
        with django_assert_num_queries(5):
            as_sam.get("/working-days/?year=2010")

    def test_without_the_right_it_is_refused(self, client, appoint):
        sign_in(client, appoint("eve"))
        assert client.get("/working-days/").status_code == 403


class TestForm:
    def test_a_refused_form_keeps_what_was_typed(self, as_sam, year):
        page = as_sam.get(f"/working-days/{year.pk}/change/")
        answer = as_sam.post(f"/working-days/{year.pk}/change/", changed(page, is_working="False", reason="  "))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert '<option value="False" selected>' in answer.content.decode()

    def test_a_saved_form_leads_on(self, as_sam, year, sam):
        page = as_sam.get(f"/working-days/{year.pk}/change/")
        answer = as_sam.post(f"/working-days/{year.pk}/change/", changed(page, is_working="False", reason="大雪"))
        assert answer.status_code == 302
        year.refresh_from_db()
        assert (year.reason, year.changed_by) == ("大雪", sam)


class TestStale:
    def test_the_second_editor_sees_what_the_first_changed_and_nothing_is_overwritten(self, as_sam, year, appoint):
        page = as_sam.get(f"/working-days/{year.pk}/change/")
        other = appoint("eve", full_name="易芳")
        calendar.change_working_day(day=year, seen_version=1, is_working=False, reason="沙尘暴停课", by=other, at=NOON)
        answer = as_sam.post(f"/working-days/{year.pk}/change/", changed(page, is_working="True", reason="照常上班"))
        text = answer.content.decode()
        assert answer.status_code == 409
        for word in ("易芳", "沙尘暴停课", "照常上班"):
            assert word in text
        year.refresh_from_db()
        assert year.reason == "沙尘暴停课"

        again = as_sam.post(f"/working-days/{year.pk}/change/", changed(answer, is_working="True", reason="照常上班"))
        assert again.status_code == 302
        year.refresh_from_db()
        assert year.reason == "照常上班"

    def test_a_forged_version_counts_as_none(self, as_sam, year):
        page = as_sam.get(f"/working-days/{year.pk}/change/")
        typed = changed(page, is_working="False", reason="大雪") | {"seen": "1"}
        assert as_sam.post(f"/working-days/{year.pk}/change/", typed).status_code == 409


class TestOnce:
    def test_a_form_sent_twice_acts_once_and_leads_to_the_same_page(self, as_sam, county):
        page = as_sam.get("/printers/add/")
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": "窗口"}
        first, second = as_sam.post("/printers/add/", typed), as_sam.post("/printers/add/", typed)
        assert first.headers["Location"] == second.headers["Location"]
        assert Printer.objects.count() == 1

    def test_a_refused_form_can_be_sent_again(self, as_sam, county):
        page = as_sam.get("/printers/add/")
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk}
        assert as_sam.post("/printers/add/", typed).status_code == 422
        assert as_sam.post("/printers/add/", {**typed, "name": "窗口"}).status_code == 302

    def test_another_persons_form_is_refused(self, as_sam, client, county, appoint):
        page = as_sam.get("/printers/add/")
        other = Client()
        sign_in(other, appoint("eve"))
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": "窗口"}
        assert other.post("/printers/add/", typed).status_code == 409
        assert not Printer.objects.exists()

    def send_both(self, sam, county, label: str = "") -> int:
        """Two sendings of one form at the same moment; how many printers there are then."""
        clients = [Client(), Client()]
        sign_in(clients[0], sam)
        clients[1].cookies = clients[0].cookies
        page = clients[0].get("/printers/add/")
        start = threading.Barrier(2)
        statuses = []

        def send(client: Client, name: str) -> None:
            start.wait()
            typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": name}
            statuses.append(client.post("/printers/add/", typed).status_code)
            connections.close_all()

        threads = [
            threading.Thread(target=send, args=(client, f"窗口{label}{at}")) for at, client in enumerate(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [302, 302]
        return Printer.objects.count()

    @pytest.mark.django_db(transaction=True)
    def test_two_sendings_at_the_same_moment_act_once(self, sam, county):
        for round_of_ten in range(10):
            assert self.send_both(sam, county, f"{round_of_ten}-") == round_of_ten + 1

    @pytest.mark.django_db(transaction=True)
    def test_without_the_guard_they_act_twice(self, sam, county, monkeypatch):
        """The negative control."""
        monkeypatch.setattr(once, "_act_once", lambda sent, request, act: act())
        assert self.send_both(sam, county) == 2


class TestKept:
    def end_session(self, client: Client) -> None:
        del client.cookies["county_session"]

    def test_what_was_typed_is_there_again_after_signing_in(self, as_sam, sam, county):
        page = as_sam.get("/printers/add/")
        self.end_session(as_sam)
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": "收费窗口的针式打印机"}
        asked = as_sam.post("/printers/add/", typed)
        assert asked.status_code == 401
        assert "收费窗口" not in asked.content.decode()
        answer = as_sam.post(
            "/sign-in/", {"username": "sam", "password": "sam-password", "kept": hidden(asked, "kept"), "next": "/"}
        )
        assert answer.headers["Location"] == "/sign-in/code/"
        answer = as_sam.post("/sign-in/code/", {"code": unused_code(sam)})
        assert answer.headers["Location"] == "/printers/add/"
        again = as_sam.get("/printers/add/").content.decode()
        assert 'value="收费窗口的针式打印机"' in again
        assert not Printer.objects.exists()
        assert "收费窗口" not in as_sam.get("/printers/add/").content.decode()  # given once

    def test_somebody_else_does_not_get_it(self, as_sam, county, appoint):
        page = as_sam.get("/printers/add/")
        self.end_session(as_sam)
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": "私人的话"}
        asked = as_sam.post("/printers/add/", typed)
        appoint("eve")
        answer = as_sam.post(
            "/sign-in/", {"username": "eve", "password": "eve-password", "kept": hidden(asked, "kept"), "next": "/"}
        )
        assert answer.headers["Location"] == "/"
        assert "kept_form" not in as_sam.session

    def test_a_forged_keeping_is_ignored(self, client, ada):
        answer = client.post("/sign-in/", {"username": "ada", "password": "ada-password", "kept": "forged"})
        assert answer.headers["Location"] == "/"

    def test_a_strangers_posting_is_not_kept(self, client, db):
        assert hidden_or_none(client.post("/printers/add/", {"name": "x"}), "kept") in {None, ""}


def hidden_or_none(page, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return found[1] if found else None


class TestErrors:
    @pytest.fixture
    def request_(self):
        return RequestFactory().get("/")

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (errors.Conflict("正在办理"), 409),
            (errors.TooMany("稍后再试"), 429),
            (OperationalError("connection refused"), 503),
            (errors.redis.ConnectionError("connection refused"), 503),
        ],
        ids=["conflict", "too many", "database down", "valkey down"],
    )
    def test_each_has_a_page_in_words_that_says_nothing_of_the_insides(self, request_, error, status):
        page = errors.answer_for(request_, error)
        assert page.status_code == status
        assert "connection refused" not in page.content.decode()
        if isinstance(error, errors.Refused):
            assert error.reason in page.content.decode()

    def test_what_has_no_page_of_its_own_is_left_to_the_last_page(self, request_):
        assert errors.answer_for(request_, KeyError("x")) is None
        assert errors.server_error(request_).status_code == 500

    @pytest.mark.parametrize(
        ("handler", "error", "status"),
        [
            (errors.bad_request, ValueError(), 400),
            (errors.forbidden, PermissionDenied(), 403),
            (errors.not_found, Http404(), 404),
        ],
    )
    def test_djangos_own_refusals(self, request_, handler, error, status):
        assert handler(request_, error).status_code == status

    def test_a_form_without_its_token_is_refused_in_words(self, sam):
        strict = Client(enforce_csrf_checks=True)
        sign_in(strict, sam)
        assert strict.post("/printers/add/", {"name": "x"}).status_code == 403

    def test_a_page_that_is_not_there(self, as_ada):
        assert as_ada.get("/nowhere/").status_code == 404

    def test_the_database_away_is_said_on_every_page(self, as_ada, monkeypatch):
        def away(*args, **kwargs):
            raise OperationalError("connection refused")

        monkeypatch.setattr("office.views.entry.desk.waiting_for", away)
        assert as_ada.get("/").status_code == 503

    def test_an_error_before_the_view_is_said_too(self, as_ada, monkeypatch):
        def away(*args, **kwargs):
            raise OperationalError("connection refused")

        monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
        as_ada.raise_request_exception = False
        assert as_ada.get("/").status_code == 503


class TestHealth:
    def test_it_names_what_does_not_answer(self, client, db, settings):
        assert client.get("/healthz").json() == {"ok": True, "database": True, "valkey": True, "sealing": True}
        settings.REDIS_URL = "unix:///nonexistent.sock"
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["valkey"]) == (503, False)


class TestTidy:
    def test_only_what_is_old_goes(self, ada):
        from office.services import housekeeping

        FormUse.objects.create(key="old", person=ada, used_at=NOON - FormUse.OPEN_FOR * 2)
        FormUse.objects.create(key="new", person=ada, used_at=NOON)
        assert housekeeping.tidy(NOON) == 1
        assert FormUse.objects.get().key == "new"
