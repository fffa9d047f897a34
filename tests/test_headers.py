"""What a browser is told with every answer, and what is kept in it: headers and cookies."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from conftest import NOON
from office.models import FormUse
from office.pages import guard, kept
from office.pages.notices import Notices, SealedCookie
from office.sealing import box
from tests.test_production import CHECKOUT, FULL

ANSWERS = ["/sign-in/", "/not/there/", "/static/css/page.css", "/door/v1/not-there"]

#: An office with TLS: a refusal bears the headers as everything else does.
ASKED = """
import json, logging, django
logging.disable()
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # not collected
django.setup()
from django.test import Client
browser = Client(raise_request_exception=False, SERVER_NAME="fund.county.lan")
answer = browser.get("/not/there/", secure=True)
plain = browser.get("/sign-in/")
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME,
         settings.THEME_COOKIE_NAME, settings.NOTICES_COOKIE_NAME]
flags = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE]
print(json.dumps([dict(answer.headers), plain.status_code, plain.headers["Location"], names, flags]))
"""


@pytest.fixture(scope="module")
def with_tls():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASKED], cwd=CHECKOUT, capture_output=True, text=True, check=False,
        env={**FULL, "DJANGO_SETTINGS_MODULE": "config.settings"}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class TestHeaders:
    @pytest.mark.parametrize("address", ANSWERS)
    def test_every_answer_has_them(self, client, db, address):
        answer = client.get(address)
        told = answer.headers
        answer.close()
        policy = told["Content-Security-Policy"]
        for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"):
            assert directive in policy
        assert "unsafe" not in policy
        assert "//" not in policy
        assert told["X-Content-Type-Options"] == "nosniff"
        assert told["Referrer-Policy"] == "same-origin"
        assert told["Cross-Origin-Opener-Policy"] == "same-origin"
        assert told["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not any(name.startswith("Access-Control-") for name in told)

    def test_with_tls_the_browser_is_told_to_stay_there_for_a_year(self, with_tls):
        headers, plain, led_to, _names, _flags = with_tls
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert (plain, led_to) == (301, "https://fund.county.lan/sign-in/")

    def test_a_traced_request_is_not_said_again(self, client, db):
        assert (
            "secret-of-a-header" not in client.trace("/sign-in/", HTTP_X_SECRET="secret-of-a-header").content.decode()
        )


class TestCookies:
    def test_with_tls_each_belongs_to_this_host_alone(self, with_tls):
        _headers, _plain, _led_to, names, flags = with_tls
        assert len(set(names)) == 5
        assert all(name.startswith("__Host-") for name in names)
        assert flags == [True, True, True]

    def test_no_script_reads_them_and_no_other_site_sends_them(self, client, ada):
        client.get("/sign-in/")
        client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})
        client.post("/language/", {"language": "en", "next": "/sign-in/"})
        client.post("/sign-in/", {"username": "ada", "password": "ada-password"})
        kept = {
            settings.SESSION_COOKIE_NAME,
            settings.CSRF_COOKIE_NAME,
            settings.THEME_COOKIE_NAME,
            settings.LANGUAGE_COOKIE_NAME,
        }
        assert kept <= set(client.cookies)
        for cookie in client.cookies.values():
            assert cookie["httponly"], cookie.key
            assert cookie["samesite"] == "Lax", cookie.key
            assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key
            assert len(cookie.key) + len(cookie.value) <= 4096, cookie.key


class TestNotices:
    """What a page says once after an act: names of people stand in it, and the cookie stays until it is read."""

    def said(self, words: str) -> HttpResponse:
        request = RequestFactory().get("/")
        request.session = {}  # type: ignore[assignment]
        request._messages = Notices(request)
        messages.success(request, words)
        answer = HttpResponse()
        assert request._messages.update(answer) == []
        return answer

    def read(self, value: str) -> list[str]:
        request = RequestFactory().get("/")
        request.COOKIES[settings.NOTICES_COOKIE_NAME] = value
        return [str(one) for one in SealedCookie(request)]

    def test_it_is_read_by_the_office_alone(self):
        value = self.said("马小明 8600").cookies[settings.NOTICES_COOKIE_NAME].value
        assert self.read(value) == ["马小明 8600"]
        request = RequestFactory().get("/")
        request.COOKIES[CookieStorage.cookie_name] = value
        assert [str(one) for one in CookieStorage(request)] == []

    @pytest.mark.parametrize("value", ["", "forged", "姓名", "x" * 4000])
    def test_a_forged_one_says_nothing(self, value):
        assert self.read(value) == []

    def test_the_pages_use_it(self):
        assert settings.MESSAGE_STORAGE == "office.pages.notices.Notices"


class TestEndOfForms:
    """The guard of a form is signed, a form that came too late is sealed: both end with time."""

    @pytest.fixture
    def request_of_ada(self, ada, time_machine):
        time_machine.move_to(NOON, tick=False)
        request = RequestFactory().get("/")
        request.user = ada
        request.session = {}
        return request

    @pytest.mark.parametrize(("later", "path"), [(-60, "/printers/add/"), (60, "")])
    def test_what_was_typed_is_gone_after_eight_hours(self, request_of_ada, time_machine, later, path):
        told = {"path": "/printers/add/", "person": request_of_ada.user.pk, "typed": {}}
        sealed = box(kept.BOX).encrypt(json.dumps(told).encode()).decode()
        time_machine.shift(kept.KEPT_SECONDS + later)
        assert kept.give_back(request_of_ada, sealed) == path

    @pytest.mark.parametrize(("later", "counts"), [(-60, True), (60, False)])
    def test_a_form_that_lay_open_for_a_month_is_sent_no_more(self, request_of_ada, time_machine, later, counts):
        [sealed] = re.findall(r'value="([^"]*)"', guard.field(request_of_ada))
        time_machine.shift(FormUse.OPEN_FOR + timedelta(seconds=later))
        sent = RequestFactory().post("/", {guard.FIELD: sealed})
        assert (guard.read(sent) is not None) is counts


def test_pages_ask_no_other_host():
    outside = re.compile(r"""(?:src|href|action|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.IGNORECASE)
    files = [
        *(CHECKOUT / "templates").rglob("*.html"),
        *(CHECKOUT / "static/css").rglob("*.css"),
        *(CHECKOUT / "static/js").rglob("*.js"),
    ]
    assert len(files) > 100
    assert [str(file) for file in files if outside.search(file.read_text(encoding="utf-8"))] == []
