"""Eight clerks before the demo county, some pieces of work each, as `make bench` has fifty (benchmarks/load.py): no
error, no lost act. And that it would be seen: an act that is gone, a row that is gone, a page that fails, one that
never comes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from benchmarks import load
from benchmarks.desks import browsing, forms
from benchmarks.desks.browsing import Browser, NoPage
from benchmarks.desks.noted import Asked, Noted, Promise, quantile
from benchmarks.desks.people import DUTIES, _shifts
from demo import county, enrolled
from office.models import Act
from tests import servers

CLERKS, PIECES = 8, 3  # clerks, and of what each of them does
THINKS = (0.0, 0.1)

run_of_web = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def passwords_of_an_office(settings) -> None:
    """The web processes know no cheaper ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


class TestEightClerks:
    pytestmark = run_of_web

    def test_nothing_fails_and_nothing_is_lost(self, passwords_of_an_office, monkeypatch):
        monkeypatch.setattr(enrolled, "SCALE", 0.003)
        assert county.load(timezone.now())
        day = load.run(clerks=CLERKS, pieces=PIECES, thinks=THINKS)
        assert day.errors == []
        assert day.noted.lost() == {}
        assert day.health.asked
        assert day.ratio > 0
        acts = {one.act for one in day.noted.promises}
        assert {"sheet.entered", "claim.entered", "claim.handed-on", "claim.checked"} <= acts
        self._an_act_that_is_gone_is_lost(day)

    def _an_act_that_is_gone_is_lost(self, day: load.Day) -> None:
        """The negative control: whoever owns the machine takes an act away."""
        gone = Act.objects.filter(name="claim.checked", by__username__startswith="desk").latest("pk")
        name = settings.DATABASES["default"]["NAME"]
        with psycopg.connect(servers.superuser_dsn(name), autocommit=True) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute("DELETE FROM office_act WHERE id = %s", [gone.pk])
        assert day.lost == 1
        [(lost, times)] = day.noted.lost().items()
        assert (lost.act, lost.by, lost.subject, times) == ("claim.checked", gone.by.username, gone.subject_id, 1)


@pytest.mark.django_db
class TestPromises:
    def test_what_was_never_done_is_lost_and_what_was_done_twice_is_asked_for_twice(self, ada, as_ada):
        signed_in = Promise("sign-in.done", ada.username, model=type(ada), row=(("pk", ada.pk),))
        noted = Noted(promises=[signed_in, Promise("claim.checked", ada.username, "1")])
        assert sum(noted.lost().values()) == 1
        noted.promises.append(signed_in)
        assert noted.lost()[signed_in] == 1

    def test_an_act_without_its_row_is_lost(self, ada, as_ada):
        promise = Promise("sign-in.done", ada.username, model=type(ada), row=(("pk", 0),))
        assert Noted(promises=[promise]).lost() == {promise: 1}

    def test_facts_must_be_those_of_the_act(self, ada, as_ada):
        promise = Promise("sign-in.done", ada.username, facts=(("household", 1),))
        assert Noted(promises=[promise]).lost() == {promise: 1}


class Answers(BaseHTTPRequestHandler):
    """Answers each address with the status that it names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        if self.path == "/302":
            self.send_header("Location", "/302")
        self.end_headers()

    def log_message(self, *told: object) -> None:
        """Nobody reads it."""


@contextmanager
def answering() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.enable_socket
class TestAnswers:
    @pytest.mark.parametrize("status", [500, 503, 403, 404, 429])
    def test_what_is_no_page_is_an_error(self, status):
        noted = Noted()
        with answering() as port, pytest.raises(NoPage):
            Browser(port, noted).get(f"/{status}")
        assert len(noted.errors) == 1

    @pytest.mark.parametrize("status", [200, 409, 422])
    def test_a_page_and_a_refusal_in_words_are_none(self, status):
        noted = Noted()
        with answering() as port:
            assert Browser(port, noted).get(f"/{status}").status == status
        assert noted.errors == []

    def test_a_server_that_is_not_there_is_an_error(self):
        noted = Noted()
        with answering() as port:
            pass
        with pytest.raises(NoPage) as refusal:
            Browser(port, noted).get("/200")
        assert refusal.value.is_noted
        assert len(noted.errors) == 1

    def test_round_in_a_circle_is_no_page(self):
        with answering() as port, pytest.raises(NoPage):
            Browser(port, Noted()).get("/302")


class TestFigures:
    def test_quantiles_are_times_that_were_measured(self):
        times = [float(one) for one in range(1, 101)]
        assert (quantile(times, 0.5), quantile(times, 0.95), quantile(times, 1)) == (51, 96, 100)
        assert quantile([], 0.95) == 0

    def test_the_ratio_leaves_out_what_came_before_the_workers_were_warm(self):
        pages = Noted([Asked("GET x", 9.0, 200), *(Asked("GET x", 2.0, 200) for _one in range(9))], early=1)
        health = Noted([Asked("GET health", 1.0, 200)])
        assert load.Day(1, 1.0, pages, Noted(), health).ratio == 2
        assert pages.by_kind() == {"GET x": [2.0] * 9}

    def test_fifty_have_the_duties_of_the_paper_and_eight_have_each_of_them(self):
        assert sum(DUTIES.values()) == load.CLERKS
        fifty = _shifts(load.CLERKS)
        assert {duty: fifty.count(duty) for duty in DUTIES} == DUTIES
        assert set(_shifts(CLERKS)) == set(DUTIES)


class TestForms:
    PAGE = """
        <form action="/day/"><input name="on" value="1"></form>
        <form method="post"><input type="hidden" name="token" value="t"><input name="q">
            <input type="checkbox" name="members" value="1" checked><input type="checkbox" name="members" value="2">
            <input type="file" name="scans"><button name="enter" value="yes">Enter</button><input name="no" disabled>
            <select name="payer"><option value="own">Own</option><option value="other" selected>Other</option></select>
            <select name="kind"><option value="first">First</option></select><select name="none"></select>
            <textarea name="note">words</textarea></form>
    """

    def test_a_form_is_sent_as_a_browser_sends_it(self):
        form = browsing.Page("/here/", 200, self.PAGE).form("/here/")
        assert form.filled({"q": "ma", "papers": ["a", "b"], "payer": "own"}) == [
            ("token", "t"), ("members", "1"), ("kind", "first"), ("none", ""), ("note", "words"),
            ("q", "ma"), ("papers", "a"), ("papers", "b"), ("payer", "own"),
        ]  # fmt: skip
        assert form.value("token") == "t"
        assert form.value("nothing") == ""

    def test_what_can_be_ticked_and_a_form_that_is_not_there(self):
        assert forms.ticks(self.PAGE, "members") == ["1", "2"]
        page = browsing.Page("/here/", 200, self.PAGE)
        assert not page.has_post("/day/")
        with pytest.raises(NoPage):
            page.form("/day/")
