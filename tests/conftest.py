"""A browser for the journeys, and its manners."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.keyboard import wait_before_keys

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: All fonts of a screen: the one of the prints, by the name that it should have there.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{pack}</dir>
  <cachedir>{folder}</cachedir>
  <match target="scan">
    <test name="family"><string>Noto Sans SC</string></test>
    <edit name="family" mode="assign" binding="same"><string>{name}</string></edit>
  </match>
</fontconfig>
"""
PATIENCE = 20_000  # milliseconds a busy machine has for a page

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def _django_beside_a_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread; Django must not take that for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def launch(_django_beside_a_browser, tmp_path_factory) -> Iterator[Callable[[str], Browser]]:
    """Starts a browser on a screen that has one font, by its name. Without the screens of its own that a whole one
    draws for each page, where Debian has it so: half the work."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found, "Chromium is missing: apt-get install -y --no-install-recommends chromium-headless-shell"
    pack = Path(pylopdf_fonts_zh_cn.__file__).parent
    with sync_playwright() as playwright:

        def start(font: str) -> Browser:
            folder = tmp_path_factory.mktemp("fonts")
            (folder / "fonts.conf").write_text(FONTS.format(pack=pack, folder=folder, name=font))
            env: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
            return playwright.chromium.launch(executable_path=found, args=FLAGS, env=env)

        yield start


@pytest.fixture(scope="session")
def chromium(launch) -> Iterator[Browser]:
    """With the font that offices have and the pages ask for first; for pictures they bring their own."""
    browser = launch("Noto Sans" if "PICTURES" in os.environ else "Microsoft YaHei")
    yield browser
    browser.close()


def without_aborts(said: list[str]) -> list[str]:
    """What the console said, but for a question that htmx took back because a newer one replaced it: two lines each."""
    left: list[str] = []
    for text in said:
        if text.startswith("htmx:sendAbort") and left and left[-1].startswith("htmx:afterRequest"):
            left.pop()
        else:
            left.append(text)
    return left


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
        wait_before_keys(page)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield another
    for context in opened:
        context.close()
    own = ("chrome-extension:", "chrome://")  # the browser's reader of PDF
    inside = (live_server.url, "data:", "blob:", *own)
    outside = [url for url in asked if not url.startswith(inside)]
    assert outside == []
    assert [text for text in without_aborts(said) if "the server responded with a status of" not in text] == []


@pytest.fixture
def page(screens) -> Page:
    """A page of one screen."""
    return screens()
