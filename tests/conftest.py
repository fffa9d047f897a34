"""A browser for the journeys, and its manners."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 20_000  # milliseconds a busy machine has for a page

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def _django_beside_a_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread; Django must not take that for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium(_django_beside_a_browser) -> Iterator[Browser]:
    """Without the screens of its own that a whole one draws for each page, where Debian has it so: half the work."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found, "Chromium is missing: apt-get install -y --no-install-recommends chromium-headless-shell"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def screens(chromium, live_server) -> Iterator[Callable[[], Page]]:
    """Screens as offices have them, one for each person at work; at the end no other host was asked and nothing
    was blocked."""
    asked: list[str] = []
    said: list[str] = []
    opened: list[BrowserContext] = []

    def another() -> Page:
        context = chromium.new_context(
            viewport={"width": 1366, "height": 768}, base_url=live_server.url, locale="en-US", reduced_motion="reduce"
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: said.append(message.text))
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield another
    for context in opened:
        context.close()
    own = ("chrome-extension:", "chrome://")  # the browser's reader of PDF
    inside = (live_server.url, "data:", "blob:", *own)
    outside = [url for url in asked if not url.startswith(inside)]
    assert outside == []
    assert [text for text in said if "the server responded with a status of" not in text] == []


@pytest.fixture
def page(screens) -> Page:
    """A page of one screen."""
    return screens()
