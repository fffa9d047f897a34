"""Every page of the demo county that somebody comes to from home by links, once for each kind of page, as the first of
the duties that may open it: whole at 1366 wide, nothing found by axe by day and night, silent console, in both
languages. `make soak`, some two minutes a language; what is only come to by doing work is in the tests of each room.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Error, Page, Response

from demo import county, signins
from tests.at_screens import assert_accessible
from tests.test_browser_newcomer import first_of, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.django_db(transaction=True)]

LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FORBIDDEN = 403
FEWEST = 280  # fewer kinds of pages mean that the walk did not get far


@dataclass
class Walk:
    """Who goes from page to page; kinds of pages that were looked at, and what is wrong with some."""

    page: Page
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def from_home(self) -> None:
        """Wherever links lead from home, but to kinds of pages that were looked at before."""
        ahead, known = deque(["/"]), {"/"}
        while ahead:
            address = ahead.popleft()
            kind = resolve(urlsplit(address).path).view_name
            if address != "/" and kind in self.seen:
                continue
            if self._opened(address) is None:
                continue
            self.seen.add(kind)
            self._look()
            for link in self.page.evaluate(LINKS):
                if link.startswith("/") and link not in known:
                    known.add(link)
                    ahead.append(link)

    def _opened(self, address: str) -> Response | None:
        """The page; nothing where it is a file, or somebody else's."""
        try:
            answer = self.page.goto(address)
        except Error as error:
            if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
                return None
            raise
        assert answer is not None, address
        if answer.status == FORBIDDEN or "text/html" not in answer.headers.get("content-type", ""):
            return None
        if not answer.ok:
            self.wrong.append(f"{address}: {answer.status}")
        return answer

    def _look(self) -> None:
        if self.page.evaluate(TOO_WIDE):
            self.wrong.append(f"{self.page.url}: wider than the screen")
        try:
            assert_accessible(self.page)
        except AssertionError as error:
            self.wrong.append(str(error))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_and_accessible(page: Page, live_server, language: str) -> None:
    assert county.load(timezone.now())
    walk = Walk(page)
    for duty in dict.fromkeys(one.duty_code for one in signins.shown()):
        page.context.clear_cookies()
        signed_in(page, first_of(duty))
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        walk.from_home()
        print(f"{language} {duty}: {len(walk.seen)} kinds of pages")
    assert walk.wrong == []
    assert len(walk.seen) > FEWEST
